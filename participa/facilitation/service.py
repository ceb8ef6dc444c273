"""The acts of those who look after a conversation. Each stands in the public log (T41)."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import after_commit, transaction
from participa.deliberation.events import announce, topic
from participa.deliberation.models import Conclusion, Contribution, ReceiptCounter, Thread
from participa.deliberation.service import next_number
from participa.deliberation.texts import rendered
from participa.i18n import _
from participa.processes.service import touch
from participa.realtime import wake
from participa.web.refusals import Conflict, NotFound


async def conclude(actor: Actor, thread_id: int, text: str, *, now: datetime) -> Conclusion:
    """Close a thread with a written conclusion, or write that anew; each wording stays public.

    The same words again change nothing. Refuses with NotFound and with TextRefused.
    """
    body = await rendered(text)
    async with transaction():
        thread = await held_thread(actor, thread_id)
        latest = await _latest(thread)
        _require_apart(thread)
        was_open = thread.closed_at is None
        if latest is not None and not was_open and latest.body_source == text:
            return latest
        written = await Conclusion.create(
            entity_id=actor.entity_id,
            thread=thread,
            number=latest.number + 1 if latest else 1,
            author_id=actor.person_id,
            author_name=actor.name,
            office=actor.office,
            body_source=text,
            body_html=body.html,
            sanitiser_version=body.version,
            written_at=now,
        )
        if was_open:
            await Thread.of(actor.entity_id).filter(id=thread.id).update(closed_at=now)
        await done(actor, thread, "concluded" if was_open else "reworded", reason=text, now=now)
    return written


async def reopen(actor: Actor, thread_id: int, *, reason: str, now: datetime) -> None:
    """Let people speak again in a thread that was closed with a conclusion.

    Its conclusion stays in the history. Refuses with NotFound, and with Conflict for a thread
    that is not closed.
    """
    async with transaction():
        thread = await held_thread(actor, thread_id)
        if thread.closed_at is None:
            raise Conflict(_("Esta conversación ya está abierta."))
        _require_apart(thread)
        await Thread.of(actor.entity_id).filter(id=thread.id).update(closed_at=None)
        await done(actor, thread, "reopened", reason=reason, now=now)


def _require_apart(thread: Thread) -> None:
    if thread.merged_at is not None:
        raise Conflict(_("Esta conversación se unió a otra. Sepárela primero."))


async def held_thread(actor: Actor, thread_id: int) -> Thread:
    """Read a thread and hold it until commit. Refuses with NotFound, also for a hidden one."""
    rows = Thread.of(actor.entity_id).filter(id=thread_id, is_hidden=False)
    thread = await rows.select_for_update(no_key=True).first()
    if thread is None:
        raise NotFound
    return thread


async def held_threads(actor: Actor, ids: Collection[int]) -> dict[int, Thread]:
    """Read threads and hold them until commit, in one order for all. Refuses with NotFound."""
    rows = Thread.of(actor.entity_id).filter(id__in=list(ids), is_hidden=False)
    found = await rows.order_by("id").select_for_update(no_key=True)
    if len(found) < len(ids):
        raise NotFound
    return {thread.id: thread for thread in found}


def tell(*threads: Thread) -> None:
    """Wake those who watch threads, once the act is committed."""
    for thread in threads:
        after_commit(partial(wake, topic(thread.id)))


async def _latest(thread: Thread) -> Conclusion | None:
    rows = Conclusion.of(thread.entity_id).filter(thread_id=thread.id)
    return await rows.order_by("-number").first()


async def done(
    actor: Actor,
    thread: Thread,
    act: str,
    *,
    reason: str = "",
    now: datetime,
    contribution: Contribution | None = None,
    is_activity: bool = True,
) -> None:
    """Number an act upon a thread, tell it to those who watch and write it in the public log.

    `contribution` is what in the thread it was done to, if it was not the thread itself. What is
    no activity does not bring the thread to the top of its list.
    """
    # Who reads events for the mail holds the counters too: none with a smaller id comes later.
    await ReceiptCounter.of(actor.entity_id).select_for_update()
    number = await next_number(thread, now, is_activity=is_activity)
    await announce(thread, number, act, contribution.id if contribution else None, now)
    await log(actor, thread, act, reason=reason, now=now, contribution=contribution)
    await touch(actor.entity_id, thread.process_id)


async def log(
    actor: Actor,
    thread: Thread,
    act: str,
    *,
    reason: str,
    now: datetime,
    contribution: Contribution | None = None,
) -> None:
    """Write an act upon a thread, or upon a contribution in it, in the public log."""
    await record(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=f"facilitation.{act}",
        object_kind="deliberation.contribution" if contribution else "deliberation.thread",
        object_id=contribution.id if contribution else thread.id,
        object_label=contribution.receipt_number if contribution else thread.title,
        reason=reason,
        now=now,
    )
