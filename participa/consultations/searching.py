"""Looking for the words of a passage in a later text, by how both texts are aligned. No I/O."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from participa.kit.alignment import NONE, aligned

# What the best guess may be worth where something speaks against it.
UNSURE = 0.6
# So many words in a row are nobody else's by chance.
DISTINCTIVE = 6
LIKE_ENOUGH = 0.6
# So many words before and after a passage speak for its place.
_NEIGHBOURS = 8
# Before the first word, where no word is.
_BEGINNING = -2
# So many words more than there were may stand for the lost first or last ones.
_WORDIER = 2


class Span(NamedTuple):
    """Words of the later text, as the place of a passage."""

    start: int
    end: int
    kept: int
    is_firm: bool = True


# How likely a place is, from 0 to 1.
Guess = tuple[float, Span]


@dataclass(frozen=True, slots=True)
class Search:
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
        """Its words in the older text."""
        return self.old[self.start : self.end]

    @property
    def length(self) -> int:
        """How many words it has."""
        return self.end - self.start


def places_of(words: Sequence[str], wanted: Sequence[str]) -> list[int]:
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


def search_in(old: Sequence[str], new: Sequence[str], start: int, end: int) -> Search:
    """Align two wordings to look for the words from `start` to `end` of the older one."""
    return Search(old, new, start, end, aligned(old, new), _mirrored(old, new))


def _mirrored(old: Sequence[str], new: Sequence[str]) -> list[int]:
    images = aligned(old[::-1], new[::-1])[::-1]
    return [NONE if image == NONE else len(new) - 1 - image for image in images]


def in_place(search: Search) -> list[Guess]:
    """Weigh the place where the alignment of both wordings has a passage, if it has one."""
    spans = _aligned_spans(search)
    return [_weighed(search, span) for span in spans if not _is_another(search, span)]


def _aligned_spans(search: Search) -> Iterator[Span]:
    """Give the place between the images of the passage's first and last word, if any is left."""
    span, other = (_spanned(search, images) for images in (search.images, search.mirrored))
    if None in {span, other} and not _is_whole(search, span or other):
        # Taken out, it leaves what is like it beside it: one reading finds those words here.
        return
    span = span or other
    if span is not None:
        yield span if span == other else span._replace(is_firm=False)


def _is_whole(search: Search, span: Span | None) -> bool:
    return span is not None and span.kept == search.length


def _is_another(search: Search, span: Span) -> bool:
    """Tell whether a place has words of another passage, like this one, that was moved there."""
    found = search.new[span.start : span.end]
    return (
        len(found) >= DISTINCTIVE // 2
        and not places_of(search.passage, found)
        and bool(places_of(search.old, found))
    )


def _spanned(search: Search, images: Sequence[int]) -> Span | None:
    kept = [at for at in range(search.start, search.end) if images[at] != NONE]
    if not kept:
        return _rewritten(search, images)
    first, first_is_firm = _edge(search, images, kept[0], search.start, step=-1)
    last, last_is_firm = _edge(search, images, kept[-1], search.end - 1, step=1)
    return Span(first, last + 1, len(kept), first_is_firm and last_is_firm)


def _rewritten(search: Search, images: Sequence[int]) -> Span | None:
    """Give what stands between the neighbours of a passage of which no word is left."""
    before = _image(search, images, search.start - 1)
    after = _image(search, images, search.end)
    if NONE in {before, after}:
        return None
    before = max(before, -1)
    if not 0 < after - before - 1 <= 3 * search.length:
        return None
    return Span(before + 1, after, 0, is_firm=False)


def _image(search: Search, images: Sequence[int], at: int) -> int:
    """Say where a word stands now; what is before the first word is before it still."""
    if at < 0:
        return _BEGINNING
    return images[at] if at < len(search.old) else len(search.new)


def _edge(
    search: Search, images: Sequence[int], kept: int, edge: int, *, step: int
) -> tuple[int, bool]:
    """Say where a passage now begins or ends, and whether nothing speaks against it.

    Where its first words were replaced, those that stand in their place belong to it, if they
    are hardly more than they were.
    """
    place, lost = images[kept], abs(kept - edge)
    if not lost:
        return place, True
    outside = _image(search, images, edge + step)
    if outside == NONE:
        return place, False
    added = abs(place - max(outside, -1)) - 1
    return place + step * (added if added <= lost + _WORDIER else lost), added <= lost


