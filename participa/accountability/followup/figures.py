"""A goal with its figures as values, whatever sheet or form they were read from. Pure."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields

from participa.accountability.rules import (
    MAX_NAME,
    MAX_NUMBER,
    MAX_OFFICE,
    MAX_UNIT,
    Direction,
)
from participa.i18n import Text, _

# Money is kept in whole pesos, in eight bytes.
MAX_PESOS = 10**15
FIRST_YEAR, LAST_YEAR = 1990, 2100
QUARTERS = ("T1", "T2", "T3", "T4")
MONTHS = tuple(f"M{month:02}" for month in range(1, 13))
PARTS = (*QUARTERS, *MONTHS)
MONEY = ("planned", "appropriated", "committed", "paid")
_LONGEST = {
    "axis": MAX_NAME, "programme": MAX_NAME, "subprogramme": MAX_NAME, "number": MAX_NUMBER,
    "unit": MAX_UNIT, "office": MAX_OFFICE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A year of a goal; whole pesos, and None for what is not known yet."""

    year: int
    programmed: float
    executed: float | None = None
    planned: int | None = None
    appropriated: int | None = None
    committed: int | None = None
    paid: int | None = None


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """A quarter (T1 to T4) or month (M01 to M12) of a year of a goal."""

    year: int
    part: str
    programmed: float | None = None
    executed: float | None = None


@dataclass(frozen=True, slots=True)
class FundFigures:
    """What one source of money gives to a year of a goal, in whole pesos."""

    year: int
    source: str
    appropriated: int | None = None
    committed: int | None = None
    paid: int | None = None


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """A goal with its years and what they are made of; `areas` are names of the entity's."""

    axis: str
    programme: str
    number: str
    title: str
    indicator: str
    unit: str
    direction: str
    base_line: float | None
    office: str
    years: tuple[YearFigures, ...]
    note: str = ""
    subprogramme: str = ""
    base_words: str = ""
    result: str = ""
    project: str = ""
    periods: tuple[PeriodFigures, ...] = ()
    funds: tuple[FundFigures, ...] = ()
    areas: tuple[str, ...] = ()


YEAR_FIELDS = tuple(each.name for each in fields(YearFigures) if each.name != "year")
PERIOD_FIELDS = ("programmed", "executed")
FUND_FIELDS = ("appropriated", "committed", "paid")
_PARTED = {"years", "periods", "funds", "areas"}
GOAL_FIELDS = tuple(each.name for each in fields(GoalFigures) if each.name not in _PARTED)


def problems(goal: GoalFigures) -> Iterator[Text]:
    """Say what keeps a goal from being stored."""
    if goal.direction not in set(Direction):
        yield _("La meta {number} no dice cómo se leen sus años.", number=goal.number)
    if any(not str(getattr(goal, name)).strip() for name in ("number", "title", "axis")):
        yield _("La meta {number} no tiene número, título o eje.", number=goal.number)
    if any(len(getattr(goal, name)) > most for name, most in _LONGEST.items()) or any(
        len(fund.source) > MAX_UNIT for fund in goal.funds
    ):
        yield _("La meta {number} tiene un nombre demasiado largo.", number=goal.number)
    if _repeats(goal):
        yield _("La meta {number} repite un año.", number=goal.number)
    if not all(FIRST_YEAR <= each.year <= LAST_YEAR for each in goal.years):
        yield _("La meta {number} tiene un año fuera de lo posible.", number=goal.number)
    if not all(map(_is_finite, _quantities(goal))):
        yield _("La meta {number} tiene una cifra que no es un número.", number=goal.number)
    if any(abs(pesos) > MAX_PESOS for pesos in _sums(goal)):
        yield _("La meta {number} tiene una suma de dinero imposible.", number=goal.number)


def _repeats(goal: GoalFigures) -> bool:
    keys: list[list[object]] = [
        [each.year for each in goal.years],
        [(each.year, each.part) for each in goal.periods],
        [(each.year, each.source) for each in goal.funds],
    ]
    return any(len(set(each)) < len(each) for each in keys)


def _quantities(goal: GoalFigures) -> Iterator[float | None]:
    yield goal.base_line
    for year in goal.years:
        yield from (year.programmed, year.executed)
    for period in goal.periods:
        yield from (period.programmed, period.executed)


def _sums(goal: GoalFigures) -> Iterator[int]:
    for year in goal.years:
        yield from (getattr(year, name) or 0 for name in MONEY)
    for fund in goal.funds:
        yield from (getattr(fund, name) or 0 for name in FUND_FIELDS)


def _is_finite(value: float | None) -> bool:
    return value is None or math.isfinite(value)
