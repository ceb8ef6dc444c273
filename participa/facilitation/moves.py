"""Moving a contribution, with what answers it, to another conversation of the same process.

It keeps its receipt, its supports, its history and its author; it gets a number in its new
thread, whose events stay without a gap, and leaves a mark where it stood.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.expressions import F

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.closing import ThreadConcluded
from participa.deliberation.models import (
    Contribution,
    Departure,
    Pin,
    ReceiptCounter,
    Thread,
    ThreadEvent,
)
from participa.deliberation.rules import MAX_TITLE, child_path
from participa.deliberation.service import open_thread
from participa.facilitation.rules import MOST_MOVED
from participa.facilitation.service import held_threads, log, tell
from participa.i18n import _
from participa.processes.service import touch
from participa.web.refusals import Conflict, NotFound

_BATCH = 200


class Immovable(Conflict):
    """What cannot be moved, with the reason as its title."""


async def move(
    actor: Actor, contribution_id: int, thread_id: int, *, reason: str, now: datetime
) -> Thread:
    """Move a contribution and its answers to another thread; gives that thread.

    Refuses with NotFound for what is not in this entity or not in the same process, with
    ThreadConcluded, and with Immovable.
    """
    async with transaction():
        found = await _asked_for(actor, contribution_id)
        threads = await held_threads(actor, {found.thread_id, thread_id})
        source, target = threads[found.thread_id], threads[thread_id]
        if target.process_id != source.process_id:
            raise NotFound
        if target.id == source.id:
            raise Immovable(_("Ese aporte ya está en esa conversación."))
        if target.closed_at is not None:
            raise ThreadConcluded
        await _carry(actor, found.id, source, target, reason=reason, now=now)
    return target


async def split(
    actor: Actor, contribution_id: int, title: str, *, reason: str, now: datetime
) -> Thread:
    """Make a contribution and its answers a conversation of their own, in the same list.

    Refuses as `move` does, and with Immovable where conversations are in no list.
    """
    async with transaction():
        found = await _asked_for(actor, contribution_id)
        source = (await held_threads(actor, {found.thread_id}))[found.thread_id]
        if source.sole_key is not None:
            raise Immovable(_("Aquí no se pueden abrir más conversaciones."))
        target = await open_thread(
            entity_id=actor.entity_id,
            process_id=source.process_id,
            kind=source.kind,
            place_id=source.place_id,
            activity=source.activity,
            title=title[:MAX_TITLE],
            category=source.category,
            now=now,
        )
        await _carry(actor, found.id, source, target, reason=reason, now=now, opens=True)
    return target


async def _asked_for(actor: Actor, contribution_id: int) -> Contribution:
    found = await Contribution.of(actor.entity_id).filter(id=contribution_id).first()
    if found is None:
        raise NotFound
    if found.is_opening:
        raise Immovable(_("Lo que abre una conversación no se traslada: es la conversación."))
    return found


async def _carry(
    actor: Actor,
    root_id: int,
    source: Thread,
    target: Thread,
    *,
    reason: str,
    now: datetime,
    opens: bool = False,
) -> None:
    """Do it, with both threads held."""
    root = await Contribution.of(actor.entity_id).get(id=root_id)
    if root.thread_id != source.id:
        raise Immovable(_("Alguien acaba de trasladar ese aporte."))
    moved = await _with_answers(root)
    await ReceiptCounter.of(actor.entity_id).select_for_update()
    await _leave(root, target, now)
    first = target.last_number + 1
    await _arrive(moved, target, first, opens=opens)
    await _count(source, -len(moved), len(moved), now)
    await _count(target, len(moved), len(moved), now)
    if opens:
        await (
            Thread.of(actor.entity_id).filter(id=target.id).update(support_count=root.support_count)
        )
    await _announce(source, moved, "moved", source.last_number + 1, now)
    await _announce(target, moved, "arrived", first, now)
    await log(actor, source, "moved_out", reason=reason, now=now)
    await log(actor, target, "moved", reason=reason, now=now, contribution=root)
    await touch(actor.entity_id, source.process_id)
    tell(source, target)


async def _with_answers(root: Contribution) -> list[Contribution]:
    """List a contribution and everything below it, each after what it answers.

    Numbers grow downwards; at the deepest level answers stand beside what they answer, so paths
    do not tell.
    """
    rows = Contribution.of(root.entity_id).filter(thread_id=root.thread_id, number__gt=root.number)
    inside = {root.id}
    moved = [root]
    below = rows.exclude(parent_id=None).only("id", "parent_id").order_by("number")
    for row in await below:
        if row.parent_id in inside:
            inside.add(row.id)
            moved.append(row)
    if len(moved) > MOST_MOVED:
        raise Immovable(_("Son demasiados aportes para trasladarlos de una vez."))
    return moved


async def _leave(root: Contribution, target: Thread, now: datetime) -> None:
    entity_id = root.entity_id
    if root.parent_id is not None:
        above = Contribution.of(entity_id).filter(id=root.parent_id)
        await above.update(reply_count=F("reply_count") - 1)
    await Departure.create(
        entity_id=entity_id, thread_id=root.thread_id, contribution=root, path=root.path,
        to_title=target.title, moved_at=now,
    )  # fmt: skip


async def _arrive(
    moved: Sequence[Contribution], target: Thread, first: int, *, opens: bool
) -> None:
    entity_id = target.entity_id
    ids = [each.id for each in moved]
    await Pin.of(entity_id).filter(contribution_id__in=ids).delete()
    # Whatever comes back has a place here again.
    await Departure.of(entity_id).filter(thread_id=target.id, contribution_id__in=ids).delete()
    paths: dict[int, str] = {}
    for number, each in enumerate(moved, first):
        is_root = each is moved[0]
        above = "" if is_root or each.parent_id is None else paths[each.parent_id]
        paths[each.id] = child_path(above, number)
        row = Contribution.of(entity_id).filter(id=each.id)
        values: dict[str, object] = {"parent_id": None, "is_opening": opens} if is_root else {}
        await row.update(thread_id=target.id, number=number, path=paths[each.id], **values)


async def _count(thread: Thread, change: int, events: int, now: datetime) -> None:
    row = Thread.of(thread.entity_id).filter(id=thread.id)
    await row.update(
        last_number=F("last_number") + events,
        contribution_count=F("contribution_count") + change,
        last_activity_at=now,
    )


async def _announce(
    thread: Thread, moved: Sequence[Contribution], kind: str, first: int, now: datetime
) -> None:
    events = [
        ThreadEvent(
            entity_id=thread.entity_id, thread_id=thread.id, number=number, kind=kind,
            contribution_id=each.id, at=now,
        )
        for number, each in enumerate(moved, first)
    ]  # fmt: skip
    await ThreadEvent.bulk_create(events, batch_size=_BATCH)
