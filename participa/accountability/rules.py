"""Where a session stands in the calendar, and how far a goal has come. No I/O."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from participa.i18n import Text, _

KIND = "accountability.question"
ACTIVITY = "accountability.ask"
# What other features call a session and a goal that they point to.
SESSION, GOAL = "accountability.session", "accountability.goal"
MAX_NAME, MAX_UNIT, MAX_OFFICE, MAX_NUMBER = 300, 120, 160, 40


class SessionState(StrEnum):
    """Where a session stands in time, by the days of its entity's clock."""

    COMING = "coming"
    TODAY = "today"
    HELD = "held"


class QuestionOrder(StrEnum):
    """In which order the questions of a session are read."""

    SUPPORTED = "apoyadas"
    RECENT = "recientes"


QUESTION_ORDERS: dict[QuestionOrder, Text] = {
    QuestionOrder.SUPPORTED: _("Más apoyadas"),
    QuestionOrder.RECENT: _("Recientes"),
}


class Direction(StrEnum):
    """How the years of a goal are read together."""

    SUM = "sum"
    EACH_YEAR = "each_year"
    LEVEL = "level"
    LOWER_IS_BETTER = "lower_is_better"


DIRECTIONS: dict[Direction, Text] = {
    Direction.SUM: _("Los años se suman"),
    Direction.EACH_YEAR: _("Se cumple cada año"),
    Direction.LEVEL: _("Se llega a un nivel"),
    Direction.LOWER_IS_BETTER: _("Menos es mejor"),
}


class Light(StrEnum):
    """The traffic light of a goal; the value is the shape of its pill."""

    ON_TRACK = "done"
    BEHIND = "soon"
    LATE = "late"
    UNKNOWN = "coming"


LIGHTS: dict[Light, Text] = {
    Light.ON_TRACK: _("Al día"),
    Light.BEHIND: _("Con rezago"),
    Light.LATE: _("Atrasada"),
    Light.UNKNOWN: _("Sin cifras que comparar"),
}
ON_TRACK_FROM, BEHIND_FROM = 0.9, 0.6


class GoalLike(Protocol):
    """The part of a goal its progress depends on."""

    direction: str
    base_line: float | None


class YearLike(Protocol):
    """The part of a year its goal's progress depends on."""

    year: int
    programmed: float
    executed: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what was programmed until the last closed year was done.

    `share` is None while no closed year had anything programmed. `executed` and `programmed`
    are the two figures to name beside it: sums until `until`, or those of that year.
    """

    share: float | None
    executed: float = 0.0
    programmed: float = 0.0
    until: int | None = None

    @property
    def light(self) -> Light:
        """Its traffic light."""
        if self.share is None:
            return Light.UNKNOWN
        if self.share >= ON_TRACK_FROM:
            return Light.ON_TRACK
        return Light.BEHIND if self.share >= BEHIND_FROM else Light.LATE


def session_state(held_at: datetime, now: datetime, zone: tzinfo) -> SessionState:
    """Say whether a session is to come, is today or was held."""
    days = days_until(held_at, now, zone)
    if days > 0:
        return SessionState.COMING
    return SessionState.TODAY if days == 0 else SessionState.HELD


def days_until(moment: datetime, now: datetime, zone: tzinfo) -> int:
    """Count the days of the calendar from today to a moment; negative when it has passed."""
    return (moment.astimezone(zone).date() - now.astimezone(zone).date()).days


def progress(goal: GoalLike, years: Sequence[YearLike]) -> Progress:
    """Measure a goal by its closed years, those with an executed figure.

    A sum adds its years up. A goal of each year is the mean of its years, none counting for
    more than whole: a good year does not undo a bad one. A level counts the way from the base
    line, up or (lower is better) down; where there is no way to go it must be kept.
    """
    closed = sorted((year for year in years if year.executed is not None), key=_by_year)
    if not closed:
        return Progress(None)
    pairs = [(year.executed or 0.0, year.programmed) for year in closed]
    executed, programmed = pairs[-1]
    match Direction(goal.direction):
        case Direction.SUM:
            executed, programmed = sum(e for e, _p in pairs), sum(p for _e, p in pairs)
            share = executed / programmed if programmed > 0 else None
        case Direction.EACH_YEAR:
            due = [min(max(e / p, 0.0), 1.0) for e, p in pairs if p > 0]
            share = sum(due) / len(due) if due else None
        case Direction.LEVEL:
            share = _upward(goal.base_line or 0.0, executed, programmed)
        case Direction.LOWER_IS_BETTER:
            share = _downward(goal.base_line, executed, programmed)
    floored = None if share is None else max(share, 0.0)
    return Progress(floored, executed, programmed, closed[-1].year)


def _by_year(year: YearLike) -> int:
    return year.year


def _upward(base: float, executed: float, programmed: float) -> float | None:
    if programmed > base:
        return (executed - base) / (programmed - base)
    if programmed <= 0:
        return None
    return 1.0 if executed >= programmed else executed / programmed


def _downward(base: float | None, executed: float, programmed: float) -> float:
    if base is not None and programmed < base:
        return (base - executed) / (base - programmed)
    return 1.0 if executed <= programmed else programmed / executed


def number_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Give the key that sorts 1.2 before 1.10; what is not a number comes after the numbers."""
    parts = re.split(r"[.\s-]+", number.strip())
    return tuple(
        (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts
    )
