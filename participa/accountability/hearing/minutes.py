"""The acta of a session: drafted from its record, published frozen, corrected by a next one."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from participa.accountability.hearing.board import PointView, agenda_of
from participa.accountability.hearing.events import done, held
from participa.accountability.hearing.models import HearingMinutes
from participa.accountability.hearing.registering import Attendance, numbers_of
from participa.accountability.hearing.rows import question_rows
from participa.accountability.models import AccountabilitySession
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.texts import rendered
from participa.entities.models import Entity
from participa.i18n import Moment, Text, _
from participa.web.refusals import BadInput, Conflict


class NotOver(Conflict):
    """The session is still to come or in course."""

    title = _("La audiencia no ha terminado")
    advice = _("El acta se escribe de lo que pasó: primero termine la audiencia.")


async def minutes_of(session: AccountabilitySession) -> list[HearingMinutes]:
    """List the published minutes of a session, the one that counts first."""
    rows = HearingMinutes.of(session.entity_id).filter(session_id=session.id)
    return await rows.exclude(published_at=None).order_by("-number")


async def draft_of(session: AccountabilitySession) -> HearingMinutes | None:
    """Find the minutes that are being written."""
    rows = HearingMinutes.of(session.entity_id).filter(session_id=session.id, published_at=None)
    return await rows.first()


async def first_draft(session: AccountabilitySession, entity: Entity, now: datetime) -> str:
    """Write what the record knows of a session, in the entity's language, to be completed."""
    came = await numbers_of(session)
    points = await agenda_of(session, now)
    return "\n\n".join(
        each.render(entity.locale) for each in drafted(session, entity, points, came)
    )


def drafted(
    session: AccountabilitySession,
    entity: Entity,
    points: Sequence[PointView],
    came: Attendance,
) -> Iterator[Text]:
    """Give the paragraphs of the draft, in Markdown.

    Questions are not in it: the published page lists them beside it from the frozen record, with
    their words as long as their authors leave them.
    """
    began, ended = session.started_at or session.held_at, session.ended_at or session.held_at
    yield _(
        "**Fecha y hora:** de {began} a {ended}",
        began=Moment(began, entity.zone),
        ended=Moment(ended, entity.zone),
    )
    if session.place:
        yield _("**Lugar:** {place}", place=session.place)
    yield _(
        "**Inscripción:** {registered}; en el lugar {in_person}, por internet o por teléfono "
        "{virtual}. **Asistencia registrada:** {attended}.",
        registered=came.registered,
        in_person=came.in_person,
        virtual=came.virtual,
        attended=came.attended,
    )
    if points:
        yield _("## Orden del día")
    for number, point in enumerate(points, 1):
        yield _(
            "{number}. {title}, {minutes} minutos",
            number=number,
            title=point.title,
            minutes=point.minutes,
        )
    yield _("## Desarrollo y conclusiones")
    yield _("Escriba aquí qué se trató, qué se acordó y quién lo asumió.")


async def keep_draft(actor: Actor, session_id: int, text: str, *, now: datetime) -> HearingMinutes:
    """Keep the minutes as they are being written. Permission has been asked.

    Refuses with NotFound, NotOver and TextRefused.
    """
    body = await rendered(text)
    async with transaction():
        session = await held(actor.entity_id, session_id)
        if session.ended_at is None:
            raise NotOver
        row = await draft_of(session) or HearingMinutes(
            entity_id=actor.entity_id, session=session, number=await _next_number(session)
        )
        row.body_source, row.body_html, row.sanitiser_version = text, body.html, body.version
        await row.save()
        await done(actor, session, "minutes_drafted", now)
    return row


async def _next_number(session: AccountabilitySession) -> int:
    rows = HearingMinutes.of(session.entity_id).filter(session_id=session.id)
    latest = await rows.order_by("-number").first()
    return latest.number + 1 if latest is not None else 1


async def publish(actor: Actor, session_id: int, reason: str, *, now: datetime) -> HearingMinutes:
    """Publish the minutes that were being written, for good, with the record as it stands.

    A correction says what it changes in `reason`; what was published before stays readable.
    Permission has been asked. Refuses with NotFound, NotOver, Conflict where nothing is written,
    and BadInput a correction that does not say why.
    """
    async with transaction():
        session = await held(actor.entity_id, session_id)
        row = await draft_of(session)
        if row is None:
            raise Conflict(_("No hay un acta escrita para publicar."))
        if row.number > 1 and not reason:
            raise BadInput(_("Diga qué corrige esta acta."))
        row.reason, row.published_at = reason, now
        row.signed_by = ", ".join(filter(None, (actor.name, actor.office)))
        row.record = await record_of(session)
        row.digest = digest_of(row)
        await row.save()
        await done(actor, session, "minutes_published", now, reason=reason or str(row.number))
    return row


async def record_of(session: AccountabilitySession) -> dict[str, object]:
    """Give the figures and the questions of a session as plain values, to be frozen.

    Of a question only its receipt number: its words stay their author's to take back.
    """
    rows = await question_rows(session.entity_id, session.id)
    came = await numbers_of(session)
    return {
        "registered": came.registered,
        "in_person": came.in_person,
        "virtual": came.virtual,
        "attended": came.attended,
        "questions": [
            {
                "receipt": row.receipt,
                "state": str(row.state),
                "supports": row.supports,
                "channel": row.channel,
                "office": row.answered_by or row.owner,
                "second": row.second,
                "due_on": row.due_on.isoformat() if row.due_on else None,
            }
            for row in rows
        ],
    }


def digest_of(row: HearingMinutes) -> str:
    """Name published minutes by all they say: SHA-256 over number, words, reason and record."""
    values = [row.number, row.body_source, row.reason, row.record]
    written = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
