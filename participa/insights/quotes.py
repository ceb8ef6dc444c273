"""Verbatim quotes for a theme: what most say, what else is said, who objects, and in few words.

Every quote is an exact part of its contribution, cut where sentences end; nobody is quoted twice.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from participa.insights.lenses import Floats
from participa.insights.words import fold, split_words

LONGEST, SHORT, SHORTEST = 280, 90, 20
MOST_QUOTES, DIVERSE = 5, 2
# Diverse quotes come from the more central part: far from each other, but not from the theme.
_CENTRAL_PART = 0.6
_CONSIDERED = 400
_MARGIN = 8
# A sentence ends at its sign, closing quotes included.
_SENTENCE_END = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:sr|sra|dr|dra|av|avda|c|cl|cra|kr|núm|num|art|pág|ej|st|sta|[a-z])\.$",
    re.IGNORECASE,
)
_NO_BEGINNING = " \t.,;:)…-–—·•*"
_CONTACT = re.compile(r"https?:|www\.|\S@\S|\[\w+\]|(?:\d[ -]?){7,}")
_OBJECTIONS = re.compile(
    r"\b(no est(oy|amos) de acuerdo|est(oy|amos) en (desacuerdo|contra)|votar en contra|me opongo"
    r"|nos oponemos|no comparto|no (lo |la )?apoy(o|amos)|no me parece (bien|just|lógic|buen|adecu)"
    r"|(?<!no es )mala idea|no estic d.acord|estic en (desacord|contra)|m.oposo|ens oposem"
    r"|no em sembla bé|(i|we) (disagree|oppose)|(am|are) against)"
)
_OPPOSITE = {"in_favour": "against", "against": "in_favour"}


@dataclass(frozen=True, slots=True)
class Source:
    """A text that may be quoted; `person` is None when nobody knows who wrote it."""

    body: str
    person: str | None
    stance: str | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Words taken from the text at a place among the sources, and what they stand for."""

    place: int
    words: str
    role: str


def choose_quotes(
    sources: Sequence[Source], points: Floats, theme_words: Collection[str]
) -> tuple[Chosen, ...]:
    """Choose up to five quotes from a theme's texts, given most central first.

    `points` holds a unit row for each text. Fewer than three come only where fewer people
    said something that can be cut at the end of a sentence.
    """
    return tuple(_Choice(sources, points, theme_words).run())


class _Choice:
    """One theme's choice under way: who was quoted already and with which words."""

    def __init__(
        self, sources: Sequence[Source], points: Floats, theme_words: Collection[str]
    ) -> None:
        self.sources = sources[:_CONSIDERED]
        self.points = points
        self.theme_words = {fold(word) for word in theme_words}
        self.taken: list[int] = []
        self.people: set[str] = set()
        self.said: set[str] = set()
        self.quotes: list[Chosen] = []

    def run(self) -> list[Chosen]:
        everyone = range(len(self.sources))
        self._take_first(everyone, "typical")
        for _time in range(DIVERSE):
            self._take_first(self._farthest(), "diverse")
        self._take_first(filter(self._objects(), everyone), "dissenting")
        self._take_first(everyone, "short")
        return self.quotes[:MOST_QUOTES]

    def _take_first(self, places: Iterable[int], role: str) -> None:
        for place in places:
            source = self.sources[place]
            if place in self.taken or (source.person is not None and source.person in self.people):
                continue
            words = self._best_passage(source.body, role)
            key = " ".join(split_words(words))
            if not words or key in self.said:
                continue
            self.taken.append(place)
            self.said.add(key)
            if source.person is not None:
                self.people.add(source.person)
            self.quotes.append(Chosen(place, words, role))
            return

    def _farthest(self) -> list[int]:
        """Order the central texts by how little they are like those quoted already."""
        central = range(max(5, int(_CENTRAL_PART * len(self.sources))))[: len(self.sources)]
        if not self.taken:
            return list(central)
        likeness = (self.points[: len(central)] @ self.points[self.taken].T).max(axis=1)
        return sorted(central, key=lambda place: (round(float(likeness[place]), 4), place))

    def _objects(self) -> Callable[[int], bool]:
        """Tell who dissents: by the stance chosen, else by words that say so."""
        stances = Counter(s.stance for s in self.sources if s.stance in _OPPOSITE)
        if not stances:
            return lambda place: bool(_OBJECTIONS.search(self.sources[place].body.lower()))
        most = max(sorted(stances), key=lambda stance: stances[stance])
        return lambda place: self.sources[place].stance == _OPPOSITE[most]

    def _best_passage(self, body: str, role: str) -> str:
        """Choose the passage with most of the theme's words; the earliest and longest of equals.

        Words that would fit any theme ("Gracias a todos.") are no quote, but an objection is one.
        """
        best, best_worth = "", (role != "dissenting" and bool(self.theme_words), 0, 0)
        for passage in passages(body, SHORT if role == "short" else LONGEST):
            known = len(self.theme_words.intersection(map(fold, split_words(passage))))
            objects = bool(_OBJECTIONS.search(passage.lower()))
            worth = (objects if role == "dissenting" else known > 0, known, len(passage))
            if worth > best_worth:
                best, best_worth = passage, worth
        return best


def passages(body: str, longest: int) -> Iterator[str]:
    """Give the runs of whole sentences of a text that fit a quote, none across two lines.

    What could lead to a person (addresses, telephone numbers) is never part of one.
    """
    for line in body.splitlines():
        ends = _sentence_ends(line)
        for first, start in enumerate([0, *ends[:-1]]):
            beyond = bisect_right(ends, start + longest + _MARGIN)
            for end in reversed(ends[first:beyond]):
                words = line[start:end].lstrip(_NO_BEGINNING).rstrip()
                if len(words) <= longest and _quotable(words):
                    yield words
                    break


def _sentence_ends(line: str) -> list[int]:
    ends = {match.end() for match in _SENTENCE_END.finditer(line)}
    inner = {end for end in ends if not _ABBREVIATION.search(line[max(0, end - 8) : end])}
    return sorted((inner | {len(line)}) - {0})


def _quotable(words: str) -> bool:
    return len(words) >= SHORTEST and not _CONTACT.search(words) and len(split_words(words)) > 2
