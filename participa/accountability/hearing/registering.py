"""Registering for a session, by oneself or through the desk, and who came.

Names and needs are for who organises it; the public sees how many (Ley 1581 de 2012).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from participa.accountability.hearing.events import locked
from participa.accountability.hearing.models import Registration
from participa.accountability.hearing.rules import (
    NEEDS,
    Mode,
    Phase,
    Registering,
    has_room,
    phase_of,
)
from participa.accountability.models import AccountabilitySession
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.web.refusals import Conflict, NotFound


class NoRoom(Conflict):
    """Every seat is taken."""

    title = _("Ya no quedan puestos en el lugar")
    advice = _("Puede inscribirse para participar por internet o por teléfono: cuenta igual.")


class TooLateToRegister(Conflict):
    """The session is over."""

    title = _("Esta audiencia ya terminó")
    advice = _("Lo que se preguntó y se respondió está en su página.")


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many registered and came; `needs` by name, only those that somebody has."""

    registered: int
    in_person: int
    virtual: int
    attended: int
    needs: tuple[tuple[str, int], ...]


async def register(
    actor: Actor, session_id: int, said: Registering, *, now: datetime
) -> Registration:
    """Register the actor; again, it changes what was said. Permission has been asked.

    The session's row is held, so that two who come at once do not take the last seat both.
    Refuses with NotFound, TooLateToRegister and NoRoom.
    """
    async with transaction():
        session = await _open(actor, session_id)
        rows = Registration.of(actor.entity_id).filter(session_id=session.id)
        mine = await rows.filter(person_id=actor.person_id).first()
        if not has_room(session.seats, await _taken(session, mine), said.mode):
            raise NoRoom
        row = mine or Registration(
            entity_id=actor.entity_id,
            session=session,
            person_id=actor.person_id,
            name=actor.name,
            registered_at=now,
        )
        row.mode, row.needs, row.note = said.mode, list(said.needs), said.note
        await row.save()
    return row


async def register_other(
    actor: Actor, session_id: int, name: str, channel: str, said: Registering, *,
    now: datetime, is_here: bool = False, request_key: str | None = None,
) -> Registration:  # fmt: skip
    """Write down somebody who called, or came to the door (`is_here`). Permission has been asked.

    The same request key gives what it made first. Refuses with NotFound, TooLateToRegister, NoRoom.
    """
    async with transaction():
        session = await _open(actor, session_id)
        rows = Registration.of(actor.entity_id)
        earlier = await rows.filter(request_key=request_key).first() if request_key else None
        if earlier is not None:
            return earlier
        if not is_here and not has_room(session.seats, await _taken(session, None), said.mode):
            raise NoRoom
        row = await Registration.create(
            entity_id=actor.entity_id,
            session=session,
            name=name,
            channel=channel,
            mode=said.mode,
            needs=list(said.needs),
            note=said.note,
            registered_at=now,
            attended_at=now if is_here else None,
            request_key=request_key,
        )
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="accountability.registration_recorded",
            object_kind="accountability.session",
            object_id=session.id,
            object_label=session.title,
            reason=channel,
            now=now,
        )
    return row


async def _open(actor: Actor, session_id: int) -> AccountabilitySession:
    session = await locked(actor.entity_id, session_id)
    if phase_of(session.started_at, session.ended_at) is Phase.OVER:
        raise TooLateToRegister
    return session


async def _taken(session: AccountabilitySession, mine: Registration | None) -> int:
    rows = Registration.of(session.entity_id).filter(session_id=session.id, mode=Mode.IN_PERSON)
    return await (rows.exclude(id=mine.id) if mine is not None else rows).count()


async def cancel(actor: Actor, session_id: int) -> None:
    """Forget the actor's registration; twice is once. Permission has been asked."""
    rows = Registration.of(actor.entity_id).filter(session_id=session_id)
    await rows.filter(person_id=actor.person_id).delete()


async def note_attendance(
    actor: Actor, session_id: int, registration_id: int, *, came: bool, now: datetime
) -> None:
    """Note that somebody came, or did not. Permission has been asked. Refuses with NotFound."""
    rows = Registration.of(actor.entity_id).filter(session_id=session_id, id=registration_id)
    async with transaction():
        if not await rows.update(attended_at=now if came else None):
            raise NotFound


async def registration_of(actor: Actor, session_id: int) -> Registration | None:
    """Find the actor's own registration."""
    if actor.is_anonymous:
        return None
    rows = Registration.of(actor.entity_id).filter(session_id=session_id)
    return await rows.filter(person_id=actor.person_id).first()


async def registrations_of(session: AccountabilitySession) -> list[Registration]:
    """List who registered, by name, for who organises the session."""
    rows = Registration.of(session.entity_id).filter(session_id=session.id)
    return await rows.order_by("name", "id")


async def numbers_of(session: AccountabilitySession) -> Attendance:
    """Count who registered and came, without what they need, in one statement."""
    rows = Registration.of(session.entity_id).filter(session_id=session.id)
    counted = rows.annotate(n=Count("id"), came=Count("attended_at")).group_by("mode")
    found = {
        str(mode): (int(str(n)), int(str(came)))
        for mode, n, came in await counted.values_list("mode", "n", "came")
    }
    in_person, virtual = (found.get(mode, (0, 0)) for mode in (Mode.IN_PERSON, Mode.VIRTUAL))
    return Attendance(
        in_person[0] + virtual[0], in_person[0], virtual[0], in_person[1] + virtual[1], ()
    )


def attendance(rows: Sequence[Registration]) -> Attendance:
    """Count who registered."""
    needs = Counter(need for row in rows for need in row.needs if need in NEEDS)
    in_person = sum(row.mode == Mode.IN_PERSON for row in rows)
    return Attendance(
        registered=len(rows),
        in_person=in_person,
        virtual=len(rows) - in_person,
        attended=sum(row.attended_at is not None for row in rows),
        needs=tuple((need, needs[need]) for need in NEEDS if needs[need]),
    )
