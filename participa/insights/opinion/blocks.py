"""People who voted exactly alike, and what changes without them. Pure.

Many identical rows of votes can be a campaign, or one person with several accounts; they can
also be honest. So nobody is taken out: it is told how groups and consensus look when each
block counts once.
"""

from dataclasses import dataclass

import numpy as np

from participa.insights.opinion.votes import Numbers, Votes

FEWEST_VOTES, FEWEST_PEOPLE = 10, 5
_SEED = 20


@dataclass(frozen=True, slots=True)
class Block:
    """So many people cast the same votes, and how many votes each."""

    people: Numbers
    votes: int


def find_blocks(votes: Votes) -> list[Block]:
    """Find five people or more with the same ten votes or more, the largest block first."""
    marks = _marks(votes)
    busy = np.flatnonzero(votes.cast >= FEWEST_VOTES)
    busy = busy[np.argsort(marks[busy], kind="stable")]
    alike = np.split(busy, np.flatnonzero(np.diff(marks[busy])) + 1)
    found = (
        Block(people, int(votes.cast[people[0]]))
        for people in alike
        if len(people) >= FEWEST_PEOPLE
    )
    return sorted(found, key=lambda block: -len(block.people))


def _marks(votes: Votes) -> Numbers:
    """Give people who voted alike, in whatever order, the same number."""
    random = np.random.default_rng(_SEED)
    numbers = random.integers(np.iinfo(np.int64).max, size=votes.statements * 3)
    each = numbers[votes.columns.astype(np.int64) * 3 + votes.choices + 1]
    sums = np.concatenate([[0], np.cumsum(each)])
    return np.asarray(np.diff(sums[votes.starts]), dtype=np.int64)
