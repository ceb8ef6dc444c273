"""Where a passage that somebody spoke about stands in a later wording. No I/O.

A passage is kept as its words and what stood before and after them, the text quote selector of
the W3C Web Annotation Data Model (2017, section 4.2.4), with the place where they stood. It is
found again by aligning the words of both wordings. A placement is shown as sure only from
`SURE` on; below, a person is asked; what is not found stays with its section.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from participa.kit.alignment import NONE, Word, aligned, words_of

# Below this a person is asked; below the other the passage counts as gone from the text.
SURE, FOUND = 0.8, 0.3
# What the best guess may be worth where something speaks against it.
_UNSURE = 0.6
CONTEXT = 120
# So many words before and after a passage speak for its place.
_NEIGHBOURS = 8
# So many words in a row are nobody else's by chance.
_DISTINCTIVE = 6
_LIKE_ENOUGH = 0.6
# Before the first word, where no word is.
_BEGINNING = -2


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


class _Span(NamedTuple):
    """Words of the later text, as the place of a passage."""

    start: int
    end: int
    kept: int
    is_firm: bool = True


@dataclass(frozen=True, slots=True)
class _Search:
    """Both wordings as words, the passage in the older one, and how they are aligned.

    Where words could be matched in two ways, `images` prefers the earlier and `mirrored` the
    later one: what both agree on is not ambiguous.
    """

    old: Sequence[str]
    new: Sequence[str]
    start: int
    end: int
    images: Sequence[int]
    mirrored: Sequence[int]

    @property
    def passage(self) -> Sequence[str]:
        return self.old[self.start : self.end]

    @property
    def length(self) -> int:
        return self.end - self.start


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
    starts = _places([word.key for word in found], wanted)
    return [
        _with_signs(text, found[at].start, found[at + len(wanted) - 1].end, signs) for at in starts
    ]


def _places(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Find where a row of words begins in another, reading each word once (Knuth, Morris, Pratt).

    Tables of equal words would take minutes otherwise.
    """
    if not wanted:
        return []
    places, fallback, matched = [], _fallback(wanted), 0
    for at, word in enumerate(words):
        while matched and (matched == len(wanted) or word != wanted[matched]):
            matched = fallback[matched - 1]
        matched += word == wanted[matched]
        if matched == len(wanted):
            places.append(at + 1 - matched)
    return places


def _fallback(wanted: Sequence[str]) -> list[int]:
    """Say for each beginning of a row how much of its end is a shorter beginning of it."""
    longest, matched = [0], 0
    for word in wanted[1:]:
        while matched and word != wanted[matched]:
            matched = longest[matched - 1]
        matched += word == wanted[matched]
        longest.append(matched)
    return longest


def reanchor(quote: Quote, new_text: str, old_text: str = "") -> Placement:
    """Find a passage again in a later wording of its section.

    With the older wording, all of it speaks for the place; without, what was kept around the
    passage does. It never fails: what is not found is placed at the section.
    """
    search, words = _search(quote, new_text, old_text)
    if search is None:
        return UNPLACED
    guesses = [_weighed(search, span) for span in _aligned_span(search)]
    if not guesses or guesses[0][0] < SURE or not _is_same(search, guesses[0][1]):
        guesses += _elsewhere(search)
    # Where it stands unchanged it was moved, however like it another place may be.
    guesses.sort(key=lambda guess: (guess[0] >= SURE and _is_same(search, guess[1]), guess[0]))
    if not guesses or guesses[-1][0] < FOUND:
        return UNPLACED
    confidence, span = guesses[-1]
    return _placement(quote, new_text, words, span, confidence, is_same=_is_same(search, span))


def _search(quote: Quote, new_text: str, old_text: str) -> tuple[_Search | None, Sequence[Word]]:
    if not old_text:
        old_text = f"{quote.prefix}{quote.words}{quote.suffix}"
        quote = replace(quote, start=len(quote.prefix))
    old, new = words_of(old_text), words_of(new_text)
    inside = [at for at, w in enumerate(old) if w.end > quote.start and w.start < quote.end]
    if not inside:
        return None, new
    keys, new_keys = [word.key for word in old], [word.key for word in new]
    images, mirrored = aligned(keys, new_keys), _mirrored(keys, new_keys)
    return _Search(keys, new_keys, inside[0], inside[-1] + 1, images, mirrored), new


def _mirrored(old: Sequence[str], new: Sequence[str]) -> list[int]:
    images = aligned(old[::-1], new[::-1])[::-1]
    return [NONE if image == NONE else len(new) - 1 - image for image in images]


def _aligned_span(search: _Search) -> Iterator[_Span]:
    """Give the place between the images of the passage's first and last word, if any is left."""
    span, other = (_spanned(search, images) for images in (search.images, search.mirrored))
    if span is None:
        span = other
    if span is not None:
        yield span if span == other else span._replace(is_firm=False)


def _spanned(search: _Search, images: Sequence[int]) -> _Span | None:
    kept = [at for at in range(search.start, search.end) if images[at] != NONE]
    if not kept:
        return _rewritten(search, images)
    first, first_is_firm = _edge(search, images, kept[0], search.start, step=-1)
    last, last_is_firm = _edge(search, images, kept[-1], search.end - 1, step=1)
    return _Span(first, last + 1, len(kept), first_is_firm and last_is_firm)


