"""One more vote, without finding everything anew. Pure.

Directions and groups stay as they were found; who votes moves, and may change groups; what
each group says is right to the vote. After many votes the directions themselves are out of
date: `drift` says how many, and everything is found anew.
"""

import numpy as np

from participa.insights.opinion.analysis import NOBODY, Division
from participa.insights.opinion.components import Components
from participa.insights.opinion.grouping import FEWEST_VOTES, nearest
from participa.insights.opinion.votes import Counts, Votes, as_counts

_CHOICES = 3


class LiveVotes:
    """The votes of a conversation whose groups were found, while people go on voting.

    Only statements that were there when groups were found can be voted on; people may be new.
    """

    def __init__(self, votes: Votes, found: Components, division: Division) -> None:
        self._votes, self._found, self._centres = votes, found, division.centres
        self._groups: dict[int, int] = dict(enumerate(division.groups.tolist()))
        self._changed: dict[int, dict[int, int]] = {}
        self._cells = np.zeros((division.number, votes.statements, _CHOICES), dtype=np.int64)
        owners = division.groups[votes.owners()]
        inside = owners >= 0
        np.add.at(
            self._cells,
            (owners[inside], votes.columns[inside], votes.choices[inside] + 1),
            1,
        )
        self.new_votes = 0

    @property
    def drift(self) -> float:
        """How many votes came since groups were found, as a share of those they came from."""
        return self.new_votes / max(len(self._votes.columns), 1)

    def counts(self) -> Counts:
        """Give what each group says now."""
        return as_counts(self._cells.reshape(-1), len(self._centres))

    def group_of(self, person: int) -> int:
        """Say in which group somebody is now; -1 with fewer than seven votes."""
        return self._groups.get(person, NOBODY)

    def vote(self, person: int, statement: int, choice: int) -> int:
        """Take a vote, a first one or one that is changed, and give the person's group now."""
        own = self._own(person)
        group = self.group_of(person)
        self._count(group, own, -1)
        own[statement] = choice
        self._groups[person] = group = self._place(own, group)
        self._count(group, own, 1)
        self.new_votes += 1
        return group

    def _own(self, person: int) -> dict[int, int]:
        """Give all votes of somebody, to be changed."""
        if person not in self._changed:
            own: dict[int, int] = {}
            if person < self._votes.people:
                part = slice(self._votes.starts[person], self._votes.starts[person + 1])
                columns, choices = self._votes.columns[part], self._votes.choices[part]
                own = dict(zip(columns.tolist(), choices.tolist(), strict=True))
            self._changed[person] = own
        return self._changed[person]

    def _place(self, own: dict[int, int], group: int) -> int:
        """Find the nearest group; who was grouped once stays in one."""
        if group == NOBODY and len(own) < min(FEWEST_VOTES, self._votes.statements):
            return NOBODY
        columns = np.fromiter(own, dtype=np.int64)
        values = np.fromiter(own.values(), dtype=np.float64) - self._found.centre[columns]
        place = self._found.axes[:, columns] @ values
        scaled = place * np.sqrt(self._votes.statements / len(own))
        return int(nearest(scaled[None, :], self._centres)[0])

    def _count(self, group: int, own: dict[int, int], by: int) -> None:
        if group != NOBODY:
            columns = np.fromiter(own, dtype=np.int64)
            choices = np.fromiter(own.values(), dtype=np.int64) + 1
            self._cells[group, columns, choices] += by
