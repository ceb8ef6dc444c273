"""Texts that say the same in nearly the same words: copied letters, campaigns, double clicks.

Each is compared with the first of its kind, then with what most of its kind say, and never with
another copy, so that no chain of small changes ties two different texts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from participa.insights.words import TURNING_WORDS, Ints, WordTable

# Two texts are the same from this share of all their different words on. In a short text one
# word, such as the name of a vereda, weighs more; in fewer words than the least, too much.
SAME_WORDS, SAME_WORDS_IN_SHORT, SHORT = 0.8, 0.85, 20
FEWEST_SAME_WORDS = 10
BUCKETS, HASHES = 25, 5
_MIX = np.uint64(0x9E3779B97F4A7C15)


def find_duplicates(table: WordTable, *, exact_only: bool = False) -> dict[int, int]:
    """Find the texts that say in nearly the same words what an earlier one says: row to row.

    Texts that differ in a number or in a word that turns the meaning round are not the same.
    `exact_only` takes those with the same words in the same order, whatever their case,
    accents and signs.
    """
    numbers = _folded_numbers(table)
    firsts: dict[bytes, int] = {}
    copies: dict[int, int] = {}
    for row, words in enumerate(table.texts):
        if len(words):
            first = firsts.setdefault(numbers[words].tobytes(), row)
            if first != row:
                copies[row] = first
    if exact_only:
        return copies
    near = _near_copies(table, numbers, sorted(firsts.values()))
    return {row: near.get(first, first) for row, first in (near | copies).items()}


def overlap(table: WordTable, one: int, other: int) -> float:
    """Give the share of all different words of two texts that both have (Jaccard)."""
    first, second = ({table.folded[form] for form in table.texts[row]} for row in (one, other))
    return len(first & second) / max(1, len(first | second))


def _folded_numbers(table: WordTable) -> Ints:
    seen: dict[str, int] = {}
    ids = [seen.setdefault(word, len(seen)) for word in table.folded]
    return np.array(ids, dtype=np.int32)


def _near_copies(table: WordTable, numbers: Ints, rows: Sequence[int]) -> dict[int, int]:
    """Compare each text with the earliest that seems alike, or with what that is a copy of."""
    long = [row for row in rows if len(table.texts[row]) >= FEWEST_SAME_WORDS]
    words = {row: frozenset(numbers[table.texts[row]].tolist()) for row in long}
    long = [row for row in long if len(words[row]) >= FEWEST_SAME_WORDS]
    decisive = {
        int(numbers[form])
        for form, word in enumerate(table.folded)
        if word in TURNING_WORDS or any(c.isdigit() for c in word)
    }
    seeming = [
        (long[at], [long[other] for other in others]) for at, others in _seeming(table, long)
    ]
    copies: dict[int, int] = {}
    for row, earlier in seeming:
        firsts = dict.fromkeys(copies.get(other, other) for other in earlier)
        first = next((f for f in firsts if _same(words[row], words[f], decisive)), None)
        if first is not None:
            copies[row] = first
    return _by_majority(copies, seeming, words, decisive)


def _by_majority(
    copies: Mapping[int, int],
    seeming: Sequence[tuple[int, Sequence[int]]],
    words: Mapping[int, frozenset[int]],
    decisive: Collection[int],
) -> dict[int, int]:
    """Compare with the words that most copies of a text share, which is the letter as it was.

    Who changed some words and who changed others are both near to it, but not to each other.
    """
    letters = _letters(copies, words)
    moved: dict[int, int] = {}
    for row, earlier in seeming:
        own = copies.get(row, row)
        firsts = dict.fromkeys(copies.get(other, other) for other in (row, *earlier))
        best = next(
            (f for f in sorted(firsts) if f in letters and _same(words[row], letters[f], decisive)),
            own,
        )
        if best != row:
            moved[row] = best
    return {row: first for row, first in moved.items() if first not in moved}


def _letters(
    copies: Mapping[int, int], words: Mapping[int, frozenset[int]]
) -> dict[int, frozenset[int]]:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for row, first in copies.items():
        groups[first].append(row)
    letters = {}
    for first, rows in groups.items():
        if len(rows) > 1:
            said = Counter(word for row in (first, *rows) for word in words[row])
            letters[first] = frozenset(w for w, n in said.items() if 2 * n > len(rows) + 1)
    return letters


def _seeming(table: WordTable, rows: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Give each text that shares a bucket with earlier ones, and the earliest of each bucket.

    Two texts get the same least hash of their words as often as their words are the same
    (MinHash, Broder 1997); a bucket is some least hashes at once. Texts of
    which four words in five are the same miss each other once in twenty thousand times.
    """
    if not rows:
        return
    sizes = np.array([len(table.texts[row]) for row in rows])
    hashes = _word_hashes(table.folded)[np.concatenate([table.texts[row] for row in rows])]
    starts = np.cumsum(sizes) - sizes
    random = np.random.RandomState(0)
    earliest = np.empty((BUCKETS, len(rows)), dtype=np.int64)
    for bucket in range(BUCKETS):
        key = np.zeros(len(rows), dtype=np.uint64)
        for _hash in range(HASHES):
            odd, add = (np.uint64(n) for n in random.randint(1, 2**62, size=2, dtype=np.uint64))
            mixed = (hashes * (odd | np.uint64(1)) + add) >> np.uint64(20)
            key = key * _MIX + np.minimum.reduceat(mixed, starts)
        _keys, first, which = np.unique(key, return_index=True, return_inverse=True)
        earliest[bucket] = first[which]
    for place in np.flatnonzero((earliest < np.arange(len(rows))).any(axis=0)).tolist():
        found = earliest[:, place]
        yield place, np.unique(found[found < place]).tolist()


def _word_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Number words by what they are, so that the order of the texts does not matter."""
    digests = b"".join(blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _same(one: frozenset[int], other: frozenset[int], decisive: Collection[int]) -> bool:
    shared = len(one & other)
    either = len(one) + len(other) - shared
    bar = SAME_WORDS if either >= SHORT else SAME_WORDS_IN_SHORT
    return shared >= bar * either and (one ^ other).isdisjoint(decisive)
