"""Joining texts step by step into a tree, cutting it into groups, refining what was cut."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from sklearn.cluster import AgglomerativeClustering, KMeans

from participa.insights.lenses import Floats, Numbers, some, unit

TREE_TEXTS = 2_000
# The group of what is in none.
NONE = -1


def grouped(points: Floats, count: int, seed: int) -> Numbers:
    """Group by a tree over a sample, then let every text go to its nearest centre."""
    return grouped_at(points, (count,), seed)[0]


def grouped_at(points: Floats, counts: Sequence[int], seed: int) -> list[Numbers]:
    """Group into each of several numbers of groups, all from one tree."""
    sample = points[some(np.arange(len(points)), TREE_TEXTS, np.random.RandomState(seed))]
    tree = tree_of(sample)
    found = []
    for count in counts:
        centres = unit(sums(sample, cut(tree, len(sample), count), count))
        means = KMeans(count, init=centres, n_init=1, max_iter=30)
        found.append(np.asarray(means.fit_predict(points), dtype=np.int64))
    return found


def tree_of(points: Floats) -> Numbers:
    """Join the nearest two again and again (Ward): the pairs joined, in their order."""
    ward = AgglomerativeClustering(n_clusters=None, distance_threshold=0, linkage="ward")
    return np.asarray(ward.fit(points).children_, dtype=np.int64)


def cut(tree: Numbers, leaves: int, count: int) -> Numbers:
    """Cut a tree of joins where it has so many branches."""
    parent = np.arange(leaves + len(tree))
    for node, pair in enumerate(tree[: leaves - count], start=leaves):
        parent[pair] = node
    while (parent != parent[parent]).any():
        parent = parent[parent]
    labels = np.unique(parent[:leaves], return_inverse=True)[1]
    return np.asarray(labels, dtype=np.int64)


def sums(points: Floats, labels: Numbers, count: int) -> Floats:
    """Add up the points of each group; those of no group (-1) count nowhere."""
    chosen = np.flatnonzero(labels >= 0)
    ones = np.ones(len(chosen), dtype=np.float32)
    member = csr_array((ones, (labels[chosen], chosen)), shape=(count, len(points)))
    return np.asarray(member @ points, dtype=np.float32)


def nested(points: Floats, themes: Numbers, parts: Numbers) -> tuple[Numbers, Numbers]:
    """Fit finer groups into broader ones: theme and part of each point.

    A finer group belongs to the theme that has most of it; its other texts go to the nearest
    part of their own theme. Both cuts so stay as good as they are by themselves. A theme with no
    part or a single one has none, and neither has a text of it.
    """
    broad, fine = int(themes.max()) + 1, int(parts.max()) + 1
    both = np.zeros((fine, broad))
    np.add.at(both, (parts, themes), 1)
    owner = both.argmax(axis=1)
    near = points @ unit(sums(points, parts, fine)).T
    near[owner[None, :] != themes[:, None]] = -np.inf
    divided = np.bincount(owner, minlength=broad) > 1
    return themes, np.where(divided[themes], near.argmax(axis=1), NONE)
