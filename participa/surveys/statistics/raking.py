"""Weights that give each group of the census its share among those who answered. Pure.

Who answered is counted by cells: people alike in all margins, such as a group of age and sex in
an area. All of a cell have one weight, so that a hundred thousand cost as much as a hundred.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Cell = tuple[int, ...]
"""The category of each margin, from 0."""
Margin = Sequence[float]
"""The population's share, 0 to 1, of each category."""

LIGHTEST, HEAVIEST = 0.2, 5.0
"""Between these weights stay, where 1 is the mean (as in Izrael, Battaglia and Frankel 2009)."""
NEAR = 1e-9
_MOST_SWEEPS = 1_000


@dataclass(frozen=True, slots=True)
class Raked:
    """The weight of each cell, 1 in the mean of people.

    `off` is the largest distance left between a weighted share and the census; `trimmed` how
    many people have the lightest or the heaviest weight.
    """

    weights: tuple[float, ...]
    off: float
    trimmed: int


def rake(
    cells: Sequence[Cell],
    counts: Sequence[int],
    margins: Sequence[Margin],
    *,
    lightest: float = LIGHTEST,
    heaviest: float = HEAVIEST,
) -> Raked:
    """Fit weights to the margins one after the other until all hold (Deming and Stephan 1940).

    Weights beyond the bounds are cut and the others fitted again, so that margins may be left
    `off`. Every category with a share has to have somebody: see `merging`.
    """
    people = sum(counts)
    weights = [1.0] * len(cells)
    for _sweep in range(_MOST_SWEEPS):
        before = list(weights)
        for at, margin in enumerate(margins):
            _fit(weights, cells, counts, at, margin, people)
        weights = [min(max(weight, lightest), heaviest) for weight in weights]
        if max(abs(new - old) for new, old in zip(weights, before, strict=True)) < NEAR:
            break
    trimmed = sum(n for w, n in zip(weights, counts, strict=True) if not lightest < w < heaviest)
    mean = sum(w * n for w, n in zip(weights, counts, strict=True)) / people
    weights = [weight / mean for weight in weights]
    return Raked(
        tuple(weights),
        max(_off(weights, cells, counts, at, margin) for at, margin in enumerate(margins)),
        trimmed,
    )


def _fit(
    weights: list[float], cells: Sequence[Cell], counts: Sequence[int], at: int, margin: Margin,
    people: int,
) -> None:  # fmt: skip
    sums = _sums(weights, cells, counts, at, len(margin))
    factors = [
        share * people / found if found else 1.0 for share, found in zip(margin, sums, strict=True)
    ]
    for number, cell in enumerate(cells):
        weights[number] *= factors[cell[at]]


def _sums(
    weights: Sequence[float], cells: Sequence[Cell], counts: Sequence[int], at: int, size: int
) -> list[float]:
    sums = [0.0] * size
    for weight, cell, count in zip(weights, cells, counts, strict=True):
        sums[cell[at]] += weight * count
    return sums


def _off(
    weights: Sequence[float], cells: Sequence[Cell], counts: Sequence[int], at: int, margin: Margin
) -> float:
    people = sum(counts)
    sums = _sums(weights, cells, counts, at, len(margin))
    return max(abs(found / people - share) for found, share in zip(sums, margin, strict=True))


def merging(heard: Sequence[int], fewest: int) -> list[int]:
    """Say which group each category of a margin joins, so that each has enough who answered.

    Those with fewer than the fewest become one group; while that is still too small the smallest
    of the others joins it. Groups are numbered from 0.
    """
    joined = {at for at, count in enumerate(heard) if count < fewest}
    others = sorted(set(range(len(heard))) - joined, key=lambda at: heard[at])
    while joined and others and sum(heard[at] for at in joined) < fewest:
        joined.add(others.pop(0))
    own = {at: number for number, at in enumerate(sorted(set(range(len(heard))) - joined))}
    return [own.get(at, len(own)) for at in range(len(heard))]
