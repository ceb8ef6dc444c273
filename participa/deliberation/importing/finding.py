"""What is there already of the records to import, by the keys of their source."""

from collections.abc import Sequence

from participa.deliberation.importing.deciding import Found, Spot, ThreadSpot
from participa.deliberation.mapping import ImportRecord
from participa.deliberation.models import Contribution, Thread


async def find(entity_id: int, records: Sequence[ImportRecord]) -> Found:
    """Look up the records of a batch, their parents and their threads, in two statements."""
    own = {record.source_key for record in records}
    parents = {each.parent_source_key for each in records if each.parent_source_key is not None}
    said = Contribution.of(entity_id).filter(source_key__in=list(own | parents))
    threads = Thread.of(entity_id).filter(
        source_key__in=list({record.thread_source_key for record in records})
    )
    return Found(
        threads={
            str(key): ThreadSpot(int(str(thread_id)), int(str(process_id)))
            for key, thread_id, process_id in await threads.values_list(
                "source_key", "id", "process_id"
            )
        },
        contributions={
            str(row["source_key"]): _spot(row)
            for row in await said.values(
                "source_key", "id", "thread__source_key", "process_id", "path", "is_opening"
            )
        },
    )


def _spot(row: dict[str, object]) -> Spot:
    thread_key = row["thread__source_key"]
    return Spot(
        id=int(str(row["id"])),
        thread_key=None if thread_key is None else str(thread_key),
        process_id=int(str(row["process_id"])),
        path=str(row["path"]),
        is_opening=bool(row["is_opening"]),
    )


async def known_keys(entity_id: int, namespace: str) -> frozenset[str]:
    """Give the keys of everything imported from a source before, for `read_records`."""
    rows = Contribution.of(entity_id).filter(source_key__startswith=f"{namespace}:")
    return frozenset(str(key) for key in await rows.values_list("source_key", flat=True))
