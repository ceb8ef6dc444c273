"""What the acts of those who look after a conversation are called. No I/O."""

from participa.i18n import Text, _

MAX_REASON = 1000
# How much is shown first in a thread, and how many threads in a list.
MOST_PINNED = 3
# So many contributions are moved in one act, and so many conversations offered to move them to.
MOST_MOVED = MOST_OFFERED = 500

# As the public log says them, before the name of what was acted upon.
ACT_WORDS: dict[str, Text] = {
    "moderation.hidden": _("Ocultó"),
    "moderation.restored": _("Volvió a mostrar"),
    "moderation.file_hidden": _("Ocultó un archivo adjunto de"),
    "moderation.file_restored": _("Volvió a mostrar un archivo adjunto de"),
    "territory.say_where": _("Anotó de qué lugar habla"),
    "facilitation.concluded": _("Cerró con una conclusión"),
    "facilitation.reworded": _("Cambió la conclusión de"),
    "facilitation.reopened": _("Reabrió"),
    "facilitation.moved": _("Trasladó a otra conversación"),
    "facilitation.moved_out": _("Sacó aportes de"),
    "facilitation.pinned": _("Fijó"),
    "facilitation.unpinned": _("Dejó de fijar"),
    "facilitation.merged": _("Unió a otro el aporte"),
    "facilitation.united": _("Recibió otro igual el aporte"),
    "facilitation.unmerged": _("Separó de otro el aporte"),
    "facilitation.parted": _("Dejó de tener unido otro el aporte"),
}
