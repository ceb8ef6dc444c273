"""Numbered events of a thread: stored with the act, announced after its commit."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from participa.db import after_commit
from participa.deliberation.models import Thread, ThreadEvent
from participa.deliberation.shown import ShownRow
from participa.realtime import wake


class Fact(NamedTuple):
    """An event as who wrote it knows it: what its telling needs, without reading the table.

    `row` is the contribution as it stood after this event, where that is known whole.
    """

    number: int
    kind: str
    contribution_id: int
    receipt: str
    path: str
    supports: int
    row: ShownRow | None = None


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
