"""A trial run: what would be stored by now, so that later batches are judged as in earnest."""

from collections.abc import Sequence

from participa.deliberation.importing.deciding import Accepted, Found, Spot, ThreadSpot
from participa.deliberation.importing.people import known_people, stored_key
from participa.deliberation.importing.results import Stored
from participa.deliberation.importing.storing import author_key
from participa.deliberation.mapping import ImportRecord


class Trial:
    """The rows that were not written, reduced to their keys."""

    def __init__(self, entity_id: int, process_id: int) -> None:
        self._entity_id = entity_id
        self._process_id = process_id
        self._threads: dict[str, ThreadSpot] = {}
        self._contributions: dict[str, Spot] = {}
        self._people: set[str] = set()

    def extend(self, found: Found, batch: Sequence[ImportRecord]) -> None:
        """Add to what the database holds what it would hold by now."""
        for record in batch:
            thread = self._threads.get(record.thread_source_key)
            if thread is not None:
                found.threads[record.thread_source_key] = thread
            for key in (record.source_key, record.parent_source_key):
                if key is not None and key in self._contributions:
                    found.contributions[key] = self._contributions[key]

    async def keep(self, accepted: Sequence[Accepted]) -> Stored:
        """Count what would be written, and remember it."""
        records = [each.record for each in accepted]
        opened = [record for record in records if record.opens_thread]
        for record in opened:
            self._threads[record.thread_source_key] = ThreadSpot(0, self._process_id)
        for record in records:
            self._contributions[record.source_key] = Spot(
                0, record.thread_source_key, self._process_id, "", record.opens_thread
            )
        return Stored(
            threads=len(opened),
            contributions=len(records),
            removed=sum(record.empty for record in records),
            people=await self._new_people(records),
            supports=sum(record.supports for record in records),
        )

    async def _new_people(self, records: Sequence[ImportRecord]) -> int:
        keys = {stored_key(key) for each in records if (key := author_key(each)) is not None}
        new = keys - self._people
        new -= (await known_people(self._entity_id, new)).keys()
        self._people |= new
        return len(new)
