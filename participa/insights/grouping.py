"""Grouping anyone's texts: one function, one result, nothing of it stored. Pure.

Up to `WHOLE` texts are all drawn towards their kin and grouped together; of more, a sample is,
and the others go to the nearest centre, so that time and memory grow with the texts only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from participa.insights.clustering import FEWEST_TEXTS, has_structure
from participa.insights.duplicates import find_duplicates
from participa.insights.grain import find_grain
from participa.insights.labels import theme_words
from participa.insights.lenses import Floats, Lenses, Numbers, learn_lenses, some, telling, unit
from participa.insights.levels import Levels, cut_twice
from participa.insights.quotes import Chosen, Source, choose_quotes
from participa.insights.space import Corpus, draw_near, read_corpus
from participa.insights.trees import grouped, sums
from participa.insights.words import WordTable, read_words

HEARD_ONCE = -1
WHOLE, SAMPLE = 20_000, 10_000
# Of a large group only the most central texts are read for its words and its quotes.
TELLING_TEXTS, QUOTED_TEXTS = 2_000, 400
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that speak of one thing: rows, most central first, its words and its quotes.

    A quote's `place` is the row it is taken from. `parts` are groups within it, where two levels
    were asked for; `stability` is then the share of runs that find it again (`levels`).
    """

    rows: Numbers
    words: tuple[str, ...]
    quotes: tuple[Chosen, ...]
    stability: float | None = None
    parts: tuple["Group", ...] = ()

    @property
    def label(self) -> str:
        """Name it by its most telling words."""
        return " · ".join(self.words[:4])


@dataclass(frozen=True, slots=True)
class Grouping:
    """Where every text went, one entry a text in the order given.

    `labels` numbers the groups from 0, the largest first, or is HEARD_ONCE; `strength` is the
    cosine of a text to the centre of its group, 0 to 1, 0 where it has none. `copies` leads
    from a text to the earlier one that says the same. `agreement` says how well two halves of
    the texts agree on as many groups (`grain`), with two levels on as many parts; None where the
    number was given. `parts` numbers the parts of each group from 0, or is HEARD_ONCE where a
    text is in none, as all are with one level.
    """

    labels: Numbers
    strength: Floats
    groups: tuple[Group, ...]
    copies: dict[int, int]
    agreement: float | None
    language: str
    lenses: Lenses | None
    centres: Floats
    parts: Numbers


def group_texts(
    bodies: Sequence[str],
    *,
    language: str = "es",
    count: int | None = None,
    seed: int = 2026,
    levels: int = 1,
) -> Grouping:
    """Group texts by what they speak of; without a count, as finely as they allow.

    Without one, texts whose groups are no better than chance are all heard once. The result
    depends on the order of the texts only where the texts must be sampled. With two levels the
    groups are five to ten themes, and what one level would give are their parts.
    """
    # Threads change the last digits of sums, and with them, now and then, a text's group.
    with threadpool_limits(limits=1):
        return _group(bodies, language, count, seed, levels)


def _group(
    bodies: Sequence[str], language: str, count: int | None, seed: int, levels: int
) -> Grouping:
    table = read_words(bodies, language)
    copies = find_duplicates(table, exact_only=len(bodies) > WHOLE)
    own_rows = np.setdiff1d(np.arange(len(bodies)), np.fromiter(copies, np.int64, len(copies)))
    corpus = read_corpus(table)
    random = np.random.RandomState(seed)
    learned = own_rows if len(own_rows) <= WHOLE else some(own_rows, SAMPLE, random)
    sample = corpus.rows(learned)
    chosen = telling(sample.counts)
    told = sample.columns(chosen)
    lenses = learn_lenses(told.counts, told.stems, told.tongues, random)
    known = np.diff(told.counts.indptr) > 0
    if lenses is None or known.sum() < max(FEWEST_TEXTS, count or 0):
        return _ungrouped(table, copies, lenses)
    own = lenses.look(lenses.weighted(told.counts), told.tongues)
    agreement = None
    if count is None:
        grain = find_grain(own[known], seed)
        count, agreement = grain.count, grain.agreement
        if count < 2 or not has_structure(sample.rows(np.flatnonzero(known)), count, seed):
            return _ungrouped(table, copies, lenses, agreement)
    labels = np.full(len(learned), HEARD_ONCE)
    drawn = draw_near(own, known, random)[known]
    nest = None
    if levels == 1:
        labels[known] = grouped(drawn, count, seed)
    else:
        nest = cut_twice(sample.rows(np.flatnonzero(known)), drawn, count, seed)
        labels[known], count = nest.themes, len(nest.theme_stability)
    centres = unit(sums(own, labels, count))
    told_all = corpus.columns(chosen)
    placed, strength = place_texts(lenses, centres, told_all)
    placed[learned] = labels
    strength[learned] = np.where(labels < 0, 0, (own * centres[labels]).sum(axis=1))
    _follow(placed, strength, copies)
    order = np.argsort(-np.bincount(placed[placed >= 0], minlength=count), kind="stable")
    rank = np.empty(count + 1, dtype=np.int64)
    rank[order], rank[HEARD_ONCE] = np.arange(count), HEARD_ONCE
    placed, centres = rank[placed], centres[order]
    read = _Read(bodies, table, corpus, told_all, lenses)
    groups = _groups(read, placed, strength, copies)
    parts = np.full(len(placed), HEARD_ONCE)
    if nest is not None:
        nest = replace(
            nest, theme_of=rank[nest.theme_of], theme_stability=nest.theme_stability[order]
        )
        parts = _parts(read, own[known], learned[known], placed, nest)
        _follow(parts, strength, copies)
        groups = _with_parts(groups, _groups(read, parts, strength, copies), nest)
        parts = _within_theme(parts, nest.theme_of)
    return Grouping(
        labels=placed,
        strength=strength.clip(0, 1),
        groups=groups,
        copies=copies,
        agreement=agreement,
        language=table.language,
        lenses=lenses,
        centres=centres,
        parts=parts,
    )


