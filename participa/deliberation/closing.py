"""What is refused in a conversation that was closed with a conclusion."""

from participa.i18n import _
from participa.web.refusals import Conflict


class ThreadConcluded(Conflict):
    """The conversation was closed with a written conclusion, also for the entity itself."""

    title = _("Esta conversación se cerró con una conclusión")
    advice = _("La conclusión está al comienzo de la conversación. Se puede leer todo lo dicho.")
