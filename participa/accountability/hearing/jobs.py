"""Work for later: agendas are made apart; what a session left unanswered is settled by itself."""

from datetime import UTC, datetime, timedelta

from participa.accountability.hearing.events import done, held, topic
from participa.accountability.hearing.holding import settle, unsettled
from participa.accountability.hearing.rows import question_rows
from participa.accountability.models import AccountabilitySession
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.entities.models import Entity
from participa.features import CalendarOf
from participa.jobs import Handler
from participa.jobs.apart import run_apart
from participa.kit.calendar import BusinessCalendar
from participa.realtime import wake
from participa.settings import Settings

MAKE_AGENDA, SETTLE = "accountability.make_agenda", "accountability.settle"
SETTLE_EVERY = timedelta(hours=1)
_MODULE = "participa.accountability.hearing.grouping"


def agenda_maker(settings: Settings) -> Handler:
    """Make the handler that makes the agenda of the session it is told of."""

    async def make(arguments: dict[str, object]) -> None:
        entity_id, session_id = (int(str(arguments[n])) for n in ("entity_id", "session_id"))
        order = {"entity_id": entity_id, "session_id": session_id}
        await run_apart(settings, _MODULE, order)
        # What the process apart woke does not reach the pages of this one.
        wake(topic(session_id))

    return make


def settler(calendar_of: CalendarOf) -> Handler:
    """Make the handler after which no question of a session that is over lacks a state.

    Such are those that somebody typed in later, or showed again; and a session that nobody ended
    ends by itself once its day is over.
    """

    async def settle_all(_arguments: dict[str, object]) -> None:
        for entity in await Entity.all().order_by("id"):
            await settle_entity(entity, calendar_of, datetime.now(UTC))

    return settle_all


async def settle_entity(entity: Entity, calendar_of: CalendarOf, now: datetime) -> int:
    """Settle an entity's sessions whose day is over; gives how many questions that were."""
    calendar, count = await calendar_of(entity.id), 0
    for each in await AccountabilitySession.of(entity.id).filter(held_at__lt=now).order_by("id"):
        if await _needs_settling(each, entity, now):
            count += await _settle(each, entity, calendar, now)
    return count


async def _needs_settling(session: AccountabilitySession, entity: Entity, now: datetime) -> bool:
    if session.ended_at is None:
        today = now.astimezone(entity.zone).date()
        return session.held_at.astimezone(entity.zone).date() < today
    return any(unsettled(row) for row in await question_rows(entity.id, session.id))


async def _settle(
    each: AccountabilitySession, entity: Entity, calendar: BusinessCalendar, now: datetime
) -> int:
    async with transaction():
        session = await held(entity.id, each.id)
        kind = "session_settled"
        if session.ended_at is None:
            kind = "session_ended"
            session.started_at = session.started_at or session.held_at
            session.ended_at = session.held_at + timedelta(minutes=session.minutes)
            await session.save(update_fields=["started_at", "ended_at"])
        count = await settle(session, calendar=calendar, now=now)
        nobody = Actor(entity.id, name=entity.short_name)
        await done(nobody, session, kind, now, reason=f"pending={count}")
    return count
