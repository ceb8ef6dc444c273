"""The worker's part: moving what was said about passages to new versions of the text."""

from datetime import timedelta

from participa.consultations.anchors import place_again
from participa.entities.models import Entity
from participa.plans.models import Plan

MOVE, MOVE_REST = "consultations.move_passages", "consultations.move_rest"
# A comment sent at the very moment of a publication may be committed after its passages moved.
REST_EVERY = timedelta(hours=1)


async def move_passages(arguments: dict[str, object]) -> None:
    """Move the passages of the plan it is told of."""
    entity_id, plan_id = (int(str(arguments[name])) for name in ("entity_id", "plan_id"))
    await place_again(entity_id, plan_id)


async def move_rest(_arguments: dict[str, object]) -> None:
    """Move what an earlier run did not see, in every entity."""
    for entity in await Entity.all().order_by("id"):
        for plan in await Plan.of(entity.id).filter(current_version__gt=1):
            await place_again(entity.id, plan.id)
