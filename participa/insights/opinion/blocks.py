"""People who voted exactly alike, and what changes without them. Pure.

Many identical rows of votes can be a campaign, or one person with several accounts; they can
also be honest. So nobody is taken out: it is told how groups and consensus look when each
block counts once.
"""

from dataclasses import dataclass

import numpy as np

from participa.insights.opinion.votes import Floats, Numbers, Votes

FEWEST_VOTES, FEWEST_PEOPLE = 10, 5
_SEED = 20
_MOST, _CHUNK = np.iinfo(np.int64).max, 1 << 14


HOUR_SECONDS = 3600.0


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
    starts = np.flatnonzero(np.diff(marks[busy], prepend=-1, append=-1))
    many = np.flatnonzero(np.diff(starts) >= FEWEST_PEOPLE)
    found = (busy[starts[n] : starts[n + 1]] for n in many)
    blocks = [Block(people, int(votes.cast[people[0]])) for people in found]
    return sorted(blocks, key=lambda block: -len(block.people))


def _marks(votes: Votes) -> Numbers:
    """Give people who voted alike, in whatever order, the same number; no number is below 0."""
    random = np.random.default_rng(_SEED)
    numbers = random.integers(_MOST, size=votes.statements * 3)
    marks = np.zeros(votes.people, dtype=np.int64)
    for first in range(0, votes.people, _CHUNK):
        people = slice(first, first + _CHUNK)
        starts = votes.starts[first : first + _CHUNK + 1]
        part = slice(starts[0], starts[-1])
        each = numbers[votes.columns[part].astype(np.int64) * 3 + votes.choices[part] + 1]
        sums = np.concatenate([[0], np.cumsum(each)])
        marks[people] = np.diff(sums[starts - starts[0]])
    return marks & _MOST


def most_at_once(moments: Floats, seconds: float = HOUR_SECONDS) -> int:
    """Give the most moments that lie within so many seconds: a burst, if they are many."""
    ordered = np.sort(moments)
    upto = np.searchsorted(ordered, ordered + seconds, side="right")
    return int((upto - np.arange(len(ordered))).max(initial=0))
