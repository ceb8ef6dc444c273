"""A step of a commitment: permission, its row held, the history, the log, and who is told."""

from datetime import date, datetime

from participa.accounts.guard import refuse
from participa.accounts.permissions import Action, Actor, Target, can
from participa.audit import record
from participa.commitments.models import Commitment, Step
from participa.commitments.rules import ACTS, KIND, SETTLED, TOLD, Act, State
from participa.entities.models import Entity
from participa.jobs import enqueue
from participa.processes.queries import process_target
from participa.processes.service import touch
from participa.web.refusals import NotFound

TELL_STEP = "commitments.tell_step"


def permit(actor: Actor, target: Target, action: Action = Action.MANAGE_PROCESS) -> None:
    """Refuse who may not do this in the process of a commitment."""
    if not can(actor, action, target):
        refuse(actor, target)


def today_of(entity: Entity, now: datetime) -> date:
    """Give the day by the entity's clock."""
    return now.astimezone(entity.zone).date()


async def held(
    actor: Actor, commitment_id: int, action: Action = Action.MANAGE_PROCESS
) -> Commitment:
    """Hold a commitment until commit. Refuses with NotFound, and who may not do this."""
    rows = Commitment.of(actor.entity_id).filter(id=commitment_id)
    if await rows.select_for_update(no_key=True).first() is None:
        raise NotFound
    found = await rows.select_related("process").get()
    permit(actor, process_target(found.process), action)
    return found


async def take_step(
    actor: Actor,
    found: Commitment,
    act: Act,
    *,
    note: str,
    now: datetime,
    verdict_id: int | None = None,
) -> Step:
    """Write a step of a commitment that the caller holds, in history and log, and have it told."""
    found.step_count += 1
    found.is_settled = found.state in SETTLED
    if found.state != State.DONE:
        found.done_on = None
    await found.save()
    step = await Step.create(
        entity_id=found.entity_id,
        commitment=found,
        number=found.step_count,
        act=act,
        state=found.state,
        due_on=found.due_on,
        office="" if act is Act.DISPUTED else await _office(actor),
        actor_name="" if act is Act.DISPUTED else actor.name,
        note=note,
        verdict_id=verdict_id,
        at=now,
    )
    await touch(found.entity_id, found.process_id)
    await log(actor, found, act, f"{ACTS[act]}. {note}".strip(), now)
    if act in TOLD or act is Act.DISPUTED:
        arguments: dict[str, object] = {
            "entity_id": found.entity_id, "step_id": step.id, "by": actor.person_id or 0,
        }  # fmt: skip
        await enqueue(TELL_STEP, arguments, entity_id=found.entity_id, run_at=now)
    return step


async def _office(actor: Actor) -> str:
    if actor.office:
        return actor.office
    entity: Entity = await Entity.get(id=actor.entity_id)
    return entity.short_name


async def log(actor: Actor, found: Commitment, act: str, reason: str, now: datetime) -> None:
    """Write an act on a commitment down in the public log, inside its transaction."""
    await record(
        entity_id=found.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=f"commitments.{act}",
        object_kind=KIND,
        object_id=found.id,
        object_label=found.title,
        reason=reason,
        now=now,
    )
