"""Names people type: one spelling for each, no invisible tricks, and keys to compare them by."""

import re
import unicodedata
from typing import Literal

NAME_MAX_LENGTH = 60
SLUG_MAX_LENGTH = 80
_MAX_MARKS = 3

NameFault = Literal["empty", "too_long", "invisible", "unreadable"]

# C0 and C1 controls but tab and line feed, bidirectional marks and overrides, lone surrogates.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile(r" {2,}")
# Blank on the screen although Unicode calls them letters, marks or symbols.
_BLANK_LETTERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")

# What looks like each letter once accents, case and width are gone: Cyrillic, Greek, phonetic
# letters, digits and signs.
_LOOKALIKES = {
    "a": "\u0430\u03b1\u0251@4",
    "b": "\u0432\u044c\u03b2\u0253\u00df",
    "c": "\u0441\u03f2",
    "d": "\u0501\u0257\u00f0\u0111",
    "e": "\u0435\u03b5\u0454\u212e3",
    "f": "\u0192\u03dd",
    "g": "\u0261\u0581",
    "h": "\u04bb\u043d\u03b7\u0570\u0127",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "l": "i1|!\u0131\u0456\u04cf\u03b9\u0269\u0142\u01c0\u0627",
    "m": "\u043c\u03bc",
    "n": "\u0578\u0274",
    "o": "0\u043e\u03bf\u03c3\u0585\u00f8\u3007",
    "p": "\u0440\u03c1",
    "q": "\u051b",
    "r": "\u0433\u0280",
    "s": "\u0455\u0282$5",
    "t": "\u0442\u03c4\u0167",
    "u": "\u03c5\u057d\u028b",
    "v": "\u0475\u03bd",
    "w": "\u051d\u03c9\u0461",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03b3\u04af\u028f",
    "z": "\u03b6\u0290",
}
_TO_LETTER = str.maketrans({seen: kept for kept, alike in _LOOKALIKES.items() for seen in alike})
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


class NameRefused(ValueError):
    """A name nobody may bear; `fault` says why, for whoever words it."""

    def __init__(self, fault: NameFault) -> None:
        super().__init__(fault)
        self.fault = fault


def without_controls(text: str) -> str:
    """Give the text with one kind of line end and no character that only deceives.

    Control characters and those that turn the direction of writing are left out rather than
    refused, because they come along unseen when somebody pastes from a document.
    """
    # Nothing that is left out is printable, and most texts are, but for their line feeds.
    if text.replace("\n", "").isprintable():
        return text
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))


def normalise_name(text: str, max_length: int = NAME_MAX_LENGTH) -> str:
    """Give the one spelling (NFC, single spaces) under which a name is kept.

    Refuses with NameRefused what is empty or too long, what holds a line end, a control, a
    direction override or an invisible character, and heaps of accents that nobody can read.
    """
    name = _SPACES.sub(" ", _nfc_spaces(text).strip(" "))
    if not name:
        raise NameRefused("empty")
    if _is_invisible(name):
        raise NameRefused("invisible")
    if len(name) > max_length:
        raise NameRefused("too_long")
    if not any(character.isalnum() for character in name) or _has_heaped_marks(name):
        raise NameRefused("unreadable")
    return name


def confusable_key(name: str) -> str:
    """Give the key that two names share when a reader could take one for the other.

    It is made to be compared with the keys of officials' and entities' names, never to be
    shown: accents, case, spaces and look-alike letters of other alphabets are gone.
    """
    plain = _base_letters(name.casefold()).casefold().translate(_TO_LETTER)
    key = "".join(character for character in plain if character.isalnum())
    for pair, letter in _PAIRS:
        key = key.replace(pair, letter)
    return key


def slugify(text: str, max_length: int = SLUG_MAX_LENGTH) -> str:
    """Give the text as it may stand in an address: a-z, digits and hyphens.

    Empty where nothing of it can, such as a title in another alphabet: the caller then needs
    an address of its own making.
    """
    slug = _NOT_IN_SLUG.sub("-", _base_letters(text.casefold())).strip("-")
    if len(slug) <= max_length:
        return slug
    whole_words, _, rest = slug[: max_length + 1].rpartition("-")
    return whole_words or rest[:max_length]


def _nfc_spaces(text: str) -> str:
    """Compose the text and turn the wide and narrow spaces of other keyboards into plain ones."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(one) == "Zs" else one for one in composed)


def _is_invisible(name: str) -> bool:
    return bool(_BLANK_LETTERS.search(name)) or any(
        unicodedata.category(character) in _REFUSED_CATEGORIES for character in name
    )


def _has_heaped_marks(name: str) -> bool:
    heap = 0
    for character in name:
        heap = heap + 1 if unicodedata.combining(character) else 0
        if heap > _MAX_MARKS:
            return True
    return False


def _base_letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(one for one in decomposed if not unicodedata.category(one).startswith("M"))
