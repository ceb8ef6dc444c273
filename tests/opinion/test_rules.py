"""What a statement may be."""

from datetime import timedelta

import pytest

from participa.opinion.rules import LONGEST, is_due, statement_key, statement_problem
from tests.people import NOW


@pytest.mark.parametrize("text", ["", "Corta.", "¡¿…?! ¡¿…?! ¡¿…?!", "x" * (LONGEST + 1)])
def test_what_is_no_statement(text: str) -> None:
    """Too short, without a word, or too long: a message says so."""
    assert statement_problem(text) is not None


def test_what_is_one() -> None:
    """A sentence of any length up to the limit is."""
    assert statement_problem("El puente va primero.") is None
    assert statement_problem("x" * LONGEST) is None


def test_words_that_differ_in_writing_are_the_same() -> None:
    """Case, accents, signs and spaces make no other statement; other words do."""
    first = statement_key("La vía va primero.")
    assert statement_key("  la via, va PRIMERO!! ") == first
    assert statement_key("La vía no va primero.") != first


@pytest.mark.parametrize(
    ("votes_now", "minutes", "seconds", "due"),
    [
        (109, 5, 0.0, False),
        (110, 5, 0.0, True),
        (110, 0.9, 0.0, False),
        (110, 5, 20.0, False),
        (110, 7, 20.0, True),
    ],
)
def test_when_groups_are_found_again(
    votes_now: int, minutes: float, seconds: float, *, due: bool
) -> None:
    """Ten votes later, a minute later, and no more than a twentieth of the time."""
    now = NOW + timedelta(minutes=minutes)
    assert is_due(100, NOW, seconds, votes_now, now) is due


def test_many_votes_ask_for_more_new_ones() -> None:
    """Of ten thousand votes ten new ones change nothing: a fiftieth is waited for."""
    later = NOW + timedelta(hours=1)
    assert not is_due(10_000, NOW, 1.0, 10_199, later)
    assert is_due(10_000, NOW, 1.0, 10_200, later)
