"""The recording of a session as a file of ours: attached by who holds it, played on its page."""

from datetime import datetime

from participa.accountability.hearing.events import done, held
from participa.accountability.hearing.rules import RECORDING_FILES
from participa.accountability.models import AccountabilitySession
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.files.receiving import Received
from participa.files.service import attach, attached, take_away
from participa.files.views import FileView, file_views


async def recording_of(session: AccountabilitySession) -> FileView | None:
    """Give the file of a session's recording, in one statement."""
    rows = await attached(session.entity_id, RECORDING_FILES, session.id)
    return next(iter(file_views(rows)), None)


async def played_at(session: AccountabilitySession) -> str:
    """Give the address that plays a session: its file, or else the link of somewhere else."""
    file = await recording_of(session)
    return file.url if file is not None else session.recording_url


async def attach_recording(
    actor: Actor, session_id: int, received: Received, *, now: datetime
) -> None:
    """Publish the file of a recording in place of the one before. Permission has been asked.

    Refuses with NotFound.
    """
    async with transaction():
        session = await held(actor.entity_id, session_id)
        await _take_off(session, now, but=received.digest)
        await attach(actor.entity_id, RECORDING_FILES, session.id, received, most=1, now=now)
        await done(actor, session, "recording_published", now, reason=received.name)


async def take_recording_off(actor: Actor, session_id: int, *, now: datetime) -> None:
    """Take the file of a recording off. Twice is once. Permission has been asked.

    Refuses with NotFound.
    """
    async with transaction():
        session = await held(actor.entity_id, session_id)
        if await _take_off(session, now):
            await done(actor, session, "recording_removed", now)


async def _take_off(session: AccountabilitySession, now: datetime, *, but: str = "") -> bool:
    rows = await attached(session.entity_id, RECORDING_FILES, session.id)
    others = [row for row in rows if row.digest != but]
    for row in others:
        await take_away(session.entity_id, RECORDING_FILES, session.id, row.id, now=now)
    return bool(others)
