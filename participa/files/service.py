"""Attaching a file and taking it away, in the transaction of what it belongs to."""

import asyncio
from collections.abc import Collection
from datetime import datetime

from participa.db import transaction
from participa.entities.models import Entity
from participa.files.models import StoredFile
from participa.files.receiving import Received
from participa.files.store import Store
from participa.i18n import _
from participa.web.refusals import Conflict, NotFound

_ERASED = {"digest": "", "name": "", "description": ""}


async def attach(
    entity_id: int,
    owner_kind: str,
    owner_id: int,
    received: Received,
    *,
    most: int,
    now: datetime,
    is_public: bool = True,
) -> StoredFile:
    """Attach a file to something that the caller holds, who has asked whether the actor may.

    The same file twice is once. Refuses with Conflict when there are `most` already.
    """
    async with transaction():
        there = await attached(entity_id, owner_kind, owner_id)
        for each in there:
            if each.digest == received.digest:
                return each
        if len(there) >= most:
            raise Conflict(_("Caben {most} archivos, y ya están.", most=most))
        return await StoredFile.create(
            entity_id=entity_id,
            owner_kind=owner_kind,
            owner_id=owner_id,
            digest=received.digest,
            media_type=received.kind.media_type,
            byte_count=received.byte_count,
            width=received.width,
            height=received.height,
            name=received.name,
            description=received.description,
            is_public=is_public,
            added_at=now,
        )


async def attached(entity_id: int, owner_kind: str, owner_id: int) -> list[StoredFile]:
    """List the files of something, in the order in which they came."""
    rows = StoredFile.of(entity_id).filter(owner_kind=owner_kind, owner_id=owner_id)
    return await rows.filter(removed_at=None).order_by("id")


async def attached_to_each(
    entity_id: int, owner_kind: str, owner_ids: Collection[int]
) -> dict[int, list[StoredFile]]:
    """Give the files of several things of a kind by their ids, in one statement."""
    rows = StoredFile.of(entity_id).filter(owner_kind=owner_kind, owner_id__in=list(owner_ids))
    found: dict[int, list[StoredFile]] = {}
    for each in await rows.filter(removed_at=None).order_by("id"):
        found.setdefault(each.owner_id, []).append(each)
    return found


async def take_away(
    entity_id: int, owner_kind: str, owner_id: int, file_id: int, *, now: datetime
) -> StoredFile:
    """Take a file away from what it is attached to. Twice is once; refuses with NotFound."""
    rows = StoredFile.of(entity_id).filter(owner_kind=owner_kind, owner_id=owner_id, id=file_id)
    async with transaction():
        await rows.filter(removed_at=None).update(removed_at=now, **_ERASED)
        found = await rows.first()
    if found is None:
        raise NotFound
    return found


async def show_to_everybody(
    entity_id: int, owner_kind: str, owner_id: int, file_id: int, *, wanted: bool
) -> None:
    """Let whoever may read a file's owner read the file too, or no longer."""
    rows = StoredFile.of(entity_id).filter(owner_kind=owner_kind, owner_id=owner_id, id=file_id)
    if not await rows.filter(removed_at=None).update(is_public=wanted):
        raise NotFound


async def withhold(
    entity_id: int,
    owner_kind: str,
    owner_id: int,
    file_id: int,
    *,
    reason: str,
    at: datetime | None,
) -> bool:
    """Hide a file for a reason, or with no moment show it again; say whether that was new.

    Whoever calls has asked whether the actor may. Refuses with NotFound.
    """
    rows = StoredFile.of(entity_id).filter(owner_kind=owner_kind, owner_id=owner_id, id=file_id)
    row = await rows.filter(removed_at=None).first()
    if row is None:
        raise NotFound
    if (row.hidden_at is None) == (at is None):
        return False
    row.hidden_at, row.hidden_reason = at, reason
    await row.save(update_fields=["hidden_at", "hidden_reason"])
    return True


async def erase_all(entity_id: int, owner_kind: str, owner_id: int) -> None:
    """Forget the files of something that its author takes back, rows and all."""
    rows = StoredFile.of(entity_id).filter(owner_kind=owner_kind, owner_id=owner_id)
    await rows.delete()


async def sweep(store: Store) -> int:
    """Remove from the disk what no row refers to any more, and give how many files that were."""
    old = await asyncio.to_thread(store.old)
    wanted: set[str] = set()
    for entity in await Entity.all():
        rows = StoredFile.of(entity.id).exclude(digest="")
        wanted.update(str(each) for each in await rows.values_list("digest", flat=True))
    return await asyncio.to_thread(store.drop, [path for path in old if path.name not in wanted])


async def missing(store: Store) -> int:
    """Count the files that rows refer to and that are not on the disk."""
    count = 0
    for entity in await Entity.all():
        rows = StoredFile.of(entity.id).exclude(digest="").distinct()
        digests = [str(each) for each in await rows.values_list("digest", flat=True)]
        count += sum(not store.path(digest).is_file() for digest in digests)
    return count