def _rewritten(search: _Search, images: Sequence[int]) -> _Span | None:
    """Give what stands between the neighbours of a passage of which no word is left."""
    before = _image(search, images, search.start - 1)
    after = _image(search, images, search.end)
    if NONE in {before, after}:
        return None
    before = max(before, -1)
    if not 0 < after - before - 1 <= 3 * search.length:
        return None
    return _Span(before + 1, after, 0, is_firm=False)


def _image(search: _Search, images: Sequence[int], at: int) -> int:
    """Say where a word stands now; what is before the first word is before it still."""
    if at < 0:
        return _BEGINNING
    return images[at] if at < len(search.old) else len(search.new)


def _edge(
    search: _Search, images: Sequence[int], kept: int, edge: int, *, step: int
) -> tuple[int, bool]:
    """Say where a passage now begins or ends, and whether nothing speaks against it.

    Where its first words were replaced, those that stand in their place belong to it, if they
    are no more than they were.
    """
    place, lost = images[kept], abs(kept - edge)
    if not lost:
        return place, True
    outside = _image(search, images, edge + step)
    if outside == NONE:
        return place, False
    added = abs(place - max(outside, -1)) - 1
    return place + step * min(added, lost), added <= lost


def _weighed(search: _Search, span: _Span) -> tuple[float, _Span]:
    """Weigh a place: how much of the passage is left there, and how much of what was around."""
    likeness = 2 * span.kept / (search.length + span.end - span.start)
    if not span.kept:
        return _UNSURE * _surroundings(search, span), span
    weight = 3 / (3 + search.length)
    confidence = likeness * (1 - weight * (1 - _surroundings(search, span)))
    if likeness == 1 and search.length >= _DISTINCTIVE and _is_only(search):
        confidence = max(confidence, 0.95)
    return (confidence if span.is_firm else min(confidence, _UNSURE)), span


def _is_only(search: _Search) -> bool:
    here, there = _places(search.old, search.passage), _places(search.new, search.passage)
    return len(here) == len(there) == 1


def _surroundings(search: _Search, span: _Span) -> float:
    """Say how much of what stood around a passage still does, near to it."""
    before = range(max(0, search.start - _NEIGHBOURS), search.start)
    after = range(search.end, min(len(search.old), search.end + _NEIGHBOURS))
    if not before and not after:
        return 1.0
    reach = 2 * _NEIGHBOURS
    near = sum(span.start - reach <= search.images[at] < span.start for at in before)
    near += sum(span.end <= search.images[at] < span.end + reach for at in after)
    return near / (len(before) + len(after))


def _elsewhere(search: _Search) -> list[tuple[float, _Span]]:
    """Look for a passage that was moved: among words that come from no other place."""
    taken = {
        image
        for at, image in enumerate(search.images)
        if image != NONE and not search.start <= at < search.end
    }
    # A place all of whose words come from elsewhere is a copy that was there before. One word
    # that does not, and two sentences nearly alike were exchanged.
    moved = [
        at
        for at in _places(search.new, search.passage)
        if not taken.issuperset(range(at, at + search.length))
    ]
    spans = [_Span(at, at + search.length, search.length) for at in moved]
    if spans:
        is_sure = search.length >= _DISTINCTIVE and _is_only(search)
        return [(0.9 if is_sure else _UNSURE * _rareness(search), span) for span in spans]
    return _edited_elsewhere(search, taken)


def _rareness(search: _Search) -> float:
    """One or two words found in another place are as good as nothing."""
    return min(1.0, search.length / 3)


def _edited_elsewhere(search: _Search, taken: set[int]) -> list[tuple[float, _Span]]:
    guesses = []
    for start, end in _free(len(search.new), taken):
        images = [
            image for image in aligned(search.passage, search.new[start:end]) if image != NONE
        ]
        if not images:
            continue
        span = _Span(start + images[0], start + images[-1] + 1, len(images))
        likeness = 2 * span.kept / (search.length + span.end - span.start)
        if likeness >= _LIKE_ENOUGH and span.kept >= _DISTINCTIVE // 2:
            guesses.append((min(likeness, _UNSURE), span))
    return guesses


def _free(length: int, taken: set[int]) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(length + 1):
        if at == length or at in taken:
            if at > start:
                yield start, at
            start = at + 1


def _is_same(search: _Search, span: _Span) -> bool:
    return list(search.new[span.start : span.end]) == list(search.passage)


def _placement(
    quote: Quote,
    text: str,
    words: Sequence[Word],
    span: _Span,
    confidence: float,
    *,
    is_same: bool,
) -> Placement:
    start, end = words[span.start].start, words[span.end - 1].end
    start, end = _with_signs(text, start, end, _signs_around(quote.words.strip()))
    if confidence < SURE:
        return Placement(start, end, confidence, State.DOUBTFUL)
    return Placement(start, end, confidence, State.EXACT if is_same else State.SURE)


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
    if size < _DISTINCTIVE or was != 1:
        return section, Placement(start, end, _UNSURE, State.DOUBTFUL)
    return section, Placement(start, end, 0.9, State.EXACT)
