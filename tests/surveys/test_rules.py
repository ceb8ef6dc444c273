"""What a survey may ask and what answers it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from participa.processes.rules import final_closing
from participa.surveys.rules import (
    ACTIVITY,
    MAX_WORDS,
    Answered,
    Kind,
    QuestionPlan,
    answer_problem,
    minutes_to_answer,
    questions_problem,
    response_problem,
)
from tests.people import NOW

YES_NO = ("Sí", "No")
SINGLE = QuestionPlan(Kind.SINGLE, "¿Sí o no?", YES_NO)
MULTIPLE = QuestionPlan(Kind.MULTIPLE, "¿Cuáles?", YES_NO)
SCALE = QuestionPlan(Kind.SCALE, "¿Cuánto?", YES_NO)
TEXT = QuestionPlan(Kind.TEXT, "¿Qué?")


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [SINGLE] * 61,
        [QuestionPlan(Kind.MULTIPLE, "¿?", tuple(map(str, range(20))))] * 10,
        [QuestionPlan(Kind.SINGLE, "  ", YES_NO)],
        [QuestionPlan(Kind.SINGLE, "x" * 301, YES_NO)],
        [QuestionPlan(Kind.SINGLE, "¿?", ("Sí",))],
        [QuestionPlan(Kind.SCALE, "¿?", tuple(map(str, range(21))))],
        [QuestionPlan(Kind.SINGLE, "¿?", ("Sí", "Sí"))],
        [QuestionPlan(Kind.SINGLE, "¿?", ("Sí", " "))],
        [QuestionPlan(Kind.TEXT, "¿?", YES_NO)],
    ],
)
def test_questions_nobody_could_answer(questions: list[QuestionPlan]) -> None:
    """Too many, empty, or with options that cannot be told apart: there is a reason against."""
    assert questions_problem(questions) is not None
    assert questions_problem([SINGLE, MULTIPLE, SCALE, TEXT]) is None


@pytest.mark.parametrize(
    ("question", "answered", "fits"),
    [
        (SINGLE, Answered((1,)), True),
        (SINGLE, Answered((0, 1)), False),
        (SINGLE, Answered((2,)), False),
        (SINGLE, Answered((-1,)), False),
        (SINGLE, Answered(), False),
        (SINGLE, Answered((0,), "y palabras"), False),
        (SCALE, Answered((0,)), True),
        (SCALE, Answered((0, 1)), False),
        (MULTIPLE, Answered((0, 1)), True),
        (MULTIPLE, Answered((0, 0)), False),
        (MULTIPLE, Answered(), False),
        (TEXT, Answered(words="Algo"), True),
        (TEXT, Answered(words="x" * MAX_WORDS), True),
        (TEXT, Answered(words="x" * (MAX_WORDS + 1)), False),
        (TEXT, Answered((0,)), False),
        (TEXT, Answered(), False),
    ],
)
def test_what_fits_a_question(question: QuestionPlan, answered: Answered, fits: bool) -> None:
    """Each kind takes its own sort of answer, inside its options, and nothing twice."""
    assert (answer_problem(question, answered) is None) is fits


@pytest.mark.parametrize("kind", Kind)
def test_what_is_optional_may_stay_empty(kind: Kind) -> None:
    """No kind insists on an answer that is not required."""
    options = () if kind is Kind.TEXT else YES_NO
    optional = QuestionPlan(kind, "¿?", options, required=False)
    assert answer_problem(optional, Answered()) is None


def test_a_response_answers_something() -> None:
    """All empty is no response, even where nothing is required; a missing answer is empty."""
    optional = QuestionPlan(Kind.TEXT, "¿?", required=False)
    assert response_problem({1: optional}, {1: Answered()}) is not None
    assert response_problem({1: optional}, {}) is not None
    assert response_problem({1: optional, 2: SINGLE}, {1: Answered(words="x")}) is not None
    assert response_problem({1: optional, 2: SINGLE}, {2: Answered((0,))}) is None


def test_minutes() -> None:
    """Every survey takes a minute, and open questions take more."""
    assert minutes_to_answer([SINGLE]) == 1
    assert minutes_to_answer([TEXT, TEXT, TEXT]) == 3


@dataclass
class Span:
    opens: list[str]
    opens_at: object
    closes_at: object


def test_results_wait_for_the_last_phase() -> None:
    """A survey that opens again stays sealed until it closes for the last time."""
    day = timedelta(days=1)
    first = Span(["surveys.answer"], NOW - 3 * day, NOW - day)
    again = Span(["surveys.answer"], NOW + day, NOW + 3 * day)
    other = Span(["forums.discuss"], NOW, NOW + 9 * day)
    assert final_closing([first, again, other], ACTIVITY) == NOW + 3 * day  # type: ignore[list-item]
    assert final_closing([other], ACTIVITY) is None  # type: ignore[list-item]
