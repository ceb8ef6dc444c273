"""What a statement may be, and that those who come late are seen."""

import random
from statistics import mean

import pytest

from participa.opinion.rules import LONGEST, next_statement, statement_key, statement_problem


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


def test_a_reload_shows_the_same() -> None:
    """The choice depends on reader, statements and views alone, and differs between readers."""
    unseen = [(number, 0) for number in range(40)]
    assert {next_statement("a", unseen) for _ in range(5)} == {next_statement("a", unseen[::-1])}
    assert len({next_statement(str(reader), unseen) for reader in range(100)}) > 25
    assert next_statement("a", []) is None


def _simulate(people: int, early: int, late: int, seed: int) -> tuple[list[int], list[int]]:
    """Let people come one after the other; the late statements are there for the last fifth.

    Gives the views of the early and of the late ones.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    views = [0] * (early + late)
    for person in range(people):
        here = early + late if person >= people * 0.8 else early
        unseen = set(range(here))
        for _turn in range(min(here, 1 + int(chance.expovariate(1 / 12)))):
            shown = next_statement(f"{seed}:{person}", [(each, views[each]) for each in unseen])
            assert shown is not None
            unseen.remove(shown)
            views[shown] += 1
    return views[:early], views[early:]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("late", [1, 8])
def test_late_statements_are_seen(late: int, seed: int) -> None:
    """Added when four fifths of the people have come, a statement is not overlooked.

    Of those who still come, a larger share sees it than the share of all that saw the others;
    it gets a third of their views or more, where equal chances would give it a fifth; and none
    of the others is starved for it.
    """
    early, added = _simulate(people=200, early=30, late=late, seed=seed)
    assert min(added) / 40 >= mean(early) / 200
    assert mean(added) >= mean(early) / 3
    assert min(early) >= 0.7 * mean(early)
