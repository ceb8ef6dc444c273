"""Which words of one text stand again in another, in the order of both.

Rare word groups that both texts have once are matched first, as in Bram Cohen's patience diff;
what lies between them is matched by dynamic programming that prefers runs to scattered words.
The cost is bounded: between two anchors, at most `MOST_CELLS` pairs of words are compared.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST_CELLS = 20_000
NONE = -1
_WORD = re.compile(r"\w+")
# The first combining character is U+0300; what lies below need not be asked one by one.
_MAYBE_MARK = re.compile("[^\x00-\u02ff]")
_STARTS, _CONTINUES = 2, 3
# A matched run this short between changes this much longer is chance.
_ISLAND, _SEA = 2, 3


class Word(NamedTuple):
    """A word of a text: where it stands, and by what it is compared."""

    start: int
    end: int
    key: str


class _Box(NamedTuple):
    a: int
    a_end: int
    b: int
    b_end: int


def folded(text: str) -> str:
    """Give a text without accents and capitals, for comparing."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _MAYBE_MARK.sub(_unless_mark, decomposed)


def _unless_mark(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found.group()) else found.group()


def words_of(text: str) -> list[Word]:
    """Give the words of a text, compared without accents, capitals and punctuation."""
    return [
        Word(found.start(), found.end(), folded(found.group())) for found in _WORD.finditer(text)
    ]


def aligned(a: Sequence[str], b: Sequence[str]) -> list[int]:
    """Say for each word of `a` where it stands in `b`, or NONE; the order is never crossed."""
    images = [NONE] * len(a)
    boxes = [_Box(0, len(a), 0, len(b))]
    while boxes:
        box = _trimmed(a, b, boxes.pop(), images)
        if box.a == box.a_end or box.b == box.b_end:
            continue
        anchors = _anchors(a, b, box)
        if anchors:
            boxes += _between(anchors, box, images)
        elif (box.a_end - box.a) * (box.b_end - box.b) <= MOST_CELLS:
            _compared(a, b, box, images)
    return _without_islands(images, len(b))


def _trimmed(a: Sequence[str], b: Sequence[str], box: _Box, images: list[int]) -> _Box:
    i, i_end, j, j_end = box
    while i < i_end and j < j_end and a[i] == b[j]:
        images[i] = j
        i, j = i + 1, j + 1
    while i < i_end and j < j_end and a[i_end - 1] == b[j_end - 1]:
        i_end, j_end = i_end - 1, j_end - 1
        images[i_end] = j_end
    return _Box(i, i_end, j, j_end)


def _anchors(a: Sequence[str], b: Sequence[str], box: _Box) -> list[tuple[int, int]]:
    """Give the pairs of places where a group of words begins that both have exactly once."""
    for size in (3, 2, 1):
        here = _once(a, box.a, box.a_end, size)
        there = _once(b, box.b, box.b_end, size)
        pairs = rising([(at, there[group]) for group, at in here.items() if group in there])
        if pairs:
            return [(i + k, j + k) for i, j in pairs for k in range(size)]
    return []


def _once(words: Sequence[str], start: int, end: int, size: int) -> dict[tuple[str, ...], int]:
    groups = [tuple(words[at : at + size]) for at in range(start, end - size + 1)]
    counts = Counter(groups)
    return {group: start + at for at, group in enumerate(groups) if counts[group] == 1}


def rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest selection of pairs, in order of their first, whose second rises too."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_i, j) in enumerate(pairs):
        place = bisect_left(tops, j)
        before.append(ends[place - 1] if place else NONE)
        tops[place : place + 1] = [j]
        ends[place : place + 1] = [at]
    chain = []
    at = ends[-1] if ends else NONE
    while at != NONE:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _between(anchors: list[tuple[int, int]], box: _Box, images: list[int]) -> Iterator[_Box]:
    i, j = box.a, box.b
    for at, place in anchors:
        if at < i or place < j:
            # Two groups that overlap: the first has claimed this word.
            continue
        images[at] = place
        yield _Box(i, at, j, place)
        i, j = at + 1, place + 1
    yield _Box(i, box.a_end, j, box.b_end)


def _compared(a: Sequence[str], b: Sequence[str], box: _Box, images: list[int]) -> None:
    """Match what is left by its best common subsequence, a run weighing more than its words."""
    rows, columns = box.a_end - box.a, box.b_end - box.b
    best = [[0] * (columns + 1) for _row in range(rows + 1)]
    ending = [[0] * (columns + 1) for _row in range(rows + 1)]
    for i in range(1, rows + 1):
        word, above, here = a[box.a + i - 1], best[i - 1], best[i]
        for j in range(1, columns + 1):
            if word == b[box.b + j - 1]:
                run = ending[i - 1][j - 1]
                ending[i][j] = max(run + _CONTINUES if run else 0, above[j - 1] + _STARTS)
            here[j] = max(ending[i][j], above[j], here[j - 1])
    _traced(best, ending, box, images)


def _traced(best: list[list[int]], ending: list[list[int]], box: _Box, images: list[int]) -> None:
    i, j = len(best) - 1, len(best[0]) - 1
    continues = False
    while i and j:
        if continues or (ending[i][j] and ending[i][j] == best[i][j]):
            images[box.a + i - 1] = box.b + j - 1
            continues = ending[i - 1][j - 1] > 0 and (
                ending[i][j] == ending[i - 1][j - 1] + _CONTINUES
            )
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1


def _without_islands(images: list[int], length: int) -> list[int]:
    """Leave out words that are matched alone in the midst of longer changes."""
    runs = list(_runs(images))
    kept = list(images)
    for at, (start, end) in enumerate(runs):
        before = runs[at - 1][1] if at else 0
        after = runs[at + 1][0] if at + 1 < len(runs) else len(images)
        left = images[start] - (images[before - 1] + 1 if at else 0)
        right = (images[after] if at + 1 < len(runs) else length) - images[end - 1] - 1
        sea = min(max(start - before, left), max(after - end, right))
        if end - start <= _ISLAND and sea >= _SEA * (end - start):
            kept[start:end] = [NONE] * (end - start)
    return kept


def _runs(images: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the stretches whose words stand side by side in both texts."""
    start = 0
    for at in range(1, len(images) + 1):
        goes_on = at < len(images) and images[at] != NONE and images[at] == images[at - 1] + 1
        if not goes_on:
            if images[start] != NONE:
                yield start, at
            start = at
