"""Goals as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from participa.accountability.followup.changes import CREATED, FIELD_WORDS, Change
from participa.accountability.followup.figures import MONEY
from participa.accountability.models import Goal
from participa.accountability.rules import (
    DIRECTIONS,
    LIGHTS,
    Direction,
    Light,
    Progress,
    YearLike,
    progress,
)
from participa.files.views import FileView
from participa.i18n import Number, Text, _
from participa.processes.views import Pill

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal in a list, with how far it has come."""

    id: int
    url: str
    number: str
    title: str
    indicator: str
    office: str
    share: float | None
    bar: float
    figures: Text | str
    pill: Pill


def goal_url(goal_id: int) -> str:
    """Give the page of a goal."""
    return f"/rendicion-de-cuentas/metas/{goal_id}"


def goal_view(goal: Goal, measured: Progress) -> GoalView:
    """Show a goal in a list."""
    return GoalView(
        id=goal.id,
        url=goal_url(goal.id),
        number=goal.number,
        title=goal.title,
        indicator=goal.indicator,
        office=goal.office,
        share=measured.share,
        bar=min(measured.share or 0.0, 1.0),
        figures=_figures(goal, measured),
        pill=light_pill(measured.light),
    )


def measured(
    goal: Goal, years: Sequence[YearLike], *, before: int, only: int | None = None
) -> Progress:
    """Measure a goal by its years before the running one, or by one of them.

    What was done by June of a year is not held against what was programmed until December.
    """
    closed = [each for each in years if each.year < before and only in {None, each.year}]
    return progress(goal, closed)


def light_pill(light: Light) -> Pill:
    """Say how a goal stands, by word and shape."""
    return Pill(light.value, LIGHTS[light])


def light_counts(lights: Iterable[Light]) -> tuple[tuple[Pill, int], ...]:
    """Count how goals stand, the best first."""
    found = list(lights)
    return tuple((light_pill(light), found.count(light)) for light in Light if light in found)


_FIGURES = {
    Direction.SUM: _("{executed} de {programmed} {unit} hasta {year}"),
    Direction.EACH_YEAR: _("{executed} de {programmed} {unit} en {year}; "
                           "el porcentaje es el promedio de los años"),
    Direction.LEVEL: _("{executed} de {programmed} {unit} en {year}"),
    Direction.LOWER_IS_BETTER: _("{executed} {unit} en {year}; debía bajar a {programmed}"),
}  # fmt: skip


def _figures(goal: Goal, measured: Progress) -> Text | str:
    if measured.until is None:
        return ""
    return _(
        _FIGURES[Direction(goal.direction)].message,
        executed=Number(round(measured.executed, 2)),
        programmed=Number(round(measured.programmed, 2)),
        unit=goal.unit,
        year=measured.until,
    )


def millions(pesos: int | None) -> float | None:
    """Give pesos in millions, as pages show them."""
    return None if pesos is None else round(pesos / MILLION, 1)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One thing that changed: what, of when, from what, to what (empty where unknown)."""

    label: Text
    when: str
    before: Text | Number | str
    after: Text | Number | str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One act in the history of a goal."""

    made_by: str
    made_at: datetime
    source: str
    evidence: str
    changes: tuple[ChangeView, ...]
    files: tuple[FileView, ...] = ()


def change_views(changes: Iterable[Change]) -> tuple[ChangeView, ...]:
    """Tell changes in words."""
    return tuple(
        ChangeView(
            FIELD_WORDS[each.field],
            f"{each.year or ''} {each.part}".strip(),
            _value(each, each.before),
            _value(each, each.after),
        )
        for each in changes
    )


def _value(change: Change, value: Any) -> Text | Number | str:
    if value is None or change.field == CREATED:
        return ""
    if change.field == "direction":
        return DIRECTIONS[Direction(value)]
    if change.field in MONEY or isinstance(value, int | float):
        return Number(value)
    return ", ".join(value) if isinstance(value, tuple | list) else str(value)
