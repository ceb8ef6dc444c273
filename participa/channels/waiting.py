"""Long sheets between their check and their recording."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.channels.models import CheckedSheet, Recording
from participa.channels.service import Session, record_session
from participa.db import transaction
from participa.entities.models import Entity
from participa.processes.models import Process
from participa.web.refusals import NotFound

SWEEP = "channels.sweep_sheets"
KEPT = timedelta(days=2)
SWEEP_EVERY = timedelta(hours=6)


async def keep_sheet(
    actor: Actor,
    process: Process,
    head: dict[str, str],
    rows: Sequence[dict[str, str]],
    *,
    now: datetime,
) -> CheckedSheet:
    """Keep a sheet until it is recorded; the same one again is the one that is kept."""
    digest = hashlib.sha256(json.dumps([head, rows]).encode()).hexdigest()
    mine = CheckedSheet.of(process.entity_id).filter(
        process_id=process.id, official_id=actor.person_id, digest=digest
    )
    if found := await mine.first():
        return found
    try:
        async with transaction():
            return await CheckedSheet.create(
                entity_id=process.entity_id,
                process=process,
                official_id=actor.person_id,
                digest=digest,
                head=head,
                rows=list(rows),
                created_at=now,
            )
    except IntegrityError:
        return await mine.get()


async def sheet_of(process: Process, sheet_id: int) -> CheckedSheet:
    """Find a sheet that is kept. Refuses with NotFound."""
    rows = CheckedSheet.of(process.entity_id).filter(id=sheet_id, process_id=process.id)
    if (found := await rows.first()) is None:
        raise NotFound
    return found


async def record_sheet(
    actor: Actor, process: Process, sheet: CheckedSheet, session: Session, *, now: datetime
) -> Recording:
    """Record a sheet that was checked, all or nothing; a second time it is what it made."""
    async with transaction():
        rows = CheckedSheet.of(process.entity_id).filter(id=sheet.id)
        locked = await rows.select_for_update(no_key=True).first()
        if locked is None:
            raise NotFound
        if locked.recording_id is not None:
            return await Recording.of(process.entity_id).get(id=locked.recording_id)
        recording = await record_session(actor, process, session, now=now, request_key=None)
        await rows.update(recording_id=recording.id)
    return recording


async def sweep_sheets(_arguments: dict[str, object]) -> None:
    """Forget the sheets that nobody recorded in two days, in every entity."""
    for entity in await Entity.all().order_by("id"):
        old = CheckedSheet.of(entity.id).filter(created_at__lt=datetime.now(UTC) - KEPT)
        await old.delete()
