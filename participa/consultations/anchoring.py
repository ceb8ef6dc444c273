"""Where a passage that somebody spoke about stands in a later wording. No I/O.

A passage is kept as its words and what stood before and after them, the text quote selector of
the W3C Web Annotation Data Model (2017, section 4.2.4), with the place where they stood. It is
found again by aligning the words of both wordings. A placement is shown as sure only from
`SURE` on; below, a person is asked; what is not found stays with its section.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from participa.consultations.searching import (
    DISTINCTIVE,
    LIKE_ENOUGH,
    UNSURE,
    Search,
    Span,
    edited_in,
    elsewhere,
    free,
    in_place,
    is_same,
    places_of,
    search_in,
)
from participa.kit.alignment import Word, aligned, words_of

# Below this a person is asked; below the other the passage counts as gone from the text.
SURE, FOUND = 0.8, 0.3
CONTEXT = 120


class State(StrEnum):
    """How a passage was found: unchanged, changed, perhaps, or not (it stays with its section)."""

    EXACT = "exact"
    SURE = "sure"
    DOUBTFUL = "doubtful"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of a text: its words, what stands around them, and where it begins."""

    words: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.words)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a passage stands; without a place in the text, it belongs to its whole section."""

    start: int | None
    end: int | None
    confidence: float
    state: State


UNPLACED = Placement(None, None, 0.0, State.SECTION)


def quote_at(text: str, start: int, end: int) -> Quote:
    """Take a passage of a text with what stands around it."""
    return Quote(
        words=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
    )


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Give the places where words stand in a text, whatever the spaces, signs and accents."""
    wanted = [word.key for word in words_of(words)]
    found, signs = words_of(text), _signs_around(words.strip())
    starts = places_of([word.key for word in found], wanted)
    return [
        _with_signs(text, found[at].start, found[at + len(wanted) - 1].end, signs) for at in starts
    ]


def reanchor(quote: Quote, new_text: str, old_text: str = "") -> Placement:
    """Find a passage again in a later wording of its section.

    With the older wording, all of it speaks for the place; without, what was kept around the
    passage does. It never fails: what is not found is placed at the section.
    """
    search, words = _search(quote, new_text, old_text)
    if search is None:
        return UNPLACED
    guesses = in_place(search)
    if not guesses or guesses[0][0] < SURE or not is_same(search, guesses[0][1]):
        guesses += elsewhere(search)
    # Where it stands unchanged it was moved, however like it another place may be. Of places as
    # likely, the first is the one that has its neighbours.
    confidence, span = max(
        guesses,
        key=lambda guess: (guess[0] >= SURE and is_same(search, guess[1]), guess[0]),
        default=(0.0, None),
    )
    if span is None or confidence < FOUND:
        return UNPLACED
    state = _state(confidence, is_unchanged=is_same(search, span))
    return _placement(quote, new_text, words, span, confidence, state)


def _search(quote: Quote, new_text: str, old_text: str) -> tuple[Search | None, Sequence[Word]]:
    if not old_text:
        old_text = f"{quote.prefix}{quote.words}{quote.suffix}"
        quote = replace(quote, start=len(quote.prefix))
    old, new = words_of(old_text), words_of(new_text)
    inside = [at for at, w in enumerate(old) if w.end > quote.start and w.start < quote.end]
    if not inside:
        return None, new
    keys, new_keys = [word.key for word in old], [word.key for word in new]
    return search_in(keys, new_keys, inside[0], inside[-1] + 1), new


def _placement(
    quote: Quote,
    text: str,
    words: Sequence[Word],
    span: Span,
    confidence: float,
    state: State,
) -> Placement:
    start, end = words[span.start].start, words[span.end - 1].end
    start, end = _with_signs(text, start, end, _signs_around(quote.words.strip()))
    return Placement(start, end, confidence, state)


def _state(confidence: float, *, is_unchanged: bool) -> State:
    if confidence < SURE:
        return State.DOUBTFUL
    return State.EXACT if is_unchanged else State.SURE


def _signs_around(quoted: str) -> tuple[str, str]:
    """Give the signs a passage begins and ends with."""
    inside = words_of(quoted)
    return (quoted[: inside[0].start], quoted[inside[-1].end :]) if inside else ("", "")


def _with_signs(text: str, start: int, end: int, signs: tuple[str, str]) -> tuple[int, int]:
    """Take in the signs around a passage, where they still stand."""
    opening, closing = signs
    if opening and text.endswith(opening, 0, start):
        start -= len(opening)
    if closing and text.startswith(closing, end):
        end += len(closing)
    return start, end


def reanchor_among(
    quote: Quote, old_texts: Sequence[str], new_texts: Mapping[int, str]
) -> tuple[int, Placement] | None:
    """Find in which other section a passage now stands; None where in none, or in several."""
    found = [
        (section, place)
        for section, text in new_texts.items()
        for place in occurrences(text, quote.words)
    ]
    if len(found) != 1:
        return None
    was = sum(len(occurrences(text, quote.words)) for text in old_texts)
    section, (start, end) = found[0]
    size = len(words_of(quote.words))
    if size < DISTINCTIVE or was != 1:
        return section, Placement(start, end, UNSURE, State.DOUBTFUL)
    return section, Placement(start, end, 0.9, State.EXACT)


@dataclass(frozen=True, slots=True)
class Renewed:
    """The words of a section that it has not from its former wording, in stretches."""

    section_id: int
    text: str
    words: Sequence[Word]
    stretches: Sequence[tuple[int, int]]
    keys: Sequence[str]


def renewed(section_id: int, text: str, old_text: str) -> Renewed:
    """Say which words of a section are new to it."""
    words = words_of(text)
    keys = [word.key for word in words]
    kept = set(aligned([word.key for word in words_of(old_text)], keys))
    return Renewed(section_id, text, words, list(free(len(keys), kept)), keys)


def reanchor_edited(
    quote: Quote, old_texts: Iterable[str], sections: Iterable[Renewed]
) -> tuple[int, Placement] | None:
    """Find where a passage was moved to another section and edited; never more than doubtful.

    None where no new words are like it, or in two places as much, or where they are those of
    another passage that was moved.
    """
    passage = [word.key for word in words_of(quote.words)]
    guesses = [
        (likeness, span, section)
        for section in sections
        for likeness, span in _alike(passage, section)
    ]
    guesses.sort(key=lambda guess: guess[0], reverse=True)
    if not guesses or (len(guesses) > 1 and guesses[0][0] == guesses[1][0]):
        return None
    likeness, span, section = guesses[0]
    found = section.text[section.words[span.start].start : section.words[span.end - 1].end]
    if any(occurrences(text, found) for text in old_texts):
        return None
    confidence = min(likeness, UNSURE)
    placement = _placement(quote, section.text, section.words, span, confidence, State.DOUBTFUL)
    return section.section_id, placement


def _alike(passage: Sequence[str], section: Renewed) -> Iterable[tuple[float, Span]]:
    common = set(passage)
    for start, end in section.stretches:
        # Most stretches have nothing of it, and comparing word by word costs more.
        if len(common.intersection(section.keys[start:end])) * 2 < len(common):
            continue
        likeness, span = edited_in(passage, section.keys, start, end)
        if likeness >= LIKE_ENOUGH and span.kept >= DISTINCTIVE:
            yield likeness, span
