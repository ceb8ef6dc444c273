"""The space in which texts that say alike lie near each other, learned from the corpus alone.

Three views of each text are joined: its stems, the letters of its stems, and what company its
stems keep in the whole corpus. No table of other people's language is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_svd

from participa.insights.words import Ints, WordTable

Floats = NDArray[np.float32]

MAX_STEMS = 8_000
LEARNED_ON = 4_000
COMPANY_LEARNED_ON = 20_000
STEM_SIZE, LETTER_SIZE, COMPANY_SIZE = 100, 100, 200
STEM_WEIGHT, LETTER_WEIGHT, COMPANY_WEIGHT = 0.4, 0.4, 1.0
CONTEXT_POWER = 0.75
NEIGHBOURS, ROUNDS, OWN_PART = 10, 6, 0.3
FEWEST_OF_A_LANGUAGE = 20
# Chosen on a consultation of 379 comments on 14 articles: under a half, short comments drift
# apart; at one, every theme is an article.
CONTEXT_PART = np.float32(0.7)
_SMALL_MATRIX = 40_000


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
    size = corpus.counts.shape[0]
    chosen = _telling(corpus.counts)
    if len(chosen) < 2:
        nothing = np.zeros((size, 1), dtype=np.float32)
        return Space(nothing, nothing, np.zeros(size, dtype=np.bool_))
    told = corpus.columns(chosen)
    weights = _weighted(told.counts)
    known = np.asarray(weights.sum(axis=1)).ravel() > 0
    views = (
        STEM_WEIGHT * _stem_view(weights, random),
        LETTER_WEIGHT * _letter_view(weights, told.stems, random),
        COMPANY_WEIGHT * _company_view(weights, random),
    )
    own = _level_languages(_unit(np.hstack(views)), known, corpus.tongues)
    return Space(own, draw_near(own, known, random), known)


def _level_languages(own: Floats, known: NDArray[np.bool_], tongues: Ints) -> Floats:
    """Take from each text what its language alone makes of it, where several are spoken.

    Otherwise the first thing any grouping finds in a bilingual city is its two languages.
    """
    sizes = np.bincount(tongues[known])
    spoken = np.flatnonzero(sizes >= FEWEST_OF_A_LANGUAGE)
    if len(spoken) < 2:
        return own
    level = own.copy()
    for tongue in spoken:
        rows = known & (tongues == tongue)
        level[rows] -= level[rows].mean(axis=0)
    return _unit(level)


def draw_near(own: Floats, known: NDArray[np.bool_], random: np.random.RandomState) -> Floats:
    """Move each text towards its nearest ones: short texts borrow what their kin say."""
    anchors = _sample(np.flatnonzero(known), LEARNED_ON, random)
    size = min(NEIGHBOURS, len(anchors) // 6)
    if size < 1:
        return own
    finder = NearestNeighbors(n_neighbors=size + 1, metric="cosine", algorithm="brute")
    distances, near = finder.fit(own[anchors]).kneighbors(own)
    pull = np.maximum(1 - distances, 0).astype(np.float32)
    pull[anchors[near] == np.arange(len(own))[:, None]] = 0
    pull /= np.maximum(pull.sum(axis=1, keepdims=True), 1e-9)
    ends = np.arange(len(own) + 1) * (size + 1)
    pulls = csr_array((pull.ravel(), near.ravel(), ends), shape=(len(own), len(anchors)))
    drawn = own
    for _round in range(ROUNDS):
        drawn = _unit(OWN_PART * own + (1 - OWN_PART) * (pulls @ drawn[anchors]))
    return drawn


def _telling(counts: csr_array) -> NDArray[np.int64]:
    """Choose the stems of two texts or more and of at most half of them, the most frequent."""
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    fit = np.flatnonzero((spread >= 2) & (spread <= max(2, counts.shape[0] / 2)))
    order = np.argsort(-spread[fit], kind="stable")[:MAX_STEMS]
    return np.sort(fit[order])


def _weighted(counts: csr_array) -> csr_array:
    weighted = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    return csr_array(weighted, dtype=np.float32)


def _stem_view(weights: csr_array, random: np.random.RandomState) -> Floats:
    return _unit(_projected(weights, STEM_SIZE, random))


def _letter_view(weights: csr_array, stems: Sequence[str], random: np.random.RandomState) -> Floats:
    """Bring together what the stemmer keeps apart: vía and vías, presupuesto and presupuestal."""
    grams = CountVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), lowercase=False, dtype=np.float32
    )
    table = csr_array(grams.fit_transform(stems))
    spread = np.bincount(table.indices, minlength=table.shape[1])
    table = table[:, np.flatnonzero((spread >= 2) & (spread <= len(stems) / 2))]
    if not min(table.shape):
        return np.zeros((weights.shape[0], 1), dtype=np.float32)
    rare = TfidfTransformer(norm=None).fit_transform(table)
    return _unit(_projected(weights, LETTER_SIZE, random, csr_array(rare, dtype=np.float32)))


def _company_view(weights: csr_array, random: np.random.RandomState) -> Floats:
    """Place each stem by the stems it shares texts with, and each text between its stems."""
    known = _sample(np.arange(weights.shape[0]), COMPANY_LEARNED_ON, random)
    presence = csr_array(weights[known] > 0, dtype=np.float32)
    shared = csr_array(presence.T @ presence)
    shared.setdiag(0)
    shared.eliminate_zeros()
    if not shared.nnz:
        return np.zeros((weights.shape[0], 1), dtype=np.float32)
    vectors = _company_vectors(_surprise(shared), random)
    middle = _unit(weights @ vectors)
    known_rows = np.linalg.norm(middle, axis=1) > 0
    middle[known_rows] -= middle[known_rows].mean(axis=0)
    return _unit(middle)


def _surprise(shared: csr_array) -> csr_array:
    """Turn counts of shared texts into how far they exceed chance; rare pairs count for less."""
    totals = shared.sum(axis=1)
    context = totals**CONTEXT_POWER
    scale = np.float32(context.sum())
    row_of = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    expected = totals[row_of] * context[shared.indices] / scale
    count = shared.data
    excess = np.log(count / expected) * (count / (count + 1))
    surprise = csr_array(
        (np.maximum(excess, 0).astype(np.float32), shared.indices, shared.indptr),
        shape=shared.shape,
    )
    surprise.eliminate_zeros()
    return surprise


def _company_vectors(surprise: csr_array, random: np.random.RandomState) -> Floats:
    left, strength, _right = _svd(surprise, COMPANY_SIZE, random)
    return _unit(left * np.sqrt(strength))


def _projected(
    weights: csr_array,
    size: int,
    random: np.random.RandomState,
    through: csr_array | None = None,
) -> Floats:
    """Find the main directions on a sample of the texts, and give all texts in them."""
    sample = weights[_sample(np.arange(weights.shape[0]), LEARNED_ON, random)]
    _left, _strength, right = _svd(sample if through is None else sample @ through, size, random)
    directions = right.T if through is None else through @ right.T
    return np.asarray(weights @ directions, dtype=np.float32)


def _svd(
    matrix: csr_array, size: int, random: np.random.RandomState
) -> tuple[Floats, Floats, Floats]:
    size = max(1, min(size, min(matrix.shape) - 1))
    left, strength, right = randomized_svd(
        matrix,
        n_components=size,
        n_oversamples=10,
        # A small corpus has a flat spectrum and would vary by seed.
        n_iter=4 if matrix.nnz < _SMALL_MATRIX else 2,
        power_iteration_normalizer="QR",
        random_state=random,
    )
    return left.astype(np.float32), strength.astype(np.float32), right.astype(np.float32)


def _sample(rows: NDArray[np.int64], size: int, random: np.random.RandomState) -> NDArray[np.int64]:
    if len(rows) <= size:
        return rows
    return np.sort(random.choice(rows, size, replace=False))


def _unit(rows: Floats) -> Floats:
    return np.asarray(normalize(rows, copy=True), dtype=np.float32)
