"""Those who asked confirm that a commitment was fulfilled, or dispute it with a reason."""

from dataclasses import replace
from datetime import datetime

from participa.accounts.permissions import Action, Actor
from participa.audit import record
from participa.commitments.askers import has_asked
from participa.commitments.models import Commitment, Verdict
from participa.commitments.rules import KIND, Act, after_dispute, may_judge
from participa.commitments.service import MovedMeanwhile
from participa.commitments.steps import held, permit, take_step
from participa.db import transaction
from participa.deliberation.rules import MODERATION_RULES
from participa.features import CosignersOf
from participa.i18n import _
from participa.processes.queries import process_target
from participa.processes.service import touch
from participa.web.refusals import BadInput, NotAllowed, NotFound, SignInNeeded


class NotTheirs(NotAllowed):
    """Somebody judged a commitment that they did not ask for, or that they answer for."""

    title = _("Solo confirman o discuten quienes pidieron este compromiso")
    advice = _("Son quienes hicieron o apoyaron los aportes que llevaron a él.")


class WhyMissing(BadInput):
    """A dispute without its reason."""

    status = 422
    title = _("Cuente qué falta o qué no se hizo: la entidad y los demás lo van a leer.")


async def judge(
    actor: Actor,
    commitment_id: int,
    *,
    confirms: bool,
    reason: str,
    done_number: int,
    cosigners: CosignersOf,
    now: datetime,
) -> Verdict:
    """Say that a commitment was fulfilled, or that it was not: then it is open again.

    `done_number` is the fulfilment the page showed. A second time gives the first verdict.
    Refuses with NotFound, SignInNeeded, WhyMissing, NotTheirs, and with MovedMeanwhile what is
    not called done any more.
    """
    if actor.person_id is None:
        raise SignInNeeded
    if not confirms and not reason.strip():
        raise WhyMissing
    async with transaction():
        found = await held(actor, commitment_id, Action.CONTRIBUTE)
        earlier = await verdict_of(actor, found, done_number)
        if earlier is not None:
            return earlier
        if found.done_count != done_number or after_dispute(found.state) is None:
            raise MovedMeanwhile
        asked = await has_asked(actor.entity_id, found.id, actor.person_id, cosigners)
        is_owner = found.owner_id == actor.person_id
        if not may_judge(found.state, has_asked=asked, is_owner=is_owner, has_judged=False):
            raise NotTheirs
        verdict = await Verdict.create(
            entity_id=actor.entity_id, commitment=found, person_id=actor.person_id,
            done_number=done_number, is_confirmed=confirms, reason=reason, at=now,
        )  # fmt: skip
        await _follow(actor, found, verdict, now)
    return verdict


async def _follow(actor: Actor, found: Commitment, verdict: Verdict, now: datetime) -> None:
    """Reopen what is disputed; a confirmation moves nothing."""
    reopened = after_dispute(found.state)
    if verdict.is_confirmed or reopened is None:
        await touch(found.entity_id, found.process_id)
        return
    found.state = reopened
    await take_step(actor, found, Act.DISPUTED, note="", now=now, verdict_id=verdict.id)


async def verdict_of(actor: Actor, found: Commitment, done_number: int) -> Verdict | None:
    """Give what the actor said of one time a commitment was called done, if anything."""
    if actor.person_id is None:
        return None
    rows = Verdict.of(actor.entity_id).filter(commitment_id=found.id, done_number=done_number)
    return await rows.filter(person_id=actor.person_id).first()


async def hide_reason(
    actor: Actor, commitment_id: int, verdict_id: int, *, rule: str, now: datetime
) -> None:
    """Hide the words of a dispute under a published rule.

    That it was disputed stays. Twice is once. Refuses with NotFound, NotAllowed and BadInput.
    """
    if rule not in MODERATION_RULES:
        raise BadInput(_("Elija la norma que incumple."))
    async with transaction():
        found = await held(actor, commitment_id, Action.READ)
        rows = Verdict.of(actor.entity_id).filter(id=verdict_id, commitment_id=found.id)
        verdict = await rows.first()
        if verdict is None:
            raise NotFound
        target = replace(process_target(found.process), owner_id=verdict.person_id)
        permit(actor, target, Action.MODERATE)
        if verdict.hidden_rule:
            return
        verdict.hidden_rule = rule
        await verdict.save(update_fields=["hidden_rule"])
        await touch(found.entity_id, found.process_id)
        await record(
            entity_id=found.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="commitments.hide_reason",
            object_kind=KIND,
            object_id=found.id,
            object_label=found.title,
            reason=str(MODERATION_RULES[rule]),
            now=now,
        )
