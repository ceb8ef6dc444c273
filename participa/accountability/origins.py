"""What a goal came from: the contributions that led to it, and the way back from them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from tortoise.queryset import QuerySet

from participa.accountability.followup.goal import goal_of
from participa.accountability.followup.views import goal_url
from participa.accountability.models import Goal, GoalOrigin
from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.views import excerpt
from participa.features import Commitment, Origin
from participa.i18n import _
from participa.kit.receipts import parse_receipt
from participa.processes.service import touch
from participa.web.refusals import BadInput, NotFound

MAX_ORIGINS = 100
LONGEST_LABEL = 90


class UnknownReceipts(BadInput):
    """Receipt numbers that no contribution here has, or none that can be read."""

    def __init__(self, receipts: Sequence[str]) -> None:
        super().__init__(_("No hay un aporte a la vista con {list}.", list=", ".join(receipts)))


async def set_origins(actor: Actor, goal_id: int, receipts: Sequence[str], now: datetime) -> None:
    """Say from which contributions a goal comes; the list given takes the earlier one's place.

    The same list again changes nothing. Refuses with NotFound, with UnknownReceipts what
    nobody can read here, and with BadInput more than MAX_ORIGINS.
    """
    if len(receipts) > MAX_ORIGINS:
        raise BadInput(_("Una meta nombra como mucho {most} aportes.", most=MAX_ORIGINS))
    async with transaction():
        held = Goal.of(actor.entity_id).filter(id=goal_id).select_for_update(no_key=True)
        if await held.first() is None:
            raise NotFound
        goal = await goal_of(actor.entity_id, goal_id)
        found = await _contributions(actor.entity_id, receipts)
        rows = GoalOrigin.of(actor.entity_id).filter(goal_id=goal.id)
        before = {each.contribution_id for each in await rows}
        if before == {each.id for each in found}:
            return
        await rows.delete()
        await GoalOrigin.bulk_create(
            [GoalOrigin(entity_id=actor.entity_id, goal=goal, contribution=each) for each in found]
        )
        await touch(actor.entity_id, goal.process_id)
        await record(
            entity_id=actor.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="accountability.set_origins",
            object_kind="accountability.goal",
            object_id=goal.id,
            object_label=f"{goal.number} {goal.title}",
            reason=" ".join(each.receipt_number for each in found),
            now=now,
        )


async def _contributions(entity_id: int, receipts: Sequence[str]) -> list[Contribution]:
    parsed = {each: str(parse_receipt(each) or "") for each in receipts}
    rows = _shown(entity_id, office="", receipt_number__in=list(parsed.values()))
    found = await rows.order_by("id")
    known = {each.receipt_number for each in found}
    unknown = [typed for typed, receipt in parsed.items() if receipt not in known]
    if unknown:
        raise UnknownReceipts(unknown)
    return found


def _shown(entity_id: int, **filters: object) -> QuerySet[Contribution]:
    return Contribution.of(entity_id).filter(
        state=State.PUBLISHED, thread__is_hidden=False, **filters
    )


async def origins_of_goal(goal: Goal) -> list[str]:
    """Give the receipt numbers of what led to a goal and can be read, in one statement."""
    rows = GoalOrigin.of(goal.entity_id).filter(
        goal_id=goal.id,
        contribution__state=State.PUBLISHED,
        contribution__thread__is_hidden=False,
    )
    found = await rows.order_by("contribution_id").values_list(
        "contribution__receipt_number", flat=True
    )
    return [str(each) for each in found]


async def commitments_of(
    entity_id: int, contributions: Collection[int], _now: datetime
) -> dict[int, list[Commitment]]:
    """Give, by contribution, the goals it led to in plans that the public can follow."""
    rows = GoalOrigin.of(entity_id).filter(
        contribution_id__in=list(contributions), goal__process__is_published=True
    )
    found: dict[int, list[Commitment]] = defaultdict(list)
    for each in await rows.select_related("goal__process").order_by("id"):
        found[each.contribution_id].append(Commitment(*_named(each.goal)))
    return found


def _named(goal: Goal) -> tuple[str, str]:
    """Give a goal, its process loaded, as the words and the address of a link."""
    label = excerpt(f"{goal.number} {goal.title}", LONGEST_LABEL)
    return label, goal_url(goal.id)


async def goal_links(entity_id: int, ids: Collection[int]) -> dict[int, Origin]:
    """Link goals of plans that the public can follow."""
    rows = Goal.of(entity_id).filter(id__in=list(ids), process__is_published=True)
    return {goal.id: Origin(*_named(goal)) for goal in await rows.select_related("process")}
