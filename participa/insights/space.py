"""The space in which texts that say alike lie near each other, learned from the corpus alone.

No table of other people's language is needed.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from participa.insights.lenses import (
    LEARNED_ON,
    Floats,
    Numbers,
    Random,
    learn_lenses,
    some,
    telling,
    unit,
)
from participa.insights.words import Ints, WordTable

NEIGHBOURS, ROUNDS, OWN_PART = 10, 6, 0.3
# Chosen on a consultation of 379 comments on 14 articles: under a half, short comments drift
# apart; at one, every theme is an article.
CONTEXT_PART = np.float32(0.7)
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is learned from: stem counts, one row a text, and the language of each text."""

    counts: csr_array
    stems: tuple[str, ...]
    tongues: Ints

    def rows(self, chosen: NDArray[np.int64]) -> "Corpus":
        """Keep some of the texts."""
        return Corpus(self.counts[chosen], self.stems, self.tongues[chosen])

    def columns(self, chosen: NDArray[np.int64]) -> "Corpus":
        """Keep some of the stems, and all texts."""
        kept = tuple(self.stems[column] for column in chosen)
        return Corpus(self.counts[:, chosen], kept, self.tongues)


@dataclass(frozen=True, slots=True)
class Space:
    """Each text as a unit row: `own` is what it says itself, `drawn` is moved towards its kin.

    `known` tells which texts share at least one stem with another text; the rows of the others
    are zero, for nothing is known about where they belong.
    """

    own: Floats
    drawn: Floats
    known: NDArray[np.bool_]


def read_corpus(table: WordTable) -> Corpus:
    """Count the stems of each text."""
    rows = [table.stems_of(text) for text in range(len(table.texts))]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.concatenate([*rows, np.empty(0, np.int32)])
    ones = np.ones(len(columns), dtype=np.float32)
    counts = csr_array((ones, columns, ends), shape=(len(rows), len(table.stems)))
    counts.sum_duplicates()
    return Corpus(counts, table.stems, table.tongues)


def in_context(corpus: Corpus, titles: Corpus) -> Corpus:
    """Add to each text the stems of the title it was said under, each as part of a word.

    A comment of four words under "Paradero de buses" is about buses; what it says itself still
    weighs more, so that it may belong elsewhere.
    """
    return replace(corpus, counts=csr_array(corpus.counts + CONTEXT_PART * titles.counts))


def learn_space(corpus: Corpus, seed: int) -> Space:
    """Learn where the texts of a corpus lie."""
    random = np.random.RandomState(seed)
    told = corpus.columns(telling(corpus.counts))
    lenses = learn_lenses(told.counts, told.stems, told.tongues, random)
    if lenses is None:
        size = corpus.counts.shape[0]
        nothing = np.zeros((size, 1), dtype=np.float32)
        return Space(nothing, nothing, np.zeros(size, dtype=np.bool_))
    own = lenses.look(lenses.weighted(told.counts), told.tongues)
    known = np.diff(told.counts.indptr) > 0
    return Space(own, draw_near(own, known, random), known)


def draw_near(own: Floats, known: NDArray[np.bool_], random: Random) -> Floats:
    """Move each text towards its nearest ones: short texts borrow what their kin say."""
    anchors = some(np.flatnonzero(known), LEARNED_ON, random)
    size = min(NEIGHBOURS, len(anchors) // 6)
    if size < 1:
        return own
    near, likeness = nearest(own, own[anchors], size + 1)
    pull = np.maximum(likeness, 0)
    pull[anchors[near] == np.arange(len(own))[:, None]] = 0
    pull /= np.maximum(pull.sum(axis=1, keepdims=True), 1e-9)
    ends = np.arange(len(own) + 1) * (size + 1)
    pulls = csr_array((pull.ravel(), near.ravel(), ends), shape=(len(own), len(anchors)))
    drawn = own
    for _round in range(ROUNDS):
        drawn = unit(OWN_PART * own + (1 - OWN_PART) * (pulls @ drawn[anchors]))
    return drawn


def nearest(points: Floats, among: Floats, size: int) -> tuple[Numbers, Floats]:
    """Find for each unit row the places of the nearest among others, and their cosines."""
    near = np.empty((len(points), size), dtype=np.int64)
    likeness = np.empty((len(points), size), dtype=np.float32)
    for start in range(0, len(points), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        cosines = points[part] @ among.T
        near[part] = np.argpartition(-cosines, size - 1, axis=1)[:, :size]
        likeness[part] = np.take_along_axis(cosines, near[part], axis=1)
    return near, likeness
