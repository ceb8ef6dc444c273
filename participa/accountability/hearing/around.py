"""What other pages show of a hearing: the session's own page, and that of a question."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from participa.accountability.hearing.board import agenda_of
from participa.accountability.hearing.calendar_pages import FEED
from participa.accountability.hearing.calling import documents_of
from participa.accountability.hearing.finding import manage_url
from participa.accountability.hearing.minutes import minutes_of
from participa.accountability.hearing.models import Captions
from participa.accountability.hearing.playing import played_at
from participa.accountability.hearing.recording_pages import moment_url
from participa.accountability.hearing.registering import numbers_of
from participa.accountability.hearing.rows import QuestionRow, question_row
from participa.accountability.hearing.rules import (
    STATE_WORDS,
    QuestionState,
    minute_text,
    phase_of,
)
from participa.accountability.hearing.steps import steps_of
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_of, session_target, session_url
from participa.accounts.guard import actor_of
from participa.accounts.permissions import Action, can
from participa.deliberation.queries import thread_of
from participa.processes.views import Pill
from participa.web.context import context

_KINDS = {
    QuestionState.RECEIVED: "coming",
    QuestionState.SHORTLISTED: "soon",
    QuestionState.LIVE: "open",
    QuestionState.ANSWERED: "done",
    QuestionState.PENDING: "follow",
    QuestionState.MERGED: "closed",
}


async def around_session(request: Request, session: AccountabilitySession) -> Mapping[str, Any]:
    """Give what a session has to show beside its questions, in thirteen statements."""
    ctx, target = context(request), session_target(session)
    actor, url = actor_of(request), session_url(session.id)
    report, documents = await documents_of(session)
    captions = Captions.of(session.entity_id).filter(session_id=session.id)
    has_recording = bool(await played_at(session)) or await captions.exists()
    return {
        "phase": phase_of(session.started_at, session.ended_at),
        "report": report,
        "documents": documents,
        "agenda": await agenda_of(session, ctx.now),
        "came": await numbers_of(session),
        "stages": await steps_of(session, ctx.now, ctx.zone),
        "minutes_url": f"{url}/acta" if await minutes_of(session) else "",
        "recording_url": f"{url}/grabacion" if has_recording else "",
        "survey_url": session.survey_url,
        "feed_url": FEED,
        "manage_url": manage_url(session.id) if can(actor, Action.MANAGE_PROCESS, target) else "",
        "desk_url": f"{manage_url(session.id)}/mesa"
        if can(actor, Action.FACILITATE, target)
        else "",
    }


async def around_question(request: Request, thread_id: int) -> Mapping[str, Any]:
    """Give where a question stands; the same for all who hold no role."""
    entity_id = context(request).entity.id
    thread = await thread_of(entity_id, thread_id)
    session = await session_of(entity_id, thread.place_id)
    row = await question_row(entity_id, session.id, thread_id)
    return {"question": _question(session, row, await played_at(session))}


def _question(
    session: AccountabilitySession, row: QuestionRow | None, played: str
) -> Mapping[str, Any]:
    state = row.state if row is not None else QuestionState.RECEIVED
    second = row.second if row is not None and state is QuestionState.ANSWERED else None
    is_owed = row is not None and state is QuestionState.PENDING
    return {
        "pill": Pill(_KINDS[state], STATE_WORDS[state]),
        "due_on": row.due_on if row is not None and is_owed else None,
        "owner": row.owner if row is not None else "",
        "mark": minute_text(second) if second is not None else "",
        "mark_url": moment_url(played, second) if second is not None else "",
        "session_url": session_url(session.id),
        "session_title": session.title,
    }
