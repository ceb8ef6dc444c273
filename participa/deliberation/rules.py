"""The rules of a conversation: states, stances, the order of replies. No I/O."""

from enum import StrEnum

from participa.i18n import Text, _

MAX_BODY = 20_000
MAX_TITLE = 160
# Files attached to what opens a conversation: by this name, and so many.
FILE_OWNER = "deliberation.contribution"
MAX_FILES = 5
PAGE_SIZE = 50
# Four base-36 digits a level: 1.6 million events a thread; deeper replies join the last level.
SEGMENT = 4
MAX_LEVELS = 60
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class State(StrEnum):
    """Whether a contribution can be read, and who decided that it cannot."""

    PUBLISHED = "published"
    REMOVED = "removed_by_author"
    HIDDEN = "hidden_by_moderator"


# The state of the place that a contribution left for another thread; stored nowhere.
MOVED = "moved"
# That of a contribution inside a conversation that was merged into another one; nor is this.
MERGED = "merged"


class Order(StrEnum):
    """In which order a thread is read."""

    CONVERSATION = "conversacion"
    RECENT = "recientes"
    SUPPORTED = "apoyados"


STANCES: dict[str, Text] = {
    "in_favour": _("a favor"),
    "against": _("en contra"),
    "neutral": _("neutral"),
}

CHANNELS: dict[str, Text] = {
    "web": _("Por internet"),
    "telephone": _("Por teléfono"),
    "paper": _("En papel"),
    "workshop": _("Mesa de trabajo"),
    "organisation": _("Organización"),
}

# Who used this channel wrote with an account of their own, and is reached by mail.
BY_ITSELF = "web"

ORDERS: dict[Order, Text] = {
    Order.CONVERSATION: _("Conversación"),
    Order.RECENT: _("Recientes"),
    Order.SUPPORTED: _("Más apoyados"),
}

# The published rules a moderator may name; their number stands where the text stood.
MODERATION_RULES: dict[str, Text] = {
    "1": _("Norma 1: respeto. Sin insultos ni amenazas."),
    "2": _("Norma 2: sin discriminación."),
    "3": _("Norma 3: sin datos personales de otras personas."),
    "4": _("Norma 4: sin publicidad ni mensajes repetidos."),
    "5": _("Norma 5: sobre el tema de este espacio."),
}


def path_segment(number: int) -> str:
    """Write an event number as four base-36 digits, so that text order is number order."""
    digits = ""
    for _place in range(SEGMENT):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    if number:
        raise ValueError("a thread holds at most 36**4 events")
    return digits


def child_path(parent_path: str, number: int) -> str:
    """Give the place of a reply: under its parent, after what was said before.

    At the deepest level a reply stands beside its parent instead of under it.
    """
    base = parent_path
    if len(parent_path) >= SEGMENT * MAX_LEVELS:
        base = parent_path[:-SEGMENT]
    return base + path_segment(number)


def depth(path: str) -> int:
    """Count the levels above a contribution."""
    return len(path) // SEGMENT - 1


def root_path(path: str) -> str:
    """Give the path of the contribution that a conversation branch began with."""
    return path[:SEGMENT]


def is_path(text: str) -> bool:
    """Whether a text from an address can be a path; anything else starts at the beginning."""
    fits = len(text) % SEGMENT == 0 and 0 < len(text) <= SEGMENT * (MAX_LEVELS + 1)
    return fits and all(ch in _DIGITS for ch in text)
