"""Which statements unite and which divide, with a bound on false discoveries. Pure.

Groups were found from the very votes that are tested, so differences between them would look
significant by construction. Each statement is therefore tested with the groups that people
would be in if they had not voted on it. Over all tests at most 5 % of what is shown is
expected to be false (Benjamini and Hochberg 1995).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from participa.insights.opinion.components import Components, centred
from participa.insights.opinion.grouping import nearest
from participa.insights.opinion.statistics import compare
from participa.insights.opinion.votes import (
    Counts,
    Flags,
    Floats,
    Numbers,
    Votes,
    add_counts,
    as_counts,
)

FALSE_SHARE = 0.05
# Of fewer votes of a group nothing is said.
FEWEST_VOTES = 5
_CHUNK, _MOST_VOTES = 1 << 14, 3_000_000


@dataclass(frozen=True, slots=True)
class Telling:
    """What is significant: tables of groups by statements, for each side, and lists.

    `agreed` and `disagreed` mark what a group says more than half of the time and more than
    the others. `common` are statements where every group is for one side, `bridges` those
    where every group leans to one side, `dividing` those where one group is for and another
    against; each with the side (True: agreement), the strongest first.
    """

    agreed: Flags
    disagreed: Flags
    common: tuple[tuple[int, bool], ...]
    bridges: tuple[tuple[int, bool], ...]
    dividing: tuple[int, ...]


def blind_counts(
    votes: Votes, found: Components, centres: Floats, grouped: Flags, statements: int, granted: int
) -> Counts:
    """Count each vote for the group its owner would be in without this vote.

    Of very many votes those of people spread evenly over all are counted.
    """
    chosen = np.flatnonzero(grouped)
    chosen = chosen[:: 1 + len(votes.columns) // _MOST_VOTES]
    cells = np.zeros(len(centres) * votes.statements * 3, dtype=np.int64)
    for first in range(0, len(chosen), _CHUNK):
        some = votes.of(chosen[first : first + _CHUNK])
        groups = _without_each(some, found, centres, statements, granted)
        add_counts(cells, groups, some.columns, some.choices, votes.statements)
    return as_counts(cells, len(centres))


def _without_each(
    votes: Votes, found: Components, centres: Floats, statements: int, granted: int
) -> Numbers:
    table = centred(votes, found.centre)
    owners = votes.owners()
    own = found.axes[:, votes.columns] * table.data
    others = (table @ found.axes.T)[owners] - own.T
    counted = np.maximum(votes.cast[owners] - 1 + granted, 1)
    return nearest(others * np.sqrt(statements / counted)[:, None], centres)


def discoveries(chances: Floats, most_false: float = FALSE_SHARE) -> Flags:
    """Mark which p values stand when so large a share of those marked may be false."""
    flat = np.sort(chances, axis=None)
    bounds = most_false * np.arange(1, flat.size + 1) / max(flat.size, 1)
    under = np.flatnonzero(flat <= bounds)
    if not under.size:
        return np.zeros(chances.shape, dtype=bool)
    return np.asarray(chances <= flat[under[-1]])


def find_telling(counts: Counts, kept: Flags) -> Telling:
    """Find what sets groups apart and what unites them, from counts that were made blindly."""
    agreed, against = compare(counts, agrees=True), compare(counts, agrees=False)
    asked = kept & (counts.seen >= FEWEST_VOTES)
    for_side = np.where(asked, ndtr(-agreed.share_z), 1.0)
    on_other = np.where(asked, ndtr(-against.share_z), 1.0)
    more_for = np.maximum(for_side, ndtr(-agreed.ratio_z))
    more_against = np.maximum(on_other, ndtr(-against.ratio_z))
    marked = discoveries(np.stack([more_for, more_against]))
    common = _common(for_side, on_other, agreed.share, against.share)
    known = {statement for statement, _side in common}
    leaning = _leaning(agreed.share, against.share, np.asarray(asked.all(0)), known)
    return Telling(marked[0], marked[1], common, leaning,
                   _dividing(for_side, on_other, agreed.share, against.share))  # fmt: skip


def _sided(chosen: Flags, shares: Floats) -> tuple[tuple[int, bool], ...]:
    """List the cells of a table of side by statement, those with the largest shares first."""
    sides, columns = np.nonzero(chosen)
    order = np.argsort(-shares[sides, columns], kind="stable")
    return tuple((int(columns[n]), bool(sides[n] == 0)) for n in order)


def _common(
    for_side: Floats, on_other: Floats, agree: Floats, disagree: Floats
) -> tuple[tuple[int, bool], ...]:
    """Every group is for one side: the weakest group's test counts."""
    chances = np.stack([for_side.max(0), on_other.max(0)])
    return _sided(discoveries(chances), np.stack([agree.min(0), disagree.min(0)]))


def _leaning(
    agree: Floats, disagree: Floats, asked: Flags, known: set[int]
) -> tuple[tuple[int, bool], ...]:
    shares = np.stack([agree.min(0), disagree.min(0)])
    others = asked.copy()
    others[list(known)] = False
    return _sided((shares > 0.5) & others, shares)


def _dividing(
    for_side: Floats, on_other: Floats, agree: Floats, disagree: Floats
) -> tuple[int, ...]:
    """One group is for and another against: the surest pair counts, once for each pair."""
    groups = len(agree)
    pairs = [(a, b) for a in range(groups) for b in range(groups) if a != b]
    if not pairs:
        return ()
    chances = np.min([np.maximum(for_side[a], on_other[b]) for a, b in pairs], axis=0)
    marked = np.flatnonzero(discoveries(np.minimum(chances * len(pairs), 1.0)))
    split = np.minimum(agree.max(0), disagree.max(0))[marked]
    return tuple(marked[np.argsort(-split, kind="stable")].tolist())
