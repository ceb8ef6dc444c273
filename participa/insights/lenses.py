"""Three ways to look at a text, learned from a corpus: its stems, their letters, their company.

What they learned places texts of the corpus and texts that come later alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from participa.insights.words import LANGUAGES, Ints

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Random = np.random.RandomState

MAX_STEMS = 8_000
LEARNED_ON = 4_000
COMPANY_LEARNED_ON = 20_000
STEM_SIZE, LETTER_SIZE, COMPANY_SIZE = 100, 100, 200
STEM_WEIGHT, LETTER_WEIGHT, COMPANY_WEIGHT = 0.4, 0.4, 1.0
CONTEXT_POWER = 0.75
FEWEST_OF_A_LANGUAGE = 20
_SMALL_MATRIX = 40_000
_MORE_DIRECTIONS = 10
_RUNS_OF_LETTERS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Lenses:
    """What was learned: one row a telling stem in each of the tables of directions.

    `rarity` is each stem's inverse document frequency; `middle` is taken from what company
    says, and `tongues`, one row a language, from the whole, where several are spoken.
    """

    stems: tuple[str, ...]
    rarity: Floats
    by_stem: Floats
    by_letter: Floats
    by_company: Floats
    middle: Floats
    tongues: Floats

    def weighted(self, counts: csr_array) -> csr_array:
        """Weigh counts of the telling stems: logarithms by rarity, each text of length one."""
        weights = csr_array(counts, dtype=np.float32, copy=True)
        weights.data = (1 + np.log(weights.data)) * self.rarity[weights.indices]
        rows = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
        length = np.sqrt(np.bincount(rows, weights.data**2, minlength=weights.shape[0]))
        weights.data /= length[rows].astype(np.float32)
        return weights

    def look(self, weights: csr_array, tongues: Ints) -> Floats:
        """Give each text as a unit row; one without a telling stem is zero."""
        level = unit(self._joined(weights) - self.tongues[tongues])
        level[np.diff(weights.indptr) == 0] = 0
        return level

    def _joined(self, weights: csr_array) -> Floats:
        company = unit(weights @ self.by_company)
        company[np.linalg.norm(company, axis=1) > 0] -= self.middle
        views = (
            STEM_WEIGHT * unit(weights @ self.by_stem),
            LETTER_WEIGHT * unit(weights @ self.by_letter),
            COMPANY_WEIGHT * unit(company),
        )
        return unit(np.hstack(views))


def telling(counts: csr_array, most: int = MAX_STEMS) -> Numbers:
    """Choose the stems of two texts or more and of at most half of them, the most frequent."""
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    fit = np.flatnonzero((spread >= 2) & (spread <= max(2, counts.shape[0] / 2)))
    order = np.argsort(-spread[fit], kind="stable")[:most]
    return np.sort(fit[order])


def learn_lenses(
    counts: csr_array, stems: Sequence[str], tongues: Ints, random: Random
) -> Lenses | None:
    """Learn from counts of telling stems; None where there are not two of them."""
    if len(stems) < 2:
        return None
    rarity = _rarity(counts)
    blank = np.zeros((len(stems), 1), dtype=np.float32)
    level = np.zeros((len(LANGUAGES), 1), dtype=np.float32)
    lenses = Lenses(tuple(stems), rarity, blank, blank, blank, level[0], level)
    weights = lenses.weighted(counts)
    by_stem = _main_directions(weights, STEM_SIZE, random)
    by_letter = _letters(weights, stems, random)
    by_company = _company(weights, random)
    lenses = replace(
        lenses,
        by_stem=by_stem,
        by_letter=by_letter,
        by_company=by_company,
        middle=_middle(weights @ by_company),
    )
    return replace(lenses, tongues=_tongue_means(lenses, weights, tongues))


def _middle(company: Floats) -> Floats:
    rows = unit(company)
    rows = rows[np.linalg.norm(rows, axis=1) > 0]
    return rows.mean(axis=0) if len(rows) else np.zeros(company.shape[1], dtype=np.float32)


def _tongue_means(lenses: Lenses, weights: csr_array, tongues: Ints) -> Floats:
    """Note what each language alone makes of its texts, where several are spoken.

    Otherwise the first thing any grouping finds in a bilingual city is its two languages.
    """
    known = np.diff(weights.indptr) > 0
    spoken = np.flatnonzero(np.bincount(tongues[known]) >= FEWEST_OF_A_LANGUAGE)
    if len(spoken) < 2:
        return lenses.tongues
    joined = lenses.look(weights, tongues)
    means = np.zeros((len(LANGUAGES), joined.shape[1]), dtype=np.float32)
    for tongue in spoken:
        means[tongue] = joined[known & (tongues == tongue)].mean(axis=0)
    return means


def _rarity(counts: csr_array) -> Floats:
    """Give each column its inverse document frequency, as if one more text had them all."""
    spread = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + spread)) + 1, dtype=np.float32)


def _letters(weights: csr_array, stems: Sequence[str], random: Random) -> Floats:
    """Bring together what the stemmer keeps apart: vía and vías, presupuesto and presupuestal."""
    table = _letter_table(stems)
    spread = np.bincount(table.indices, minlength=table.shape[1])
    table = table[:, np.flatnonzero((spread >= 2) & (spread <= len(stems) / 2))]
    if not min(table.shape):
        return np.zeros((len(stems), 1), dtype=np.float32)
    table.data *= _rarity(table)[table.indices]
    return np.asarray(table @ _main_directions(weights, LETTER_SIZE, random, table))


def _letter_table(stems: Sequence[str]) -> csr_array:
    """Count the runs of three to five letters of each stem, its beginning and end among them."""
    numbers: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    for stem in stems:
        word = f" {stem} "
        for size in _RUNS_OF_LETTERS:
            columns += [
                numbers.setdefault(word[at : at + size], len(numbers))
                for at in range(max(1, len(word) - size + 1))
            ]
            if size >= len(word):
                break
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float32)
    table = csr_array((ones, columns, ends), shape=(len(stems), len(numbers)))
    table.sum_duplicates()
    return table


def _company(weights: csr_array, random: Random) -> Floats:
    """Place each stem by the stems it shares texts with."""
    known = some(np.arange(weights.shape[0]), COMPANY_LEARNED_ON, random)
    presence = csr_array(weights[known] > 0, dtype=np.float32)
    shared = csr_array(presence.T @ presence)
    shared.setdiag(0)
    shared.eliminate_zeros()
    if not shared.nnz:
        return np.zeros((weights.shape[1], 1), dtype=np.float32)
    left, strength, _right = _svd(_surprise(shared), COMPANY_SIZE, random)
    return unit(left * np.sqrt(strength))


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


def _main_directions(
    weights: csr_array, size: int, random: Random, through: csr_array | None = None
) -> Floats:
    """Find the main directions on a sample of the texts, seen through another table if given."""
    sample = weights[some(np.arange(weights.shape[0]), LEARNED_ON, random)]
    _left, _strength, right = _svd(sample if through is None else sample @ through, size, random)
    return np.ascontiguousarray(right.T)


def _svd(matrix: csr_array, size: int, random: Random) -> tuple[Floats, Floats, Floats]:
    """Find the strongest directions of a table, from random ones (Halko et al. 2011)."""
    size = max(1, min(size, min(matrix.shape) - 1))
    wide = min(size + _MORE_DIRECTIONS, *matrix.shape)
    turned = matrix.T.tocsr()
    basis = _level(matrix @ random.normal(size=(matrix.shape[1], wide)).astype(np.float32))
    # A small corpus has a flat spectrum and would vary by seed.
    for _pass in range(4 if matrix.nnz < _SMALL_MATRIX else 2):
        basis = _level(matrix @ _level(turned @ basis))
    left, strength, right = np.linalg.svd((turned @ basis).T, full_matrices=False)
    return basis @ left[:, :size], strength[:size], right[:size]


def _level(directions: Floats) -> Floats:
    return np.asarray(np.linalg.qr(directions)[0], dtype=np.float32)


def some(rows: Numbers, size: int, random: Random) -> Numbers:
    """Draw so many rows, in their order; all of them where they are no more."""
    if len(rows) <= size:
        return rows
    return np.sort(random.choice(rows, size, replace=False))


def unit(rows: Floats) -> Floats:
    """Give each row the length one; rows of zeros stay so."""
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return np.asarray(rows / np.where(length > 0, length, 1), dtype=np.float32)
