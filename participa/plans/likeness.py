"""How alike two sections are by their words, and which are worth comparing. No I/O.

Words and pairs of neighbouring words are counted, and weigh the more the fewer sections have
them (inverse document frequency, Karen Spärck Jones, 1972).
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from participa.kit.alignment import folded

# Of a longer section, its beginning says well enough which one it is.
MOST_WORDS = 200
# So many places are looked up to find what a section may resemble, its rarest words first.
_LOOKED_UP = 600
_COMPARED = 4
# Words and pairs of words, each once, that a heading has at most.
_HEADING = 20
_WORD = re.compile(r"\w+")


def plain_words(text: str) -> str:
    """Give the words of a text one space apart, without accents, capitals and punctuation."""
    return " ".join(_WORD.findall(folded(text)))


def share_of_words(a: str, b: str) -> float:
    """Say from 0 to 1 how many words two short texts share, both counted."""
    here, there = Counter(plain_words(a).split()), Counter(plain_words(b).split())
    return 2 * (here & there).total() / ((here.total() + there.total()) or 1)


class Likeness:
    """The plain words of earlier and of later sections, each known by a number of the caller's."""

    def __init__(self, old: Mapping[int, str], new: Mapping[int, str]) -> None:
        self._old = {place: _features(text) for place, text in old.items()}
        self._new = {place: _features(text) for place, text in new.items()}
        self._where: dict[str, list[int]] = {}
        for place, found in self._old.items():
            for feature in found:
                self._where.setdefault(feature, []).append(place)
        spread = Counter(feature for found in self._new.values() for feature in found)
        spread.update({feature: len(places) for feature, places in self._where.items()})
        count = len(old) + len(new)
        self._weights = {each: math.log1p(count / n) for each, n in spread.items()}
        self._old_totals = {place: self._total(found) for place, found in self._old.items()}
        self._new_totals = {place: self._total(found) for place, found in self._new.items()}

    def _total(self, features: Counter[str]) -> float:
        return sum(self._weights[each] * n for each, n in features.items())

    def between(self, old: int, new: int) -> float:
        """Say from 0 to 1 how alike two sections are.

        It is the share of both; where the shorter one is not just a heading, the mean of that and
        of the share of the shorter one, so that a section that was cut or grew is still known.
        """
        here, there = self._old[old], self._new[new]
        few, many = (here, there) if len(here) < len(there) else (there, here)
        shared = sum(self._weights[each] * min(n, many[each]) for each, n in few.items())
        totals = self._old_totals[old], self._new_totals[new]
        if not min(totals):
            return 0.0
        of_both, of_shorter = 2 * shared / sum(totals), shared / min(totals)
        return of_both if len(few) < _HEADING else (of_both + of_shorter) / 2

    def resembling(self, new: int) -> list[int]:
        """Give the few earlier sections that share the rarest words with a later one."""
        shared: Counter[int] = Counter()
        left = _LOOKED_UP
        known = [feature for feature in self._new[new] if feature in self._where]
        for feature in sorted(known, key=lambda each: len(self._where[each])):
            places = self._where[feature]
            if len(places) > left:
                break
            left -= len(places)
            weight = round(1000 * self._weights[feature])
            for place in places:
                shared[place] += weight
        return [place for place, _weight in shared.most_common(_COMPARED)]


def _features(text: str) -> Counter[str]:
    words = text.split(" ", MOST_WORDS)[:MOST_WORDS]
    return Counter([*words, *map(" ".join, pairwise(words))])
