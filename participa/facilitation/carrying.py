"""How contributions get from one thread into another: numbers, paths, counts, events.

For the acts that move and merge, which hold both threads and write the public log.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from tortoise.expressions import F

from participa.deliberation.models import Contribution, Departure, Pin, Thread, ThreadEvent
from participa.deliberation.rules import child_path

_BATCH = 200


async def with_answers(roots: Sequence[Contribution]) -> list[Contribution]:
    """List contributions of one thread and everything below them, each after what it answers.

    Numbers grow downwards; at the deepest level answers stand beside what they answer, so paths
    do not tell.
    """
    if not roots:
        return []
    inside = {root.id for root in roots}
    thread_id, first = roots[0].thread_id, min(root.number for root in roots)
    rows = Contribution.of(roots[0].entity_id).filter(thread_id=thread_id, number__gt=first)
    below = rows.exclude(parent_id=None).only("id", "parent_id", "number").order_by("number")
    found = list(roots)
    for row in await below:
        if row.parent_id in inside and row.id not in inside:
            inside.add(row.id)
            found.append(row)
    return sorted(found, key=lambda each: each.number)


async def carry(
    moved: Sequence[Contribution],
    roots: Sequence[Contribution],
    source: Thread,
    target: Thread,
    *,
    now: datetime,
    opens: bool = False,
    merge_id: int | None = None,
) -> None:
    """Move contributions, the roots among them to the top level, and tell it in both threads.

    With `opens` the one root opens the target.
    """
    for root in roots:
        await _leave(root, target, now, merge_id)
    first = target.last_number + 1
    await _arrive(moved, {root.id for root in roots}, target, first, opens=opens)
    await _count(source, -len(moved), len(moved), now)
    await _count(target, len(moved), len(moved), now)
    await _announce(source, moved, "moved", source.last_number + 1, now)
    await _announce(target, moved, "arrived", first, now)


async def _leave(root: Contribution, target: Thread, now: datetime, merge_id: int | None) -> None:
    entity_id = root.entity_id
    if root.parent_id is not None:
        above = Contribution.of(entity_id).filter(id=root.parent_id)
        await above.update(reply_count=F("reply_count") - 1)
    await Departure.create(
        entity_id=entity_id, thread_id=root.thread_id, contribution=root, path=root.path,
        to_title=target.title, moved_at=now, merge_id=merge_id,
    )  # fmt: skip


async def _arrive(
    moved: Sequence[Contribution],
    roots: Collection[int],
    target: Thread,
    first: int,
    *,
    opens: bool,
) -> None:
    entity_id = target.entity_id
    ids = [each.id for each in moved]
    await Pin.of(entity_id).filter(contribution_id__in=ids).delete()
    # Whatever comes back has a place here again.
    await Departure.of(entity_id).filter(thread_id=target.id, contribution_id__in=ids).delete()
    paths: dict[int, str] = {}
    for number, each in enumerate(moved, first):
        is_root = each.id in roots
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
