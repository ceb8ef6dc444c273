"""No hidden cell of a table can be worked out: asked of a solver, over random tables."""

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from participa.kit.crosstab import Counts, crosstab, determined, merged
from participa.kit.tally import SMALLEST, published_parts

SAMPLE, ALL = 40, 1_000


def _table(draw: np.random.Generator) -> list[list[int]]:
    """Give a table of any shape: thin or full, with rows that many or hardly any are in."""
    rows, columns = draw.integers(2, 7, size=2)
    shares = np.outer(draw.dirichlet(np.full(rows, 0.7)), draw.dirichlet(np.full(columns, 0.8)))
    mixed = shares.ravel() * draw.gamma(1.5, size=rows * columns)
    people = int(draw.choice([12, 40, 120, 500]))
    drawn = draw.multinomial(people, mixed / mixed.sum())
    table: list[list[int]] = drawn.reshape(rows, columns).tolist()
    return table


def _published(table: Counts) -> list[list[int]]:
    """Join the rows and the columns whose own totals are hidden, as a page does."""
    groups = []
    for totals in (
        [sum(row) for row in table],
        [sum(column) for column in zip(*table, strict=True)],
    ):
        shown = published_parts(totals)
        own = [at for at, count in enumerate(shown) if count is not None]
        groups.append([own.index(at) if at in own else len(own) for at in range(len(shown))])
    return merged(table, groups[0], groups[1])


def _ranges(table: Counts, limit: int) -> dict[tuple[int, int], tuple[int, int]]:
    """Ask a solver between which values each hidden cell lies, for who knows the rule.

    A table's equations are totally unimodular, so the bounds found are whole numbers.
    """
    columns = [any(column) for column in zip(*table, strict=True)]
    hidden = [
        (r, c)
        for r, row in enumerate(table)
        for c, n in enumerate(row)
        if n <= limit and any(row) and columns[c]
    ]
    equations = lil_array((len(table) + len(table[0]), len(hidden)))
    sums = np.zeros(len(table) + len(table[0]))
    for at, (r, c) in enumerate(hidden):
        for line in (r, len(table) + c):
            equations[line, at] = 1
            sums[line] += table[r][c]
    found = {}
    for at, cell in enumerate(hidden):
        aim = np.zeros(len(hidden))
        aim[at] = 1
        low, high = (
            sign * linprog(sign * aim, A_eq=equations.tocsr(), b_eq=sums, bounds=(0, limit)).fun
            for sign in (1, -1)
        )
        found[cell] = (round(low), round(high))
    return found


def _check(count: int) -> None:
    draw = np.random.default_rng(39)
    hid = 0
    for _each in range(count):
        table = _published(_table(draw))
        found = crosstab(table)
        shown = {n for row in found.cells for n in row if n is not None}
        assert not shown & set(range(1, SMALLEST))
        if found.limit < 0 or found.is_empty:
            continue
        hid += 1
        for low, high in _ranges(table, found.limit).values():
            assert low < high
    assert hid > count // 10


def test_a_solver_finds_no_hidden_cell() -> None:
    """Some tables: each hidden cell could be another count, for all that is shown."""
    _check(SAMPLE)


@pytest.mark.long
def test_a_solver_finds_no_hidden_cell_in_a_thousand() -> None:
    """A thousand tables."""
    _check(ALL)


def test_circles_say_what_the_solver_says() -> None:
    """Which cells are determined is exact: too many hidden would cost readers, too few people."""
    draw = np.random.default_rng(7)
    seen = set()
    for _each in range(25):
        table = draw.integers(0, 9, size=draw.integers(2, 5, size=2)).tolist()
        if not np.all(np.sum(table, axis=0)) or not np.all(np.sum(table, axis=1)):
            continue
        ranges = _ranges(table, 4)
        fixed = {cell for cell, (low, high) in ranges.items() if low == high}
        assert set(determined(table, 4)) == fixed
        seen.add(bool(fixed))
    assert seen == {True, False}


def test_one_small_cell_takes_others_along() -> None:
    """A three alone in its row and column would be a subtraction away."""
    found = crosstab([[3, 40, 9], [50, 60, 70], [20, 8, 30]])
    assert found.cells[0][0] is None
    assert sum(cell is None for row in found.cells for cell in row) >= 4


def test_a_table_without_small_cells_is_shown_whole() -> None:
    """Zeros and fives are no secret."""
    assert crosstab([[0, 5], [9, 7]]).cells == ((0, 5), (9, 7))


def test_nobody_is_no_secret() -> None:
    """A row of nobody is shown, and does not make everything else be hidden."""
    found = crosstab([[3, 40, 9], [50, 60, 70], [0, 0, 0], [20, 8, 30]])
    assert found.cells[2] == (0, 0, 0)
    assert found.cells[1] == (50, 60, 70)


def test_the_order_of_rows_and_columns_tells_nothing() -> None:
    """What is hidden depends on the counts alone: turned round, the same cells are."""
    draw = np.random.default_rng(3)
    for _each in range(50):
        table = np.array(_table(draw))
        rows, columns = draw.permutation(table.shape[0]), draw.permutation(table.shape[1])
        turned = crosstab(table[rows][:, columns].tolist())
        straight = np.array(crosstab(table.tolist()).cells, dtype=object)
        assert (np.array(turned.cells, dtype=object) == straight[rows][:, columns]).all()
