"""The acts on petitions: file, answer, extend, see who reserved their name, close a day."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tortoise.exceptions import IntegrityError

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.entities.models import Entity
from participa.i18n import _, n_
from participa.jobs import enqueue
from participa.petitions.codes import code_hash, new_code, sending_digest, take_filing_number
from participa.petitions.jobs import MAIL_NEWS
from participa.petitions.models import ClosedDay, Petition
from participa.petitions.queries import calendar_of
from participa.petitions.rules import State, may_extend, rulebook
from participa.web.refusals import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of the entity."""

    kind: str
    subject: str
    body: str
    office_id: int | None = None
    contact_email: str = ""
    is_reserved: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """A petition just filed, with the code that is shown this once."""

    petition: Petition
    code: str


async def file_petition(
    actor: Actor,
    entity: Entity,
    asked: Asked,
    *,
    secret: bytes,
    now: datetime,
    request_key: str | None = None,
) -> Filed:
    """File a petition, of a signed-in person or of nobody known.

    The same form sent again gives back the same petition with the same code, and makes none.
    """
    sending = sending_digest(entity.id, request_key, asked.kind, asked.subject, asked.body)
    code = new_code(secret, request_key, sending)
    try:
        async with transaction():
            petition = await _sent_before(entity.id, sending)
            if petition is None:
                petition = await _file(actor, entity, asked, code_hash(code), sending, now)
    except IntegrityError:
        # A parallel sending of the same form was first: the database let only one in.
        petition = await _sent_before(entity.id, sending)
        if petition is None:
            raise
    await petition.fetch_related("office", "author")
    return Filed(petition, code)


async def _sent_before(entity_id: int, sending: str | None) -> Petition | None:
    if sending is None:
        return None
    return await Petition.of(entity_id).filter(sending_hash=sending).first()


async def _file(
    actor: Actor, entity: Entity, asked: Asked, kept: str, sending: str | None, now: datetime
) -> Petition:
    local = now.astimezone(entity.zone)
    filing_number = await take_filing_number(entity.id, local.year)
    filing = rulebook().file(asked.kind, now, entity.zone, await calendar_of(entity.id))
    return await Petition.create(
        entity_id=entity.id,
        filing_number=filing_number,
        code_hash=kept,
        sending_hash=sending,
        author_id=actor.person_id,
        is_reserved=asked.is_reserved and not actor.is_anonymous,
        contact_email=asked.contact_email,
        office_id=asked.office_id,
        kind=asked.kind,
        subject=asked.subject,
        body=asked.body,
        rule_version=filing.term.version,
        term_days=filing.term.days,
        received_at=now,
        month=f"{local:%Y-%m}",
        effective_on=filing.effective_on,
        first_due_on=filing.due_on,
        due_on=filing.due_on,
    )


async def answer_petition(
    actor: Actor, petition_id: int, text: str, *, office: str, now: datetime
) -> Petition:
    """Answer a petition in the name of an office; whoever filed it is told that there is news.

    A late answer is still due and is taken. Refuses with NotFound, and with Conflict when it
    was answered already.
    """
    async with transaction():
        petition = await _of_id(actor, petition_id)
        unanswered = Petition.of(actor.entity_id).filter(id=petition_id, state=State.OPEN)
        changed = await unanswered.update(
            state=State.ANSWERED, answer=text, answer_office=office, answered_at=now
        )
        if not changed:
            raise Conflict(_("Esta petición ya fue respondida."))
        await _log(actor, petition, "petitions.answer", now)
        await _tell(petition, now)
    return petition


async def extend_petition(
    actor: Actor, petition_id: int, *, days: int, reason: str, zone: ZoneInfo, now: datetime
) -> Petition:
    """Extend the term once, with the reason that is told before it ends.

    Together they never exceed twice the term. Refuses with NotFound; with Conflict a second
    extension, one after the term or after the answer, and one that is too long.
    """
    async with transaction():
        petition = await _of_id(actor, petition_id)
        today = now.astimezone(zone).date()
        if not may_extend(petition.state, petition.extension_days, petition.due_on, today):
            raise Conflict(
                _("El término de esta petición ya no se puede ampliar."),
                _("Se amplía una sola vez, antes de que venza y antes de responder."),
            )
        term = rulebook().term_kept(petition.kind, petition.rule_version)
        most = term.longest_days - petition.term_days
        if not 1 <= days <= most:
            raise Conflict(
                n_(
                    "Caben hasta {count} día hábil más.",
                    "Caben hasta {count} días hábiles más.",
                    most,
                )
            )
        calendar = await calendar_of(actor.entity_id)
        due_on = calendar.after(petition.effective_on, petition.term_days + days)
        first = Petition.of(actor.entity_id).filter(
            id=petition_id, extension_days=0, state=State.OPEN
        )
        if not await first.update(
            extension_days=days, extension_reason=reason, extended_at=now, due_on=due_on
        ):
            raise Conflict(_("El término de esta petición ya no se puede ampliar."))
        await _log(actor, petition, "petitions.extend", now)
        await _tell(petition, now)
    return petition


async def reveal_identity(actor: Actor, petition_id: int, *, now: datetime) -> str:
    """Give the name behind a reserved identity, and write down that it was looked at.

    Refuses with NotFound where no name was reserved.
    """
    async with transaction():
        petition = await _of_id(actor, petition_id)
        author = await Person.of(actor.entity_id).filter(id=petition.author_id).first()
        if author is None or not petition.is_reserved:
            raise NotFound
        await _log(actor, petition, "petitions.reveal_identity", now)
    return author.display_name


async def close_day(actor: Actor, on: date, name: str, *, now: datetime) -> ClosedDay:
    """Declare a day without service: terms of later petitions do not run on it.

    Refuses with Conflict a day already declared.
    """
    try:
        async with transaction():
            day = await ClosedDay.create(entity_id=actor.entity_id, on=on, name=name)
            await record(
                entity_id=actor.entity_id,
                actor_id=actor.person_id,
                actor_name=actor.name,
                action="petitions.close_day",
                object_kind="petitions.closed_day",
                object_id=day.id,
                object_label=on.isoformat(),
                reason=name,
                now=now,
            )
    except IntegrityError as error:
        raise Conflict(_("Ese día ya estaba declarado.")) from error
    return day


async def _of_id(actor: Actor, petition_id: int) -> Petition:
    petition = await Petition.of(actor.entity_id).filter(id=petition_id).first()
    if petition is None:
        raise NotFound
    return petition


async def _log(actor: Actor, petition: Petition, action: str, now: datetime) -> None:
    """Write an act down with the filing number alone: the log is public, petitions are not."""
    await record(
        entity_id=petition.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=action,
        object_kind="petitions.petition",
        object_id=petition.id,
        object_label=petition.filing_number,
        now=now,
    )


async def _tell(petition: Petition, now: datetime) -> None:
    await enqueue(
        MAIL_NEWS,
        {"entity_id": petition.entity_id, "petition_id": petition.id},
        entity_id=petition.entity_id,
        run_at=now,
    )
