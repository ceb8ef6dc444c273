"""The style sheet and templates: small, legible in both themes, nothing foreign, nothing inline."""

import gzip
import re
from pathlib import Path

import pytest

from participa.settings import PACKAGE, templates_dir
from participa.web.static import StaticFolder

STATIC = PACKAGE / "web" / "static"
SHEET = (STATIC / "app.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "surface", "sunken")
TEXTS = (
    "ink", "muted", "brand", "consultation", "survey", "accountability", "petition", "favour",
    "against", "neutral",
)  # fmt: skip


def _tokens(block: str) -> dict[str, str]:
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})", block))
    return {n: "#" + "".join(c * 2 for c in v[1:]) if len(v) == 4 else v for n, v in found.items()}


LIGHT = _tokens(SHEET.split("@media", 1)[0])
DARK = LIGHT | _tokens(SHEET.split("@media (prefers-color-scheme: dark)", 1)[1].split("/* --")[0])


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio of WCAG 2.2."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_formula() -> None:
    """Black on white is 21 to 1."""
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", [*GROUNDS, "soft"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_is_legible(theme: dict[str, str], ground: str, text: str) -> None:
    """Each text colour stands 4.5 to 1 on each ground it may stand on, in both themes."""
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_buttons_edges_and_focus_are_seen(theme: dict[str, str]) -> None:
    """Words on buttons are legible; edges of fields and the focus ring stand out 3 to 1."""
    assert contrast(theme["on-brand"], theme["brand"]) >= 4.5
    assert contrast(theme["on-marigold"], theme["marigold"]) >= 4.5
    for ground in GROUNDS:
        assert contrast(theme["edge"], theme[ground]) >= 3
        ring = theme["ink"] if theme is LIGHT else theme["marigold"]
        assert contrast(ring, theme[ground]) >= 3


def test_the_sheet_is_small() -> None:
    """The whole product's style is under 12 kB on the wire."""
    assert len(gzip.compress(SHEET.encode(), 9)) < 12_000


def test_nothing_comes_from_elsewhere() -> None:
    """No template, style or script asks another server for anything."""
    for path in [*templates_dir().rglob("*.html"), *STATIC.iterdir()]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"""(src|href)\s*=\s*["']?(https?:)?//""", text), path
        assert "@import" not in text
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", text), path


def _markup(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", sorted(templates_dir().rglob("*.html")), ids=lambda p: p.name)
def test_templates_are_safe(path: Path) -> None:
    """No inline script, style or handler, no unescaped value; forms carry their token."""
    text = _markup(path)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son\w+\s*=\s*[\"']", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert "|safe" not in text.replace(" ", "")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, flags=re.DOTALL):
        assert "csrf_field()" in form


def test_t19_static_names_change_with_their_content() -> None:
    """A file may be kept for ever because its name is its content's."""
    folder = StaticFolder(STATIC)
    assert re.fullmatch(r"/static/[0-9a-f]{12}/app\.css", folder.url("app.css"))
    with pytest.raises(KeyError):
        folder.url("missing.css")
