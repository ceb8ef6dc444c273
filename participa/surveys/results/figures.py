"""The figures of each question: counts without the few, shares and their intervals. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from participa.i18n import Text
from participa.kit.crosstab import crosstab, merged
from participa.kit.intervals import Interval, wilson
from participa.kit.tally import (
    PERCENT_FROM,
    SMALLEST,
    Tally,
    published_parts,
    tally_multiple,
    tally_single,
)
from participa.surveys.questionnaire import IN_WORDS, KINDS, Kind
from participa.surveys.results.columns import counted, crossed, known
from participa.surveys.results.lines import Asked, Label, Line

FEWEST_FOR_MIDDLE = 20


@dataclass(frozen=True, slots=True)
class Weighted:
    """A share as it would be with the census's groups, and its interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """A category: its count, None where it is hidden; shares and intervals where they may be."""

    label: Label
    count: int | None
    share: float | None
    interval: Interval | None = None
    weighted: Weighted | None = None


@dataclass(frozen=True, slots=True)
class Middle:
    """Of numbers, the one in the middle, and between which the middle half lies."""

    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A table of a question, or of one of its lines."""

    number: int
    text: str
    kind: Kind
    row: Label
    answered: int
    rows: tuple[Row, ...]
    middle: Middle | None = None

    @property
    def kind_label(self) -> Text:
        """How it is answered, in words."""
        return KINDS[self.kind]

    @property
    def has_hidden(self) -> bool:
        """Some count is not shown."""
        return any(row.count is None for row in self.rows)

    @property
    def has_shares(self) -> bool:
        """Enough people answered to speak of percentages."""
        return any(row.share is not None for row in self.rows)

    @property
    def has_weighted(self) -> bool:
        """Weighted shares stand beside the counts."""
        return any(row.weighted is not None for row in self.rows)


WeightedOf = Callable[[Line, int], Weighted | None]
"""The weighted share of a category of a line, where there is one."""


def figures_of(
    asked: Asked, *, is_sample: bool, weighted: WeightedOf | None = None
) -> Iterator[Figure]:
    """Give the tables of a question; intervals only of a sample."""
    for row, labels, tally, categories in _tallies(asked):
        weigh = weighted or _unweighted
        rows = tuple(
            Row(
                label,
                cell.count,
                cell.share,
                _interval(cell.share, tally.answered) if is_sample else None,
                None if cell.share is None else weigh(*category),
            )
            for label, cell, category in zip(labels, tally.cells, categories, strict=True)
        )
        middle = middle_of(asked.numbers) if asked.item.kind in _WITH_MIDDLE else None
        yield Figure(asked.number, asked.text, asked.item.kind, row, tally.answered, rows, middle)


_WITH_MIDDLE = frozenset({Kind.NUMBER, Kind.MONEY})
_Category = tuple[Line, int]


def _unweighted(_line: Line, _category: int) -> Weighted | None:
    return None


def _interval(share: float | None, answered: int) -> Interval | None:
    return None if share is None else wilson(share, answered)


def _tallies(
    asked: Asked,
) -> Iterator[tuple[Label, Sequence[Label], Tally, Sequence[_Category]]]:
    """Give the tables with the category of a line that each row of them counts."""
    lines = asked.lines
    if asked.item.kind is Kind.MULTIPLE:
        options = [line.row for line in lines]
        chosen = [counted(line.values, 2) for line in lines]
        answered = sum(chosen[0])
        tally = tally_multiple([""] * len(lines), [each[1] for each in chosen], answered)
        yield "", options, tally, [(line, 1) for line in lines]
    elif asked.item.kind is Kind.RANKING:
        options = [line.row for line in lines]
        first = [counted(line.values, 1)[0] for line in lines]
        tally = tally_single([""] * len(lines), first)
        yield "", options, tally, [(line, 0) for line in lines]
    else:
        for line in lines:
            counts = counted(line.values, line.width)
            if asked.item.kind in IN_WORDS:
                yield line.row, (), Tally(sum(counts)), ()
            else:
                tally = tally_single([""] * line.width, counts)
                categories = [(line, at) for at in range(line.width)]
                yield line.row, line.labels, tally, categories


def middle_of(numbers: Sequence[float]) -> Middle | None:
    """Give the median and the quartiles, to three digits; None of few numbers.

    A mean would move with one odd answer, and so tell that it was given.
    """
    found = known(numbers)
    if len(found) < FEWEST_FOR_MIDDLE:
        return None
    low, median, high = (
        float(f"{found[min(len(found) * part // 4, len(found) - 1)]:.3g}") for part in (1, 2, 3)
    )
    return Middle(median, low, high)


@dataclass(frozen=True, slots=True)
class Crossed:
    """A line against another: rows with their shares of each column's people.

    `columns` are labels with how many people are in each; `cells` are rows of counts, None where
    hidden. The categories of either that few gave are one.
    """

    row: Label
    labels: tuple[Label, ...]
    columns: tuple[tuple[Label, int], ...]
    cells: tuple[tuple[int | None, ...], ...]

    def share(self, row: int, column: int) -> float | None:
        """Give a cell's share of its column; None where hidden or of too few."""
        count, people = self.cells[row][column], self.columns[column][1]
        return None if count is None or people < PERCENT_FROM else count / people

    @property
    def has_hidden(self) -> bool:
        """Some count is not shown."""
        return any(cell is None for row in self.cells for cell in row)

    def place_of(self, label: Label) -> int | None:
        """Find the column of a category; None where it is among the few."""
        return next((at for at, (name, _n) in enumerate(self.columns) if name == label), None)


