"""Telling of commitments by mail: to who asked for them, and to the official who answers."""

from datetime import datetime, timedelta
from typing import Any

from participa.commitments.askers import askers
from participa.commitments.models import Commitment, OwnerReminder, Step, Verdict
from participa.commitments.queries import commitment_url
from participa.commitments.rules import REMIND_DAYS, Act, Reminder, State, reminder_due
from participa.commitments.steps import today_of
from participa.db import transaction
from participa.entities.models import Entity
from participa.features import CosignersOf, Telling
from participa.i18n import Day, Text, _
from participa.jobs import Handler
from participa.notifications.reading import News, tell_once
from participa.notifications.rules import Kind, quotation


def step_teller(cosigners: CosignersOf) -> Handler:
    """Make the handler that leaves a notice for everybody a step concerns."""

    async def tell_step(arguments: dict[str, object]) -> None:
        names = ("entity_id", "step_id", "by")
        entity_id, step_id, by = (int(str(arguments[name])) for name in names)
        step = await Step.of(entity_id).filter(id=step_id).select_related("commitment").first()
        if step is None:
            return
        found = step.commitment
        people = await _concerned(step, found, cosigners)
        source, about = f"commitment:{step.id}", f"commitment:{found.id}"
        told = sorted(people - {by})
        news = [News(each, Kind.COMMITMENT, source, about, step.id) for each in told]
        await tell_once(entity_id, source, news, step.at)

    return tell_step


async def _concerned(step: Step, found: Commitment, cosigners: CosignersOf) -> set[int]:
    """Give those who asked, or, when one of them disputes, the official who answers for it."""
    if step.act == Act.DISPUTED:
        return {found.owner_id} if found.owner_id is not None else set()
    return await askers(step.entity_id, found.id, cosigners)


_WHAT: dict[Act, Text] = {
    Act.MADE: _("{office} se comprometió a algo que usted pidió o apoyó: «{title}»."),
    Act.CHANGED: _("{office} cambió el compromiso «{title}», que usted pidió o apoyó."),
    Act.DONE: _("{office} dice que ya cumplió «{title}», que usted pidió o apoyó. Mire las "
                "pruebas y diga si está de acuerdo: si falta algo, su objeción lo reabre."),
    Act.CANCELLED: _("{office} canceló el compromiso «{title}», que usted pidió o apoyó."),
    Act.REOPENED: _("{office} reabrió el compromiso «{title}», que usted pidió o apoyó."),
    Act.DISPUTED: _("Quien pidió «{title}» dice que no se cumplió. El compromiso está otra vez a "
                    "su cargo."),
}  # fmt: skip
_SUBJECTS: dict[Act, Text] = {
    Act.MADE: _("Hay un compromiso: «{title}»"),
    Act.CHANGED: _("Cambió el compromiso «{title}»"),
    Act.DONE: _("¿Se cumplió? «{title}»"),
    Act.CANCELLED: _("Se canceló el compromiso «{title}»"),
    Act.REOPENED: _("Se reabrió el compromiso «{title}»"),
    Act.DISPUTED: _("Objetaron que se cumpliera «{title}»"),
}


async def step_told(base_url: str, entity_id: int, step_id: int) -> Telling | None:
    """Write what a mail says of a step; None where the commitment cannot be read any more."""
    rows = Step.of(entity_id).filter(id=step_id, commitment__process__is_published=True)
    step = await rows.select_related("commitment").first()
    if step is None:
        return None
    found, act = step.commitment, Act(step.act)
    zone = (await Entity.get(id=entity_id)).zone
    paragraphs: list[Text] = [_filled(_WHAT[act], title=found.title, office=step.office)]
    if reason := await _reason(step):
        paragraphs.append(_("El motivo:\n{quote}", quote=quotation(reason)))
    if step.state in {State.OPEN, State.IN_PROGRESS}:
        paragraphs.append(_("Fecha: {day}", day=Day(step.due_on, zone)))
    link = f"{base_url}{commitment_url(found.id)}"
    paragraphs.append(_("El compromiso, con su historia y sus pruebas:\n{link}", link=link))
    return Telling(_filled(_SUBJECTS[act], title=found.title), tuple(paragraphs))


def _filled(words: Text, **params: str) -> Text:
    return _(words.message, **params)


async def _reason(step: Step) -> str:
    if step.verdict_id is None:
        return step.note
    rows = Verdict.of(step.entity_id).filter(id=step.verdict_id, hidden_rule="")
    verdict = await rows.first()
    return verdict.reason if verdict is not None else ""


async def remind_owners(now: datetime) -> None:
    """Leave each owner one notice in the last days of a commitment, and one once it is late."""
    for entity in await Entity.all().order_by("id"):
        today = today_of(entity, now)
        rows = Commitment.of(entity.id).filter(
            is_settled=False,
            due_on__lte=today + timedelta(days=REMIND_DAYS),
            owner_id__isnull=False,
            process__is_published=True,
        )
        reminded = OwnerReminder.of(entity.id).filter(commitment__is_settled=False)
        known = {(each.commitment_id, each.kind, each.due_on) for each in await reminded}
        for found in await rows.order_by("id"):
            kind = reminder_due(found.state, found.due_on, today)
            if kind is not None and (found.id, kind, found.due_on) not in known:
                await _remind(found, kind, now)


async def _remind(found: Commitment, kind: Reminder, now: datetime) -> None:
    """Remind of one day; the database lets one reminder of each kind and day in."""
    async with transaction():
        # Whoever changes the commitment, or reminds of it too, waits for its row.
        held = Commitment.of(found.entity_id).filter(id=found.id, is_settled=False)
        here = await held.select_for_update(no_key=True).first()
        if here is None or here.owner_id is None:
            return
        same: dict[str, Any] = {"commitment_id": here.id, "kind": kind, "due_on": found.due_on}
        if await OwnerReminder.of(here.entity_id).filter(**same).exists():
            return
        reminder = await OwnerReminder.create(entity_id=here.entity_id, reminded_at=now, **same)
        source, about = f"duty:{reminder.id}", f"duty:{here.id}"
        news = [News(here.owner_id, Kind.DUTY, source, about, reminder.id)]
        await tell_once(here.entity_id, source, news, now)


async def duty_told(base_url: str, entity_id: int, reminder_id: int) -> Telling | None:
    """Write what the owner is reminded of; None once the commitment is settled or moved."""
    rows = OwnerReminder.of(entity_id).filter(id=reminder_id)
    reminder = await rows.select_related("commitment").first()
    if reminder is None or reminder.commitment.is_settled:
        return None
    found = reminder.commitment
    if found.due_on != reminder.due_on:
        return None
    day = Day(found.due_on, (await Entity.get(id=entity_id)).zone)
    link = f"{base_url}/gestion/compromisos/{found.id}"
    if reminder.kind == Reminder.LATE:
        subject = _("Atrasado: «{title}»", title=found.title)
        what = _("El compromiso «{title}», a su cargo, era para el {day} y aparece como atrasado "
                 "a la vista de todos.", title=found.title, day=day)  # fmt: skip
    else:
        subject = _("Para el {day}: «{title}»", title=found.title, day=day)
        what = _("El compromiso «{title}», a su cargo, es para el {day}.",
                 title=found.title, day=day)  # fmt: skip
    advice = _("Si ya se cumplió, adjunte una prueba y dígalo; si no, cuente cómo va:\n{link}",
               link=link)  # fmt: skip
    return Telling(subject, (what, advice))
