"""Joining texts step by step into a tree, cutting it into groups, refining what was cut."""

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

from participa.insights.lenses import Floats, Numbers, some, unit

TREE_TEXTS = 2_000
_MOST_ROUNDS, _FEW_MOVES = 30, 0.001


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
        found.append(_settled(points, centres))
    return found


def _settled(points: Floats, centres: Floats) -> Numbers:
    """Let each point go to its nearest centre and each centre to the middle of its points.

    Until hardly any moves (spherical k-means, Dhillon and Modha 2001). No centre is left alone.
    """
    labels = np.full(len(points), -1)
    for _round in range(_MOST_ROUNDS):
        near = points @ centres.T
        now = near.argmax(axis=1)
        lonely = np.setdiff1d(np.arange(len(centres)), now)
        if len(lonely):
            now[np.argsort(near.max(axis=1), kind="stable")[: len(lonely)]] = lonely
        moved = np.count_nonzero(now != labels)
        labels = now
        if moved <= _FEW_MOVES * len(points):
            break
        centres = unit(sums(points, labels, len(centres)))
    return labels


def tree_of(points: Floats) -> Numbers:
    """Join the nearest two unit rows again and again (Ward): the pairs joined, in their order."""
    square = np.maximum(2 - 2 * (points @ points.T), 0)
    return np.asarray(
        linkage(squareform(np.sqrt(square), checks=False), "ward")[:, :2], dtype=np.int64
    )


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
