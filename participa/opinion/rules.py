"""What a statement may be, and what can be said of it. Pure."""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from participa.i18n import Text, _

ACTIVITY = "opinion.vote"
SHORTEST, LONGEST = 10, 200
MAX_TITLE, MAX_QUESTION = 160, 1000
MAX_SEEDS = 100
# How many statements of one person may be in a round.
MAX_OWN = 10
# What groups are called, the largest first.
LETTERS = "ABCDE"
# Shares are told as "95 % or more" from here on: nobody's vote follows from being in a group.
NEARLY_ALL = 95
# Groups in a round that is open: how often they are found anew at most, after how many votes.
LIVE_EVERY, FEWEST_NEW, NEW_PART, TIMES_AS_LONG = timedelta(minutes=1), 10, 50, 20
_WORD = re.compile(r"\w+")


class Choice(IntEnum):
    """What is said of a statement, with the numbers that the Polis format gives it."""

    AGREE = 1
    PASS = 0
    DISAGREE = -1


class State(StrEnum):
    """Whether a statement is put to everybody."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"


class Order(StrEnum):
    """In which order results are read."""

    AGREED = "acuerdo"
    DIVIDED = "dividen"
    AWARE = "grupos"
    NUMBER = "orden"


CHOICES: dict[Choice, Text] = {
    Choice.AGREE: _("De acuerdo"),
    Choice.DISAGREE: _("En desacuerdo"),
    Choice.PASS: _("Paso"),
}
# The values of the buttons.
CHOICE_NAMES: dict[str, Choice] = {
    "acuerdo": Choice.AGREE,
    "desacuerdo": Choice.DISAGREE,
    "paso": Choice.PASS,
}
NAME_OF = {choice: name for name, choice in CHOICE_NAMES.items()}
STATES: dict[State, Text] = {
    State.PENDING: _("En revisión"),
    State.PUBLISHED: _("Publicada"),
    State.REJECTED: _("No publicada"),
}
ORDERS: dict[Order, Text] = {
    Order.AGREED: _("Más acuerdo"),
    Order.DIVIDED: _("Las que dividen"),
    Order.AWARE: _("Más acuerdo en todos los grupos"),
    Order.NUMBER: _("En su orden"),
}


def is_due(
    votes_then: int, found_at: datetime, seconds: float, votes_now: int, now: datetime
) -> bool:
    """Whether the groups of a round in which people still vote are to be found anew.

    Every minute at most, after ten new votes and a fiftieth of them all at least, so that no
    single vote shows; and so seldom that the search takes a twentieth of the time.
    """
    fresh = votes_now - votes_then
    if fresh < max(FEWEST_NEW, votes_then // NEW_PART):
        return False
    return now - found_at >= max(LIVE_EVERY, timedelta(seconds=seconds * TIMES_AS_LONG))


def tidy(text: str) -> str:
    """Write a statement on one line."""
    return " ".join(text.split())


def statement_problem(text: str) -> Text | None:
    """Say why a text cannot be a statement, if so."""
    count = len(text)
    if count > LONGEST:
        return _("Son {count} caracteres y caben {longest}. Acorte el texto.",
                 count=count, longest=LONGEST)  # fmt: skip
    if count < SHORTEST or not statement_key(text):
        return _("Escriba una frase completa, de {shortest} caracteres o más.", shortest=SHORTEST)
    return None


def statement_key(text: str) -> str:
    """Give the same key to texts that differ only in case, accents, signs and spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    words = _WORD.findall("".join(sign for sign in bare if not unicodedata.combining(sign)))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:40] if words else ""
