"""What a statement may be."""

import pytest

from participa.opinion.rules import LONGEST, statement_key, statement_problem


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
