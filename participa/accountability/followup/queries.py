"""Reads of a plan's follow-up: its goals by axis with their progress, and the table behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from tortoise.expressions import Subquery

from participa.accountability.models import Goal, GoalYear
from participa.accountability.rules import (
    DIRECTIONS,
    LIGHTS,
    Direction,
    Light,
    Progress,
    number_key,
    progress,
)
from participa.features import Dataset
from participa.i18n import Number, Text, _
from participa.processes.models import Process
from participa.processes.views import Pill
from participa.web.navigation import with_query

MILLION = 1_000_000
HEADER = (
    "eje", "programa", "numero", "meta", "indicador", "unidad", "lectura", "linea_base",
    "dependencia", "anio", "programado", "ejecutado", "apropiado", "comprometido", "pagado",
    "nota",
)  # fmt: skip

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of a goal; money in millions of pesos."""

    year: int
    programmed: float
    executed: float | None
    appropriated: float | None
    committed: float | None
    paid: float | None


@dataclass(frozen=True, slots=True)
class GoalView:
    """A goal with how far it has come."""

    id: int
    number: str
    title: str
    indicator: str
    unit: str
    direction: Text
    base_line: float | None
    office: str
    note: str
    share: float | None
    bar: float
    figures: Text | str
    pill: Pill
    years: tuple[YearView, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme with its goals."""

    title: str
    goals: tuple[GoalView, ...]


@dataclass(frozen=True, slots=True)
class AxisView:
    """An axis: how its goals stand, and its programmes."""

    title: str
    programmes: tuple[ProgrammeView, ...]
    lights: tuple[tuple[Pill, int], ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A plan's follow-up as one page shows it.

    `offices` are links: address, name and whether it is the one shown. `until` is the last year
    with executed figures; `appropriated` and `paid` add up the goals shown, in millions.
    """

    axes: tuple[AxisView, ...]
    offices: tuple[tuple[str, str | Text, bool], ...]
    office: str
    goal_count: int
    lights: tuple[tuple[Pill, int], ...]
    until: int | None
    appropriated: float
    paid: float


def followup_url(slug: str) -> str:
    """Give the page of a plan's follow-up."""
    return f"/rendicion-de-cuentas/seguimiento/{slug}"


async def follow_up(process: Process, office: str) -> FollowUp:
    """Read a plan's goals and years in two statements; an unknown office means all of them."""
    goals, years = await _goals(process)
    offices = sorted({goal.office for goal in goals})
    chosen = office if office in offices else ""
    shown = [goal for goal in goals if chosen in {"", goal.office}]
    views = {goal.id: _view(goal, years.get(goal.id, ())) for goal in shown}
    rows = [row for goal in shown for row in years.get(goal.id, ())]
    return FollowUp(
        axes=tuple(_axes(shown, views)),
        offices=_office_links(followup_url(process.slug), offices, chosen),
        office=chosen,
        goal_count=len(shown),
        lights=_lights(views.values()),
        until=max((row.year for row in rows if row.executed is not None), default=None),
        appropriated=sum(row.appropriated or 0 for row in rows) / MILLION,
        paid=sum(row.paid or 0 for row in rows) / MILLION,
    )


async def _goals(process: Process) -> tuple[list[Goal], Mapping[int, Sequence[GoalYear]]]:
    found = await Goal.of(process.entity_id).filter(process_id=process.id)
    rows = GoalYear.of(process.entity_id).filter(goal__process_id=process.id)
    years: dict[int, list[GoalYear]] = {}
    for row in await rows.order_by("goal_id", "year"):
        years.setdefault(row.goal_id, []).append(row)
    return sorted(found, key=lambda goal: number_key(goal.number)), years


def _axes(goals: Iterable[Goal], views: Mapping[int, GoalView]) -> Iterable[AxisView]:
    """Group goals that come in the order of their numbers; a name that comes again is the same."""
    for axis, inside in _grouped(goals, "axis"):
        programmes = tuple(
            ProgrammeView(title, tuple(views[goal.id] for goal in members))
            for title, members in _grouped(inside, "programme")
        )
        yield AxisView(axis, programmes, _lights(views[goal.id] for goal in inside))


def _grouped(goals: Iterable[Goal], name: str) -> list[tuple[str, list[Goal]]]:
    together: dict[str, list[Goal]] = {}
    for key, members in groupby(goals, key=lambda goal: str(getattr(goal, name))):
        together.setdefault(key, []).extend(members)
    return list(together.items())


def _lights(views: Iterable[GoalView]) -> tuple[tuple[Pill, int], ...]:
    kinds = [view.pill.kind for view in views]
    return tuple(
        (_pill(light), kinds.count(light.value)) for light in Light if light.value in kinds
    )


def _pill(light: Light) -> Pill:
    return Pill(light.value, LIGHTS[light])


def _office_links(
    url: str, offices: Sequence[str], chosen: str
) -> tuple[tuple[str, str | Text, bool], ...]:
    every = (url, _("Todas"), not chosen)
    links = ((with_query(url, dependencia=name), name, name == chosen) for name in offices)
    return (every, *links)


def _view(goal: Goal, years: Sequence[GoalYear]) -> GoalView:
    measured = progress(goal, years)
    return GoalView(
        id=goal.id,
        number=goal.number,
        title=goal.title,
        indicator=goal.indicator,
        unit=goal.unit,
        direction=DIRECTIONS[Direction(goal.direction)],
        base_line=goal.base_line,
        office=goal.office,
        note=goal.note,
        share=measured.share,
        bar=min(measured.share or 0.0, 1.0),
        figures=_figures(goal, measured),
        pill=_pill(measured.light),
        years=tuple(_year(row) for row in years),
    )


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


def _year(row: GoalYear) -> YearView:
    return YearView(
        row.year, row.programmed, row.executed,
        _millions(row.appropriated), _millions(row.committed), _millions(row.paid),
    )  # fmt: skip


def _millions(pesos: int | None) -> float | None:
    return None if pesos is None else round(pesos / MILLION, 1)


async def goal_rows(process: Process) -> list[Sequence[Cell]]:
    """Give every goal and year as a row of the open table, in two statements."""
    goals, years = await _goals(process)
    return [
        (
            goal.axis, goal.programme, goal.number, goal.title, goal.indicator, goal.unit,
            goal.direction, goal.base_line, goal.office, row.year, row.programmed, row.executed,
            row.appropriated, row.committed, row.paid, goal.note,
        )
        for goal in goals
        for row in years.get(goal.id, ())
    ]  # fmt: skip


async def followup_of(process: Process) -> str | None:
    """Give the address of a process's follow-up, if it has goals, in one statement."""
    has_goals = await Goal.of(process.entity_id).filter(process_id=process.id).exists()
    return followup_url(process.slug) if has_goals else None


async def followed_processes(entity_id: int) -> list[Process]:
    """List the published processes that have goals, in one statement."""
    with_goals = Goal.of(entity_id).values("process_id")
    rows = Process.of(entity_id).filter(is_published=True, id__in=Subquery(with_goals))
    return await rows.order_by("-id")


async def datasets_of(entity_id: int) -> list[Dataset]:
    """List the tables of goals that can be downloaded."""
    return [
        Dataset(_("Metas de {title}", title=process.title), csv_url(process.slug))
        for process in await followed_processes(entity_id)
    ]


def csv_url(slug: str) -> str:
    """Give the address of a plan's table of goals."""
    return f"{followup_url(slug)}/metas.csv"
