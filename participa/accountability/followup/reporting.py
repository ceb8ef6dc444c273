"""What an official reports of a goal by hand: figures of a year or quarter, with evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request

from participa.accountability.followup.changes import Change, differences, emptied, merged, stored
from participa.accountability.followup.figures import (
    GoalFigures,
    PeriodFigures,
    YearFigures,
    problems,
)
from participa.accountability.followup.goal import goal_of
from participa.accountability.followup.importing import (
    Imported,
    Outcome,
    areas_by_key,
    known_goals,
    replace_parts,
)
from participa.accountability.followup.rules import FILE_OWNER, MAX_FILES
from participa.accountability.models import Goal, GoalChange
from participa.accounts.guard import require
from participa.accounts.permissions import Action, Actor
from participa.audit import record
from participa.db import transaction
from participa.files.receiving import Received
from participa.files.service import attach
from participa.i18n import _
from participa.processes.queries import process_target
from participa.processes.service import touch
from participa.web.context import context
from participa.web.refusals import BadInput, NotFound

_REPORTED = "accountability.report_progress"


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of a year, and of a part of it where `part` names one; None stays as it was.

    `executed` is of the whole year, `part_executed` of the part; money in whole pesos. `emptied`
    names those of them that were wrong and are taken out.
    """

    year: int
    executed: float | None = None
    part: str = ""
    part_executed: float | None = None
    appropriated: int | None = None
    committed: int | None = None
    paid: int | None = None
    emptied: frozenset[str] = frozenset()


async def report_progress(
    actor: Actor,
    goal_id: int,
    report: Report,
    *,
    evidence: str,
    received: Received | None = None,
    now: datetime,
) -> GoalChange:
    """Write down what was done for a goal, with what proves it. Permission has been asked.

    Evidence is required, because the public page shows it beside the figures. Refuses with
    NotFound for another entity's goal, and with BadInput a year that the plan does not have,
    and figures that cannot be.
    """
    if not evidence.strip():
        raise BadInput(_("Escriba qué se hizo y cómo se comprueba."))
    async with transaction():
        held = Goal.of(actor.entity_id).filter(id=goal_id).select_for_update(no_key=True)
        if await held.first() is None:
            raise NotFound
        goal = await goal_of(actor.entity_id, goal_id)
        before = (await known_goals(goal.process, goal.number))[goal.number]
        written = merged(before, _reported(before, report))
        after = emptied(written, report.year, report.part, report.emptied)
        for problem in problems(after):
            raise BadInput(problem)
        changes = differences(before, after)
        if changes:
            await _write(goal, after, changes)
        change = await GoalChange.create(
            entity_id=actor.entity_id, goal=goal, made_by=actor.name, made_at=now,
            evidence=evidence.strip(), changes=stored(changes),
        )  # fmt: skip
        if received is not None:
            await attach(actor.entity_id, FILE_OWNER, change.id, received, most=MAX_FILES, now=now)
        await touch(actor.entity_id, goal.process_id)
        await _record(actor, goal, report, now)
    return change


def _reported(before: GoalFigures, report: Report) -> GoalFigures:
    year = next((each for each in before.years if each.year == report.year), None)
    if year is None:
        raise BadInput(_("La meta no tiene el año {year}.", year=report.year))
    figures = YearFigures(
        year.year, year.programmed, executed=report.executed, appropriated=report.appropriated,
        committed=report.committed, paid=report.paid,
    )  # fmt: skip
    part = PeriodFigures(report.year, report.part, executed=report.part_executed)
    periods = (part,) if report.part and report.part_executed is not None else ()
    return replace(before, years=(figures,), periods=periods, funds=(), areas=())


async def _write(goal: Goal, after: GoalFigures, changes: Sequence[Change]) -> None:
    outcome = Outcome({goal.number: after}, {goal.number: changes}, Imported(0, 1, 0, 0))
    areas = await areas_by_key(goal.entity_id)
    await replace_parts(goal.process, {goal.number: goal.id}, outcome, areas)


async def _record(actor: Actor, goal: Goal, report: Report, now: datetime) -> None:
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="accountability.empty_figures" if report.emptied else _REPORTED,
        object_kind="accountability.goal",
        object_id=goal.id,
        object_label=f"{goal.number} {goal.title}",
        reason=f"{report.year} {report.part}".strip(),
        now=now,
    )


async def ask_for_evidence(request: Request, change_id: int, _is_public: bool) -> bool:
    """Ask permission for a file of evidence: who may read the goal may see it."""
    rows = GoalChange.of(context(request).entity.id).filter(id=change_id)
    found = await rows.select_related("goal__process").first()
    if found is None:
        raise NotFound
    process = found.goal.process
    require(request, Action.READ, process_target(process))
    return process.is_published
