"""The two directions in which opinions differ most, and where each person stands. Pure.

Unseen votes count as the mean of their statement, so the centred table is zero wherever nobody
voted and one pass costs one multiplication per vote. A person who cast few votes is moved away
from the middle by the root of statements over votes. As in Polis (Small et al., Polis: scaling
deliberation by mapping high dimensional opinion spaces, 2021).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

from participa.insights.opinion.votes import Floats, Votes

AXES = 2
# So few statements are solved as a small dense table of statements by statements.
_SMALL = 48
# Over this many votes the directions of a tenth of the people are where the search starts, and
# six digits are enough.
_MANY, _PART, _MANY_TOLERANCE = 5_000_000, 10, 1e-6


@dataclass(frozen=True, slots=True)
class Components:
    """Mean vote by statement, and orthogonal unit `axes` by statement, the widest first.

    `spread` is the sum of squares along each axis, `total` that of the whole table.
    """

    centre: Floats
    axes: Floats
    spread: Floats
    total: float

    @property
    def explained(self) -> float:
        """The share of all differences that lies along the axes."""
        return float(self.spread.sum() / self.total) if self.total else 0.0


def means(votes: Votes, weights: Floats | None = None) -> Floats:
    """Give the mean vote of each statement; 0 where nobody voted. `weights` are one a vote."""
    choices = votes.choices if weights is None else votes.choices * weights
    sums = np.bincount(votes.columns, choices, votes.statements)
    seen = np.bincount(votes.columns, weights, votes.statements)
    return np.divide(sums, seen, out=np.zeros(votes.statements), where=seen > 0)


def centred(votes: Votes, centre: Floats) -> csr_array:
    """Subtract the means from the votes that were cast."""
    values = votes.choices - centre[votes.columns]
    return csr_array((values, votes.columns, votes.starts), shape=(votes.people, votes.statements))


def find_components(votes: Votes) -> Components:
    """Find the components of votes, the same to the last digits on every run."""
    centre = means(votes)
    table = centred(votes, centre)
    if len(votes.columns) <= _MANY:
        return components_of(table, centre)
    some = components_of(table[::_PART], centre, tolerance=1e-4)
    return components_of(table, centre, tolerance=_MANY_TOLERANCE, start=some.axes.sum(0))


def components_of(
    table: csr_array, centre: Floats, *, tolerance: float = 0, start: Floats | None = None
) -> Components:
    """Find the components of a centred table; `start` is a direction near them, if known."""
    total = float(table.data @ table.data)
    width = len(centre)
    if width <= _SMALL or not total:
        spread, axes = np.linalg.eigh((table.T @ table).toarray())
    else:
        turned = table.T
        product = LinearOperator((width, width), lambda v: turned @ (table @ v), dtype=np.float64)
        first = np.ones(width) + np.arange(width) / width if start is None else start
        spread, axes = eigsh(product, k=AXES, v0=first, tol=tolerance)
    order = np.argsort(spread)[::-1][:AXES]
    return Components(centre, _signed(axes[:, order].T, width), spread[order], total)


def _signed(axes: NDArray[np.float64], width: int) -> Floats:
    """Turn each axis so that its largest entry is positive, and fill up missing ones with zeros."""
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(1)] if width else axes[:, :0].sum(1)
    filled = np.zeros((AXES, width))
    filled[: len(axes)] = axes * np.where(largest < 0, -1, 1)[:, None]
    return filled


def project(votes: Votes, found: Components, *, statements: int, granted: int = 0) -> Floats:
    """Place people on the axes, one row each.

    `statements` is how many there are to vote on, `granted` how many votes everybody is
    credited with beside those cast.
    """
    places = centred(votes, found.centre) @ found.axes.T
    counted = np.maximum(votes.cast + granted, 1)
    return np.asarray(places * np.sqrt(statements / counted)[:, None], dtype=np.float64)
