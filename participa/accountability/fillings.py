"""What accountability publishes, as what fills the Menú Participa."""

from collections.abc import Sequence

from participa.accountability.followup.queries import followed_processes, followup_url
from participa.accountability.hearing.rules import REPORT_FILES
from participa.accountability.models import AccountabilitySession, HearingMinutes
from participa.accountability.queries import questions_asked, session_url
from participa.features import Filling
from participa.files.service import attached_to_each


async def fillings_of(entity_id: int, processes: Sequence[int]) -> list[Filling]:
    """Give sessions, their questions, reports and minutes, and the plans that are followed."""
    rows = AccountabilitySession.of(entity_id).filter(process_id__in=list(processes))
    found = await rows.order_by("-held_at")
    ids = [each.id for each in found]
    asked = await questions_asked(entity_id, ids)
    reported = await _reported(entity_id, ids)
    written = await _with_minutes(entity_id, ids)
    sessions = [
        Filling("session", each.title, session_url(each.id), at=each.held_at) for each in found
    ]
    questions = [
        Filling("questions", each.title, f"{session_url(each.id)}#preguntas", at=each.held_at)
        for each in found
        if each.id in asked
    ]
    plans = [
        Filling("followup", each.title, followup_url(each.slug))
        for each in await followed_processes(entity_id)
    ]
    reports = [
        Filling("session_report", each.title, session_url(each.id), at=each.held_at)
        for each in found
        if each.id in reported
    ]
    minutes = [
        Filling("minutes", each.title, f"{session_url(each.id)}/acta", at=each.held_at)
        for each in found
        if each.id in written
    ]
    return [*sessions, *questions, *reports, *minutes, *plans]


async def _reported(entity_id: int, sessions: Sequence[int]) -> set[int]:
    files = await attached_to_each(entity_id, REPORT_FILES, sessions)
    return {
        session for session, own in files.items() if any(each.hidden_at is None for each in own)
    }


async def _with_minutes(entity_id: int, sessions: Sequence[int]) -> set[int]:
    rows = HearingMinutes.of(entity_id).filter(session_id__in=list(sessions))
    return {each.session_id for each in await rows.exclude(published_at=None)}
