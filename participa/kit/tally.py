"""Totals of one question, with small counts hidden so that nobody can work them out (T39). Pure.

Readers know the rule too. A table of counts that add up to n is hidden by threshold: every
count up to some value, all equal ones alike. So whoever exchanges hidden counts among
themselves gets another table that would have been published exactly like this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST = 5
PERCENT_FROM = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """How many chose an option: `count` is None where it is hidden, `share` where it says little.

    Shares are of those who answered the question.
    """

    label: str
    count: int | None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The totals of a question: how many answered it, and each option's count."""

    answered: int
    cells: tuple[Cell, ...] = ()

    @property
    def has_hidden(self) -> bool:
        """Some count is not shown."""
        return any(cell.count is None for cell in self.cells)

    @property
    def has_shares(self) -> bool:
        """Enough people answered to speak of percentages."""
        return self.answered >= PERCENT_FROM


def tally_single(labels: Sequence[str], counts: Sequence[int]) -> Tally:
    """Count a question to which everybody chose one option: the counts add up to n."""
    return _tally(labels, published_parts(counts), sum(counts))


def tally_multiple(labels: Sequence[str], counts: Sequence[int], answered: int) -> Tally:
    """Count a question to which each person chose one option or more."""
    return _tally(labels, published_choices(counts, answered), answered)


def _tally(labels: Sequence[str], counts: Sequence[int | None], answered: int) -> Tally:
    may_share = answered >= PERCENT_FROM
    cells = (
        Cell(label, count, count / answered if may_share and count is not None else None)
        for label, count in zip(labels, counts, strict=True)
    )
    return Tally(answered, tuple(cells))


def published_parts(counts: Sequence[int]) -> list[int | None]:
    """Hide 1 to 4 in counts that add up to a known total, and enough others with them.

    Every count below five goes; if what they add up to would give them away, the next larger
    ones go too. Where n is exactly four times the number of options everything is hidden,
    because "four of each" could be hidden by nothing else.
    """
    total = sum(counts)
    largest_small = SMALLEST - 1
    if 0 < total < SMALLEST or total == largest_small * len(counts):
        return [None] * len(counts)
    if not any(0 < count < SMALLEST for count in counts):
        return list(counts)
    small = [count for count in counts if count < SMALLEST]
    limit = largest_small
    if len(small) == 1 or sum(small) == largest_small * len(small):
        limit = min((count for count in counts if count >= SMALLEST), default=limit)
    return [count if count > limit else None for count in counts]


def published_choices(counts: Sequence[int], answered: int) -> list[int | None]:
    """Hide, of options that several could be chosen of, those that few chose or few left out.

    Each option is a table of its own: chosen or not. With fewer than five people nothing is
    said at all.
    """
    if 0 < answered < SMALLEST:
        return [None] * len(counts)
    return [
        None if 0 < count < SMALLEST or 0 < answered - count < SMALLEST else count
        for count in counts
    ]
