"""The development plan of Palmira with an article put into its middle."""

import re

import pytest

from participa.plans.matching import continued
from participa.plans.parsing import parse_plan
from tests.plans.test_matching import earlier, later
from tests.realdata import real_data

pytestmark = pytest.mark.real_data

NAMES = [
    *("PRIMERO", "SEGUNDO", "TERCERO", "CUARTO", "QUINTO", "SEXTO", "SÉPTIMO", "OCTAVO"),
    *("NOVENO", "DÉCIMO", "ONCE", "DOCE", "TRECE", "CATORCE", "QUINCE", "DIECISÉIS"),
    *("DIECISIETE", "DIECIOCHO", "DIECINUEVE", "VEINTE"),
]
NEW = (
    "ARTÍCULO QUINTO. Fondo de becas. Créase el fondo de becas para estudiantes de los grados "
    "décimo y once de las instituciones oficiales, con cargo al recaudo del impuesto predial.\n"
)


def with_an_article_more(text: str) -> str:
    """Put an article before the fifth and renumber all that follow, with their programmes."""

    def next_name(found: re.Match[str]) -> str:
        place = NAMES.index(found[2])
        return found[1] + (NAMES[place + 1] if place >= 4 else found[2])

    renumbered = re.sub(rf"(?m)^(ARTÍCULO )({'|'.join(NAMES[:-1])})\b", next_name, text)
    at = renumbered.index("ARTÍCULO SEXTO")
    before, after = renumbered[:at], renumbered[at:]
    after = re.sub(r"(?m)^(\d+)(?=\.( PROGRAMA|\d+\. Subprograma))", _one_more, after)
    return before + NEW + after


def _one_more(found: re.Match[str]) -> str:
    return str(int(found[1]) + 1)


def test_every_section_is_still_itself() -> None:
    """All keep their identity though most changed number, and the only new one is the article."""
    text = real_data("plan_palmira_2012_2015/acuerdo.txt").read_text(encoding="utf-8")
    old = parse_plan(text).sections
    new = parse_plan(with_an_article_more(text)).sections
    found = continued(earlier(old), later(new))
    added = [new[place].title for place, each in enumerate(found) if each is None]
    assert len(added) == 1
    assert added[0].startswith("Fondo de becas")
    assert [each for each in found if each is not None] == list(range(1, len(old) + 1))
    before = [section for section, each in zip(new, found, strict=True) if each is not None]
    renumbered = sum(a.number != b.number for a, b in zip(before, old, strict=True))
    assert renumbered > 50
