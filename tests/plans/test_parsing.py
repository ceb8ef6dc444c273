"""What any source gets from the parser: a form, a tree, or a clear refusal."""

import time
import unicodedata
from contextlib import suppress

import pytest

from participa.plans.parsing import ParsedPlan, PlanUnreadable, parse_plan
from participa.plans.parsing.cleaning import MAX_CHARACTERS, MAX_LINES
from participa.plans.parsing.tree import MAX_SECTIONS

MARKDOWN = "# Eje 1. Campo\n\n## Programa 1.1. Vías\n\nTexto."
TEXT = "CAPÍTULO I\nPRINCIPIOS\nARTÍCULO 1. Objeto. Adoptar el plan."
HALF_MEGABYTE = 500_000


def kinds(plan: ParsedPlan) -> list[str]:
    return [section.kind for section in plan.sections]


@pytest.mark.parametrize(
    "source", ["", " \n\t\n", "\ufeff\n", "--- 。。 ***", "\u0301\u200b", "Página 3 de 9"]
)
def test_empty(source: str) -> None:
    """A source without a letter or a figure is refused as empty."""
    with pytest.raises(PlanUnreadable) as refusal:
        parse_plan(source)
    assert refusal.value.code == "empty"
    assert "no tiene texto" in str(refusal.value)


@pytest.mark.parametrize(
    "source",
    [
        "%PDF-1.7\nobj",
        "PK\x03\x04word/document.xml",
        "texto\x00con nulos",
        "{\\rtf1 hola}",
        "\x01\x02\x03\x04 hola",
        "\ufffd" * 50 + "hola",
    ],
)
def test_binary(source: str) -> None:
    """A file pasted instead of its text is refused as such, never parsed into noise."""
    with pytest.raises(PlanUnreadable) as refusal:
        parse_plan(source)
    assert refusal.value.code == "binary"


@pytest.mark.parametrize(
    "source",
    [
        "a" * (MAX_CHARACTERS + 1),
        "a\n" * MAX_LINES,
        "a\f" * MAX_LINES,
        "META 1. Algo\n" * (MAX_SECTIONS + 1),
    ],
    ids=["characters", "lines", "pages", "sections"],
)
def test_too_large(source: str) -> None:
    """What no plan needs is refused before it costs the server minutes."""
    with pytest.raises(PlanUnreadable) as refusal:
        parse_plan(source)
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize(
    "piece",
    [
        "asocia- ciones ",
        "1.1. ",
        "foo. 1.1. Programa. ",
        "a\u0301\u0323",
        "\u0301\u0323",
        "- ",
        "*a ",
        "XXXIII ",
        "aa-",
        "ARTÍCULO ",
        "hola mundo ",
        "Meta / ",
        "(“",
    ],
)
@pytest.mark.parametrize("opening", ["palabra ", "# "])
def test_hostile_lines(piece: str, opening: str) -> None:
    """Half a megabyte in one line, repeating what a bad expression chokes on, takes seconds."""
    source = opening + "hola " + piece * (HALF_MEGABYTE // len(piece))
    start = time.process_time()
    with suppress(PlanUnreadable):
        parse_plan(source)
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (MARKDOWN, ["eje", "programa"]),
        (TEXT, ["capitulo", "articulo"]),
        ("Una\n===\n\nHola.\n\nOtra\n====\n", ["apartado", "apartado"]),
        ("# Único\n\nHola.", ["apartado"]),
        ("Una línea con\n# un numeral suelto", ["preambulo"]),
    ],
)
def test_auto_form(source: str, expected: list[str]) -> None:
    """Markdown is told from plain text by its headings."""
    assert kinds(parse_plan(source)) == expected


def test_given_form() -> None:
    """The form asked for is the form used, whatever the source looks like."""
    assert kinds(parse_plan(MARKDOWN, form="text")) == ["preambulo"]
    assert kinds(parse_plan(TEXT, form="markdown")) == ["preambulo"]


def test_same_text_however_encoded() -> None:
    """Line ends, byte order mark, hard spaces, tabs and decomposed accents change nothing."""
    for source in (TEXT, MARKDOWN):
        expected = parse_plan(source)
        for variant in (
            source.replace("\n", "\r\n"),
            source.replace("\n", "\r"),
            source.replace("\n", "\u2028"),
            "\ufeff" + source,
            source.replace(" ", "\u00a0"),
            source.replace(" ", "\t"),
            source.replace("I", "\u200bI"),
            unicodedata.normalize("NFD", source),
        ):
            assert parse_plan(variant) == expected


def test_no_headings() -> None:
    """A text without headings is one section, with a warning that says so."""
    plan = parse_plan("Un texto\nsin títulos.")
    assert [(s.kind, s.body, s.key) for s in plan.sections] == [
        ("preambulo", "Un texto sin títulos.", "preambulo")
    ]
    assert [warning.code for warning in plan.warnings] == ["no_headings"]
    assert "un solo apartado" in str(plan.warnings[0].text)


def test_damaged_characters() -> None:
    """Damaged and invisible characters are counted for the official."""
    plan = parse_plan(
        "Un texto largo con una letra da\ufffdada " + "y más palabras " * 30 + "\x07."
    )
    found = {warning.code: warning for warning in plan.warnings}
    assert found["broken_characters"].params == {"count": 1}
    assert str(found["broken_characters"].text).startswith("Caracteres que llegaron dañados: 1.")
    assert found["control_characters"].params == {"count": 1}


def test_long_title() -> None:
    """A title too long to be one keeps its first words, and the rest opens the text."""
    words = " ".join(["palabra"] * 80)
    section = parse_plan(f"# Eje 1. {words}\n\nTexto.\n\n## Otro").sections[0]
    assert len(section.title) <= 300
    assert f"{section.title} {section.body}" == f"{words}\n\nTexto."


def test_numbers_out_of_place() -> None:
    """Numbers that jump, repeat or belong elsewhere are pointed out with their line."""
    plan = parse_plan(
        "1. PROGRAMA. Uno\n1.1. SUBPROGRAMA. Bien\n1.1. SUBPROGRAMA. Otra vez\n"
        "3. PROGRAMA. Tres\n2.1. SUBPROGRAMA. Perdido\n"
    )
    assert [(w.line, w.code, w.params) for w in plan.warnings if w.line] == [
        (3, "number_repeated", {"number": "1.1"}),
        (4, "number_jump", {"before": "1", "number": "3"}),
        (5, "number_misplaced", {"number": "2.1", "parent": "3"}),
    ]


def test_keys() -> None:
    """A key is the chain of numbers or titles; a twin gets an ordinal no title can write."""
    plan = parse_plan(
        "# Plan\n## Eje 1. Campo\n### Programa 1.1. Vías\n#### Presentación\n#### Presentación\n"
        "#### Presentación 2\n## 漢字\n"
    )
    keys = [section.key for section in plan.sections]
    assert keys[:5] == [
        "eje-1",
        "eje-1/programa-1-1",
        "eje-1/programa-1-1/apartado-presentacion",
        "eje-1/programa-1-1/apartado-presentacion~2",
        "eje-1/programa-1-1/apartado-presentacion-2",
    ]
    assert keys[5].startswith("apartado-")


def test_keys_fit_their_column() -> None:
    """However deep and wordy the plan, a key fits in 200 characters and differs from others."""
    title = "Una frase larga que no cabe entera en la llave de un apartado cualquiera"
    source = "\n".join(f"{'#' * level} {title} {turn}" for turn in "ab" for level in range(1, 7))
    keys = [section.key for section in parse_plan(source).sections]
    assert max(map(len, keys)) <= 200
    assert len(set(keys)) == 12
