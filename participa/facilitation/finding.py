"""Finding where something may be moved, and what it may be merged into, by words."""

from collections.abc import Sequence

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from participa.deliberation.models import Contribution, Merge, Thread
from participa.deliberation.rules import State
from participa.facilitation.rules import MOST_OFFERED

MOST_LETTERS = 80
# So many are offered of what was sought.
MOST_FOUND = 20


async def open_threads(beside: Thread, sought: str = "") -> list[Thread]:
    """List the threads of the same process to which something may be moved, the latest first.

    With `sought`, those with these words in their title.
    """
    rows = Thread.of(beside.entity_id).filter(process_id=beside.process_id, is_hidden=False)
    others = rows.filter(closed_at=None).exclude(id=beside.id)
    for word in sought.split():
        others = others.filter(title__icontains=word)
    return await others.order_by("-last_activity_at", "-id").limit(MOST_OFFERED)


async def contributions_like(said: Contribution, sought: str) -> list[Contribution]:
    """List what a contribution may be merged into and has all of these words, the latest first."""
    rows = _others(said)
    for word in sought.split():
        rows = rows.filter(Q(body_source__icontains=word) | Q(thread__title__icontains=word))
    return await rows.order_by("-id").limit(MOST_FOUND)


async def openings_of(said: Contribution, threads: Sequence[int]) -> list[Contribution]:
    """Give what opens these threads, in their order, where it may be merged into."""
    rows = _others(said).filter(thread_id__in=list(threads), is_opening=True)
    found = {row.thread_id: row for row in await rows}
    return [found[each] for each in threads if each in found]


def _others(said: Contribution) -> QuerySet[Contribution]:
    merged = Merge.of(said.entity_id).values("contribution_id")
    rows = Contribution.of(said.entity_id).filter(
        process_id=said.process_id, state=State.PUBLISHED, office="",
        thread__is_hidden=False, thread__closed_at=None,
    )  # fmt: skip
    rows = rows.exclude(id=said.id).exclude(id__in=Subquery(merged))
    if said.is_opening:
        rows = rows.filter(is_opening=True)
    return rows.select_related("thread", "author")
