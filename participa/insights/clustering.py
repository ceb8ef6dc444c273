"""Grouping texts into themes: how many there are, whether they are real, who belongs to none.

Nothing here asks for the number of themes, and a corpus without structure yields none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.neighbors import NearestNeighbors

from participa.insights.grain import find_grain
from participa.insights.lenses import Floats, Numbers, some, unit
from participa.insights.space import Corpus, Space, learn_space
from participa.insights.trees import NONE, TREE_TEXTS, cut, grouped_at, nested, sums, tree_of

Progress = Callable[[float], None]

FEWEST_TEXTS = 12
SMALLEST_THEME = 3
# Structure: themes found in one half of the vocabulary must be found in the other half too.
SPLITS, SPLIT_TEXTS, CLEAR_AGREEMENT, CLEAR_DEVIATIONS = 4, 1_000, 0.01, 3.0
FAR_BEYOND = (5.0, 3.0)
# Stability: the share of runs on 80 % of the texts, space learned anew, that find a theme again.
RUNS, RUN_PART, RUN_TEXTS, FOUND_AGAIN, LOOSEST = 10, 0.8, 2_500, 0.5, 0.1
# A part of a theme must be found again in half the runs.
FOUND_IN, SMALLEST_PART = 0.5, 3
# A text belongs to a theme when it lies nearer to it than this share of the texts outside, and
# at least so near as this part of what is usual inside.
OUTSIDE_SHARE, USUAL_PART = 0.8, 0.3
GRAIN, GRAPH_NEIGHBOURS = 1.25, 15


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one theme, most central first, and how surely it is found again.

    `parts` are the softer groups within it that are found again too, the largest first; a row is
    in one of them at most.
    """

    rows: tuple[int, ...]
    stability: float
    parts: "tuple[Group, ...]" = ()


def find_groups(corpus: Corpus, seed: int, progress: Progress) -> tuple[Space, tuple[Group, ...]]:
    """Learn the space of the texts and find their themes, the largest first.

    Texts that are in no group belong nowhere. There is no group at all when the texts are few,
    or when what one half of the words says is no better than chance at telling what the other
    half says: then any grouping would be of our making.
    """
    space = learn_space(corpus, seed)
    progress(0.2)
    known = np.flatnonzero(space.known)
    if len(known) < FEWEST_TEXTS:
        return space, ()
    count = _number_of_groups(space.drawn[known], seed)
    if not has_structure(corpus.rows(known), count, seed):
        return space, ()
    progress(0.4)
    labels, finer = _two_cuts(space, known, count, seed)
    stability, firm = _stability(corpus, (labels, finer), seed, progress)
    labels = _without_loosest(space, labels, stability)
    parts = _nested(space, labels, finer)
    return space, _central_groups(space, (labels, stability), (parts, firm))


def _two_cuts(space: Space, known: Numbers, count: int, seed: int) -> tuple[Numbers, Numbers]:
    """Group the known texts into themes, and more finely, as finely as halves of them agree."""
    fine = find_grain(space.own[known], seed).count
    counts = (count, fine) if fine > count else (count,)
    cuts = np.full((2, len(space.known)), NONE)
    for at, labels in enumerate(grouped_at(space.drawn[known], counts, seed)):
        cuts[at, known] = labels
    return cuts[0], cuts[1]


def _nested(space: Space, labels: Numbers, finer: Numbers) -> Numbers:
    parts = np.full(len(labels), NONE)
    both = np.flatnonzero((labels >= 0) & (finer >= 0))
    if len(both):
        parts[both] = nested(space.drawn[both], labels[both], finer[both])[1]
    return parts


def has_structure(corpus: Corpus, count: int, seed: int) -> bool:
    """Tell whether words kept apart lead to the same themes, beyond what chance does.

    The vocabulary is dealt into two halves; each half groups the texts without knowing of the
    other. Words thrown together at random agree on nothing, however neat their groups look.
    """
    random = np.random.RandomState(seed)
    sample = corpus.rows(some(np.arange(len(corpus.tongues)), SPLIT_TEXTS, random))
    agreements: list[float] = []
    by_chance: list[float] = []
    for split in range(SPLITS):
        half = random.permutation(len(corpus.stems)) % 2 == 0
        first, second = (
            _regrouped(sample.columns(np.flatnonzero(part)), (count,), seed + split)[0]
            for part in (half, ~half)
        )
        both = (first >= 0) & (second >= 0)
        if both.sum() < FEWEST_TEXTS:
            return False
        agreements.append(adjusted_mutual_info_score(first[both], second[both]))
        by_chance += [
            adjusted_mutual_info_score(first[both], random.permutation(second[both]))
            for _again in range(SPLITS)
        ]
        clear = max(CLEAR_AGREEMENT, CLEAR_DEVIATIONS * float(np.std(by_chance)))
        # One split that agrees so much better than chance needs no second, two no third.
        if min(agreements) > FAR_BEYOND[min(split, 1)] * clear:
            return True
    return bool(np.mean(agreements) > clear)


