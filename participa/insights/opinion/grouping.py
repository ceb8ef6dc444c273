"""Who is grouped, in how many groups, and which. Pure.

People are first gathered into at most a hundred small base clusters, then those into two to
five groups, as in Polis. Polis starts each time from the groups before, so its groups depend on
their history; here they depend on the votes alone: a tree (Ward) gives the start.
"""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, ward
from scipy.spatial.distance import cdist

from participa.insights.opinion.votes import Flags, Floats, Numbers

FEWEST_VOTES, FEWEST_PEOPLE = 7, 15
BASE_CLUSTERS, MOST_GROUPS, BASES_PER_GROUP = 100, 5, 12
ROUNDS, BASE_ROUNDS, BASE_SAMPLE, STRIPS = 20, 10, 20_000, 10
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Bases:
    """Small clusters: centres, how many people are in each, and in which each person is."""

    centres: Floats
    sizes: Floats
    members: Numbers


@dataclass(frozen=True, slots=True)
class Grouping:
    """A division of the base clusters into groups 0, 1, ..., the largest first.

    `separation` is the mean silhouette over people: 1 apart, 0 no border at all.
    """

    centres: Floats
    of_base: Numbers
    sizes: Numbers
    separation: float

    @property
    def number(self) -> int:
        """How many groups there are."""
        return len(self.centres)


def in_conversation(cast: Numbers, statements: int, before: Flags | None = None) -> Flags:
    """Choose the people who are grouped: those with seven votes, or with a vote on everything.

    Who was in `before` stays in. Fewer than 15 are filled up with the most active.
    """
    chosen = cast >= min(FEWEST_VOTES, statements)
    if before is not None:
        chosen |= before
    missing = FEWEST_PEOPLE - int(chosen.sum())
    if missing > 0:
        others = np.flatnonzero(~chosen & (cast > 0))
        chosen[others[np.argsort(-cast[others], kind="stable")][:missing]] = True
    return chosen & (cast > 0)


def step(points: Floats, weights: Floats, centres: Floats) -> tuple[Numbers, Floats]:
    """Do one round of k-means: everybody to the nearest centre, each centre to its middle."""
    labels = nearest(points, centres)
    number = len(centres)
    sizes = np.bincount(labels, weights, number)
    moved = np.stack([np.bincount(labels, weights * axis, number) for axis in points.T], axis=1)
    filled = sizes > 0
    return labels, np.where(filled[:, None], moved / np.where(filled, sizes, 1)[:, None], centres)


def nearest(points: Floats, centres: Floats) -> Numbers:
    """Say which centre is nearest to each point; of equally near ones the first."""
    half = (centres**2).sum(1) / 2
    labels = np.empty(len(points), dtype=np.int64)
    for first in range(0, len(points), _CHUNK):
        part = slice(first, first + _CHUNK)
        labels[part] = (half - points[part] @ centres.T).argmin(1)
    return labels


def settle(points: Floats, weights: Floats, centres: Floats, rounds: int = ROUNDS) -> Floats:
    """Repeat rounds of k-means until nothing moves, or so many times."""
    for _round in range(rounds):
        _labels, moved = step(points, weights, centres)
        if np.array_equal(moved, centres):
            break
        centres = moved
    return centres


def gather_bases(points: Floats, weights: Floats | None = None, rounds: int = BASE_ROUNDS) -> Bases:
    """Gather people into base clusters; up to a hundred people each are their own."""
    number = len(points)
    weights = np.ones(number) if weights is None else weights
    if number <= BASE_CLUSTERS:
        return Bases(points, weights, np.arange(number, dtype=np.int64))
    some = np.linspace(0, number - 1, min(number, BASE_SAMPLE)).astype(np.int64)
    sample = points[some]
    start = sample[_spread(sample)]
    centres = np.unique(settle(sample, weights[some], start, rounds), axis=0)
    members, centres = step(points, weights, centres)
    sizes = np.bincount(members, weights, len(centres)).astype(np.float64)
    used = np.flatnonzero(sizes)
    renamed = np.full(len(sizes), -1, dtype=np.int64)
    renamed[used] = np.arange(len(used))
    return Bases(centres[used], sizes[used], renamed[members])


def _spread(points: Floats) -> Numbers:
    """Choose a hundred points that lie about as the others do: ten strips of ten."""
    number = len(points)
    strips = np.empty(number, dtype=np.int64)
    strips[np.argsort(points[:, 0], kind="stable")] = np.arange(number) * STRIPS // number
    along = np.lexsort((points[:, 1], strips))
    middles = (np.arange(BASE_CLUSTERS) + 0.5) * number / BASE_CLUSTERS
    return np.asarray(along[middles.astype(np.int64)])


def groupings(bases: Bases) -> list[Grouping]:
    """Divide base clusters into two groups, three, and so on, as far as their number allows."""
    number = len(bases.centres)
    if number < 3:
        return []
    tree = ward(bases.centres)
    apart = cdist(bases.centres, bases.centres)
    most = min(MOST_GROUPS, 2 + number // BASES_PER_GROUP, number - 1)
    found = (_cut(bases, tree, apart, wanted) for wanted in range(2, most + 1))
    return [each for each in found if each is not None]


def _cut(bases: Bases, tree: Floats, apart: Floats, wanted: int) -> Grouping | None:
    branches = fcluster(tree, wanted, "maxclust") - 1
    if branches.max() + 1 < wanted:
        return None
    weights = bases.sizes
    start = np.stack([_middle(bases.centres, weights, branches == n) for n in range(wanted)])
    centres = settle(bases.centres, weights, start)
    labels = nearest(bases.centres, centres)
    sizes = np.bincount(labels, weights, wanted)
    if not sizes.all():
        return None
    order = np.argsort(-sizes, kind="stable")
    renamed = np.argsort(order)[labels]
    separation = silhouette(apart, weights, renamed, wanted)
    return Grouping(centres[order], renamed, sizes[order].astype(np.int64), separation)


def _middle(points: Floats, weights: Floats, chosen: Flags) -> Floats:
    return np.asarray(np.average(points[chosen], axis=0, weights=weights[chosen]))


def silhouette(apart: Floats, weights: Floats, labels: Numbers, number: int) -> float:
    """Give the mean silhouette of points that stand for several people each.

    `apart` are the distances between points. Alone in a group is 0 (Rousseeuw 1987).
    """
    member = np.zeros((len(labels), number))
    member[np.arange(len(labels)), labels] = weights
    sums, sizes = apart @ member, member.sum(0)
    own = np.arange(len(labels)), labels
    inside = sums[own] / np.maximum(sizes[labels] - 1, 1e-12)
    means = sums / sizes
    means[own] = np.inf
    outside = means.min(1)
    widest = np.maximum(np.maximum(inside, outside), 1e-300)
    each = np.where(sizes[labels] > 1, (outside - inside) / widest, 0.0)
    return float(np.average(each, weights=weights))
