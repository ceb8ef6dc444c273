"""What can no longer be said or changed in a conversation."""

from datetime import datetime

from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.web.refusals import Conflict


class ThreadConcluded(Conflict):
    """The conversation was closed with a written conclusion, also for the entity itself."""

    title = _("Esta conversación se cerró con una conclusión")
    advice = _("La conclusión está al comienzo de la conversación. Se puede leer todo lo dicho.")


async def require_editable(contribution: Contribution, now: datetime) -> None:
    """Refuse what its author can no longer change.

    With PhaseClosed or ThreadConcluded when its thread is closed, and with Conflict when it was
    removed or hidden.
    """
    thread = contribution.thread
    schedule = await schedule_of(contribution.entity_id, thread.process_id)
    schedule.require_open(thread.activity, now)
    if thread.closed_at is not None:
        raise ThreadConcluded
    if contribution.state != State.PUBLISHED:
        raise Conflict(_("Este aporte ya no se puede cambiar."))