def _number_of_groups(points: Floats, seed: int) -> int:
    """Choose the cut of the tree whose groups hold most neighbours together, beyond chance.

    Few enough to be read: about five to fifteen for hundreds to thousands of texts.
    """
    sample = some(np.arange(len(points)), TREE_TEXTS, np.random.RandomState(seed))
    tree = tree_of(points[sample])
    most = min(round(5 * np.log10(len(points))), len(sample) // 4)
    links = _neighbour_graph(points[sample])
    degrees = np.asarray(links.sum(axis=1)).ravel()
    ends = links.tocoo()
    best, best_gain = 2, -np.inf
    for count in range(2, most + 1):
        labels = cut(tree, len(sample), count)
        inside = ends.data[labels[ends.row] == labels[ends.col]].sum() / degrees.sum()
        shares = np.bincount(labels, weights=degrees) / degrees.sum()
        gain = inside - GRAIN * np.sum(shares**2)
        if gain > best_gain:
            best, best_gain = count, gain
    return best


def _neighbour_graph(points: Floats) -> csr_array:
    size = min(GRAPH_NEIGHBOURS, len(points) // 4)
    finder = NearestNeighbors(n_neighbors=size, metric="cosine", algorithm="brute").fit(points)
    graph = csr_array(finder.kneighbors_graph())
    return csr_array(graph + graph.T)


def _stability(
    corpus: Corpus, cuts: Sequence[Numbers], seed: int, progress: Progress
) -> list[NDArray[np.float64]]:
    """Give each group of each cut the share of runs on part of the texts that find it again."""
    found = [np.zeros(int(labels.max()) + 1) for labels in cuts]
    for run in range(RUNS):
        again = found_again(corpus, cuts, seed + 1 + run)
        found = [sofar + one / RUNS for sofar, one in zip(found, again, strict=True)]
        progress(0.4 + 0.5 * (run + 1) / RUNS)
    return found


def found_again(corpus: Corpus, cuts: Sequence[Numbers], seed: int) -> list[NDArray[np.bool_]]:
    """Group part of the texts anew; say which groups of each cut are found again.

    Found again: some group of the run shares at least half of all texts of both.
    """
    known = np.flatnonzero(cuts[0] >= 0)
    counts = [int(labels.max()) + 1 for labels in cuts]
    random = np.random.RandomState(seed % 2**32)
    rows = some(known, min(RUN_TEXTS, int(RUN_PART * len(known))), random)
    regrouped = _regrouped(corpus.rows(rows), counts, seed)
    return [
        best_overlap(labels[rows], again, count) >= FOUND_AGAIN
        for labels, again, count in zip(cuts, regrouped, counts, strict=True)
    ]


def _regrouped(corpus: Corpus, counts: Sequence[int], seed: int) -> list[Numbers]:
    """Learn the space anew and group into each of several numbers of groups."""
    space = learn_space(corpus, seed)
    wanted = [count for count in counts if 0 < count < space.known.sum()]
    found = iter(grouped_at(space.drawn[space.known], wanted, seed) if wanted else ())
    result = []
    for count in counts:
        labels = np.full(len(space.known), NONE)
        if count in wanted:
            labels[space.known] = next(found)
        result.append(labels)
    return result


def best_overlap(labels: Numbers, again: Numbers, count: int) -> NDArray[np.float64]:
    """Give each group the largest share of all texts of both that some group of a run has.

    Texts of no group (-1) count on neither side of one.
    """
    both = np.zeros((count + 1, count + 1))
    np.add.at(both, (labels, again), 1)
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0) - both
    overlap = both / np.maximum(either, 1)
    return np.asarray(overlap[:count, :count].max(axis=1, initial=0.0))


def _without_loosest(space: Space, labels: Numbers, stability: NDArray[np.float64]) -> Numbers:
    """Give the texts of themes that are hardly ever found again to the nearest other theme."""
    firm = np.flatnonzero(stability >= LOOSEST)
    if not len(firm):
        return np.full(len(labels), -1)
    homeless = np.flatnonzero((labels >= 0) & ~np.isin(labels, firm))
    centres = unit(sums(space.drawn, labels, len(stability))[firm])
    moved = labels.copy()
    moved[homeless] = firm[np.argmax(space.drawn[homeless] @ centres.T, axis=1)]
    return moved


def _central_groups(
    space: Space,
    themes: tuple[Numbers, NDArray[np.float64]],
    parts: tuple[Numbers, NDArray[np.float64]],
) -> tuple[Group, ...]:
    """Order each theme's texts by nearness and leave out those no nearer than outsiders are."""
    labels, stability = themes
    centres = unit(sums(space.own, labels, len(stability)))
    near = space.own @ centres.T
    groups = []
    for label in np.unique(labels[labels >= 0]):
        inside = labels == label
        outside = near[~inside & space.known, label]
        apart = np.quantile(outside, OUTSIDE_SHARE) if len(outside) else 0.0
        bar = max(apart, USUAL_PART * np.median(near[inside, label]), 0.0)
        rows = np.flatnonzero(inside & (near[:, label] > bar))
        order = rows[np.argsort(-near[rows, label], kind="stable")]
        within = _parts_of(space, order, *parts)
        groups.append(Group(tuple(order.tolist()), float(stability[label]), within))
    firm = [group for group in groups if len(group.rows) >= SMALLEST_THEME]
    return tuple(sorted(firm, key=lambda group: (-len(group.rows), group.rows)))


def _parts_of(
    space: Space, rows: Numbers, labels: Numbers, stability: NDArray[np.float64]
) -> tuple[Group, ...]:
    """Give the parts of a theme that are found again, if there are two at least."""
    own = labels[rows]
    kept = [
        _by_nearness(space, rows[own == part], float(stability[part]))
        for part in np.unique(own[own >= 0])
        if stability[part] >= FOUND_IN and (own == part).sum() >= SMALLEST_PART
    ]
    return tuple(sorted(kept, key=lambda g: (-len(g.rows), g.rows))) if len(kept) > 1 else ()


def _by_nearness(space: Space, rows: Numbers, stability: float) -> Group:
    near = space.own[rows] @ unit(space.own[rows].sum(axis=0, keepdims=True))[0]
    return Group(tuple(rows[np.argsort(-near, kind="stable")].tolist()), stability)
