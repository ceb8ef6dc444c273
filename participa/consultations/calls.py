"""The life of a call for proposals: prepared unseen, published, changed, closed and reopened."""

from datetime import datetime
from enum import StrEnum

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.consultations.models import Consultation
from participa.consultations.service import open_proposals
from participa.db import transaction
from participa.i18n import _
from participa.processes.service import touch
from participa.web.refusals import Conflict

MAX_TITLE, MAX_QUESTION = 200, 1_000


class CallAct(StrEnum):
    """What may be done with a call as it stands."""

    PUBLISH = "publicar"
    CLOSE = "cerrar"
    REOPEN = "reabrir"


ACTIONS = {
    CallAct.PUBLISH: "consultations.publish_call",
    CallAct.CLOSE: "consultations.close_call",
    CallAct.REOPEN: "consultations.reopen_call",
}


def next_act(call: Consultation) -> CallAct:
    """Say what may be done with a call: once published it is never unseen again."""
    if not call.is_published:
        return CallAct.PUBLISH
    return CallAct.CLOSE if call.closed_at is None else CallAct.REOPEN


async def prepare_call(
    actor: Actor,
    process_id: int,
    *,
    title: str,
    question: str,
    categories: tuple[str, ...],
    now: datetime,
) -> Consultation:
    """Write a call that only those who run the process see until it is published.

    Refuses with Conflict when the process has a consultation so called, and with BadInput for
    categories that cannot be.
    """
    async with transaction():
        call = await open_proposals(
            entity_id=actor.entity_id, process_id=process_id, title=title, question=question,
            categories=categories, is_published=False,
        )  # fmt: skip
        await _record(actor, call, "consultations.prepare_call", now)
    return call


async def change_call(
    actor: Actor, consultation_id: int, *, title: str, question: str, now: datetime
) -> None:
    """Change what a call is called and asks. Refuses with Conflict for a title that is taken."""
    try:
        async with transaction():
            call = await _held(actor, consultation_id)
            call.title, call.question = title, question
            await call.save(update_fields=["title", "question"])
            await _record(actor, call, "consultations.change_call", now)
    except IntegrityError as error:
        raise Conflict(_("Ya hay una consulta con ese título en el proceso.")) from error


async def move_call(actor: Actor, consultation_id: int, act: CallAct, *, now: datetime) -> None:
    """Publish, close or reopen a call. Refuses with Conflict when it does not stand so."""
    async with transaction():
        call = await _held(actor, consultation_id)
        if next_act(call) is not act:
            raise Conflict(_("La convocatoria ya no está como usted la veía. Mírela de nuevo."))
        call.is_published = True
        call.closed_at = now if act is CallAct.CLOSE else None
        await call.save(update_fields=["is_published", "closed_at"])
        await _record(actor, call, ACTIONS[act], now)


async def _held(actor: Actor, consultation_id: int) -> Consultation:
    rows = Consultation.of(actor.entity_id).filter(id=consultation_id, plan_id=None)
    return await rows.select_for_update().get()


async def _record(actor: Actor, call: Consultation, action: str, now: datetime) -> None:
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=action,
        object_kind="consultations.consultation",
        object_id=call.id,
        object_label=call.title,
        now=now,
    )
    await touch(actor.entity_id, call.process_id)
