"""Small counts stay hidden, also from readers who know how they were hidden."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participa.kit.tally import (
    published_choices,
    published_parts,
    tally_multiple,
    tally_single,
)

Shown = tuple[int | None, ...]


def parts_of(total: int, options: int) -> list[tuple[int, ...]]:
    """List every way in which a number of people can spread over so many options."""
    if options == 1:
        return [(total,)]
    return [
        (first, *rest)
        for first in range(total + 1)
        for rest in parts_of(total - first, options - 1)
    ]


def as_it_would_be(shown: Shown, total: int) -> list[tuple[int, ...]]:
    """Solve a published table: every table with its total that would have looked the same."""
    hidden = [place for place, count in enumerate(shown) if count is None]
    rest = total - sum(count for count in shown if count is not None)
    solutions = []
    for parts in parts_of(rest, len(hidden)):
        table = [count if count is not None else 0 for count in shown]
        for place, part in zip(hidden, parts, strict=True):
            table[place] = part
        if tuple(published_parts(table)) == shown:
            solutions.append(tuple(table))
    return solutions


@pytest.mark.parametrize(("options", "most"), [(2, 40), (3, 34), (4, 22), (5, 21)])
def test_no_hidden_count_follows_from_any_table(options: int, most: int) -> None:
    """Of every table with so many options, each hidden count could have been another one."""
    for total in range(1, most):
        alike: dict[Shown, list[set[int]]] = defaultdict(lambda: [set() for _ in range(options)])
        for table in parts_of(total, options):
            values = alike[tuple(published_parts(table))]
            for place, count in enumerate(table):
                values[place].add(count)
        for shown, values in alike.items():
            for published, possible in zip(shown, values, strict=True):
                assert len(possible) > 1 or published is not None, (total, shown)


@settings(deadline=None)
@given(st.lists(st.integers(0, 12) | st.integers(0, 400), min_size=2, max_size=4))
def test_no_hidden_count_follows_from_the_row(counts: list[int]) -> None:
    """A solver that knows total and rule finds two values or more for each hidden count."""
    shown = tuple(published_parts(counts))
    hidden = [place for place, count in enumerate(shown) if count is None]
    rest = sum(counts[place] for place in hidden)
    if not hidden or rest > 60:
        return
    solutions = as_it_would_be(shown, sum(counts))
    assert tuple(counts) in solutions
    for place in hidden:
        assert len({solution[place] for solution in solutions}) > 1, (counts, shown)


@settings(deadline=None)
@given(st.lists(st.integers(0, 500), min_size=2, max_size=20))
def test_what_is_shown_is_true_and_never_small(counts: list[int]) -> None:
    """A count that is shown is the real one, and never one to four."""
    shown = published_parts(counts)
    assert not {1, 2, 3, 4} & set(shown)
    assert all(count in {real, None} for real, count in zip(counts, shown, strict=True))


@settings(deadline=None)
@given(st.lists(st.integers(5, 500), min_size=2, max_size=20))
def test_large_counts_are_all_shown(counts: list[int]) -> None:
    """Nothing is hidden without need."""
    assert published_parts(counts) == counts


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((30, 20, 10), [30, 20, 10]),
        ((30, 20, 0), [30, 20, 0]),
        ((30, 20, 3), [30, None, None]),
        ((30, 4, 4), [None, None, None]),
        ((30, 2, 3), [30, None, None]),
        ((30, 2, 0), [30, None, None]),
        ((7, 7, 4), [None, None, None]),
        ((0, 0), [0, 0]),
        ((4, 0), [None, None]),
    ],
)
def test_examples(counts: tuple[int, ...], shown: list[int | None]) -> None:
    """A few tables as they are published."""
    assert published_parts(counts) == shown


def test_of_several_options_neither_few_nor_all_but_few() -> None:
    """An option that 3 of 40 chose, or that 37 of 40 chose, tells about three people."""
    assert published_choices([3, 37, 20, 0, 40], 40) == [None, None, 20, 0, 40]
    assert published_choices([0, 4], 4) == [None, None]


@pytest.mark.parametrize(("options", "most"), [(2, 15), (3, 8)])
def test_no_option_follows_from_the_others(options: int, most: int) -> None:
    """Though everybody chose at least one, no hidden count follows from those shown."""
    for people in range(1, most):
        alike: dict[Shown, list[set[int]]] = defaultdict(lambda: [set() for _ in range(options)])
        for table in product(range(people + 1), repeat=options):
            if sum(table) < people:
                continue
            values = alike[tuple(published_choices(table, people))]
            for place, count in enumerate(table):
                values[place].add(count)
        for shown, values in alike.items():
            for published, possible in zip(shown, values, strict=True):
                assert len(possible) > 1 or published is not None, (people, shown)


def test_no_percentages_of_a_few() -> None:
    """Under ten answers there are counts and no shares; from ten on, shares of who answered."""
    few = tally_single(("Sí", "No"), (9, 0))
    assert [(cell.count, cell.share) for cell in few.cells] == [(9, None), (0, None)]
    assert not few.has_shares
    ten = tally_single(("Sí", "No"), (10, 0))
    assert [cell.share for cell in ten.cells] == [1.0, 0.0]
    several = tally_multiple(("Agua", "Luz"), (10, 15), 20)
    assert [cell.share for cell in several.cells] == [0.5, 0.75]


def test_a_hidden_count_has_no_share() -> None:
    """A percentage would give the count away."""
    tally = tally_single(("Sí", "No", "Otra"), (30, 20, 3))
    assert tally.has_hidden
    assert [cell.share is None for cell in tally.cells] == [False, True, True]
