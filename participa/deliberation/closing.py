"""What can no longer be said or changed in a conversation, or of what was merged into another."""

from datetime import datetime

from participa.deliberation.models import Contribution, Merge
from participa.deliberation.rules import State
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.web.refusals import Conflict


class ThreadConcluded(Conflict):
    """The conversation was closed with a conclusion or merged, also for the entity itself."""

    title = _("Esta conversación está cerrada")
    advice = _("Al comienzo se lee por qué. Se puede leer todo lo dicho.")


class MergedAlready(Conflict):
    """Something was merged into something else, where the conversation goes on."""

    title = _("Ese aporte se unió a otro")
    advice = _("En su página está el enlace al otro, donde sigue la conversación.")


async def require_unmerged(entity_id: int, contribution_id: int) -> None:
    """Refuse with MergedAlready what was merged into something else."""
    if await Merge.of(entity_id).filter(contribution_id=contribution_id).exists():
        raise MergedAlready


async def require_editable(contribution: Contribution, now: datetime) -> None:
    """Refuse what its author can no longer change.

    With PhaseClosed or ThreadConcluded when its thread is closed, with MergedAlready when it was
    merged into another one, and with Conflict when it was removed or hidden.
    """
    thread = contribution.thread
    schedule = await schedule_of(contribution.entity_id, thread.process_id)
    schedule.require_open(thread.activity, now)
    if thread.closed_at is not None:
        raise ThreadConcluded
    if contribution.state != State.PUBLISHED:
        raise Conflict(_("Este aporte ya no se puede cambiar."))
    await require_unmerged(contribution.entity_id, contribution.id)
