"""The acts of accountability: calling a session, asking."""

from datetime import datetime

from participa.accountability.hearing.events import happened, held
from participa.accountability.hearing.holding import settle
from participa.accountability.models import AccountabilitySession
from participa.accountability.rules import ACTIVITY, KIND
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import open_topic
from participa.deliberation.texts import rendered
from participa.kit.calendar import BusinessCalendar
from participa.processes.models import Process
from participa.territory.service import Where, placing
from participa.web.refusals import NotFound


async def create_session(
    *,
    entity_id: int,
    process_id: int,
    title: str,
    summary: str,
    place: str,
    held_at: datetime,
    position: int = 0,
) -> AccountabilitySession:
    """Call a session inside a process, its summary written in Markdown.

    Refuses with NotFound for another entity's process, and with TextRefused.
    """
    body = await rendered(summary)
    async with transaction():
        await _require_process(entity_id, process_id)
        return await AccountabilitySession.create(
            entity_id=entity_id,
            process_id=process_id,
            title=title,
            summary_source=summary,
            summary_html=body.html,
            sanitiser_version=body.version,
            place=place,
            held_at=held_at,
            position=position,
        )


async def _require_process(entity_id: int, process_id: int) -> None:
    if not await Process.of(entity_id).filter(id=process_id).exists():
        raise NotFound


async def ask(
    actor: Actor,
    session: AccountabilitySession,
    *,
    title: str,
    said: Said,
    now: datetime,
    where: Where | None = None,
    request_key: str | None = None,
    calendar: BusinessCalendar | None = None,
) -> Contribution:
    """Ask a question of a session, about a place or not.

    Refuses with PhaseClosed outside the phases for it, with BadInput a place that is not here.
    One that comes after the session has its last day at once where the `calendar` is known.
    """
    async with transaction():
        present = await held(session.entity_id, session.id)
        asked = await open_topic(
            actor,
            process_id=session.process_id,
            kind=KIND,
            place_id=session.id,
            activity=ACTIVITY,
            title=title,
            said=said,
            now=now,
            request_key=request_key,
            also=placing(session.entity_id, where),
        )
        await happened(present, "question_asked", now, asked.thread_id)
        if present.ended_at is not None and calendar is not None:
            await settle(present, calendar=calendar, now=now)
    return asked
