"""Which texts, such as proposals, say something like another one. No I/O.

Words are compared by their stems, and the words of titles also by their parts of four letters,
so that a slip of the pen does not hide a neighbour; how much a word counts follows BM25 (Robertson
and Zaragoza, 2009): rare words more, repetitions less, long texts no more than short ones.
"""

import math
import re
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from Stemmer import Stemmer

# What a word of the title counts beside one of the text, and a part of a word beside a word.
_TITLE, _PART = 2.0, 0.25
_REPETITION, _LENGTH = 1.2, 0.6
_PART_LETTERS = 4
# Longer texts are known by their beginning; it keeps the index and the question small.
WORDS_READ = 200
# A word in a greater share of many texts tells nothing of any.
_COMMON, _MANY = 0.2, 50
# Below this share of what a text would score against itself, it is another matter.
LIKE_ENOUGH = 0.25
_WORD = re.compile(r"[^\W\d_]{2,}|\d{2,}")
_ACCENTS = re.compile("[\u0300-\u036f]")
_SMALL = """
al algo ante asi aun bien cada como con cual cuando de del desde donde el ella ellos en entre
era es esa ese eso esta este esto estos fue ha han hasta hay la las le les lo los mas me mi
mis muy ni no nos nosotros nuestra nuestro os otra otro para pero poder por porque pues que
quien se sea ser si sin sobre son su sus tambien te tiene todo todos tu un una uno unos usted
ya yo propongo proponer propuesta queremos debe deben and are at be but by for from have in
into is it its not of on or our that the their they this to was we with you your
"""
_SMALL_WORDS = frozenset(_SMALL.split())


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is compared; proposals and questions have a title, perhaps no more."""

    title: str
    body: str


class Found(NamedTuple):
    """A text like the one asked about; `likeness` is 1 for the same words."""

    id: int
    likeness: float


class Index:
    """Texts by their words; more are added as they come, and again when they are edited."""

    def __init__(self, language: str = "spanish") -> None:
        self._stem = Stemmer(language).stemWords
        self._ids = array("q")
        # By text: where its latest wording stands among the ids.
        self._latest: dict[int, int] = {}
        self._length = 0.0
        # By word: where it stands, and how much it counts there before its rareness.
        self._places: dict[str, array[int]] = {}
        self._weights: dict[str, array[float]] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, text_id: int, text: Text) -> None:
        """Add a text, or what it says now. How long it is counts beside those before it."""
        counts = self._counted(text)
        at, size = len(self._ids), sum(counts.values())
        self._ids.append(text_id)
        self._latest[text_id] = at
        self._length += size
        usual = self._length / len(self._ids)
        length = 1 - _LENGTH + _LENGTH * size / (usual or 1.0)
        for word, count in counts.items():
            if word not in self._places:
                self._places[word], self._weights[word] = array("i"), array("f")
            self._places[word].append(at)
            weight = count * (_REPETITION + 1) / (count + _REPETITION * length)
            self._weights[word].append(weight)

    def _counted(self, text: Text) -> dict[str, float]:
        title, body = _words(text.title), _words(text.body)[:WORDS_READ]
        counts: dict[str, float] = {}
        for words, weight in (
            (self._stem(title), _TITLE),
            (self._stem(body), 1.0),
            (_parts(title), _PART),
        ):
            for word in words:
                counts[word] = counts.get(word, 0.0) + weight
        return counts

    def like(self, text: Text, most: int) -> list[Found]:
        """Give those most like a text, best first; only what is like enough."""
        scores: dict[int, float] = {}
        whole = 0.0
        for word, count in self._counted(text).items():
            places = self._places.get(word)
            rareness = self._rareness(len(places) if places else 0)
            asked = count * (_REPETITION + 1) / (count + _REPETITION)
            # Parts help to find, and are not missed where they are not.
            if word[0] != "/":
                whole += asked * asked * rareness
            if places is None or rareness <= 0:
                continue
            for at, weight in zip(places, self._weights[word], strict=True):
                scores[at] = scores.get(at, 0.0) + asked * weight * rareness
        latest = [at for at in scores if self._latest[self._ids[at]] == at]
        best = sorted(latest, key=lambda at: (-scores[at], self._ids[at]))[:most]
        found = [Found(self._ids[at], min(1.0, scores[at] / whole)) for at in best if whole]
        return [each for each in found if each.likeness >= LIKE_ENOUGH]

    def _rareness(self, holders: int) -> float:
        """Say how much a word tells that so many texts have."""
        everybody = len(self._ids)
        if everybody > _MANY and holders > _COMMON * everybody:
            return 0.0
        return math.log(1 + (everybody - holders + 0.5) / (holders + 0.5))


def _words(text: str) -> list[str]:
    """Split a text into its words, without accents and small words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return [word for word in _WORD.findall(_ACCENTS.sub("", apart)) if word not in _SMALL_WORDS]


def _parts(words: Iterable[str]) -> Iterable[str]:
    """Cut words into parts, marked so that none is taken for a word."""
    for word in words:
        edged = f" {word} "
        for at in range(len(edged) - _PART_LETTERS + 1):
            yield f"/{edged[at : at + _PART_LETTERS]}"
