"""Plans written in Markdown: headings, kinds, numbers and what is not a heading."""

import pytest

from participa.plans.parsing import ParsedSection, parse_plan


def only(source: str) -> ParsedSection:
    (section,) = parse_plan(source, form="markdown").sections
    return section


@pytest.mark.parametrize(
    ("heading", "kind", "number", "title"),
    [
        ("Eje 1. Campo", "eje", "1", "Campo"),
        ("EJE 1: CAMPO", "eje", "1", "CAMPO"),
        ("Eje II – Campo", "eje", "II", "Campo"),
        ("Eje A. Campo", "eje", "A", "Campo"),
        ("Eje estratégico No. 3 - Campo", "eje", "3", "Campo"),
        ("Línea estratégica 2. Campo", "eje", "2", "Campo"),
        ("Eje Campo vivo", "eje", "", "Campo vivo"),
        ("Programa 1.1. Vías", "programa", "1.1", "Vías"),
        ("Programa 1.1 Vías", "programa", "1.1", "Vías"),
        ("1.1. Programa. Vías", "programa", "1.1", "Vías"),
        ("Programa: Vías", "programa", "", "Vías"),
        ("Programa de vías", "apartado", "", "Programa de vías"),
        ("Subprograma 1.1.2: Puentes", "subprograma", "1.1.2", "Puentes"),
        ("1.1.Subprograma. Puentes", "subprograma", "1.1", "Puentes"),
        ("Meta 1.1.2.1. Construir 3 km", "meta", "1.1.2.1", "Construir 3 km"),
        ("Meta de producto: construir", "meta", "", "construir"),
        ("Meta final", "apartado", "", "Meta final"),
        ("TÍTULO II. PARTE GENERAL", "titulo", "II", "PARTE GENERAL"),
        ("Capítulo 2. Visión", "capitulo", "2", "Visión"),
        ("Artículo 4°. Objeto", "articulo", "4", "Objeto"),
        ("ARTÍCULO VIGÉSIMO PRIMERO. Objeto", "articulo", "21", "Objeto"),
        ("ARTÍCULO TREINTA Y DOS. Objeto", "articulo", "32", "Objeto"),
        ("ARTÍCULO DECIMOQUINTO. Objeto", "articulo", "15", "Objeto"),
        ("ARTÍCULO ÚNICO. Objeto", "articulo", "único", "Objeto"),
        ("Capítulo XIV", "capitulo", "XIV", ""),
        ("Capítulo introductorio", "apartado", "", "Capítulo introductorio"),
        ("Sector: Salud", "apartado", "", "Sector: Salud"),
        ("Sección II. Reglas", "apartado", "", "Sección II. Reglas"),
        ("2.1 Diagnóstico", "apartado", "2.1", "Diagnóstico"),
        ("3. Diagnóstico", "apartado", "3", "Diagnóstico"),
        ("IV. Diagnóstico", "apartado", "IV", "Diagnóstico"),
        ("Presentación", "apartado", "", "Presentación"),
        ("2024 en cifras", "apartado", "", "2024 en cifras"),
        ("Ejemplos de cada eje", "apartado", "", "Ejemplos de cada eje"),
        ("**Eje 1.** _Campo_", "eje", "1", "Campo"),
        ("El archivo plan_de_vías", "apartado", "", "El archivo plan_de_vías"),
        (r"1\. Diagnóstico", "apartado", "1", "Diagnóstico"),
        ("Presentación ##", "apartado", "", "Presentación"),
    ],
)
def test_heading(heading: str, kind: str, number: str, title: str) -> None:
    """The kind and the number are read from the words of a heading; the rest is its title."""
    section = only(f"## {heading}\n\nTexto.")
    assert (section.kind, section.number, section.title) == (kind, number, title)
    assert section.body == "Texto."


def test_tree() -> None:
    """Levels give the tree; one first heading above the others is the name of the plan."""
    plan = parse_plan(
        "# Plan de Desarrollo\n\nIntro.\n\n## Eje 1. Campo\n### Programa 1.1. Vías\n"
        "## Eje 2. Agua\n### Presentación\n"
    )
    assert plan.title == "Plan de Desarrollo"
    assert [(s.kind, s.number, s.depth, s.parent) for s in plan.sections] == [
        ("preambulo", "", 0, None),
        ("eje", "1", 0, None),
        ("programa", "1.1", 1, 1),
        ("eje", "2", 0, None),
        ("apartado", "", 1, 3),
    ]
    assert plan.warnings == ()


def test_two_first_headings() -> None:
    """Two headings of the first level are sections: neither names the plan."""
    plan = parse_plan("# Presentación\n## Eje 1. Campo\n# Anexo\n")
    assert plan.title is None
    assert [section.depth for section in plan.sections] == [0, 1, 0]


def test_skipped_level() -> None:
    """A heading that skips levels hangs from the last one above it, with a warning."""
    plan = parse_plan("# Eje 1. Campo\n#### Meta 1. Sembrar\n## Programa 1. Vías\n")
    assert [(section.kind, section.depth) for section in plan.sections] == [
        ("eje", 0),
        ("meta", 1),
        ("programa", 1),
    ]
    assert [(w.line, w.code, w.params) for w in plan.warnings] == [
        (2, "level_skipped", {"above": 1, "level": 4})
    ]


@pytest.mark.parametrize("fence", ["```", "~~~~", "```python"])
def test_fences(fence: str) -> None:
    """A numeral inside of a fence is code, not a heading."""
    closing = fence.removesuffix("python")
    section = only(f"# Eje 1. Campo\n\n{fence}\n# no\nNo\n==\n\n\nfin\n{closing}\n\nSí.")
    assert section.body == f"{fence}\n# no\nNo\n==\n\n\nfin\n{closing}\n\nSí."


def test_setext() -> None:
    """Underlined headings count; a rule after a paragraph, a list or nothing does not."""
    plan = parse_plan(
        "Eje 1. Campo\n============\n\nTexto.\n\n"
        "Presentación\n---\n\nuna\ndos\n---\n\n- uno\n---\n",
        form="markdown",
    )
    assert [(section.title, section.depth) for section in plan.sections] == [
        ("Campo", 0),
        ("Presentación", 1),
    ]
    assert plan.sections[1].body == "una\ndos\n---\n\n- uno\n---"


def test_body_is_kept() -> None:
    """The Markdown between headings stays as written, less its surplus blank lines."""
    section = only("## Eje 1. Campo\n\n\n\n- a\n  - b\n\n\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n")
    assert section.body == "- a\n  - b\n\n| x | y |\n|---|---|\n| 1 | 2 |"
