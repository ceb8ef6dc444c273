"""How finely texts can be grouped: as finely as two halves of them still agree.

Each half is grouped without knowing of the other and then says where the other's texts belong.
Where groups are real, both say the same; cut too coarsely or too finely, they differ
(prediction strength, Tibshirani and Walther 2005, with mutual information for its measure).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from participa.insights.lenses import Floats, Numbers, Random, unit
from participa.insights.space import draw_near
from participa.insights.trees import cut, sums, tree_of

COUNTS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 19, 24, 30, 38, 48, 60, 76, 96, 121)
HALVES, HALF_TEXTS = 5, 1_000
# In a group of fewer texts two halves have nothing to compare.
FEWEST_IN_GROUP = 4
# What agrees so nearly as well as the best is as good: then the middle of it is taken.
AS_GOOD = 0.01
# Halves that never agree so well tell broad lines only: the fewest groups that come near.
FAINT, NEAR_BEST = 0.5, 0.75
_SHUFFLES = 2


@dataclass(frozen=True, slots=True)
class Grain:
    """How many groups, and how well halves of the texts agree on them: 0 chance, 1 wholly."""

    count: int
    agreement: float


def find_grain(own: Floats, seed: int) -> Grain:
    """Find how many groups the texts fall into, from 2 to 121, by unit rows of known texts."""
    curve = _curve(own, seed)
    if not len(curve):
        return Grain(1, 0.0)
    counts = np.array(COUNTS[: len(curve)])
    # One group agrees with itself by nature, which tells nothing.
    around = np.concatenate([[0.0], curve, curve[-1:]])
    smooth = np.convolve(around, (0.25, 0.5, 0.25), mode="valid")
    best = int(smooth.argmax())
    if curve.max() < FAINT:
        best = int(np.argmax(smooth >= NEAR_BEST * smooth.max()))
        return Grain(int(counts[best]), float(curve[best]))
    first, last = _plateau(smooth, best)
    return Grain(round(float(np.sqrt(counts[first] * counts[last]))), float(curve[best]))


def _plateau(smooth: NDArray[np.float64], best: int) -> tuple[int, int]:
    first = last = best
    while first > 0 and smooth[first - 1] >= smooth[best] - AS_GOOD:
        first -= 1
    while last + 1 < len(smooth) and smooth[last + 1] >= smooth[best] - AS_GOOD:
        last += 1
    return first, last


def _curve(own: Floats, seed: int) -> NDArray[np.float64]:
    """Give the mean agreement for each of the counts that the halves have texts for."""
    size = min(HALF_TEXTS, len(own) // 2)
    counts = [count for count in COUNTS if FEWEST_IN_GROUP * count <= size]
    found = np.zeros((HALVES, len(counts)))
    for run in range(HALVES):
        random = np.random.RandomState((seed + run) % 2**32)
        rows = random.permutation(len(own))
        one, other = (_Half(own[np.sort(part)], random) for part in _parts(rows, size))
        for at, count in enumerate(counts):
            found[run, at] = one.agreement_with(other, count, random)
    return np.asarray(found.mean(axis=0))


def _parts(rows: Numbers, size: int) -> Iterator[Numbers]:
    yield rows[:size]
    yield rows[size : 2 * size]


class _Half:
    """Part of the texts, drawn together and joined into a tree among themselves."""

    def __init__(self, own: Floats, random: Random) -> None:
        self.points = draw_near(own, np.ones(len(own), dtype=np.bool_), random)
        self.tree = tree_of(self.points)

    def agreement_with(self, other: "_Half", count: int, random: Random) -> float:
        mine, theirs = self.labels(count), other.labels(count)
        said_of_theirs = (other.points @ self.centres(mine, count).T).argmax(axis=1)
        said_of_mine = (self.points @ other.centres(theirs, count).T).argmax(axis=1)
        both = agreement(theirs, said_of_theirs, random), agreement(mine, said_of_mine, random)
        return sum(both) / 2

    def labels(self, count: int) -> Numbers:
        return cut(self.tree, len(self.points), count)

    def centres(self, labels: Numbers, count: int) -> Floats:
        return unit(sums(self.points, labels, count))


def agreement(one: Numbers, other: Numbers, random: Random) -> float:
    """Say how far two groupings of the same texts agree: mutual information above chance.

    Chance is what shuffled labels share; 1 is all that could be shared beyond it (adjusted
    mutual information, Vinh et al. 2010, its expectation drawn instead of summed).
    """
    size = int(max(one.max(), other.max())) + 1
    most = (_entropy(one) + _entropy(other)) / 2
    chance = sum(_shared(one, random.permutation(other), size) for _ in range(_SHUFFLES))
    chance /= _SHUFFLES
    return (_shared(one, other, size) - chance) / max(most - chance, 1e-9)


def _shared(one: Numbers, other: Numbers, size: int) -> float:
    return _entropy(one) + _entropy(other) - _entropy(one * size + other)


def _entropy(labels: Numbers) -> float:
    counts = np.bincount(labels)
    shares = counts[counts > 0] / len(labels)
    return float(-(shares * np.log(shares)).sum())
