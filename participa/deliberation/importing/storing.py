"""Writing a batch in one transaction, with everything `service` keeps true post by post."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from tortoise.expressions import F

from participa.db import after_commit
from participa.deliberation.events import topic
from participa.deliberation.importing.deciding import Accepted, Found
from participa.deliberation.importing.ids import reserve_ids
from participa.deliberation.importing.people import people_for
from participa.deliberation.importing.results import Stored
from participa.deliberation.mapping import ImportRecord
from participa.deliberation.models import Contribution, Thread, ThreadEvent
from participa.deliberation.receipts import take_receipts
from participa.deliberation.rules import State, child_path
from participa.deliberation.voices import mesa_voice
from participa.realtime import wake


@dataclass(frozen=True, slots=True)
class Place:
    """Where threads are opened: the forum or consultation, and what a phase opens in it."""

    kind: str
    place_id: int
    activity: str


# Called inside the transaction that needs it, so that a place made for an import that fails is
# not left behind empty.
PlaceOf = Callable[[], Awaitable[Place]]


@dataclass(frozen=True, slots=True)
class Goal:
    """Where an import goes, and in whose name its official rows speak."""

    entity_id: int
    process_id: int
    office: str
    now: datetime
    place_of: PlaceOf | None
    zone: ZoneInfo


async def store(goal: Goal, accepted: Sequence[Accepted], found: Found) -> Stored:
    """Write what was accepted, inside the caller's transaction.

    Threads are locked before anything of theirs is read, in the order of their ids, and receipts
    are taken after: the order of every other act, so that none waits in a circle.
    """
    records = [each.record for each in accepted]
    people, new_people = await people_for(goal.entity_id, _authors(records), goal.now)
    threads = await _locked_threads(goal, records, found)
    opened = await _new_threads(goal, records)
    writer = _Writer(goal, {**threads, **opened}, people, found)
    receipts = await take_receipts(goal.entity_id, goal.now.year, len(records))
    ids = await reserve_ids(Contribution, len(records))
    for each, receipt, row_id in zip(accepted, receipts, ids, strict=True):
        writer.add(each, receipt, row_id)
    await writer.write(new=list(opened.values()), old=list(threads.values()))
    for thread in threads.values():
        after_commit(partial(wake, topic(thread.id)))
    return Stored(
        threads=len(opened),
        contributions=len(records),
        removed=sum(record.empty for record in records),
        people=new_people,
        supports=sum(record.supports for record in records),
    )


def author_key(record: ImportRecord) -> str | None:
    """Give whose pseudonym a record carries; who speaks for the entity has none."""
    return None if record.official else record.author_key


def _authors(records: Sequence[ImportRecord]) -> list[str]:
    return [key for record in records if (key := author_key(record)) is not None]


async def _locked_threads(
    goal: Goal, records: Sequence[ImportRecord], found: Found
) -> dict[str, Thread]:
    keys = {record.thread_source_key for record in records} & found.threads.keys()
    rows = Thread.of(goal.entity_id).filter(id__in=[found.threads[key].id for key in keys])
    locked = await rows.order_by("id").select_for_update(no_key=True)
    return {thread.source_key: thread for thread in locked if thread.source_key is not None}


async def _new_threads(goal: Goal, records: Sequence[ImportRecord]) -> dict[str, Thread]:
    opening = [record for record in records if record.opens_thread]
    if not opening:
        return {}
    if goal.place_of is None:
        raise ValueError("records that open threads need a place to open them in")
    place = await goal.place_of()
    ids = await reserve_ids(Thread, len(opening))
    return {
        record.thread_source_key: Thread(
            id=thread_id,
            entity_id=goal.entity_id,
            process_id=goal.process_id,
            kind=place.kind,
            place_id=place.place_id,
            activity=place.activity,
            title=record.title or "",
            category=record.category or "",
            source_key=record.thread_source_key,
            support_count=record.supports,
            created_at=record.created_at or goal.now,
            last_activity_at=record.created_at or goal.now,
        )
        for record, thread_id in zip(opening, ids, strict=True)
    }


class _Writer:
    """The rows of a batch, made one after the other and written together."""

    def __init__(
        self, goal: Goal, threads: dict[str, Thread], people: dict[str, int], found: Found
    ) -> None:
        self._goal = goal
        self._threads = threads
        self._people = people
        self._found = found
        self._rows: dict[str, Contribution] = {}
        self._events: list[ThreadEvent] = []
        # Replies to what was there before the batch, by the id of what they reply to.
        self._replies: Counter[int] = Counter()

    def add(self, accepted: Accepted, receipt: str, row_id: int) -> None:
        """Give a record its number, its place in the conversation and its event."""
        record = accepted.record
        said_at = record.created_at or self._goal.now
        thread = self._threads[record.thread_source_key]
        thread.last_number += 1
        thread.contribution_count += 1
        thread.last_activity_at = max(thread.last_activity_at, said_at)
        parent_id, parent_path = self._parent(record)
        author = author_key(record)
        self._rows[record.source_key] = Contribution(
            id=row_id,
            entity_id=self._goal.entity_id,
            thread_id=thread.id,
            process_id=self._goal.process_id,
            number=thread.last_number,
            path=child_path(parent_path, thread.last_number),
            parent_id=parent_id,
            is_opening=record.opens_thread,
            author_id=None if author is None else self._people[author],
            office=self._goal.office if record.official else "",
            body_source=record.body,
            body_format="html" if record.is_html else "markdown",
            body_html=accepted.body.html,
            sanitiser_version=accepted.body.version,
            stance=record.stance,
            state=State.REMOVED if record.empty else State.PUBLISHED,
            channel=record.channel,
            voice=self._voice(record, said_at),
            place=record.place or "",
            category=record.category or "",
            receipt_number=receipt,
            source_key=record.source_key,
            # Only how many is known, not who: a number without rows of Support behind it.
            support_count=record.supports,
            created_at=said_at,
        )
        self._events.append(
            ThreadEvent(
                entity_id=self._goal.entity_id,
                thread_id=thread.id,
                number=thread.last_number,
                kind="published",
                contribution_id=row_id,
                at=said_at,
            )
        )

    def _voice(self, record: ImportRecord, said_at: datetime) -> str:
        if record.channel != "workshop":
            return ""
        return mesa_voice(record.place or "", said_at.astimezone(self._goal.zone).date(), 1)

    def _parent(self, record: ImportRecord) -> tuple[int | None, str]:
        key = record.parent_source_key
        if key is None:
            return None, ""
        if key in self._rows:
            row = self._rows[key]
            row.reply_count += 1
            return row.id, row.path
        spot = self._found.contributions[key]
        self._replies[spot.id] += 1
        return spot.id, spot.path

    async def write(self, *, new: list[Thread], old: list[Thread]) -> None:
        """Write everything, a handful of statements whatever the size of the batch."""
        if new:
            await Thread.bulk_create(new)
        if old:
            changed = ("last_number", "contribution_count", "last_activity_at")
            await Thread.bulk_update(old, changed)
        await Contribution.bulk_create(self._rows.values())
        await self._count_replies()
        await ThreadEvent.bulk_create(self._events)

    async def _count_replies(self) -> None:
        alike: dict[int, list[int]] = defaultdict(list)
        for parent_id, count in self._replies.items():
            alike[count].append(parent_id)
        for count, parents in alike.items():
            rows = Contribution.of(self._goal.entity_id).filter(id__in=parents)
            await rows.update(reply_count=F("reply_count") + count)
