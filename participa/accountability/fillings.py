"""What accountability publishes, as what fills the Menú Participa."""

from collections.abc import Sequence

from participa.accountability.followup.queries import followed_processes, followup_url
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import questions_asked, session_url
from participa.features import Filling


async def fillings_of(entity_id: int, processes: Sequence[int]) -> list[Filling]:
    """Give sessions, those with questions asked, and the plans that are followed."""
    rows = AccountabilitySession.of(entity_id).filter(process_id__in=list(processes))
    found = await rows.order_by("-held_at")
    asked = await questions_asked(entity_id, [each.id for each in found])
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
    return [*sessions, *questions, *plans]
