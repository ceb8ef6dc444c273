"""Who said what of which statement, as a sparse table by person. Pure; needs numpy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
AGREE, PASS, DISAGREE = 1, 0, -1
# People at a time, where every vote takes a number of eight bytes.
_CHUNK = 1 << 12


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of person i are those from starts[i] to starts[i + 1].

    `columns` says of which statement a vote speaks, `choices` what it says: 1 agree,
    -1 disagree, 0 pass. A vote takes five bytes; people x statements is never laid out.
    """

    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    choices: NDArray[np.int8]
    statements: int

    @property
    def people(self) -> int:
        """How many people there are, with or without votes."""
        return len(self.starts) - 1

    @property
    def cast(self) -> Numbers:
        """How many votes each person cast."""
        return np.diff(self.starts).astype(np.int64)

    def owners(self) -> NDArray[np.int32]:
        """Say of each vote whose it is."""
        return np.repeat(np.arange(self.people, dtype=np.int32), np.diff(self.starts))

    def of(self, people: Numbers) -> "Votes":
        """Take some people, in the order given."""
        counts = self.cast[people]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        shift = np.repeat(self.starts[people] - starts[:-1], counts)
        taken = np.arange(starts[-1], dtype=np.int32) + shift
        return Votes(starts, self.columns[taken], self.choices[taken], self.statements)

    def on(self, kept: Flags) -> "Votes":
        """Leave out the votes on other statements than these; each keeps its number."""
        if kept.all():
            return self
        counted = kept[self.columns]
        before = np.concatenate([[0], np.cumsum(counted)])
        starts = before[self.starts].astype(np.int32)
        return Votes(starts, self.columns[counted], self.choices[counted], self.statements)


def gather(
    people: ArrayLike, statements: ArrayLike, choices: ArrayLike, shape: tuple[int, int]
) -> Votes:
    """Sort votes in any order by person, in linear time; each person votes once on a statement."""
    owners = np.asarray(people, dtype=np.int32)
    # Read as a table of votes by people, this is a counting sort.
    each = np.arange(len(owners) + 1, dtype=np.int32)
    said = np.asarray(choices, dtype=np.int8)
    table = csr_array((said, owners, each), shape=(len(owners), shape[0])).tocsc()
    columns = np.asarray(statements, dtype=np.int32)[table.indices]
    return Votes(table.indptr.astype(np.int32, copy=False), columns, table.data, shape[1])


@dataclass(frozen=True, slots=True)
class Counts:
    """What each group says of each statement: tables of groups by statements."""

    agree: Numbers
    disagree: Numbers
    seen: Numbers

    def together(self) -> "Counts":
        """Add the groups up into one."""
        return Counts(*(part.sum(0, keepdims=True) for part in self._parts()))

    def first(self, number: int) -> "Counts":
        """Give the first groups only."""
        return Counts(*(part[:number] for part in self._parts()))

    def others(self) -> "Counts":
        """Give for each group what all other groups say."""
        return Counts(*(part.sum(0, keepdims=True) - part for part in self._parts()))

    def _parts(self) -> tuple[Numbers, Numbers, Numbers]:
        return self.agree, self.disagree, self.seen


def count(votes: Votes, groups: Numbers, number: int) -> Counts:
    """Count the votes by group; -1 is nobody's group and is left out."""
    cells = np.zeros(number * votes.statements * 3, dtype=np.int64)
    for first in range(0, votes.people, _CHUNK):
        last = min(first + _CHUNK, votes.people)
        part = slice(votes.starts[first], votes.starts[last])
        owned = np.repeat(groups[first:last], np.diff(votes.starts[first : last + 1]))
        add_counts(cells, owned, votes.columns[part], votes.choices[part], votes.statements)
    return as_counts(cells, number)


def add_counts(
    cells: Numbers,
    groups: Numbers,
    columns: NDArray[np.int32],
    choices: NDArray[np.int8],
    statements: int,
) -> None:
    """Add votes to a flat table of group, statement and choice."""
    cell = (groups * statements + columns) * 3 + choices + 1
    cells += np.bincount(cell[groups >= 0], minlength=len(cells))


def as_counts(cells: Numbers, number: int) -> Counts:
    """Read the flat table of add_counts."""
    table = cells.reshape(number, -1, 3)
    return Counts(table[:, :, 2].copy(), table[:, :, 0].copy(), table.sum(2))
