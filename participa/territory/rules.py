"""What areas are called, and how many points a map may have. No I/O."""

from participa.i18n import Text, _
from participa.kit.names import slugify

MAX_NAME = 80
KINDS: dict[str, Text] = {
    "comuna": _("Comuna"),
    "corregimiento": _("Corregimiento"),
    "barrio": _("Barrio"),
    "vereda": _("Vereda"),
    "centro_poblado": _("Centro poblado"),
    "sector": _("Sector"),
    "resguardo": _("Resguardo"),
    "otra": _("Otra"),
}


def kind_words(kind: str) -> Text:
    """Say what an area is."""
    return KINDS.get(kind, KINDS["otra"])


def kind_from(words: str) -> str | None:
    """Recognise a kind as files write it, in singular or plural; None for anything else."""
    wanted = slugify(words).replace("-", "_")
    for kind in KINDS:
        if wanted in {kind, f"{kind}s", f"{kind}es"}:
            return kind
    return "centro_poblado" if wanted == "centros_poblados" else None


def shade(count: int, most: int) -> int:
    """Give the step of colour, 0 to 5, for a count beside the greatest one."""
    return 0 if count <= 0 or most <= 0 else min(5, -(-count * 5 // most))
