"""The scanned acta of a recording: for officials, until one of them lets everybody read it.

An attendance list has names, document numbers and signatures of people (Ley 1581 de 2012).
"""

from datetime import datetime

from starlette.requests import Request

from participa.accounts.guard import actor_of, require
from participa.accounts.permissions import Action, Actor, can
from participa.audit import record as write_down
from participa.channels.models import Recording
from participa.channels.queries import recording_of
from participa.db import transaction
from participa.files.receiving import Received
from participa.files.service import attach, attached, show_to_everybody, take_away
from participa.files.views import FileView, file_views
from participa.processes.queries import process_target
from participa.web.context import context
from participa.web.refusals import NotFound

SCAN_OWNER = "channels.recording"
MAX_SCANS = 20


async def attach_scan(
    actor: Actor, recording: Recording, received: Received, *, is_public: bool, now: datetime
) -> None:
    """Attach a page or a whole acta to a recording. Permission has been asked.

    Refuses with Conflict one too many.
    """
    async with transaction():
        # Held until commit, so that two who attach at once are counted.
        await Recording.of(actor.entity_id).filter(id=recording.id).select_for_update().first()
        await attach(
            actor.entity_id, SCAN_OWNER, recording.id, received, most=MAX_SCANS, now=now,
            is_public=is_public,
        )  # fmt: skip
        await _log(actor, recording, "attach", now)


async def show_scan(
    actor: Actor, recording: Recording, file_id: int, *, wanted: bool, now: datetime
) -> None:
    """Let everybody read a scan, or officials only. Refuses with NotFound."""
    async with transaction():
        await show_to_everybody(actor.entity_id, SCAN_OWNER, recording.id, file_id, wanted=wanted)
        await _log(actor, recording, "publish_scan" if wanted else "withhold_scan", now)


async def take_scan_off(actor: Actor, recording: Recording, file_id: int, *, now: datetime) -> None:
    """Take a scan off a recording. Refuses with NotFound."""
    async with transaction():
        await take_away(actor.entity_id, SCAN_OWNER, recording.id, file_id, now=now)
        await _log(actor, recording, "remove_scan", now)


async def _log(actor: Actor, recording: Recording, act: str, now: datetime) -> None:
    await write_down(
        entity_id=actor.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action=f"channels.{act}",
        object_kind=SCAN_OWNER,
        object_id=recording.id,
        now=now,
    )


async def scans_of(recording: Recording, *, for_official: bool) -> list[FileView]:
    """Show the scans of a recording: all to officials, to others what one of them let be seen."""
    rows = await attached(recording.entity_id, SCAN_OWNER, recording.id)
    return file_views(row for row in rows if for_official or row.is_public)


async def ask_for_scan(request: Request, recording_id: int, is_public: bool) -> bool:
    """Ask permission for a scan: it is an official's unless it was marked public."""
    found = await recording_of(context(request).entity.id, recording_id)
    target = process_target(found.process)
    require(request, Action.READ, target)
    if not is_public and not can(actor_of(request), Action.IMPORT, target):
        raise NotFound
    return is_public and found.process.is_published
