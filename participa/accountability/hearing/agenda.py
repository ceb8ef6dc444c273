"""Dividing the minutes of a hearing among what is to be spoken of. No I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from participa.i18n import Text, _

# What any theme gets, however few stand behind it, in minutes.
GUARANTEED = 5
# A theme behind which fewer than this share of the voices stand is one of a minority.
MINORITY_BELOW = 0.1
OPENING_MINUTES, CLOSING_MINUTES = 10, 10
REPORT_SHARE = 0.25


class Point(StrEnum):
    """What a point of the agenda is for."""

    OPENING = "opening"
    REPORT = "report"
    THEME = "theme"
    OTHERS = "others"
    CLOSING = "closing"


POINT_WORDS: dict[Point, Text] = {
    Point.OPENING: _("Apertura y reglas"),
    Point.REPORT: _("Informe de la entidad"),
    Point.THEME: _("Preguntas por tema"),
    Point.OTHERS: _("Las demás preguntas"),
    Point.CLOSING: _("Cierre: compromisos y evaluación"),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """What several questions are about; `voices` is who asked and who supported."""

    title: str
    questions: int
    voices: int
    is_others: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A point with its minutes."""

    point: Point
    title: str
    minutes: int
    questions: int = 0
    voices: int = 0
    is_minority: bool = False


def divide(total: int, themes: Sequence[Theme], guaranteed: int = GUARANTEED) -> list[int]:
    """Divide minutes by voices, each theme with its guaranteed part first; they add up to `total`.

    What is left over after the guarantee goes by largest remainders, so that more voices never
    get fewer minutes. Refuses with ValueError where the guarantee does not fit.
    """
    if total < guaranteed * len(themes):
        raise ValueError("the guaranteed minutes do not fit")
    if not themes:
        return []
    free = total - guaranteed * len(themes)
    voices = sum(theme.voices for theme in themes) or 1
    exact = [free * theme.voices / voices for theme in themes]
    parts = [int(each) for each in exact]
    by_rest = sorted(
        range(len(themes)), key=lambda at: (parts[at] - exact[at], -themes[at].voices, at)
    )
    for step in range(free - sum(parts)):
        parts[by_rest[step % len(themes)]] += 1
    return [guaranteed + part for part in parts]


def gathered(total: int, themes: Sequence[Theme], guaranteed: int = GUARANTEED) -> list[Theme]:
    """Give the themes that fit, most voices first: the smallest share one place where they do not.

    What no other question resembles shares the last place too, so that nobody is left out.
    """
    named = sorted((t for t in themes if not t.is_others), key=lambda t: (-t.voices, t.title))
    others = [theme for theme in themes if theme.is_others]
    room = max(total // guaranteed, 1)
    fits = room if not others and len(named) <= room else room - 1
    rest = [*named[fits:], *others]
    if not rest:
        return named
    joined = Theme("", sum(t.questions for t in rest), sum(t.voices for t in rest), is_others=True)
    return [*named[:fits], joined]


def plan(duration: int, themes: Sequence[Theme], guaranteed: int = GUARANTEED) -> list[Slot]:
    """Make the agenda of a hearing of so many minutes: opening, report, the themes, closing.

    The report takes a quarter at most: the rest of a hearing is for who asks.
    """
    fixed = OPENING_MINUTES + CLOSING_MINUTES
    report = int((duration - fixed) * REPORT_SHARE)
    left = duration - fixed - report
    kept = gathered(left, themes, guaranteed) or [Theme("", 0, 0, is_others=True)]
    voices = sum(theme.voices for theme in kept) or 1
    return [
        Slot(Point.OPENING, "", OPENING_MINUTES),
        Slot(Point.REPORT, "", report),
        *(
            Slot(
                Point.OTHERS if theme.is_others else Point.THEME,
                theme.title,
                minutes,
                theme.questions,
                theme.voices,
                is_minority=not theme.is_others and theme.voices / voices < MINORITY_BELOW,
            )
            for theme, minutes in zip(kept, divide(left, kept, guaranteed), strict=True)
        ),
        Slot(Point.CLOSING, "", CLOSING_MINUTES),
    ]


def times(starts_at: datetime, minutes: Sequence[int]) -> list[datetime]:
    """Say when each point begins."""
    begun, found = starts_at, []
    for each in minutes:
        found.append(begun)
        begun += timedelta(minutes=each)
    return found


def point_now(starts_at: datetime, minutes: Sequence[int], now: datetime) -> int | None:
    """Give the place of the point in course; None before the first and after the last."""
    for at, begun in enumerate(times(starts_at, minutes)):
        if begun <= now < begun + timedelta(minutes=minutes[at]):
            return at
    return None
