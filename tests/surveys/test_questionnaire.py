"""What may be asked, in which order it is asked, and what nobody would ever see."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.surveys.answered import Answered
from participa.surveys.checks import problems_of
from participa.surveys.conditions import shown, unreachable
from participa.surveys.questionnaire import (
    Check,
    Condition,
    Item,
    Kind,
    Page,
    Questionnaire,
    Row,
    ShowIf,
    on_one_page,
    plain_item,
)

YES_NO = ("Sí", "No")
BUS = plain_item("bus", Kind.SINGLE, "¿Usa bus?", YES_NO)
LINE = plain_item("linea", Kind.SINGLE, "¿Cuál?", ("A", "B", "C"))
TRIPS = plain_item("viajes", Kind.NUMBER, "¿Cuántos viajes?").model_copy(
    update={"least": Decimal(0), "most": Decimal(10)}
)
WHY = plain_item("razon", Kind.LONG, "¿Por qué?", required=False)
FAILS = plain_item("falla", Kind.MULTIPLE, "¿Qué falla?", ("Agua", "Luz", "Bus"))


def when(item: Item, *conditions: tuple[str, Check, str], every: bool = True) -> Item:
    """Give the item as asked only under conditions."""
    parts = tuple(Condition(item=name, check=test, value=value) for name, test, value in conditions)
    return item.model_copy(update={"show_if": ShowIf(every=every, conditions=parts)})


@pytest.mark.parametrize(
    "items",
    [
        [],
        [plain_item("a", Kind.SECTION, "Solo texto")],
        [BUS, BUS],
        [plain_item("a", Kind.SINGLE, "  ", YES_NO)],
        [plain_item("a", Kind.SINGLE, "x" * 501, YES_NO)],
        [plain_item("a", Kind.SINGLE, "¿?", ("Sí",))],
        [plain_item("a", Kind.SCALE, "¿?", tuple(map(str, range(31))))],
        [plain_item("a", Kind.SINGLE, "¿?", ("Sí", "Sí"))],
        [plain_item("a", Kind.SINGLE, "¿?", ("Sí", " "))],
        [plain_item("a", Kind.LONG, "¿?", YES_NO)],
        [plain_item("a", Kind.MATRIX, "¿?", YES_NO)],
        [BUS.model_copy(update={"rows": (Row(code="a", label={"es": "Vía"}),)})],
        [BUS.model_copy(update={"least": Decimal(1)})],
        [FAILS.model_copy(update={"most": Decimal(4)})],
        [FAILS.model_copy(update={"least": Decimal(3), "most": Decimal(2)})],
        [when(LINE, ("bus", Check.IS, "1")), BUS],
        [BUS, when(LINE, ("bus", Check.IS, "3"))],
        [BUS, when(LINE, ("bus", Check.AT_LEAST, "1"))],
        [WHY, when(LINE, ("razon", Check.IS, "x"))],
        [BUS, when(LINE)],
        [BUS, when(LINE, ("bus", Check.IS, "2"), ("bus", Check.IS, "1"))],
        [plain_item(f"m{n}", Kind.MULTIPLE, "¿?", tuple(map(str, range(30)))) for n in range(7)],
    ],
)
def test_what_cannot_be_asked(items: list[Item]) -> None:
    """Too much, empty, contradictory, or unreachable: there is a reason against."""
    assert problems_of(on_one_page(items))


def test_what_can_be_asked() -> None:
    """A questionnaire in order has no problems."""
    line = when(LINE, ("bus", Check.IS, "1"))
    few = when(WHY, ("viajes", Check.AT_MOST, "2"), ("linea", Check.IS_NOT, "3"))
    assert problems_of(on_one_page([BUS, line, TRIPS, few, FAILS])) == []


def test_a_second_language_is_complete() -> None:
    """Whatever lacks its words in another language of the survey is named."""
    both = {"es": "¿Usa bus?", "en": "Do you take the bus?"}
    item = BUS.model_copy(update={"text": both})
    asked = Questionnaire(languages=("es", "en"), pages=(Page(items=(item,)),))
    assert "«Sí»" in str(problems_of(asked)[0].text)


def test_it_is_exchanged_as_json() -> None:
    """What is written is read back the same."""
    asked = on_one_page([BUS, when(LINE, ("bus", Check.IS, "1")), TRIPS])
    assert Questionnaire.model_validate_json(asked.model_dump_json()) == asked


def test_what_is_shown_follows_the_answers() -> None:
    """A hidden item counts as not answered for those after it."""
    line = when(LINE, ("bus", Check.IS, "1"))
    why = when(WHY, ("linea", Check.ANSWERED, ""))
    items = [BUS, line, why]
    given_line = {"linea": Answered((0,))}
    assert shown(items, {"bus": Answered((0,)), **given_line}) == items
    assert shown(items, {"bus": Answered((1,)), **given_line}) == [BUS]
    assert shown(items, given_line) == [BUS]


@pytest.mark.parametrize(
    ("condition", "answers", "holds"),
    [
        (("viajes", Check.AT_LEAST, "3"), {"viajes": Answered(number=Decimal(3))}, True),
        (("viajes", Check.AT_LEAST, "3"), {"viajes": Answered(number=Decimal(2))}, False),
        (("viajes", Check.IS, "3"), {"viajes": Answered(number=Decimal("3.0"))}, True),
        (("bus", Check.IS_NOT, "1"), {"bus": Answered((1,))}, True),
        (("bus", Check.IS_NOT, "1"), {}, False),
        (("bus", Check.NOT_ANSWERED, ""), {}, True),
        (("falla", Check.IS, "2"), {"falla": Answered((0, 1))}, True),
    ],
)
def test_conditions(
    condition: tuple[str, Check, str], answers: dict[str, Answered], holds: bool
) -> None:
    """Each test asks what it says; nothing answered is neither one thing nor another."""
    items = [BUS, TRIPS, FAILS, when(WHY, condition)]
    assert (shown(items, answers)[-1].code == "razon") is holds


@pytest.mark.parametrize(
    ("conditions", "reached"),
    [
        ([("viajes", Check.AT_LEAST, "11")], False),
        ([("viajes", Check.AT_LEAST, "10")], True),
        ([("viajes", Check.AT_LEAST, "4"), ("viajes", Check.AT_MOST, "3")], False),
        ([("falla", Check.IS, "1"), ("falla", Check.IS, "2")], True),
        ([("falla", Check.IS, "1"), ("falla", Check.IS_NOT, "1")], False),
        ([("bus", Check.NOT_ANSWERED, "")], False),
        ([("linea", Check.IS, "1"), ("bus", Check.IS, "2")], False),
    ],
)
def test_what_nobody_would_see(conditions: list[tuple[str, Check, str]], reached: bool) -> None:
    """Contradictions are found, also those that go through an item in between."""
    items = [BUS, when(LINE, ("bus", Check.IS, "1")), TRIPS, FAILS, when(WHY, *conditions)]
    assert (unreachable(items) == []) is reached


_TESTS = st.sampled_from([Check.IS, Check.IS_NOT, Check.ANSWERED, Check.NOT_ANSWERED])


@st.composite
def _questionnaires(draw: st.DrawFn) -> list[Item]:
    items: list[Item] = []
    for number in range(draw(st.integers(2, 5))):
        required, conditional = draw(st.tuples(st.booleans(), st.booleans()))
        item = plain_item(f"q{number}", Kind.SINGLE, "¿?", ("1", "2"), required=required)
        if items and conditional:
            named = st.sampled_from([each.code for each in items])
            some = st.lists(st.tuples(named, _TESTS, st.sampled_from("12")), min_size=1, max_size=3)
            item = when(item, *draw(some), every=draw(st.booleans()))
        items.append(item)
    return items


@given(_questionnaires())
def test_unreachable_is_what_no_answers_reach(items: list[Item]) -> None:
    """Against trying every way of answering everything."""
    reached: set[str] = set()
    ways: list[dict[str, Any]] = [{}]
    for item in items:
        choices = [Answered((0,)), Answered((1,))] + ([] if item.required else [Answered()])
        ways = [{**way, item.code: choice} for way in ways for choice in choices]
    for way in ways:
        reached |= {item.code for item in shown(items, way)}
    assert {item.code for item in unreachable(items)} == {i.code for i in items} - reached
