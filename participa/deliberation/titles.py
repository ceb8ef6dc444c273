"""A thread's title is part of the words that open it: it goes with them, and comes back.

Meanwhile the thread is called by the receipt number of what opened it, in every language.
"""

from tortoise.expressions import Subquery

from participa.deliberation.models import Contribution, Departure, Thread
from participa.processes.service import touch


async def withhold_title(opening: Contribution, *, for_good: bool) -> None:
    """Take the title away that was given with an opening; `for_good` erases it.

    The caller holds the thread; what opens nothing has no title.
    """
    thread = opening.thread
    if not opening.is_opening or thread.sole_key is not None:
        return
    kept = thread.withheld_title or thread.title
    await _rename(thread, opening.receipt_number, "" if for_good else kept)


async def give_title_back(opening: Contribution) -> None:
    """Call a thread again as it was called, with its opening shown again."""
    thread = opening.thread
    if opening.is_opening and thread.withheld_title:
        await _rename(thread, thread.withheld_title, "")


async def _rename(thread: Thread, title: str, withheld: str) -> None:
    entity_id, before = thread.entity_id, thread.title
    thread.title, thread.withheld_title = title, withheld
    await thread.save(update_fields=["title", "withheld_title"])
    beside = Thread.of(entity_id).filter(process_id=thread.process_id)
    moved = Departure.of(entity_id).filter(thread_id__in=Subquery(beside.values("id")))
    await moved.filter(to_title=before).update(to_title=title)
    await touch(entity_id, thread.process_id)
