"""Reads of a plan's follow-up: its goals with their figures, and whoever has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tortoise.expressions import Subquery

from participa.accountability.models import Goal, GoalArea, GoalPeriod, GoalYear
from participa.accountability.rules import number_key
from participa.features import Dataset
from participa.i18n import _
from participa.processes.models import Process

FORMATS = ("csv", "xlsx", "json")


@dataclass(frozen=True, slots=True)
class Part:
    """A quarter or month of a goal."""

    year: int
    part: str
    programmed: float | None
    executed: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan's goals in the order of their numbers, and by goal what belongs to it.

    `areas` gives, by goal, the ids and names of its barrios and veredas.
    """

    process: Process
    goals: Sequence[Goal]
    years: Mapping[int, Sequence[GoalYear]]
    parts: Mapping[int, Sequence[Part]] = field(default_factory=dict)
    areas: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def followup_url(slug: str) -> str:
    """Give the page of a plan's follow-up."""
    return f"/rendicion-de-cuentas/seguimiento/{slug}"


def data_url(slug: str, ending: str) -> str:
    """Give the address of a plan's table of goals."""
    return f"{followup_url(slug)}/metas.{ending}"


async def plan_of(process: Process) -> Plan:
    """Read a plan in four statements, however many goals it has."""
    found = await Goal.of(process.entity_id).filter(process_id=process.id)
    years: dict[int, list[GoalYear]] = {}
    rows = GoalYear.of(process.entity_id).filter(goal__process_id=process.id)
    for row in await rows.order_by("goal_id", "year"):
        years.setdefault(row.goal_id, []).append(row)
    goals = sorted(found, key=lambda goal: number_key(goal.number))
    return Plan(process, goals, years, await _parts(process), await _areas(process))


async def _parts(process: Process) -> dict[int, list[Part]]:
    rows = GoalPeriod.of(process.entity_id).filter(goal__process_id=process.id)
    names = ("goal_id", "year", "part", "programmed", "executed")
    found: dict[int, list[Part]] = {}
    values: Any = await rows.order_by("goal_id", "year", "part").values_list(*names)
    for goal_id, *figures in values:
        found.setdefault(goal_id, []).append(Part(*figures))
    return found


async def _areas(process: Process) -> dict[int, dict[int, str]]:
    rows = GoalArea.of(process.entity_id).filter(goal__process_id=process.id)
    found: dict[int, dict[int, str]] = {}
    names = ("goal_id", "territory_id", "territory__name")
    values: Any = await rows.order_by("territory__name").values_list(*names)
    for goal_id, territory_id, name in values:
        found.setdefault(goal_id, {})[territory_id] = name
    return found


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
        Dataset(
            _("Metas de {title}", title=each.title), data_url(each.slug, ending), ending.upper()
        )
        for each in await followed_processes(entity_id)
        for ending in FORMATS
    ]
