"""The act of recording: a session with everything said in it, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.audit import record as write_down
from participa.channels.models import Organisation, Recorded, Recording
from participa.channels.rules import Where
from participa.db import transaction, writer
from participa.deliberation.acts import Spot, placing
from participa.deliberation.models import Thread
from participa.deliberation.saying import Said
from participa.deliberation.service import open_thread
from participa.deliberation.telling import tell_published
from participa.deliberation.texts import Body
from participa.entities.models import Entity
from participa.kit.names import confusable_key
from participa.processes.models import Process

ORGANISATION = "organisation"
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution to be recorded.

    `title` is for a conversation that it opens; lines with the same `person` are one person's.
    """

    where: Where
    text: str
    body: Body
    title: str = ""
    stance: str | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationNamed:
    """An organisation as it was written down."""

    name: str
    kind: str
    nit: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """What an official writes down about a session, with its lines already checked."""

    kind: str
    held_on: date
    lines: Sequence[Line]
    place: str = ""
    people_count: int = 0
    organisation: OrganisationNamed | None = None


async def record_session(
    actor: Actor, process: Process, session: Session, *, now: datetime, request_key: str | None
) -> Recording:
    """Record a session and post what was said in it. Permission has been asked.

    The same request key gives back what it made the first time.
    """
    try:
        return await _recorded(actor, process, session, now, request_key)
    except IntegrityError:
        # The same form, or the same new organisation, came twice at this moment: now it is there.
        return await _recorded(actor, process, session, now, request_key)


async def _recorded(
    actor: Actor, process: Process, session: Session, now: datetime, request_key: str | None
) -> Recording:
    async with transaction():
        if earlier := await _earlier(actor, request_key):
            return earlier
        recording = await _store(actor, process, session, now, request_key)
        await _post(actor, recording, session, now)
        await _log(actor, process, recording, len(session.lines), now)
    return recording


async def _earlier(actor: Actor, request_key: str | None) -> Recording | None:
    if request_key is None:
        return None
    return await Recording.of(actor.entity_id).filter(request_key=request_key).first()


async def _store(
    actor: Actor, process: Process, session: Session, now: datetime, request_key: str | None
) -> Recording:
    organisation = None
    if session.organisation is not None:
        organisation = await _organisation(actor.entity_id, session.organisation, now)
    return await Recording.create(
        entity_id=actor.entity_id,
        process=process,
        kind=session.kind,
        held_on=session.held_on,
        place=session.place,
        people_count=session.people_count,
        organisation=organisation,
        recorded_by=actor.office or actor.name,
        recorded_at=now,
        request_key=request_key,
    )


async def _organisation(entity_id: int, named: OrganisationNamed, now: datetime) -> Organisation:
    """Find an organisation by its name, or write it down with who it speaks as."""
    key = confusable_key(named.name)[:160]
    found = await Organisation.of(entity_id).filter(key=key).first()
    if found is not None:
        return found
    shown = named.name
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[: _LONGEST_SHOWN - 1].rstrip() + "…"
    entity = await Entity.get(id=entity_id)
    person = await Person.create(
        entity=entity,
        kind=ORGANISATION,
        display_name=shown,
        is_demo=entity.is_demo,
        created_at=now,
    )
    return await Organisation.create(
        entity_id=entity_id,
        name=named.name,
        kind=named.kind,
        nit=named.nit,
        key=key,
        person=person,
    )


async def _post(actor: Actor, recording: Recording, session: Session, now: datetime) -> None:
    speaker = Actor(actor.entity_id)
    if recording.organisation is not None:
        speaker = Actor(actor.entity_id, recording.organisation.person_id)
    ids = sorted({line.where.thread_id for line in session.lines if line.where.thread_id})
    # Every thread before any receipt, in one order: what every act does, so that none waits in
    # a circle.
    locked = Thread.of(actor.entity_id).filter(id__in=ids).order_by("id")
    await locked.select_for_update(no_key=True)
    for line in session.lines:
        spot = await _spot(recording, line, now)
        said = _said(recording, line)
        placed = await writer().run(
            lambda spot=spot, said=said, line=line: placing(  # type: ignore[misc]
                speaker, spot, said, line.body, now=now, request_key=None
            ),
            tell=lambda placed, said=said, line=line: tell_published(  # type: ignore[misc]
                placed, speaker, said, line.body, now
            ),
        )
        await Recorded.create(
            entity_id=actor.entity_id, recording=recording, contribution_id=placed.id
        )


async def _spot(recording: Recording, line: Line, now: datetime) -> Spot:
    where = line.where
    if where.thread_id is not None:
        return Spot(where.thread_id, recording.process_id)
    thread = await open_thread(
        entity_id=recording.entity_id,
        process_id=recording.process_id,
        kind=where.kind,
        place_id=where.place_id,
        activity=where.activity,
        title=line.title,
        now=now,
    )
    return Spot(thread.id, recording.process_id, is_opening=True)


def _said(recording: Recording, line: Line) -> Said:
    return Said(
        body=line.text,
        stance=None if line.where.opens else line.stance,
        channel=recording.kind,
        people_count=max(recording.people_count, 1),
        voice=_voice(recording, line),
        place=recording.place,
    )


def _voice(recording: Recording, line: Line) -> str:
    """Say whose voice a line is: a mesa's, or somebody's who said several things."""
    if recording.kind == "workshop":
        return f"recording:{recording.id}"
    return f"recording:{recording.id}:{line.person}"[:80] if line.person else ""


async def _log(
    actor: Actor, process: Process, recording: Recording, count: int, now: datetime
) -> None:
    await write_down(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="channels.record",
        object_kind="channels.recording",
        object_id=recording.id,
        object_label=process.title,
        reason=f"{recording.kind}, {recording.held_on.isoformat()}, {count}",
        now=now,
    )
