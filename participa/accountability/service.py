"""The acts of accountability: calling a session, asking, bringing a plan's figures."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any

from participa.accountability.hearing.events import happened, held
from participa.accountability.hearing.holding import settle
from participa.accountability.models import AccountabilitySession, Goal, GoalYear
from participa.accountability.rules import (
    ACTIVITY,
    KIND,
    MAX_NAME,
    MAX_NUMBER,
    MAX_OFFICE,
    MAX_UNIT,
    Direction,
)
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import open_topic
from participa.deliberation.texts import rendered
from participa.i18n import Text, _
from participa.kit.calendar import BusinessCalendar
from participa.processes.models import Process
from participa.territory.service import Where, placing
from participa.web.refusals import BadInput, NotFound

BATCH = 500
_LONGEST = {
    "axis": MAX_NAME, "programme": MAX_NAME, "number": MAX_NUMBER, "unit": MAX_UNIT,
    "office": MAX_OFFICE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearFigures:
    """A year of a goal; whole pesos, and None for what is not known yet."""

    year: int
    programmed: float
    executed: float | None = None
    appropriated: int | None = None
    committed: int | None = None
    paid: int | None = None


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """A goal with its years, whatever sheet it was read from."""

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


_YEAR_FIELDS = [field.name for field in fields(YearFigures)]
_GOAL_FIELDS = [field.name for field in fields(GoalFigures) if field.name != "years"]


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


async def create_session(
    *,
    entity_id: int,
    process_id: int,
    title: str,
    summary: str,
    place: str,
    held_at: datetime,
    position: int = 0,
) -> AccountabilitySession:
    """Call a session inside a process, its summary written in Markdown.

    Refuses with NotFound for another entity's process, and with TextRefused.
    """
    body = await rendered(summary)
    async with transaction():
        await _require_process(entity_id, process_id)
        return await AccountabilitySession.create(
            entity_id=entity_id,
            process_id=process_id,
            title=title,
            summary_source=summary,
            summary_html=body.html,
            sanitiser_version=body.version,
            place=place,
            held_at=held_at,
            position=position,
        )


async def _require_process(entity_id: int, process_id: int) -> None:
    if not await Process.of(entity_id).filter(id=process_id).exists():
        raise NotFound


async def ask(
    actor: Actor,
    session: AccountabilitySession,
    *,
    title: str,
    said: Said,
    now: datetime,
    where: Where | None = None,
    request_key: str | None = None,
    calendar: BusinessCalendar | None = None,
) -> Contribution:
    """Ask a question of a session, about a place or not.

    Refuses with PhaseClosed outside the phases for it, with BadInput a place that is not here.
    One that comes after the session has its last day at once where the `calendar` is known.
    """
    async with transaction():
        present = await held(session.entity_id, session.id)
        asked = await open_topic(
            actor,
            process_id=session.process_id,
            kind=KIND,
            place_id=session.id,
            activity=ACTIVITY,
            title=title,
            said=said,
            now=now,
            request_key=request_key,
            also=placing(session.entity_id, where),
        )
        await happened(present, "question_asked", now, asked.thread_id)
        if present.ended_at is not None and calendar is not None:
            await settle(present, calendar=calendar, now=now)
    return asked


async def import_goals(
    actor: Actor, process_id: int, goals: Sequence[GoalFigures], *, now: datetime
) -> Imported:
    """Bring a plan's goals up to date with a list; the same list again changes nothing.

    Goals are known by their number. Refuses with NotFound for another entity's process, and
    with BadInput, naming the goal, before anything is written.
    """
    goals = [replace(goal, years=tuple(sorted(goal.years, key=_year))) for goal in goals]
    _check(goals)
    async with transaction():
        await _require_process(actor.entity_id, process_id)
        found = await Goal.of(actor.entity_id).filter(process_id=process_id)
        known = {goal.number: goal for goal in found}
        before = await _figures_by_number(actor, process_id, found)
        created = [each for each in goals if each.number not in known]
        updated = [each for each in goals if each != before.get(each.number, each)]
        if created or updated:
            await _write(actor, process_id, known, created, updated)
        done = Imported(
            created=len(created),
            updated=len(updated),
            unchanged=len(goals) - len(created) - len(updated),
            missing=len(set(known) - {each.number for each in goals}),
        )
        if created or updated:
            await _record(actor, process_id, done, now)
    return done


def _year(figures: YearFigures) -> int:
    return figures.year


async def _write(
    actor: Actor,
    process_id: int,
    known: Mapping[str, Goal],
    created: Sequence[GoalFigures],
    updated: Sequence[GoalFigures],
) -> None:
    entity_id = actor.entity_id
    new = [Goal(entity_id=entity_id, process_id=process_id, **_columns(each)) for each in created]
    await Goal.bulk_create(new, batch_size=BATCH)
    changed = [known[each.number].update_from_dict(_columns(each)) for each in updated]
    if changed:
        await Goal.bulk_update(changed, fields=_GOAL_FIELDS, batch_size=BATCH)
    await _replace_years(actor, process_id, [*created, *updated])


def _columns(goal: GoalFigures) -> dict[str, Any]:
    return {name: getattr(goal, name) for name in _GOAL_FIELDS}


async def _figures_by_number(
    actor: Actor, process_id: int, goals: Sequence[Goal]
) -> dict[str, GoalFigures]:
    """Give known goals as an import would bring them, to tell what has changed."""
    rows = GoalYear.of(actor.entity_id).filter(goal__process_id=process_id)
    years: dict[int, list[YearFigures]] = {goal.id: [] for goal in goals}
    for row in await rows.order_by("year"):
        figures = {name: getattr(row, name) for name in _YEAR_FIELDS}
        years[row.goal_id].append(YearFigures(**figures))
    return {
        goal.number: GoalFigures(
            **{name: getattr(goal, name) for name in _GOAL_FIELDS}, years=tuple(years[goal.id])
        )
        for goal in goals
    }


async def _replace_years(actor: Actor, process_id: int, goals: Sequence[GoalFigures]) -> None:
    """Write the years of new and changed goals as the list has them."""
    found = Goal.of(actor.entity_id).filter(process_id=process_id)
    ids = {goal.number: goal.id for goal in await found}
    changed = [ids[each.number] for each in goals]
    await GoalYear.of(actor.entity_id).filter(goal_id__in=changed).delete()
    await GoalYear.bulk_create(
        [
            GoalYear(entity_id=actor.entity_id, goal_id=ids[each.number], **asdict(year))
            for each in goals
            for year in each.years
        ],
        batch_size=BATCH,
    )


async def _record(actor: Actor, process_id: int, done: Imported, now: datetime) -> None:
    process = await Process.of(actor.entity_id).get(id=process_id)
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="accountability.import_goals",
        object_kind="process",
        object_id=process_id,
        object_label=process.title,
        reason=f"created={done.created} updated={done.updated} missing={done.missing}",
        now=now,
    )


def _check(goals: Sequence[GoalFigures]) -> None:
    seen: set[str] = set()
    for goal in goals:
        if goal.number in seen:
            raise BadInput(_("La meta {number} está dos veces.", number=goal.number))
        seen.add(goal.number)
        for problem in _problems(goal):
            raise BadInput(problem)


def _problems(goal: GoalFigures) -> Iterator[Text]:
    if goal.direction not in set(Direction):
        yield _("La meta {number} no dice cómo se leen sus años.", number=goal.number)
    if any(not str(getattr(goal, name)).strip() for name in ("number", "title", "axis")):
        yield _("La meta {number} no tiene número, título o eje.", number=goal.number)
    if any(len(getattr(goal, name)) > most for name, most in _LONGEST.items()):
        yield _("La meta {number} tiene un nombre demasiado largo.", number=goal.number)
    if len({year.year for year in goal.years}) < len(goal.years):
        yield _("La meta {number} repite un año.", number=goal.number)
    if not all(map(_is_finite, _quantities(goal))):
        yield _("La meta {number} tiene una cifra que no es un número.", number=goal.number)


def _quantities(goal: GoalFigures) -> Iterator[float | None]:
    yield goal.base_line
    for year in goal.years:
        yield year.programmed
        yield year.executed


def _is_finite(value: float | None) -> bool:
    return value is None or math.isfinite(value)