def place_texts(lenses: Lenses, centres: Floats, told: Corpus) -> tuple[Numbers, Floats]:
    """Give each text the nearest centre and its cosine; HEARD_ONCE where no stem is known."""
    size = told.counts.shape[0]
    labels = np.full(size, HEARD_ONCE)
    strength = np.zeros(size, dtype=np.float32)
    for start in range(0, size, _CHUNK):
        part = slice(start, start + _CHUNK)
        counts = told.counts[part]
        near = lenses.look(lenses.weighted(counts), told.tongues[part]) @ centres.T
        known = np.diff(counts.indptr) > 0
        labels[part] = np.where(known, near.argmax(axis=1), HEARD_ONCE)
        strength[part] = np.where(known, near.max(axis=1), 0)
    return labels, strength


def _ungrouped(
    table: WordTable, copies: dict[int, int], lenses: Lenses | None, agreement: float | None = None
) -> Grouping:
    size = len(table.texts)
    nothing = np.zeros((0, 1), dtype=np.float32)
    return Grouping(
        np.full(size, HEARD_ONCE), np.zeros(size, dtype=np.float32), (), copies, agreement,
        table.language, lenses, nothing, np.full(size, HEARD_ONCE),
    )  # fmt: skip


def _follow(labels: Numbers, strength: Floats, copies: dict[int, int]) -> None:
    for row, first in copies.items():
        labels[row], strength[row] = labels[first], strength[first]


def _parts(read: "_Read", own: Floats, rows: Numbers, placed: Numbers, nest: Levels) -> Numbers:
    """Give each text its part: those learned from theirs, others the nearest if in their theme."""
    parts = np.full(len(placed), HEARD_ONCE)
    if len(nest.theme_of):
        centres = unit(sums(own, nest.parts, len(nest.theme_of)))
        near, _cosine = place_texts(read.lenses, centres, read.told)
        parts = np.where(nest.theme_of[near] == placed, near, HEARD_ONCE)
    parts[rows] = nest.parts
    return np.where(placed >= 0, parts, HEARD_ONCE)


def _with_parts(themes: Sequence[Group], parts: Sequence[Group], nest: Levels) -> tuple[Group, ...]:
    firm = [
        replace(part, stability=float(found))
        for part, found in zip(parts, nest.part_stability, strict=True)
    ]
    return tuple(
        replace(
            theme,
            stability=float(found),
            parts=tuple(firm[at] for at in np.flatnonzero(nest.theme_of == number)),
        )
        for number, (theme, found) in enumerate(zip(themes, nest.theme_stability, strict=True))
    )


def _within_theme(parts: Numbers, theme_of: Numbers) -> Numbers:
    """Number the parts of each theme from 0 instead of through all themes."""
    place = [int((theme_of[:at] == theme).sum()) for at, theme in enumerate(theme_of)]
    return np.array([*place, HEARD_ONCE], dtype=np.int64)[parts]


@dataclass(frozen=True, slots=True)
class _Read:
    """All texts as written, as words, as stems, and as the lenses see them."""

    bodies: Sequence[str]
    table: WordTable
    corpus: Corpus
    told: Corpus
    lenses: Lenses

    def quotes(self, rows: Sequence[int], words: Sequence[str]) -> tuple[Chosen, ...]:
        sources = [Source(self.bodies[row], None, None) for row in rows]
        told = self.told.rows(np.array(rows, dtype=np.int64))
        points = self.lenses.look(self.lenses.weighted(told.counts), told.tongues)
        chosen = choose_quotes(sources, points, words)
        return tuple(replace(quote, place=rows[quote.place]) for quote in chosen)


def _groups(
    read: _Read, labels: Numbers, strength: Floats, copies: Mapping[int, int]
) -> tuple[Group, ...]:
    count = int(labels.max(initial=HEARD_ONCE)) + 1
    order = np.lexsort((-strength, labels))
    ends = np.searchsorted(labels[order], np.arange(count + 1))
    rows = [order[ends[label] : ends[label + 1]] for label in range(count)]
    central = [[row for row in own.tolist() if row not in copies] for own in rows]
    words = theme_words(read.table, read.corpus.counts, [own[:TELLING_TEXTS] for own in central])
    return tuple(
        Group(own, told, read.quotes(first[:QUOTED_TEXTS], told))
        for own, first, told in zip(rows, central, words, strict=True)
    )
