"""Numbered events of a thread: stored with the act, announced after its commit."""

from datetime import datetime
from functools import partial

from participa.db import after_commit
from participa.deliberation.models import Thread, ThreadEvent
from participa.realtime import wake


def topic(thread_id: int) -> str:
    """Name the topic that a thread's watchers wait on."""
    return f"deliberation.thread:{thread_id}"


async def announce(
    thread: Thread, number: int, kind: str, contribution_id: int | None, now: datetime
) -> None:
    """Store an event inside the act's transaction and wake the watchers after it."""
    await ThreadEvent.create(
        entity_id=thread.entity_id,
        thread_id=thread.id,
        number=number,
        kind=kind,
        contribution_id=contribution_id,
        at=now,
    )
    after_commit(partial(wake, topic(thread.id)))
