"""The development plan of Palmira, 2012-2015, as an official would paste it.

The counts were taken from the document by reading it, and with expressions that share nothing
with the parser: the last two tests repeat those.
"""

import re
from collections import Counter
from functools import cache

import pytest

from participa.plans.parsing import ParsedPlan, ParsedSection, parse_plan
from tests.realdata import real_data

pytestmark = pytest.mark.real_data


@cache
def text() -> str:
    return real_data("plan_palmira_2012_2015/acuerdo.txt").read_text(encoding="utf-8")


@cache
def plan() -> ParsedPlan:
    return parse_plan(text())


def find(kind: str, number: str) -> ParsedSection:
    (found,) = (s for s in plan().sections if (s.kind, s.number) == (kind, number))
    return found


def children(section: ParsedSection) -> list[ParsedSection]:
    index = plan().sections.index(section)
    return [s for s in plan().sections if s.parent == index]


def test_counts() -> None:
    """Every chapter, article, sector, programme, subprogramme and goal is a section."""
    assert Counter(section.kind for section in plan().sections) == {
        "preambulo": 1,
        "capitulo": 7,
        "articulo": 19,
        "apartado": 6 + 20,
        "programa": 40,
        "subprograma": 65,
        "meta": 174,
    }
    sectors = [s for s in plan().sections if s.title.startswith("SECTOR")]
    assert len(sectors) == 20


def test_numbers_run() -> None:
    """Numbers come in order: chapters I to VII, articles 1 to 19, programmes 1 to 40."""
    numbers = {
        kind: [s.number for s in plan().sections if s.kind == kind]
        for kind in ("capitulo", "articulo", "programa", "subprograma")
    }
    assert numbers["capitulo"] == ["I", "II", "III", "IV", "V", "VI", "VII"]
    assert numbers["articulo"] == [str(n) for n in range(1, 20)]
    assert numbers["programa"] == [str(n) for n in range(1, 41)]
    assert numbers["subprograma"] == re.findall(r"(\d+\.\d+)\. ?Subprograma\.", text())


def test_tree() -> None:
    """Chapters hold articles, articles sectors, sectors programmes, and so down to the goals."""
    above = {
        "articulo": {"capitulo"},
        "programa": {"apartado", "articulo"},
        "subprograma": {"programa"},
        "meta": {"programa", "subprograma"},
    }
    sections = plan().sections
    for section in sections:
        if section.kind in above and section.number != "1":
            assert section.parent is not None
            assert sections[section.parent].kind in above[section.kind], section
        if section.kind == "subprograma" and section.parent is not None:
            assert section.number.split(".")[0] == sections[section.parent].number
    depths = {kind: max(s.depth for s in sections if s.kind == kind) for kind in above}
    assert depths == {"articulo": 1, "programa": 3, "subprograma": 4, "meta": 5}


@pytest.mark.parametrize(
    ("kind", "number", "title"),
    [
        ("capitulo", "II", "VISIÓN Y MISIÓN"),
        ("capitulo", "IV", "AGENDAS DEL PLAN DE DESARROLLO"),
        ("capitulo", "VI", "SEGUIMIENTO Y EVALUACIÓN DEL PLAN"),
        ("articulo", "2", "Visión"),
        ("articulo", "4", "AGENDA PARA LA PROSPERIDAD SOCIAL Y LA IGUALDAD DE OPORTUNIDADES"),
        ("articulo", "16", "Red Pública Hospitalaria"),
        ("articulo", "19", "Vigencia"),
        ("programa", "17", "Primera infancia (0 a 5 Años)"),
        ("programa", "27", "Seguridad alimentaria"),
        ("programa", "31", "Desempeño integral"),
        ("subprograma", "1.1", "Acceso al sistema educativo"),
        (
            "subprograma",
            "6.3",
            "Salud en la primera infancia “Niños y niñas con estilo de vida saludable”",
        ),
        ("subprograma", "25.1", "Infraestructura Eléctrica"),
        ("apartado", "6", "MARCO CONCEPTUAL"),
    ],
)
def test_titles(kind: str, number: str, title: str) -> None:
    """Titles come whole, on one line, without their final stop."""
    assert find(kind, number).title == title


