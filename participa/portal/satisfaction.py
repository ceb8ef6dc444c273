"""How satisfied those who answered are, from published counts alone. Pure.

A mean computed from all answers would give hidden counts away to who knows the others. So it is
bounded by what anybody can see: what is hidden counts as the worst of the hidden options for the
lower bound and as the best for the upper one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from participa.kit.tally import Tally


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The mean of a scale that begins at 1: between these two, by so many people."""

    low: float
    high: float
    answered: int

    @property
    def is_exact(self) -> bool:
        """Whether both bounds are the same as they are written, with one decimal."""
        return self.low == self.high


def satisfaction(tallies: Sequence[Tally]) -> Satisfaction | None:
    """Bound the mean of several scales asked together; None where too little may be seen.

    A tally's options are the scale's, worst first. Scales nobody answered are left out.
    """
    answered = [tally for tally in tallies if tally.answered]
    bounds = [_bounds(tally) for tally in answered]
    known = [each for each in bounds if each is not None]
    if not known or len(known) < len(bounds):
        return None
    low, high = (sum(ends) / len(known) for ends in zip(*known, strict=True))
    return Satisfaction(round(low, 1), round(high, 1), max(each.answered for each in answered))


def _bounds(tally: Tally) -> tuple[float, float] | None:
    """Bound the mean of one scale; None where every count is hidden."""
    scores = [(at, cell.count) for at, cell in enumerate(tally.cells, 1)]
    shown = sum(count for _score, count in scores if count is not None)
    hidden = [score for score, count in scores if count is None]
    if not shown:
        return None
    points = sum(score * count for score, count in scores if count is not None)
    rest = tally.answered - shown
    worst, best = (min(hidden), max(hidden)) if hidden else (0, 0)
    return (points + rest * worst) / tally.answered, (points + rest * best) / tally.answered
