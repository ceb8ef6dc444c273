"""Bringing a plan's figures up to date, with the history of what changed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from participa.accountability.followup.changes import (
    CREATED,
    Change,
    differences,
    merged,
    stored,
)
from participa.accountability.followup.figures import (
    FUND_FIELDS,
    GOAL_FIELDS,
    PERIOD_FIELDS,
    YEAR_FIELDS,
    FundFigures,
    GoalFigures,
    PeriodFigures,
    YearFigures,
    problems,
)
from participa.accountability.models import (
    Goal,
    GoalArea,
    GoalChange,
    GoalFund,
    GoalPeriod,
    GoalYear,
)
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.entities.models import Territory
from participa.i18n import _
from participa.kit.names import slugify
from participa.processes.models import Process
from participa.processes.service import touch
from participa.web.refusals import BadInput, NotFound

BATCH = 500
_PARTS: tuple[tuple[str, Any], ...] = (
    ("years", GoalYear), ("periods", GoalPeriod), ("funds", GoalFund),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    `missing` counts known goals that the list no longer names: they stay, because a published
    goal does not vanish silently.
    """

    created: int
    updated: int
    unchanged: int
    missing: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a list comes to: `goals` as they will be, and what changes in each by its number."""

    goals: Mapping[str, GoalFigures]
    changes: Mapping[str, Sequence[Change]]
    done: Imported


async def import_goals(
    actor: Actor,
    process_id: int,
    goals: Sequence[GoalFigures],
    *,
    now: datetime,
    source: str = "",
) -> Imported:
    """Bring a plan's goals up to date with a list; the same list again changes nothing.

    Goals are known by their number; what the list leaves empty stays. `source` names the sheet
    in the history of each goal. Refuses with NotFound for another entity's process, and with
    BadInput, naming the goal, before anything is written.
    """
    check(goals)
    async with transaction():
        held = Process.of(actor.entity_id).filter(id=process_id).select_for_update(no_key=True)
        process = await held.first()
        if process is None:
            raise NotFound
        known, areas = await known_goals(process), await areas_by_key(actor.entity_id)
        outcome = outcome_of(known, goals)
        if outcome.changes:
            ids = await _write_goals(process, outcome)
            await replace_parts(process, ids, outcome, areas)
            await _write_history(actor, ids, outcome, source=source, now=now)
            await touch(process.entity_id, process.id)
            await _record(actor, process, outcome.done, now)
    return outcome.done


def check(goals: Sequence[GoalFigures]) -> None:
    """Refuse with BadInput a list that cannot be stored, naming the goal."""
    seen: set[str] = set()
    for goal in goals:
        if goal.number in seen:
            raise BadInput(_("La meta {number} está dos veces.", number=goal.number))
        seen.add(goal.number)
        for problem in problems(goal):
            raise BadInput(problem)


def outcome_of(known: Mapping[str, GoalFigures], goals: Sequence[GoalFigures]) -> Outcome:
    """Say what a list comes to against what is known. Pure."""
    after: dict[str, GoalFigures] = {}
    changes: dict[str, Sequence[Change]] = {}
    created = 0
    for new in goals:
        before = known.get(new.number)
        if before is None:
            created += 1
            found: Sequence[Change] = [Change(CREATED, None, None)]
            after[new.number] = merged(replace(new, years=(), periods=(), funds=()), new)
        else:
            after[new.number] = merged(before, new)
            found = differences(before, after[new.number])
        if found:
            changes[new.number] = found
    done = Imported(
        created=created,
        updated=len(changes) - created,
        unchanged=len(after) - len(changes),
        missing=len(set(known) - set(after)),
    )
    return Outcome(after, changes, done)


async def known_goals(process: Process, number: str | None = None) -> dict[str, GoalFigures]:
    """Give the goals of a plan, or one of them, by their numbers, in five statements."""
    inside: dict[str, Any] = {"process_id": process.id}
    if number is not None:
        inside["number"] = number
    found = await Goal.of(process.entity_id).filter(**inside)
    inside = {f"goal__{name}": value for name, value in inside.items()}
    parts = {name: await _parts(process, model, inside) for name, model in _PARTS}
    rows = GoalArea.of(process.entity_id).filter(**inside)
    areas: dict[int, list[str]] = {}
    for row in await rows.select_related("territory").order_by("territory__name"):
        areas.setdefault(row.goal_id, []).append(row.territory.name)
    return {
        goal.number: GoalFigures(
            **{name: getattr(goal, name) for name in GOAL_FIELDS},
            years=tuple(_year(row) for row in parts["years"].get(goal.id, ())),
            periods=tuple(_period(row) for row in parts["periods"].get(goal.id, ())),
            funds=tuple(_fund(row) for row in parts["funds"].get(goal.id, ())),
            areas=tuple(areas.get(goal.id, ())),
        )
        for goal in found
    }


async def _parts(process: Process, model: Any, inside: dict[str, Any]) -> dict[int, list[Any]]:
    rows = model.of(process.entity_id).filter(**inside)
    found: dict[int, list[Any]] = {}
    for row in await rows.order_by("year", "id"):
        found.setdefault(row.goal_id, []).append(row)
    return found


def _year(row: GoalYear) -> YearFigures:
    return YearFigures(row.year, **{name: getattr(row, name) for name in YEAR_FIELDS})


def _period(row: GoalPeriod) -> PeriodFigures:
    values = {name: getattr(row, name) for name in PERIOD_FIELDS}
    return PeriodFigures(row.year, row.part, **values)


def _fund(row: GoalFund) -> FundFigures:
    return FundFigures(row.year, row.source, **{name: getattr(row, name) for name in FUND_FIELDS})


async def areas_by_key(entity_id: int) -> dict[str, Territory]:
    """Give the entity's barrios and veredas by the name that a sheet may write in any way."""
    return {slugify(each.name): each for each in await Territory.of(entity_id)}


