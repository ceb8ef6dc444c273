"""The act of recording: a session with everything said in it, whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.audit import record as write_down
from participa.channels.marks import source_key
from participa.channels.models import Organisation, Recorded, Recording
from participa.channels.queries import known_marks
from participa.channels.repeated import LooksRecorded, repeated
from participa.channels.rules import Where
from participa.db import transaction
from participa.deliberation.posting import BATCH, Opening, Post, post_many
from participa.deliberation.saying import Said
from participa.deliberation.texts import Body
from participa.entities.models import Entity
from participa.i18n import _
from participa.kit.names import confusable_key
from participa.processes.models import Process
from participa.territory.models import Placement
from participa.web.refusals import Conflict

ORGANISATION = "organisation"
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution to be recorded.

    `title` is for a conversation that it opens; lines with the same `person` are one person's.
    `mark` is what a row of a sheet is known by (see marks.py), `area_id` the place it speaks of.
    """

    where: Where
    text: str
    body: Body
    title: str = ""
    stance: str | None = None
    person: str = ""
    mark: str = ""
    area_id: int | None = None


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
    source: str = ""
    # Whether an official said that it is none of those recorded before.
    is_another: bool = False


class NothingNew(Conflict):
    """A sheet of which every row was recorded before."""

    title = _("Todas las filas de esta hoja ya estaban registradas")
    advice = _("No se guardó nada. Si la hoja tiene algo nuevo, súbala otra vez.")


async def record_session(
    actor: Actor, process: Process, session: Session, *, now: datetime, request_key: str | None
) -> Recording:
    """Record a session and post what was said in it. Permission has been asked.

    The same request key gives back what it made the first time. Rows of a sheet that were recorded
    before are passed over, and the new ones of the same session join it. Refuses with NothingNew,
    and with LooksRecorded what seems to be a session that is there, unless it `is_another`.
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
        # One at a time in a process: what is there already is looked for, then written.
        rows = Process.of(actor.entity_id).filter(id=process.id)
        await rows.select_for_update(no_key=True)
        if earlier := await _earlier(actor, request_key):
            return earlier
        known = await known_marks(process, session.source, [line.mark for line in session.lines])
        lines = [line for line in session.lines if line.mark not in known]
        recording, is_new = await _session(actor, process, session, now, request_key)
        if not lines and is_new:
            raise NothingNew
        if not lines:
            return recording
        if is_new and not session.is_another:
            await _require_another(process, session, recording)
        await _post(recording, lines, session, now)
        await _log(actor, process, recording, len(lines), now)
    return recording


async def _require_another(process: Process, session: Session, recording: Recording) -> None:
    texts = [line.text for line in session.lines]
    found = await repeated(
        process, session.kind, held_on=session.held_on, place=session.place, texts=texts,
        but=recording.id,
    )  # fmt: skip
    if found is not None:
        raise LooksRecorded(found.words)


async def _earlier(actor: Actor, request_key: str | None) -> Recording | None:
    if request_key is None:
        return None
    return await Recording.of(actor.entity_id).filter(request_key=request_key).first()


async def _session(
    actor: Actor, process: Process, session: Session, now: datetime, request_key: str | None
) -> tuple[Recording, bool]:
    """Write a session down, or find the one of which a sheet brings more; say whether it is new."""
    organisation = None
    if session.organisation is not None:
        organisation = await _organisation(actor.entity_id, session.organisation, now)
    if joined := await _joined(process, session, organisation):
        return joined, False
    recording = await Recording.create(
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
        source=session.source,
    )
    return recording, True


async def _joined(
    process: Process, session: Session, organisation: Organisation | None
) -> Recording | None:
    """Find the session of a sheet's earlier rows, so that who was there counts once."""
    if not session.source:
        return None
    found = await Recording.of(process.entity_id).filter(
        process_id=process.id,
        source=session.source,
        kind=session.kind,
        held_on=session.held_on,
        place=session.place,
        organisation_id=organisation.id if organisation else None,
    ).select_related("organisation").first()  # fmt: skip
    if found is not None and session.people_count > found.people_count:
        found.people_count = session.people_count
        await found.save(update_fields=("people_count",))
    return found


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


async def _post(
    recording: Recording, lines: Sequence[Line], session: Session, now: datetime
) -> None:
    organisation = recording.organisation
    ids = await post_many(
        recording.entity_id,
        recording.process_id,
        [Post(_spot(line), _said(recording, line), line.body) for line in lines],
        author_id=organisation.person_id if organisation else None,
        now=now,
    )
    for start in range(0, len(ids), BATCH):
        part = list(zip(lines[start : start + BATCH], ids[start : start + BATCH], strict=True))
        await Recorded.bulk_create([_link(recording, session.source, *each) for each in part])
    await _place(recording.entity_id, lines, ids)


def _link(recording: Recording, source: str, line: Line, contribution_id: int) -> Recorded:
    return Recorded(
        entity_id=recording.entity_id,
        recording=recording,
        contribution_id=contribution_id,
        source_key=_key(recording, source, line.mark),
    )


async def _place(entity_id: int, lines: Sequence[Line], ids: Sequence[int]) -> None:
    """Place what was said; the areas were looked for among the entity's own."""
    placed = [
        Placement(entity_id=entity_id, contribution_id=said, territory_id=line.area_id)
        for line, said in zip(lines, ids, strict=True)
        if line.area_id is not None
    ]
    await Placement.bulk_create(placed, batch_size=BATCH)


def _key(recording: Recording, source: str, mark: str) -> str | None:
    return source_key(recording.process_id, source, mark) if source and mark else None


def _spot(line: Line) -> int | Opening:
    where = line.where
    if where.thread_id is not None:
        return where.thread_id
    return Opening(where.kind, where.place_id, where.activity, line.title)


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
