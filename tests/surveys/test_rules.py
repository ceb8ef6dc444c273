"""How long a survey takes, and until when its results are sealed."""

from dataclasses import dataclass
from datetime import timedelta

from participa.processes.rules import final_closing
from participa.surveys.questionnaire import Kind, plain_item
from participa.surveys.rules import ACTIVITY, minutes_to_answer
from tests.people import NOW


def test_minutes() -> None:
    """Every survey takes a minute, and open questions take more."""
    text = plain_item("t", Kind.LONG, "¿Qué?")
    assert minutes_to_answer([plain_item("s", Kind.SINGLE, "¿Sí?", ("Sí", "No"))]) == 1
    assert minutes_to_answer([text, text, text]) == 3


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
