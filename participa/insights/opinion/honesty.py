"""Whether there are groups at all: against shuffled votes, and in people drawn anew. Pure.

Any votes can be cut into groups. They are shown only when the votes hang together more than
the same votes dealt anew among those who voted on each statement, and when every group is
found again in people drawn with replacement (Hennig, Cluster-wise assessment of cluster
stability, 2007).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from participa.insights.opinion.components import Components, centred, means, roughly
from participa.insights.opinion.grouping import Grouping, gather_bases, groupings
from participa.insights.opinion.votes import Floats, Numbers, Votes

RUNS = 20
# The mean Jaccard index under which a group is not found again.
FOUND_AGAIN = 0.6
# How far beyond the shuffled votes, in their standard deviations.
CLEAR = 3.0
# A smaller group could tell who is in it.
SMALLEST_GROUP = 5
# Base clusters of people drawn anew need not come to rest.
_BASE_ROUNDS = 4
# So many people are drawn to judge from, and as many more as together cast so many votes.
JUDGES, JUDGED_VOTES = 1_000, 120_000


@dataclass(frozen=True, slots=True)
class Chance:
    """The share of differences along the components, and what it is in shuffled votes."""

    explained: float
    shuffled: tuple[float, ...]

    @property
    def is_beaten(self) -> bool:
        """Votes hang together more than all shuffled ones, and clearly."""
        if not self.shuffled:
            return False
        clear = float(np.mean(self.shuffled) + CLEAR * np.std(self.shuffled))
        return self.explained > max(clear, *self.shuffled)


def judges(votes: Votes, grouped: Numbers, random: np.random.Generator) -> Numbers:
    """Draw the people to judge from, of those who are grouped, in their order."""
    each = max(1.0, float(votes.cast[grouped].mean()) if len(grouped) else 1.0)
    number = max(JUDGES, int(JUDGED_VOTES / each))
    if len(grouped) <= number:
        return grouped
    return np.sort(random.choice(grouped, number, replace=False))


def against_chance(votes: Votes, random: np.random.Generator, runs: int = RUNS) -> Chance:
    """Compare how votes hang together with the same votes shuffled."""
    if not len(votes.columns):
        return Chance(0.0, ())
    centre = means(votes)
    explained = roughly(centred(votes, centre), centre).explained
    by_chance = (roughly(table, centre).explained for table in shuffles(votes, centre, random))
    return Chance(explained, tuple(itertools.islice(by_chance, runs)))


def shuffles(votes: Votes, centre: Floats, random: np.random.Generator) -> Iterator[csc_array]:
    """Deal the votes on each statement anew among those who voted on it, again and again.

    Gives centred tables, as `centred` does of the votes themselves.
    """
    order = np.argsort(votes.columns, kind="stable")
    sizes = np.bincount(votes.columns, minlength=votes.statements)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    owners, offsets = votes.owners()[order], np.repeat(centre, sizes)
    fixed = (votes.columns[order].astype(np.int64) << 40) | (votes.choices[order] + 1)
    while True:
        # A number of statement, chance and choice, sorted: faster than shuffling each statement.
        keys = fixed | (random.integers(0, 1 << 32, len(order)) << 8)
        keys.sort()
        values = (keys & 0xFF) - 1 - offsets
        yield csc_array((values, owners, starts), shape=(votes.people, votes.statements))


def found_again(
    votes: Votes,
    labels: dict[int, Numbers],
    found: Components,
    factors: Floats,
    random: np.random.Generator,
    runs: int = RUNS,
) -> dict[int, tuple[float, ...]]:
    """Tell, for each division, how well each of its groups is found again in people drawn anew.

    `labels` are the groups of each person by the number of groups, `factors` what places are
    multiplied by. Gives the mean Jaccard index of each group with the most similar new one;
    a division that is not found again at all counts as 0.
    """
    sums = {number: np.zeros(number) for number in labels}
    for _run in range(runs):
        times = np.bincount(random.integers(0, votes.people, votes.people), minlength=votes.people)
        drawn = np.flatnonzero(times)
        weights = times[drawn].astype(float)
        places = _places(votes, times.astype(float), found, factors)[drawn]
        bases = gather_bases(places, weights, _BASE_ROUNDS)
        for again in groupings(bases):
            if again.number in sums:
                sums[again.number] += jaccard(
                    labels[again.number][drawn], again.of_base[bases.members], weights, again.number
                )
    return {number: tuple((each / runs).tolist()) for number, each in sums.items()}


def _places(votes: Votes, times: Floats, found: Components, factors: Floats) -> Floats:
    """Learn the components of people counted so many times, and place everybody on them."""
    owners = votes.owners()
    centre = means(votes, times[owners])
    table = centred(votes, centre)
    weighted = table.copy()
    weighted.data = table.data * np.sqrt(times)[owners]
    again = roughly(weighted, centre, start=found.axes.sum(0))
    return np.asarray((table @ again.axes.T) * factors[:, None], dtype=np.float64)


def jaccard(ones: Numbers, others: Numbers, weights: Floats, number: int) -> Floats:
    """Give for each of the first groups its largest Jaccard index with one of the others."""
    both = np.bincount(ones * number + others, weights, number * number).reshape(number, number)
    either = both.sum(1, keepdims=True) + both.sum(0) - both
    return np.asarray((both / np.maximum(either, 1e-300)).max(1), dtype=np.float64)


def is_stable(division: Grouping, stability: tuple[float, ...]) -> bool:
    """Every group is found again and none is too small to be shown."""
    return bool(division.sizes.min() >= SMALLEST_GROUP and min(stability) >= FOUND_AGAIN)
