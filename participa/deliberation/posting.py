"""Publishing much at once: what was said elsewhere, in a bounded number of statements."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from participa.db import after_commit
from participa.deliberation.events import topic
from participa.deliberation.importing.ids import reserve_ids
from participa.deliberation.models import Contribution, Thread, ThreadEvent
from participa.deliberation.receipts import take_receipts
from participa.deliberation.rules import child_path
from participa.deliberation.saying import Said
from participa.deliberation.texts import Body
from participa.realtime import wake

BATCH = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """A conversation to be opened: see `models.Thread`."""

    kind: str
    place_id: int
    activity: str
    title: str


@dataclass(frozen=True, slots=True)
class Post:
    """What is said at the root of a thread, given by its id, or what opens one."""

    where: int | Opening
    said: Said
    body: Body


async def post_many(
    entity_id: int,
    process_id: int,
    posts: Sequence[Post],
    *,
    author_id: int | None,
    now: datetime,
) -> list[int]:
    """Publish in the caller's transaction and give the ids, in the order of the posts.

    Everything is as after `acts.placing` one by one, and whoever watches a conversation is told
    once. Every thread is locked before any receipt, in the order of ids: what every act does, so
    that none waits in a circle. Nothing is asked here.
    """
    old = await _locked(entity_id, posts)
    new = await _opened(entity_id, process_id, posts, now)
    threads = [new[at] if at in new else old[_id(post)] for at, post in enumerate(posts)]
    numbers = [_count_in(thread, now) for thread in threads]
    await _write_threads(list(new.values()), list(old.values()))
    receipts = await take_receipts(entity_id, now.year, len(posts))
    ids = await reserve_ids(Contribution, len(posts))
    rows = list(zip(posts, threads, numbers, receipts, ids, strict=True))
    # Made batch by batch: between two of them other requests are answered.
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        batch = [_row(*row, author_id=author_id, now=now) for row in part]
        await Contribution.bulk_create(batch)
        await ThreadEvent.bulk_create([_published(row) for row in batch])
    for thread_id in old:
        after_commit(partial(wake, topic(thread_id)))
    return ids


def _id(post: Post) -> int:
    return post.where if isinstance(post.where, int) else 0


async def _locked(entity_id: int, posts: Sequence[Post]) -> dict[int, Thread]:
    ids = sorted({_id(post) for post in posts} - {0})
    rows = Thread.of(entity_id).filter(id__in=ids).order_by("id")
    return {thread.id: thread for thread in await rows.select_for_update(no_key=True)}


async def _opened(
    entity_id: int, process_id: int, posts: Sequence[Post], now: datetime
) -> dict[int, Thread]:
    """Make the threads that posts open, by the place of the post."""
    opening = [(at, post.where) for at, post in enumerate(posts) if not isinstance(post.where, int)]
    ids = await reserve_ids(Thread, len(opening))
    found = {}
    for (at, opens), thread_id in zip(opening, ids, strict=True):
        found[at] = _thread(entity_id, process_id, opens, thread_id, now)
        if len(found) % BATCH == 0:
            await asyncio.sleep(0)
    return found


def _thread(
    entity_id: int, process_id: int, opens: Opening, thread_id: int, now: datetime
) -> Thread:
    return Thread(
        id=thread_id,
        entity_id=entity_id,
        process_id=process_id,
        kind=opens.kind,
        place_id=opens.place_id,
        activity=opens.activity,
        title=opens.title[:300],
        created_at=now,
        last_activity_at=now,
    )


def _count_in(thread: Thread, now: datetime) -> int:
    thread.last_number += 1
    thread.contribution_count += 1
    thread.last_activity_at = max(thread.last_activity_at, now)
    return thread.last_number


async def _write_threads(new: list[Thread], old: list[Thread]) -> None:
    for start in range(0, len(new), BATCH):
        await Thread.bulk_create(new[start : start + BATCH])
    if old:
        changed = ("last_number", "contribution_count", "last_activity_at")
        await Thread.bulk_update(old, changed, batch_size=BATCH)


def _row(
    post: Post,
    thread: Thread,
    number: int,
    receipt: str,
    row_id: int,
    *,
    author_id: int | None,
    now: datetime,
) -> Contribution:
    said = post.said
    return Contribution(
        id=row_id,
        entity_id=thread.entity_id,
        thread_id=thread.id,
        process_id=thread.process_id,
        number=number,
        path=child_path("", number),
        is_opening=not isinstance(post.where, int),
        author_id=author_id,
        office=said.office,
        body_source=said.body,
        body_html=post.body.html,
        sanitiser_version=post.body.version,
        stance=said.stance,
        channel=said.channel,
        people_count=said.people_count,
        voice=said.voice,
        place=said.place,
        category=said.category,
        receipt_number=receipt,
        created_at=now,
    )


def _published(row: Contribution) -> ThreadEvent:
    return ThreadEvent(
        entity_id=row.entity_id,
        thread_id=row.thread_id,
        number=row.number,
        kind="published",
        contribution_id=row.id,
        at=row.created_at,
    )
