"""The two directions in which opinions differ most, and where each person stands. Pure.

Unseen votes count as the mean of their statement, so the centred table is zero wherever nobody
voted and one pass costs one multiplication per vote. A person who cast few votes is moved away
from the middle by the root of statements over votes. As in Polis (Small et al., Polis: scaling
deliberation by mapping high dimensional opinion spaces, 2021).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array
from scipy.sparse.linalg import LinearOperator, eigsh

from participa.insights.opinion.votes import Floats, Votes

AXES = 2
# So few statements are solved as a small dense table of statements by statements.
_SMALL = 48
# Over this many votes the directions of a tenth of the people are where the search starts, and
# six digits are enough.
_MANY, _PART, _MANY_TOLERANCE = 5_000_000, 10, 1e-6
# Passes of a rough search, and when a direction is all rounding.
STEPS, _NOTHING_LEFT = 10, 1e-9
_CHUNK = 1 << 16


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
    sums, seen = np.zeros(votes.statements), np.zeros(votes.statements)
    for part in _parts(len(votes.columns)):
        columns, choices = votes.columns[part], votes.choices[part]
        own = None if weights is None else weights[part]
        sums += np.bincount(columns, choices if own is None else choices * own, votes.statements)
        seen += np.bincount(columns, own, votes.statements)
    return np.divide(sums, seen, out=np.zeros(votes.statements), where=seen > 0)


def _parts(number: int) -> Iterator[slice]:
    """Cut votes into parts that stay in the processor's cache."""
    return (slice(first, first + _CHUNK) for first in range(0, number, _CHUNK))


def centred(votes: Votes, centre: Floats) -> csr_array:
    """Subtract the means from the votes that were cast."""
    values = np.empty(len(votes.columns))
    for part in _parts(len(values)):
        np.subtract(votes.choices[part], centre[votes.columns[part]], out=values[part])
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
        first = _first(width) if start is None else start
        spread, axes = eigsh(product, k=AXES, v0=first, tol=tolerance)
    order = np.argsort(spread)[::-1][:AXES]
    return Components(centre, _signed(axes[:, order].T, width), spread[order], total)


def roughly(
    table: csr_array | csc_array, centre: Floats, *, start: Floats | None = None, steps: int = STEPS
) -> Components:
    """Find components as near as a few passes come (Lanczos), for comparing many tables.

    From the same start all tables are equally wrong, so what is compared is as fair as exact.
    """
    width = len(centre)
    turned = table.T
    first = _first(width) if start is None else start
    basis = np.zeros((min(steps, width), width))
    images = np.zeros_like(basis)
    for row in range(len(basis)):
        # Twice is enough to stay orthogonal (Parlett, The symmetric eigenvalue problem, 1998).
        for _again in range(2):
            first = first - basis[:row].T @ (basis[:row] @ first)
        length = float(np.sqrt(first @ first))
        if length < _NOTHING_LEFT:
            break
        basis[row] = first / length
        images[row] = turned @ (table @ basis[row])
        first = images[row]
    spread, turns = np.linalg.eigh(basis @ images.T)
    order = np.argsort(spread)[::-1][:AXES]
    axes = _signed(turns[:, order].T @ basis, width)
    return Components(centre, axes, spread[order], float(table.data @ table.data))


def _first(width: int) -> Floats:
    """Give a direction that no table of votes has a reason to be orthogonal to."""
    return np.ones(width) + np.arange(width) / max(width, 1)


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