def cross(line: Line, by: Line, few: Label) -> Crossed | None:
    """Set a line against another, of those who answered both; None where nothing could be shown.

    Categories whose own total is hidden are one here too, so that no table tells it. Who left a
    question out is in no table: that is nobody's knowledge, unlike an age or a place.
    """
    table = crossed(line.values, line.width, by.values, by.width)
    both = [row[:-1] for row in table[:-1]]
    row_groups, labels = _groups(line, both, few)
    column_groups, heads = _groups(by, list(zip(*both, strict=True)), few)
    joined = merged(both, row_groups, column_groups)
    found = crosstab(joined)
    if found.is_empty or len(labels) < 2 or len(heads) < 2:
        return None
    people = [sum(column) for column in zip(*joined, strict=True)]
    return Crossed(line.row, labels, tuple(zip(heads, people, strict=True)), found.cells)


def _groups(
    line: Line, table: Sequence[Sequence[int]], few: Label
) -> tuple[list[int], tuple[Label, ...]]:
    """Join the categories whose total is hidden, alone or in this table, and enough with them."""
    here = [sum(row) for row in table]
    hidden = {
        at
        for counts in (counted(line.values, line.width), here)
        for at, count in enumerate(_shown(line, counts))
        if count is None
    }
    others = sorted(set(range(line.width)) - hidden, key=lambda at: here[at])
    while hidden and others and sum(here[at] for at in hidden) < SMALLEST:
        least = here[others[0]]
        hidden |= {at for at in others if here[at] == least}
        others = [at for at in others if here[at] > least]
    kept = sorted(others)
    groups = [kept.index(at) if at in kept else len(kept) for at in range(line.width)]
    return groups, (*(line.labels[at] for at in kept), *([few] if hidden else []))


def _shown(line: Line, counts: Sequence[int]) -> Sequence[int | None]:
    if not line.marks:
        return published_parts(counts)
    shown = tally_multiple([""], [counts[1]], sum(counts)).cells[0].count
    return [None, None] if shown is None else list(counts)


def of_group(asked: Asked, by: Line, code: int, few: Label) -> Iterator[Figure]:
    """Give the tables of a question for one group of another: a column of their crossing.

    Nothing is shown of a group whose own total is hidden.
    """
    label = by.labels[code]
    rows: list[Row] = []
    people = 0
    for line in asked.lines:
        table = cross(line, by, few)
        at = None if table is None else table.place_of(label)
        if table is None or at is None:
            continue
        people = table.columns[at][1]
        shown = [
            Row(name, table.cells[row][at], table.share(row, at))
            for row, name in enumerate(table.labels)
        ]
        if line.marks:
            rows.append(Row(line.row, shown[1].count, shown[1].share))
        else:
            yield Figure(asked.number, asked.text, asked.item.kind, line.row, people, tuple(shown))
    if rows:
        yield Figure(asked.number, asked.text, asked.item.kind, "", people, tuple(rows))
