"""Undoes the hyphens that a printed line left in the middle of words, and keeps the real ones."""

import re
from collections.abc import Iterable

from participa.plans.parsing.numerals import fold

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*-?")
_BROKEN = re.compile(r"(?<!\w)([^\W\d_]{2,30})- ([^\W\d_]{2,30})(?!\w)")
_AT_END = re.compile(r"(?<!\w)([^\W\d_]{2,40})-\Z")
_DIGITS_AT_END = re.compile(r"\d-\Z")
_FIRST_WORD = re.compile(r"[^\W\d_]{2,40}")
_ADJECTIVE = re.compile(r"\w*[áéíóú]\w*ic[oa]")
_MIN_HALF = 4


class Hyphens:
    """Decides each broken word by the words that the same document writes whole."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = {
            token.lower()
            for text in texts
            for token in _TOKEN.findall(_BROKEN.sub(" ", text))
            if token[-1] != "-"
        }

    def mend(self, text: str) -> str:
        """Join the words broken within a line ("Asocia- ciones")."""
        return _BROKEN.sub(self._mend_one, text) if "- " in text else text

    def glue(self, before: str, after: str) -> tuple[str, str]:
        """Say how a line ends and how the next begins when both are put one after the other."""
        broken = _AT_END.search(before[-48:])
        first = _FIRST_WORD.match(after)
        if broken and first and not _encloses(before, len(before) - len(broken[0])):
            left, right = broken[1], first[0]
            if _same_case(left, right) or not right[0].islower():
                return before[: -len(broken[0])], self._join(left, right) + after[len(right) :]
        if _DIGITS_AT_END.search(before[-2:]) and after[:1].isdecimal():
            return before, after
        return before, " " + after

    def _mend_one(self, broken: re.Match[str]) -> str:
        left, right = broken[1], broken[2]
        if not _same_case(left, right) or _encloses(broken.string, broken.start()):
            return broken[0]
        return self._join(left, right)

    def _join(self, left: str, right: str) -> str:
        joined, hyphenated = left + right, f"{left}-{right}"
        if joined.lower() in self._words:
            return joined
        if hyphenated.lower() in self._words or not _same_case(left, right):
            return hyphenated
        if _ADJECTIVE.fullmatch(left.lower()) or self._both_whole(left, right):
            return hyphenated
        return joined

    def _both_whole(self, left: str, right: str) -> bool:
        return (
            min(len(left), len(right)) >= _MIN_HALF
            and {left.lower(), right.lower()} <= self._words
            and fold(right) != "mente"
        )


def _same_case(left: str, right: str) -> bool:
    """Two halves of one word: "Asocia" and "ciones", or "DESA" and "RROLLO" at a line's end."""
    return right.islower() and left[1:] == left[1:].lower()


def _encloses(text: str, start: int) -> bool:
    """Tell a hyphen that closes a pair, as in "-PER- en las nueve" or "– CuNa- para"."""
    before = text[max(0, start - 3) : start]
    opened = before.rstrip(" ")
    if opened[-1:] not in ("-", "–"):
        return False
    return before[-1] == " " or opened[-2:-1] in ("", " ", "(", "“", '"', ",", ";")