def _weighed(search: Search, span: Span) -> Guess:
    """Weigh a place: how much of the passage is left there, and how much of what was around."""
    likeness = 2 * span.kept / (search.length + span.end - span.start)
    if not span.kept:
        return UNSURE * _surroundings(search, span), span
    weight = 3 / (3 + search.length)
    confidence = likeness * (1 - weight * (1 - _surroundings(search, span)))
    if _is_between(search, span):
        confidence = max(confidence, UNSURE * _surroundings(search, span))
    if likeness == 1 and search.length >= DISTINCTIVE and _is_only(search):
        confidence = max(confidence, 0.95)
    return (confidence if span.is_firm else min(confidence, UNSURE)), span


def _is_between(search: Search, span: Span) -> bool:
    """Tell whether a place is all that stands between the words beside a passage."""
    if span.end - span.start > 3 * search.length:
        return False
    before = max(_image(search, search.images, search.start - 1), -1)
    return (before, _image(search, search.images, search.end)) == (span.start - 1, span.end)


def _is_only(search: Search) -> bool:
    here, there = places_of(search.old, search.passage), places_of(search.new, search.passage)
    return len(here) == len(there) == 1


def _surroundings(search: Search, span: Span) -> float:
    """Say how much of what stood around a passage still does, near to it."""
    before = range(max(0, search.start - _NEIGHBOURS), search.start)
    after = range(search.end, min(len(search.old), search.end + _NEIGHBOURS))
    if not before and not after:
        return 1.0
    reach = 2 * _NEIGHBOURS
    near = sum(span.start - reach <= search.images[at] < span.start for at in before)
    near += sum(span.end <= search.images[at] < span.end + reach for at in after)
    return near / (len(before) + len(after))


def elsewhere(search: Search) -> list[Guess]:
    """Look for a passage that was moved: among words that come from no other place."""
    taken = _taken(search, search.images)
    # A place all of whose words come from elsewhere is a copy that was there before. One word
    # that does not, and two sentences nearly alike were exchanged.
    moved = [
        at
        for at in places_of(search.new, search.passage)
        if not taken.issuperset(range(at, at + search.length))
    ]
    spans = [Span(at, at + search.length, search.length) for at in moved]
    if spans:
        is_sure = search.length >= DISTINCTIVE and _is_only(search)
        return [(0.9 if is_sure else UNSURE * _rareness(search), span) for span in spans]
    guesses = _edited_elsewhere(search, taken | _taken(search, search.mirrored))
    return [guess for guess in guesses if not _is_another(search, guess[1])]


def _taken(search: Search, images: Sequence[int]) -> set[int]:
    """Give the words of the later text that come from outside the passage."""
    return {*images[: search.start], *images[search.end :]} - {NONE}


def _rareness(search: Search) -> float:
    """One or two words found in another place are as good as nothing."""
    return min(1.0, search.length / 3)


def _edited_elsewhere(search: Search, taken: set[int]) -> list[Guess]:
    found = [
        edited_in(search.passage, search.new, start, end)
        for start, end in free(len(search.new), taken)
    ]
    return [
        (min(likeness, UNSURE), span)
        for likeness, span in found
        if likeness >= LIKE_ENOUGH and span.kept >= DISTINCTIVE // 2
    ]


def edited_in(passage: Sequence[str], new: Sequence[str], start: int, end: int) -> Guess:
    """Say how like a passage the words of a stretch are, and which of them stand for it.

    The words at an edge of the stretch stand for those it lost there, if they are no more.
    """
    places = aligned(passage, new[start:end])
    kept = [at for at, place in enumerate(places) if place != NONE]
    if not kept:
        return 0.0, Span(start, start, 0)
    first, last = start + places[kept[0]], start + places[kept[-1]] + 1
    if first - start <= kept[0]:
        first = start
    if end - last < len(passage) - kept[-1]:
        last = end
    return 2 * len(kept) / (len(passage) + last - first), Span(first, last, len(kept))


def free(length: int, taken: Collection[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches of so many words that are not taken."""
    start = 0
    for at in range(length + 1):
        if at == length or at in taken:
            if at > start:
                yield start, at
            start = at + 1


def is_same(search: Search, span: Span) -> bool:
    """Tell whether a place has the very words of a passage."""
    return list(search.new[span.start : span.end]) == list(search.passage)