async def _write_goals(process: Process, outcome: Outcome) -> dict[str, int]:
    """Write new and changed goals themselves; give the ids of all by their numbers."""
    rows = Goal.of(process.entity_id).filter(process_id=process.id)
    known = {goal.number: goal for goal in await rows}
    written = [outcome.goals[number] for number in outcome.changes]
    new = [
        Goal(entity_id=process.entity_id, process_id=process.id, **_columns(each))
        for each in written
        if each.number not in known
    ]
    await Goal.bulk_create(new, batch_size=BATCH)
    changed = [
        known[each.number].update_from_dict(_columns(each))
        for each in written
        if each.number in known
    ]
    if changed:
        await Goal.bulk_update(changed, fields=GOAL_FIELDS, batch_size=BATCH)
    return {goal.number: goal.id for goal in await rows}


def _columns(goal: GoalFigures) -> dict[str, Any]:
    return {name: getattr(goal, name) for name in GOAL_FIELDS}


async def replace_parts(
    process: Process, ids: Mapping[str, int], outcome: Outcome, areas: Mapping[str, Territory]
) -> None:
    """Write years, quarters, funds and places of what changes, inside the act's transaction."""
    entity_id = process.entity_id
    changed = [ids[number] for number in outcome.changes]
    goals = [(ids[number], outcome.goals[number]) for number in outcome.changes]
    for name, model in _PARTS:
        await model.of(entity_id).filter(goal_id__in=changed).delete()
        rows = [
            model(entity_id=entity_id, goal_id=goal_id, **asdict(part))
            for goal_id, goal in goals
            for part in getattr(goal, name)
        ]
        await model.bulk_create(rows, batch_size=BATCH)
    await GoalArea.of(entity_id).filter(goal_id__in=changed).delete()
    inside = [
        GoalArea(entity_id=entity_id, goal_id=goal_id, territory=areas[key])
        for goal_id, goal in goals
        for key in sorted({slugify(area) for area in goal.areas})
        if key in areas
    ]
    await GoalArea.bulk_create(inside, batch_size=BATCH)


async def _write_history(
    actor: Actor, ids: Mapping[str, int], outcome: Outcome, *, source: str, now: datetime
) -> None:
    await GoalChange.bulk_create(
        [
            GoalChange(
                entity_id=actor.entity_id,
                goal_id=ids[number],
                made_by=actor.name,
                made_at=now,
                source=source,
                changes=stored(changes),
            )
            for number, changes in outcome.changes.items()
        ],
        batch_size=BATCH,
    )


async def _record(actor: Actor, process: Process, done: Imported, now: datetime) -> None:
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="accountability.import_goals",
        object_kind="process",
        object_id=process.id,
        object_label=process.title,
        reason=f"created={done.created} updated={done.updated} missing={done.missing}",
        now=now,
    )
