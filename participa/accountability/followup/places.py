"""Where a goal is carried out, as an official names it."""

from collections.abc import Sequence
from datetime import datetime

from participa.accountability.followup.changes import Change, stored
from participa.accountability.followup.goal import goal_of
from participa.accountability.followup.importing import areas_by_key
from participa.accountability.models import Goal, GoalArea, GoalChange
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.kit.names import slugify
from participa.processes.service import touch
from participa.web.refusals import BadInput, NotFound


async def places_of(goal: Goal) -> list[str]:
    """Name the places of a goal, in one statement."""
    rows = GoalArea.of(goal.entity_id).filter(goal_id=goal.id).order_by("territory__name")
    return [str(name) for name in await rows.values_list("territory__name", flat=True)]


async def set_places(actor: Actor, goal_id: int, names: Sequence[str], *, now: datetime) -> None:
    """Say where a goal is carried out; the list given takes the earlier one's place.

    Permission has been asked. The same list again changes nothing. Refuses with NotFound for
    another entity's goal, and with BadInput names that are none of the entity's.
    """
    async with transaction():
        held = Goal.of(actor.entity_id).filter(id=goal_id).select_for_update(no_key=True)
        if await held.first() is None:
            raise NotFound
        goal = await goal_of(actor.entity_id, goal_id)
        known = await areas_by_key(actor.entity_id)
        if unknown := [name for name in names if slugify(name) not in known]:
            words = _("No hay un barrio o vereda con ese nombre: {list}.", list=", ".join(unknown))
            raise BadInput(words)
        wanted = {each.id: each for name in names if (each := known[slugify(name)])}
        before, after = await places_of(goal), sorted(each.name for each in wanted.values())
        if sorted(before) == after:
            return
        await GoalArea.of(actor.entity_id).filter(goal_id=goal.id).delete()
        await GoalArea.bulk_create(
            [GoalArea(entity_id=actor.entity_id, goal=goal, territory=each)
             for each in wanted.values()]
        )  # fmt: skip
        await GoalChange.create(
            entity_id=actor.entity_id, goal=goal, made_by=actor.name, made_at=now,
            changes=stored([Change("areas", tuple(before), tuple(after))]),
        )  # fmt: skip
        await touch(actor.entity_id, goal.process_id)
        await _record(actor, goal, after, now)


async def _record(actor: Actor, goal: Goal, names: Sequence[str], now: datetime) -> None:
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="accountability.set_places",
        object_kind="accountability.goal",
        object_id=goal.id,
        object_label=f"{goal.number} {goal.title}",
        reason=", ".join(names),
        now=now,
    )
