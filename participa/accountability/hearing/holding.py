"""Beginning a session and ending it, with what it leaves unanswered."""

from datetime import date, datetime

from participa.accountability.hearing.desk import keep_state
from participa.accountability.hearing.events import done, held
from participa.accountability.hearing.rows import QuestionRow, question_rows
from participa.accountability.hearing.rules import QuestionState, due_on, settled
from participa.accountability.models import AccountabilitySession
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.entities.models import Entity, Office
from participa.i18n import _
from participa.jobs import enqueue
from participa.kit.calendar import BusinessCalendar
from participa.web.refusals import BadInput, Conflict

TELL_OWED = "accountability.tell_owed"


async def start(actor: Actor, session_id: int, *, now: datetime) -> None:
    """Begin a session; its recording counts from here. Twice is once. Permission has been asked.

    Refuses with NotFound, and with Conflict where it was held already.
    """
    async with transaction():
        session = await held(actor.entity_id, session_id)
        if session.ended_at is not None:
            raise Conflict(_("Esta audiencia ya terminó."))
        if session.started_at is None:
            session.started_at = now
            await session.save(update_fields=["started_at"])
        await done(actor, session, "session_started", now)


async def end(
    actor: Actor, session_id: int, office_id: int | None, *, calendar: BusinessCalendar,
    now: datetime,
) -> int:  # fmt: skip
    """End a session: every question without an answer gets a last day and who owes it.

    Gives how many. Twice is once. Permission has been asked. Refuses with NotFound, with Conflict
    before it began, and with BadInput without an office where something is left unanswered.
    """
    async with transaction():
        session = await held(actor.entity_id, session_id)
        if session.started_at is None:
            raise Conflict(_("Esta audiencia no ha empezado."))
        office = await Office.of(actor.entity_id).filter(id=office_id).first()
        if office is not None:
            session.office = office
        if session.ended_at is None:
            session.ended_at = now
        await session.save(update_fields=["ended_at", "office_id"])
        count = await settle(session, calendar=calendar, now=now)
        if count and session.office_id is None:
            raise BadInput(_("Diga qué dependencia responde lo que quedó sin respuesta."))
        await done(actor, session, "session_ended", now, reason=f"pending={count}")
    return count


async def settle(
    session: AccountabilitySession, *, calendar: BusinessCalendar, now: datetime
) -> int:
    """Give every question of a session that is over a state in which it may be left.

    The caller holds the session. Gives how many were left without an answer; the offices that
    owe one are told by mail.
    """
    entity = await Entity.get(id=session.entity_id)
    held_on = (session.ended_at or now).astimezone(entity.zone).date()
    owner = session.office.name if session.office is not None else entity.short_name
    rows = await question_rows(session.entity_id, session.id)
    left = [row for row in rows if unsettled(row)]
    for row in left:
        asked_on = row.asked_at.astimezone(entity.zone).date()
        await _leave(session, row, due_on(held_on, asked_on, calendar), owner, now)
    order: dict[str, object] = {"entity_id": session.entity_id, "session_id": session.id}
    await enqueue(TELL_OWED, order, entity_id=session.entity_id, run_at=now)
    return len(left)


def unsettled(row: QuestionRow) -> bool:
    """Whether a question may not be left as it is once its session is over."""
    return not settled(row.state) or (row.state is QuestionState.PENDING and row.due_on is None)


async def _leave(
    session: AccountabilitySession, row: QuestionRow, due: date, owner: str, now: datetime
) -> None:
    stored = await keep_state(session, row.thread_id, QuestionState.PENDING, now)
    stored.due_on = stored.due_on or due
    if not stored.owner_name:
        stored.owner_id, stored.owner_name = session.office_id, owner
    await stored.save()
