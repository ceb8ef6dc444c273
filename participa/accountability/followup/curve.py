"""How much of a plan should be done by when, and how much is: the S-curve. Pure.

Every goal weighs the same. A goal whose years are summed goes from nothing to whole by its
amounts; any other has an equal part in each year for which something is programmed. Within a
year the quarters say when, where they are known; else all of it comes at the year's end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from participa.accountability.rules import Direction, GoalLike, YearLike, progress

QUARTERS = 4
Point = tuple[int, int]
"""A year and a quarter of it, from 1 to 4."""


class PartLike(Protocol):
    """A quarter or month of a year, with its `programmed` and `executed` figures."""

    @property
    def year(self) -> int:
        """Its year."""

    @property
    def part(self) -> str:
        """Which part of the year it is, such as T3 or M07."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A goal with its figures, as the curve takes it."""

    goal: GoalLike
    years: Sequence[YearLike]
    parts: Sequence[PartLike] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the curve stands at the end of a year or quarter (0 for whole years); shares 0-1.

    `executed` is None after the last moment of which anything was reported.
    """

    year: int
    quarter: int
    programmed: float
    executed: float | None


def curve(goals: Sequence[Followed]) -> list[Mark]:
    """Draw the curve of some goals; empty where nothing is programmed."""
    counted = [each for each in goals if any(year.programmed > 0 for year in each.years)]
    if not counted:
        return []
    by_quarter = any(each.parts for each in counted)
    years = sorted({year.year for each in counted for year in each.years})
    programmed: dict[Point, float] = {}
    executed: dict[Point, float] = {}
    for each in counted:
        for share, steps in ((1.0, programmed), (None, executed)):
            for point, amount in _steps(each, share):
                steps[point] = steps.get(point, 0.0) + amount / len(counted)
    until = max(executed, default=(0, 0))
    points = [(year, quarter) for year in years for quarter in range(1, QUARTERS + 1)]
    marks, due, done = [], 0.0, 0.0
    for point in points:
        due += programmed.get(point, 0.0)
        done += executed.get(point, 0.0)
        if by_quarter or point[1] == QUARTERS:
            quarter = point[1] if by_quarter else 0
            reached = point <= until or (not by_quarter and point[0] <= until[0])
            marks.append(
                Mark(point[0], quarter, min(due, 1.0), min(done, 1.0) if reached else None)
            )
    return marks


def _steps(followed: Followed, share: float | None) -> Iterator[tuple[Point, float]]:
    """Give what a goal adds and when: what is programmed, or (share None) what is done."""
    due = [year for year in followed.years if year.programmed > 0]
    whole = sum(year.programmed for year in due)
    is_sum = followed.goal.direction == Direction.SUM
    for year in due:
        weight = year.programmed / whole if is_sum else 1 / len(due)
        done = share if share is not None else _done(followed.goal, year)
        if done is not None:
            parts = [part for part in followed.parts if part.year == year.year]
            figure = "programmed" if share is not None else "executed"
            for quarter, part in _spread(parts, figure):
                yield (year.year, quarter), weight * done * part


def _done(goal: GoalLike, year: YearLike) -> float | None:
    found = progress(goal, [year]).share
    return None if found is None else min(found, 1.0)


def _spread(parts: Sequence[PartLike], figure: str) -> list[tuple[int, float]]:
    """Say how a year divides into its quarters; all at its end where they do not tell."""
    amounts: dict[int, float] = {}
    for part in parts:
        if (amount := getattr(part, figure)) is not None:
            quarter = quarter_of(part.part)
            amounts[quarter] = amounts.get(quarter, 0.0) + max(amount, 0.0)
    total = sum(amounts.values())
    if total <= 0:
        return [(max(amounts, default=QUARTERS), 1.0)]
    return [(quarter, amount / total) for quarter, amount in sorted(amounts.items())]


def quarter_of(part: str) -> int:
    """Give the quarter of a part of a year: T3 is 3, M07 (July) too."""
    number = int(part[1:])
    return number if part.startswith("T") else (number + 2) // 3


WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 640, 280, 72, 16, 36, 12


@dataclass(frozen=True, slots=True)
class Drawing:
    """The curve as a picture: lines as points of the picture, years where they end."""

    programmed: str
    executed: str
    years: tuple[tuple[int, float], ...]
    levels: tuple[tuple[int, float], ...]
    end: tuple[float, float] | None
    width: int = WIDTH
    height: int = HEIGHT


def drawing(marks: Sequence[Mark]) -> Drawing:
    """Lay the curve out, from the beginning of its first year."""
    across = {at: LEFT + (WIDTH - LEFT - RIGHT) * at / len(marks) for at in range(len(marks) + 1)}
    reached = [mark.executed for mark in marks if mark.executed is not None]
    ends = _year_ends(marks)
    return Drawing(
        programmed=_line(across, [0.0, *(mark.programmed for mark in marks)]),
        executed=_line(across, [0.0, *reached]) if reached else "",
        years=tuple((year, round(across[at], 1)) for year, at in ends.items()),
        levels=tuple((level, round(_down(level / 100), 1)) for level in (0, 25, 50, 75, 100)),
        end=(round(across[len(reached)], 1), round(_down(reached[-1]), 1)) if reached else None,
    )


def _year_ends(marks: Sequence[Mark]) -> Mapping[int, int]:
    return {mark.year: at for at, mark in enumerate(marks, 1)}


def _line(across: Mapping[int, float], shares: Sequence[float]) -> str:
    return " ".join(f"{across[at]:.1f},{_down(share):.1f}" for at, share in enumerate(shares))


def _down(share: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)
