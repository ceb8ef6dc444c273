"""What is refused in a conversation that was closed, and of what was merged into something else."""

from participa.deliberation.models import Merge
from participa.i18n import _
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
