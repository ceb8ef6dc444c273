"""What must be true of every conversation, however it came to be."""

from collections import Counter, defaultdict

from participa.deliberation.models import Contribution, Thread, ThreadEvent
from participa.deliberation.rules import child_path


async def assert_whole(entity_id: int) -> None:
    """Check numbers, paths, counts, events and receipts of everything an entity's people said."""
    rows = await Contribution.of(entity_id).order_by("id")
    threads = {thread.id: thread for thread in await Thread.of(entity_id)}
    by_id = {row.id: row for row in rows}
    by_thread = defaultdict(list)
    for row in rows:
        by_thread[row.thread_id].append(row)
        parent = by_id[row.parent_id].path if row.parent_id is not None else ""
        assert row.path == child_path(parent, row.number)
        assert row.process_id == threads[row.thread_id].process_id
    for thread in threads.values():
        _assert_thread(thread, by_thread[thread.id])
    replies = Counter(row.parent_id for row in rows)
    assert [row.reply_count for row in rows] == [replies[row.id] for row in rows]
    events = await ThreadEvent.of(entity_id).filter(kind="published")
    told = {(event.thread_id, event.number): event.contribution_id for event in events}
    assert told == {(row.thread_id, row.number): row.id for row in rows}
    sequences = sorted(int(row.receipt_number.split("-")[2]) for row in rows)
    assert sequences == list(range(1, len(rows) + 1))


def _assert_thread(thread: Thread, rows: list[Contribution]) -> None:
    assert sorted(row.number for row in rows) == list(range(1, len(rows) + 1))
    assert (thread.last_number, thread.contribution_count) == (len(rows), len(rows))
    openings = [row for row in rows if row.is_opening]
    assert len(openings) == 1
    assert thread.support_count == openings[0].support_count
    assert thread.last_activity_at == max(row.created_at for row in rows)
