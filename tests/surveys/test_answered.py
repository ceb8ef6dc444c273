"""What answers an item of each kind."""

from decimal import Decimal

import pytest

from participa.surveys.answered import (
    MAX_WORDS,
    NO_CHOICE,
    Answered,
    answer_problem,
    answers_problem,
)
from participa.surveys.kinds import stored
from participa.surveys.models import Question
from participa.surveys.questionnaire import Item, Kind, OptionRole, Row, plain_item
from participa.surveys.views import question_view

YES_NO = ("Sí", "No")
SINGLE = plain_item("s", Kind.SINGLE, "¿Sí o no?", YES_NO)
MULTIPLE = plain_item("m", Kind.MULTIPLE, "¿Cuáles?", ("Agua", "Luz", "Bus", "Gas"))
SCALE = plain_item("e", Kind.SCALE, "¿Cuánto?", YES_NO)
LONG = plain_item("t", Kind.LONG, "¿Qué?")
RANKING = plain_item("r", Kind.RANKING, "¿Qué primero?", ("Agua", "Luz", "Bus"))
NUMBER = plain_item("n", Kind.NUMBER, "¿Cuántos?").model_copy(
    update={"least": Decimal(0), "most": Decimal(20)}
)
DATE = plain_item("d", Kind.DATE, "¿Cuándo?")
PLACE = plain_item("l", Kind.PLACE, "¿Dónde?")
SECTION = plain_item("x", Kind.SECTION, "Ahora, la salud.")
MATRIX = plain_item("z", Kind.MATRIX, "¿Cómo están?", YES_NO).model_copy(
    update={"rows": (Row(code="a", label={"es": "Vía"}), Row(code="b", label={"es": "Luz"}))}
)
TWO = MULTIPLE.model_copy(update={"least": Decimal(2), "most": Decimal(2)})


def _with_role(item: Item, option: int, role: OptionRole) -> Item:
    options = list(item.options)
    options[option] = options[option].model_copy(update={"role": role})
    return item.model_copy(update={"options": tuple(options)})


OTHER = _with_role(SINGLE, 1, OptionRole.OTHER)
NONE = _with_role(MULTIPLE, 3, OptionRole.ALONE)


@pytest.mark.parametrize(
    ("item", "answered", "fits"),
    [
        (SINGLE, Answered((1,)), True),
        (SINGLE, Answered((0, 1)), False),
        (SINGLE, Answered((2,)), False),
        (SINGLE, Answered((-2,)), False),
        (SINGLE, Answered(), False),
        (SINGLE, Answered((0,), "y palabras"), False),
        (OTHER, Answered((1,), "el río"), True),
        (OTHER, Answered((0,), "el río"), False),
        (OTHER, Answered((1,), "x" * 201), False),
        (SCALE, Answered((0,)), True),
        (SCALE, Answered((0, 1)), False),
        (MULTIPLE, Answered((0, 1)), True),
        (MULTIPLE, Answered((0, 0)), False),
        (MULTIPLE, Answered(), False),
        (NONE, Answered((3,)), True),
        (NONE, Answered((0, 3)), False),
        (TWO, Answered((0, 1)), True),
        (TWO, Answered((0,)), False),
        (TWO, Answered((0, 1, 2)), False),
        (LONG, Answered(words="Algo"), True),
        (LONG, Answered(words="x" * MAX_WORDS), True),
        (LONG, Answered(words="x" * (MAX_WORDS + 1)), False),
        (LONG, Answered((0,)), False),
        (LONG, Answered(), False),
        (RANKING, Answered((2, 0, 1)), True),
        (RANKING, Answered((2, 0)), False),
        (RANKING, Answered((2, 2, 1)), False),
        (RANKING, Answered((0, 1, 3)), False),
        (MATRIX, Answered((0, 1)), True),
        (MATRIX, Answered((0, NO_CHOICE)), False),
        (MATRIX, Answered((0, 2)), False),
        (MATRIX, Answered((0,)), False),
        (NUMBER, Answered(number=Decimal(20)), True),
        (NUMBER, Answered(number=Decimal("20.5")), False),
        (NUMBER, Answered(number=Decimal(-1)), False),
        (DATE, Answered(number=Decimal(739000)), True),
        (DATE, Answered(number=Decimal(0)), False),
        (PLACE, Answered(number=Decimal(3)), True),
        (PLACE, Answered(), False),
        (SECTION, Answered(words="Algo"), False),
    ],
)
def test_what_fits_an_item(item: Item, answered: Answered, fits: bool) -> None:
    """Each kind takes its own sort of answer, inside its bounds, and nothing twice."""
    assert (answer_problem(item, answered) is None) is fits


@pytest.mark.parametrize("kind", Kind)
def test_what_is_optional_may_stay_empty(kind: Kind) -> None:
    """No kind insists on an answer that is not required."""
    assert answer_problem(plain_item("o", kind, "¿?", required=False), Answered()) is None


def test_a_response_answers_something() -> None:
    """All empty is no response, even where nothing is required; a missing answer is empty."""
    optional = plain_item("o", Kind.LONG, "¿?", required=False)
    assert answers_problem([optional], {"o": Answered()}) is not None
    assert answers_problem([optional], {}) is not None
    assert answers_problem([optional, SINGLE], {"o": Answered(words="x")}) is not None
    assert answers_problem([optional, SINGLE], {"s": Answered((0,))}) is None


@pytest.mark.parametrize(
    ("item", "answered", "rows"),
    [
        (OTHER, Answered((1,), "el río"), [(0, 1, None, "el río")]),
        (MULTIPLE, Answered((0, 2)), [(0, 0, None, ""), (0, 2, None, "")]),
        (MATRIX, Answered((1, NO_CHOICE)), [(0, 1, None, "")]),
        (RANKING, Answered((2, 0, 1)), [(0, 2, None, ""), (1, 0, None, ""), (2, 1, None, "")]),
        (NUMBER, Answered(number=Decimal("2.5")), [(0, None, 2.5, "")]),
        (LONG, Answered(words="Algo"), [(0, None, None, "Algo")]),
        (LONG, Answered(), []),
    ],
)
def test_what_is_stored(
    item: Item, answered: Answered, rows: list[tuple[int, int | None, float | None, str]]
) -> None:
    """A row for each thing the database counts: a choice, a line, a place in the order."""
    assert list(stored(item, answered)) == rows


def test_an_order_of_ones_own() -> None:
    """Each person's order stays theirs, differs between people, and «otra» stays at the end."""
    options = plain_item("x", Kind.SINGLE, "¿?", ("Agua", "Luz", "Vía", "Bus", "Otra")).options
    other = options[-1].model_copy(update={"role": OptionRole.OTHER})
    item = Item(
        code="x", kind=Kind.SINGLE, text={"es": "¿?"}, options=(*options[:-1], other), shuffled=True
    )

    def shown(item: Item, seed: str) -> list[str]:
        question = Question(id=1, position=0, item=item.model_dump(mode="json"))
        options = question_view(question, (), "es", seed=seed)["options"]
        return [words for _value, words in options]

    seen = {tuple(shown(item, str(n))) for n in range(60)}
    assert len(seen) > 15
    assert {each[-1] for each in seen} == {"Otra"}
    assert shown(item, "a") == shown(item, "a")
    written = ["Agua", "Luz", "Vía", "Bus", "Otra"]
    assert shown(item, "") == shown(item.model_copy(update={"shuffled": False}), "a") == written
    assert shown(item.model_copy(update={"kind": Kind.SCALE}), "a") == written
