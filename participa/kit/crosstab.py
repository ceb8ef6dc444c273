"""Two questions against each other, with cells hidden so that none can be worked out (T39). Pure.

Readers know the rule and the totals of each question, which `tally` has let pass. A table is
hidden by threshold, as a question alone is: every cell up to some value, zeros and all equal ones
alike. The value is raised until no hidden cell is the only one that fits what is shown. Which
cells are hidden then depends on their counts alone, so the same table under another order of
rows tells nothing more; and a filter is a row of a table, so it tells nothing that the table
does not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from participa.kit.tally import SMALLEST

Counts = Sequence[Sequence[int]]
Shown = tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Crosstab:
    """What is shown of a table, and up to which count cells are hidden, -1 where none is."""

    cells: Shown
    limit: int

    @property
    def is_empty(self) -> bool:
        """Nothing can be shown but that nobody is somewhere."""
        return not any(cell for row in self.cells for cell in row)


def merged(counts: Counts, rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Add up rows and columns by the group that each is given, from 0.

    Categories whose own total is hidden are to be one group: their totals stay as unknown as
    they are, whatever other questions the table is crossed with.
    """
    table = [[0] * (max(columns) + 1) for _group in range(max(rows) + 1)]
    for row, line in zip(rows, counts, strict=True):
        for column, count in zip(columns, line, strict=True):
            table[row][column] += count
    return table


def crosstab(counts: Counts) -> Crosstab:
    """Hide 1 to 4 in a table whose row and column totals are known, and enough others with them.

    Where nothing less will do, everything is hidden. Rows and columns of nobody are shown: their
    totals say it already.
    """
    rows = [at for at, line in enumerate(counts) if any(line)]
    columns = [at for at in range(len(counts[0])) if any(line[at] for line in counts)]
    limit = _limit([[counts[row][column] for column in columns] for row in rows])
    shown = tuple(
        tuple(
            None if count <= limit and row in rows and column in columns else count
            for column, count in enumerate(line)
        )
        for row, line in enumerate(counts)
    )
    return Crosstab(shown, limit)


def _limit(counts: Counts) -> int:
    """Find the least value up to which hiding leaves no hidden cell determined; -1 for none."""
    values = sorted({count for row in counts for count in row})
    if not any(0 < value < SMALLEST for value in values):
        return -1
    small = SMALLEST - 1
    limits = [small, *(value for value in values if value > small)]
    return next((each for each in limits if not any(determined(counts, each))), limits[-1])


def determined(counts: Counts, limit: int) -> Iterator[tuple[int, int]]:
    """Find the cells up to a limit that are the only ones to fit the totals, if cells are hidden.

    Counts move in circles: one more here, one less in the same row, one more in that column,
    and so on. A cell stays as it is only where no circle of hidden cells, each from 0 to the
    limit, goes through it (Gusfield 1988).
    """
    for row, column, more in _hidden(counts, limit):
        circle = _Circles(counts, limit, row, column)
        if not ((more and circle.closes_up()) or (counts[row][column] and circle.closes_down())):
            yield row, column


def _hidden(counts: Counts, limit: int) -> Iterator[tuple[int, int, bool]]:
    for row, line in enumerate(counts):
        for column, count in enumerate(line):
            if count <= limit:
                yield row, column, count < limit


class _Circles:
    """Ways from a cell's column back to its row, and the other way round, without the cell."""

    def __init__(self, counts: Counts, limit: int, row: int, column: int) -> None:
        self._row, self._column = row, column
        width = len(counts[0])
        # By row, the columns where one more fits; by column, the rows where one less does.
        self._more = [
            sum(1 << c for c in range(width) if line[c] < limit and (r, c) != (row, column))
            for r, line in enumerate(counts)
        ]
        self._less = [
            sum(
                1 << r
                for r, line in enumerate(counts)
                if 0 < line[c] <= limit and (r, c) != (row, column)
            )
            for c in range(width)
        ]

    def closes_up(self) -> bool:
        """Whether the cell may have one more: from its column, less and more, to its row."""
        _columns, rows = self._reach(1 << self._column, 0)
        return bool(rows >> self._row & 1)

    def closes_down(self) -> bool:
        """Whether it may have one less: from its row, more and less, to its column."""
        columns, _rows = self._reach(0, 1 << self._row)
        return bool(columns >> self._column & 1)

    def _reach(self, columns: int, rows: int) -> tuple[int, int]:
        new_columns, new_rows = columns, rows
        while new_columns or new_rows:
            found = _union(self._less, new_columns)
            reached = _union(self._more, new_rows)
            new_rows, new_columns = found & ~rows, reached & ~columns
            rows, columns = rows | new_rows, columns | new_columns
        return columns, rows


def _union(masks: Sequence[int], places: int) -> int:
    found = 0
    while places:
        lowest = places & -places
        found |= masks[lowest.bit_length() - 1]
        places ^= lowest
    return found
