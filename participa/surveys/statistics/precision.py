"""How sure a weighted share is: what weighting costs, and what the margins give back. Pure."""

from collections.abc import Sequence

from participa.surveys.statistics.raking import NEAR, Cell

_MOST_SWEEPS = 1_000


def effective_size(weights: Sequence[float], counts: Sequence[int]) -> float:
    """Give how many people drawn at random would tell as much (Kish 1965, section 11.7)."""
    pairs = list(zip(weights, counts, strict=True))
    squares = sum(n * w**2 for w, n in pairs)
    return sum(n * w for w, n in pairs) ** 2 / squares if squares else 0.0


def design_effect(weights: Sequence[float], counts: Sequence[int]) -> float:
    """Give by what weighting multiplies the variance: 1 where all weigh the same (Kish 1992)."""
    effective = effective_size(weights, counts)
    return sum(counts) / effective if effective else 1.0


def weighted_share(weights: Sequence[float], counts: Sequence[int], chosen: Sequence[int]) -> float:
    """Give the weighted share of those who chose something, counted by cell."""
    whole = sum(w * n for w, n in zip(weights, counts, strict=True))
    part = sum(w * k for w, k in zip(weights, chosen, strict=True))
    return part / whole if whole else 0.0


def left_by_margins(
    cells: Sequence[Cell], counts: Sequence[int], means: Sequence[float]
) -> list[float]:
    """Take from each cell's mean what the categories of the margins explain, added up.

    It is the residual of a regression on them, found margin by margin. What is explained is no
    source of error any more: the census says how large those categories are.
    """
    left = list(means)
    for _sweep in range(_MOST_SWEEPS):
        moved = 0.0
        for at in range(len(cells[0]) if cells else 0):
            sums: dict[int, float] = {}
            sizes: dict[int, int] = {}
            for cell, count, value in zip(cells, counts, left, strict=True):
                sums[cell[at]] = sums.get(cell[at], 0.0) + count * value
                sizes[cell[at]] = sizes.get(cell[at], 0) + count
            for number, cell in enumerate(cells):
                step = sums[cell[at]] / sizes[cell[at]]
                left[number] -= step
                moved = max(moved, abs(step))
        if moved < NEAR:
            break
    return left


def share_variance(
    cells: Sequence[Cell],
    counts: Sequence[int],
    weights: Sequence[float],
    chosen: Sequence[int],
) -> float:
    """Give the variance of a raked share by linearisation (Deville and Särndal 1992).

    Each person counts as drawn by themselves; their residual from the margins is weighted.
    `chosen` counts by cell who chose it; without margins (one empty cell) it is the usual one.
    """
    people = sum(counts)
    whole = sum(w * n for w, n in zip(weights, counts, strict=True))
    if people < 2 or not whole:
        return 0.0
    share = weighted_share(weights, counts, chosen)
    means = [k / n - share for k, n in zip(chosen, counts, strict=True)]
    left = left_by_margins(cells, counts, means)
    squares = 0.0
    for count, weight, k, mean, rest in zip(counts, weights, chosen, means, left, strict=True):
        shift = rest - mean - share
        squares += weight**2 * (k * (1 + shift) ** 2 + (count - k) * shift**2)
    return squares / whole**2 * people / (people - 1)
