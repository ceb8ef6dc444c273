"""Reads of one goal: its figures, where it comes from, and everything that changed in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from participa.accountability.followup.changes import read
from participa.accountability.followup.curve import Drawing, Followed, Mark, curve, drawing
from participa.accountability.followup.figures import MONEY
from participa.accountability.followup.queries import Part
from participa.accountability.followup.rules import FILE_OWNER
from participa.accountability.followup.views import (
    GoalView,
    HistoryView,
    change_views,
    goal_view,
    measured,
    millions,
)
from participa.accountability.models import (
    Goal,
    GoalArea,
    GoalChange,
    GoalFund,
    GoalPeriod,
    GoalYear,
)
from participa.accountability.rules import DIRECTIONS, Direction
from participa.files.service import attached_to_each
from participa.files.views import file_views
from participa.i18n import Text
from participa.web.refusals import NotFound

HISTORY_SHOWN = 50


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of a goal; money in millions of pesos."""

    year: int
    programmed: float
    executed: float | None
    planned: float | None
    appropriated: float | None
    committed: float | None
    paid: float | None


@dataclass(frozen=True, slots=True)
class FundView:
    """What a source of money gives to a year; in millions of pesos."""

    year: int
    source: str
    appropriated: float | None
    committed: float | None
    paid: float | None


@dataclass(frozen=True, slots=True)
class GoalPage:
    """A goal with all that is known of it."""

    goal: Goal
    view: GoalView
    direction: Text
    years: tuple[YearView, ...]
    parts: tuple[Part, ...]
    funds: tuple[FundView, ...]
    areas: tuple[str, ...]
    marks: Sequence[Mark]
    drawing: Drawing | None
    history: tuple[HistoryView, ...]


async def goal_of(entity_id: int, goal_id: int) -> Goal:
    """Give a goal with its process. Refuses with NotFound, also for another entity's."""
    goal = await Goal.of(entity_id).filter(id=goal_id).select_related("process").first()
    if goal is None:
        raise NotFound
    return goal


async def goal_page(goal: Goal, this_year: int) -> GoalPage:
    """Read all that is known of a goal, in six statements; see `views.measured` for the year."""
    entity_id = goal.entity_id
    years = await GoalYear.of(entity_id).filter(goal_id=goal.id).order_by("year")
    rows = await GoalPeriod.of(entity_id).filter(goal_id=goal.id).order_by("year", "part")
    parts = tuple(Part(row.year, row.part, row.programmed, row.executed) for row in rows)
    funds = await GoalFund.of(entity_id).filter(goal_id=goal.id).order_by("year", "source")
    areas = GoalArea.of(entity_id).filter(goal_id=goal.id).order_by("territory__name")
    names = await areas.values_list("territory__name", flat=True)
    marks = curve([Followed(goal, years, parts)])
    return GoalPage(
        goal=goal,
        view=goal_view(goal, measured(goal, years, before=this_year)),
        direction=DIRECTIONS[Direction(goal.direction)],
        years=tuple(_year(row) for row in years),
        parts=parts,
        funds=tuple(_fund(row) for row in funds),
        areas=tuple(map(str, names)),
        marks=marks,
        drawing=drawing(marks) if marks else None,
        history=await _history(goal),
    )


def _year(row: GoalYear) -> YearView:
    money = {name: millions(getattr(row, name)) for name in MONEY}
    return YearView(row.year, row.programmed, row.executed, **money)


def _fund(row: GoalFund) -> FundView:
    sums = (millions(each) for each in (row.appropriated, row.committed, row.paid))
    return FundView(row.year, row.source, *sums)


async def _history(goal: Goal) -> tuple[HistoryView, ...]:
    rows = GoalChange.of(goal.entity_id).filter(goal_id=goal.id)
    found = await rows.order_by("-id").limit(HISTORY_SHOWN)
    files = await attached_to_each(goal.entity_id, FILE_OWNER, [each.id for each in found])
    return tuple(
        HistoryView(
            made_by=each.made_by,
            made_at=each.made_at,
            source=each.source,
            evidence=each.evidence,
            changes=change_views(read(each.changes)),
            files=tuple(file_views(files.get(each.id, ()))),
        )
        for each in found
    )
