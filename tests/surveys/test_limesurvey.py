"""LimeSurvey files: what can be asked here comes, the rest is named, nothing in them is run."""

import pytest

from participa.surveys.checks import problems_of
from participa.surveys.limesurvey import read_lss
from participa.surveys.lss_conditions import Asked, show_if
from participa.surveys.lss_tables import MAX_BYTES, LssRefused
from participa.surveys.questionnaire import Condition, Item, Kind, OptionRole, plain_item
from participa.surveys.starters import STARTERS, starter
from tests.surveys.lss import lss, modern, old, question


def _by_code(data: bytes) -> dict[str, Item]:
    return {item.code: item for item in read_lss(data).questionnaire.items}


def test_every_kind_comes_as_ours() -> None:
    """Kinds, options, lines, languages, pages and bounds; in the order of the questions."""
    read = read_lss(modern())
    items = {item.code: item for item in read.questionnaire.items}
    assert {code: item.kind for code, item in items.items()} == {
        "zona": Kind.SINGLE, "bus": Kind.YES_NO, "fallo": Kind.MULTIPLE, "edad": Kind.NUMBER,
        "como": Kind.MATRIX, "orden": Kind.RANKING, "dia": Kind.DATE, "corta": Kind.SHORT,
        "larga": Kind.LONG, "aviso": Kind.SECTION, "nota": Kind.SCALE, "gasto_agua": Kind.NUMBER,
        "gasto_gas": Kind.NUMBER, "sexo": Kind.SINGLE,
    }  # fmt: skip
    assert [page.title for page in read.questionnaire.pages] == [
        {"es": "Primero", "en": "First"}, {"es": "Luego", "en": "Then"},
    ]  # fmt: skip
    assert (read.title, read.introduction) == ("Movilidad 2026", "Para saber.\nHola")
    assert items["zona"].text == {"es": "¿Dónde vive?", "en": "¿Dónde vive? (en)"}
    assert [option.code for option in items["zona"].options] == ["A1", "A2", "-oth-"]
    roles = [option.role for option in items["fallo"].options]
    assert roles == [OptionRole.PLAIN, OptionRole.PLAIN, OptionRole.ALONE, OptionRole.OTHER]
    assert [row.code for row in items["como"].rows] == ["via", "luz"]
    assert items["gasto_gas"].text["es"] == "¿Cuánto gasta en…? Gas"
    assert items["edad"].most == 120
    assert items["edad"].least is None
    assert items["edad"].unit == {"es": "años", "en": "años"}
    assert items["fallo"].most == 2
    assert items["orden"].shuffled
    assert [items[code].required for code in ("zona", "bus", "larga")] == [True, True, False]
    assert problems_of(read.questionnaire) == []


def test_simple_conditions_come_and_others_are_named() -> None:
    """Each equation is the same condition here; one that computes is said, with the question."""
    items = _by_code(modern())
    found = {
        code: [(c.item, str(c.check), c.value) for c in item.show_if.conditions]
        for code, item in items.items()
        if item.show_if is not None
    }
    assert found == {
        "fallo": [("bus", "is", "si")],
        "edad": [("zona", "is_not", "A2"), ("bus", "is", "no")],
        "dia": [("fallo", "is", "SQ1"), ("fallo", "is", "SQ2")],
        "corta": [("edad", "at_least", "18")],
        "larga": [("corta", "answered", "")],
        "sexo": [("zona", "is", "A1")],
    }
    either = items["dia"].show_if
    assert either is not None
    assert not either.every
    notes = [str(note) for note in read_lss(modern()).notes]
    for words in (
        "«nota»: su condición no se trae: sum(edad, 3) > 4.",
        "«numeros»: las tablas de números no se traen.",
        "«suma»: las ecuaciones no se traen.",
        "«gasto»: cada casilla viene como una pregunta aparte.",
        "«edad»: el límite «{edad}» no es un número.",
    ):
        assert words in notes
    assert len(notes) == 5


@pytest.mark.parametrize(
    ("equation", "expected"),
    [
        ("", 0), ("1", 0), ("(1)", 0), ("((a == 'x'))", 1), ('a=="x"&&b=="y"', 2),
        ("(a eq 'x') OR (b ne 'y')", 2), ('((a == "x") and (b == "y")) or a == "y"', None),
        ("a == b", None), ("rand(1,2) == 1", None), ('a == "otra"', None), ('c == "x"', None),
        ("(" * 2500 + 'a == "x"', None), ("((((((a == 'x'", 1),
    ],
)  # fmt: skip
def test_equations(equation: str, expected: int | None) -> None:
    """What is more than a comparison joined one way is not guessed at."""
    asked = Asked()
    for code in "ab":
        item = plain_item(code, Kind.SINGLE, code, ("x", "y"))
        options = tuple(o.model_copy(update={"code": o.label["es"]}) for o in item.options)
        asked.add(item.model_copy(update={"options": options}), code)
    found = show_if(equation, asked)
    assert (None if found is None else len(found.conditions)) == expected


def test_an_old_file() -> None:
    """Texts by language in the rows themselves, conditions in a table; other tongues are named."""
    read = read_lss(old())
    bus, cause = read.questionnaire.items
    assert (bus.text, cause.kind) == ({"es": "¿Usa el bus?"}, Kind.LONG)
    assert cause.show_if is not None
    assert cause.show_if.conditions == (Condition.model_validate(
        {"item": "bus", "check": "is", "value": "no"}
    ),)  # fmt: skip
    assert [str(note) for note in read.notes] == ["El idioma «fr» no se trae."]


_BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
)
_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "data",
    [
        b"", b"nada", b"\xff\xfe<\x00", b"<document></document>", modern()[:-40],
        lss({"questions": [question(1, "X", "a", 1)]}, head=_BOMB),
        lss({"questions": [question(1, "X", "a", 1)]}, head=_FILE),
        lss({"questions": [question(1, "*", "a", 1)], "groups": [{"gid": 1}]}),
        lss({"questions": [question(n, "X", "a", 1) for n in range(21_000)]}),
        b"<document>" + b"<a>" * 50_000, b" " * (MAX_BYTES + 1),
    ],
)  # fmt: skip
def test_what_is_no_survey_is_refused(data: bytes) -> None:
    """Damaged, foreign, too large, with entities: a message, never a crash or a read file."""
    with pytest.raises(LssRefused):
        read_lss(data)


def test_our_own_questionnaires_can_be_asked() -> None:
    """Each is whole in both languages."""
    for name in STARTERS:
        assert starter(name).languages == ("es", "en")
        assert problems_of(starter(name)) == []
