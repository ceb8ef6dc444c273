"""Moving a contribution, with what answers it, to another conversation of the same process.

It keeps its receipt, its supports, its history and its author; it gets a number in its new
thread, whose events stay without a gap, and leaves a mark where it stood.
"""

from datetime import datetime

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.closing import ThreadConcluded
from participa.deliberation.models import Contribution, ReceiptCounter, Thread
from participa.deliberation.rules import MAX_TITLE
from participa.deliberation.service import open_thread
from participa.facilitation.carrying import carry, with_answers
from participa.facilitation.rules import MOST_MOVED
from participa.facilitation.service import held_threads, log, tell
from participa.i18n import _
from participa.processes.service import touch
from participa.web.refusals import Conflict, NotFound


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
    moved = await with_answers([root])
    if len(moved) > MOST_MOVED:
        raise Immovable(_("Son demasiados aportes para trasladarlos de una vez."))
    await ReceiptCounter.of(actor.entity_id).select_for_update()
    await carry(moved, [root], source, target, now=now, opens=opens)
    if opens:
        await (
            Thread.of(actor.entity_id).filter(id=target.id).update(support_count=root.support_count)
        )
    await log(actor, source, "moved_out", reason=reason, now=now)
    await log(actor, target, "moved", reason=reason, now=now, contribution=root)
    await touch(actor.entity_id, source.process_id)
    tell(source, target)
