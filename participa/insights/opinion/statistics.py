"""What a group says that others do not, and what all say. Pure; the tests and orders of Polis.

Shares have one added on both sides (n + 1 of s + 2); a test is passed at 90 %, one-sided,
without regard to how many are made: honesty.py puts a bound on false discoveries beside them.
"""

from dataclasses import dataclass

import numpy as np

from participa.insights.opinion.votes import Counts, Flags, Floats

SIGNIFICANT = 1.2816
MOST = 5


@dataclass(frozen=True, slots=True)
class Sides:
    """Of each group (row) and statement (column), once for one side.

    `said` of `seen` chose the side; `share` is smoothed and `share_z` its test against one
    half; `ratio` to the others' share and `ratio_z` its test.
    """

    said: Floats
    seen: Floats
    share: Floats
    share_z: Floats
    ratio: Floats
    ratio_z: Floats

    @property
    def strength(self) -> Floats:
        """What representative statements are ordered by."""
        return self.ratio * self.ratio_z * self.share * self.share_z

    @property
    def passed(self) -> Flags:
        """Which are significant by both tests."""
        return (self.share_z > SIGNIFICANT) & (self.ratio_z > SIGNIFICANT)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A statement (column) picked for a group, or for everybody, and the side it stands for.

    For everybody there is nobody to compare with: `ratio` and `ratio_z` are 0.
    """

    statement: int
    agrees: bool
    said: int
    seen: int
    share: float
    share_z: float
    ratio: float = 0.0
    ratio_z: float = 0.0
    # Picked because the group agrees with it more than with anything else.
    best_agreed: bool = False


def share_differs(said: Floats, seen: Floats) -> Floats:
    """Test a share against one half: a z value, with one added on both sides."""
    return 2 * np.sqrt(seen + 1) * ((said + 1) / (seen + 1) - 0.5)


def shares_differ(said: Floats, seen: Floats, said_others: Floats, seen_others: Floats) -> Floats:
    """Test one share against another: a z value, with one added to everything."""
    n, m = seen + 1, seen_others + 1
    pooled = (said + said_others + 2) / (n + m)
    width = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / m))
    difference = (said + 1) / n - (said_others + 1) / m
    return np.divide(difference, width, out=np.zeros_like(width), where=width > 0)


def compare(counts: Counts, *, agrees: bool) -> Sides:
    """Compare each group with one half and with all other groups, on one side."""
    others = counts.others()
    said = (counts.agree if agrees else counts.disagree).astype(float)
    against = (others.agree if agrees else others.disagree).astype(float)
    seen, seen_others = counts.seen.astype(float), others.seen.astype(float)
    share = (said + 1) / (seen + 2)
    return Sides(
        said,
        seen,
        share,
        share_differs(said, seen),
        share / ((against + 1) / (seen_others + 2)),
        shares_differ(said, seen, against, seen_others),
    )


def representative(counts: Counts, kept: Flags) -> list[list[Chosen]]:
    """Pick up to five statements for each group, those it agrees with first.

    A group for which nothing is significant gets the one that sets it apart most.
    """
    sides = compare(counts, agrees=True), compare(counts, agrees=False)
    return [_of_group(*sides, kept, group) for group in range(len(counts.seen))]


def _of_group(agreed: Sides, against: Sides, kept: Flags, group: int) -> list[Chosen]:
    best = _best_agreed(agreed, against, kept, group)
    agrees = agreed.ratio_z[group] > against.ratio_z[group]
    strength = np.where(agrees, agreed.strength[group], against.strength[group])
    passed = np.flatnonzero((agreed.passed | against.passed)[group] & kept)
    order = passed[np.argsort(-strength[passed], kind="stable")].tolist()
    taken = [*([] if best is None else [best]), *(n for n in order if n != best)][:MOST]
    if not taken and kept.any():
        widest = np.maximum(agreed.ratio_z, against.ratio_z)[group]
        taken = [int(np.where(kept, widest, -np.inf).argmax())]
    chosen = [_chosen(agreed if agrees[n] else against, group, n,
                      agrees=bool(agrees[n]), best=n == best) for n in taken]  # fmt: skip
    return sorted(chosen, key=lambda each: not each.agrees)


def _chosen(side: Sides, group: int, statement: int, *, agrees: bool, best: bool) -> Chosen:
    at = group, statement
    return Chosen(
        statement, agrees, int(side.said[at]), int(side.seen[at]), float(side.share[at]),
        float(side.share_z[at]), float(side.ratio[at]), float(side.ratio_z[at]), best,
    )  # fmt: skip


def _best_agreed(agreed: Sides, against: Sides, kept: Flags, group: int) -> int | None:
    """Find the statement that the group agrees with most, as against others if it can be.

    Each is compared with the best before it, in their order: while the best is not said more
    than by others, only how much it is agreed with counts.
    """
    share, z = agreed.share[group].tolist(), agreed.share_z[group].tolist()
    ratio, strength = agreed.ratio[group].tolist(), agreed.strength[group].tolist()
    best: int | None = None
    for new in np.flatnonzero(kept & ((agreed.said + against.said)[group] > 0)).tolist():
        if best is None:
            wins = z[new] > SIGNIFICANT or (ratio[new] > 1 and share[new] > 0.5)
        elif ratio[best] > 1:
            wins = strength[new] > strength[best]
        else:
            wins = share[new] * z[new] > share[best] * z[best]
        best = new if wins else best
    return best


@dataclass(frozen=True, slots=True)
class Consensus:
    """Statements with which most of all people agree, and disagree, the strongest first."""

    agreed: list[Chosen]
    disagreed: list[Chosen]


def find_consensus(everybody: Counts, kept: Flags) -> Consensus:
    """Pick up to five statements that most agree with, and that most disagree with."""
    seen = everybody.seen[0].astype(float)
    return Consensus(
        _most(everybody.agree[0], seen, kept, agrees=True),
        _most(everybody.disagree[0], seen, kept, agrees=False),
    )


def _most(said: Floats, seen: Floats, kept: Flags, *, agrees: bool) -> list[Chosen]:
    share, z = (said + 1) / (seen + 2), share_differs(said, seen)
    passed = np.flatnonzero(kept & (share > 0.5) & (z > SIGNIFICANT))
    order = passed[np.argsort(-(share * z)[passed], kind="stable")][:MOST]
    return [Chosen(int(n), agrees, int(said[n]), int(seen[n]), float(share[n]), float(z[n]))
            for n in order]  # fmt: skip


def group_aware_consensus(counts: Counts) -> Floats:
    """Multiply the groups' shares of agreement: high only where every group agrees."""
    return np.asarray(np.prod((counts.agree + 1) / (counts.seen + 2), axis=0), dtype=np.float64)