def test_spots() -> None:
    """Difficult places read well: lists, broken words, goals and their indicators."""
    foundations = find("apartado", "1").body
    assert len(re.findall(r"^\d+\. ", foundations, re.MULTILINE)) == 29
    assert "Asociaciones Público – privadas" in foundations
    assert "Nacional de Desarrollo 2010-2014, Prosperidad para Todos." in foundations
    assert len(re.findall(r"^[a-n]\. ", find("apartado", "2").body, re.MULTILINE)) == 14
    assert find("preambulo", "").body.endswith("\n\nACUERDA")
    assert "Parágrafo segundo: La obligatoriedad" in find("articulo", "11").body
    goals = children(find("subprograma", "5.1"))
    assert [goal.label for goal in goals] == ["Meta / producto"] * 3
    assert "matemática (competencia solución de problemas y" in goals[1].body
    assert len(children(find("subprograma", "19.1"))) == 6
    assert [g.label for g in children(find("programa", "23")) if g.kind == "meta"] == [
        "Meta / resultado"
    ] * 2
    (employment,) = children(find("subprograma", "28.3"))
    assert employment.label == "Meta /producto"


def test_no_furniture() -> None:
    """No running head, page number, letterhead or broken word is left in the sections."""
    whole = "\n\n".join(f"{section.title}\n\n{section.body}" for section in plan().sections)
    for furniture in ("avanzacon", "Desarrollo 2012 - 2015", "RÉPUBLICA DE COLOMBIA"):
        assert furniture in text()
        assert furniture not in whole
    assert not re.search(r"^\d+$", whole, re.MULTILINE)
    assert re.findall(r"\w+- [a-zñáéíóú]\w*", whole) == [
        *("PER- en", "IVC- y", "PMGR- ejecutado", "PLEC- formulado", "CuNa- para"),
        *("PIB- municipal", "SAC- y"),
    ]
    assert Counter(line.reason for line in plan().dropped) == {
        "page_number": 47,
        "page_header": 25 + 22,
        "letterhead": 3,
        "cover": 29,
    }


def test_nothing_is_lost() -> None:
    """Every letter of the source is in a section, in order, or in a line listed as dropped."""
    dropped = {line.line for line in plan().dropped}
    lines = text().split("\n")
    kept = letters("".join(line for n, line in enumerate(lines, 1) if n not in dropped))
    written = ""
    for section in plan().sections:
        head = section.label + section.title
        if section.number == "IV":  # its title is printed above its number
            head = section.title + section.label
        written += letters(head + section.body)
    assert written == kept


def test_dropped_lines_are_furniture() -> None:
    """What was dropped is a number, a running head, a letterhead or a title found again below."""
    titles = letters("".join(section.title for section in plan().sections))
    for line in plan().dropped:
        if line.reason == "cover":
            assert line.text.startswith("ARTÍCULO ") or letters(line.text) in titles
        else:
            assert re.fullmatch(
                r"\d\d|Palmira avanzacon su gente|Plan de Desarrollo 2012 - 2015|"
                r"CONCEJO MUNICIPAL DE PALMIRA|DEPARTAMENTO DEL VALLE DE CAUCA|"
                r"RÉPUBLICA DE COLOMBIA",
                line.text,
            )


def test_counts_by_other_means() -> None:
    """Expressions on the source agree with the counts of sections."""
    expressions = {
        "capitulo": r"^CAP[IÍ]TULO [IVX]+$",
        "articulo": r"^ARTÍCULO \w+\. ",
        "programa": r"^\d+\. ?PROGRAMA\b",
        "subprograma": r"\b\d+\.\d+\. ?Subprograma\.",
        "meta": r"^(?:• )?Meta ?/ ?(?:producto|resultado)\.",
    }
    for kind, expression in expressions.items():
        found = re.findall(expression, text(), re.MULTILINE | re.IGNORECASE)
        assert len(found) == sum(s.kind == kind for s in plan().sections), kind


def letters(source: str) -> str:
    return "".join(filter(str.isalnum, source))
