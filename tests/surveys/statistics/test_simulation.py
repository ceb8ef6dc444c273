"""A municipality whose opinion is known is asked again and again, some more willing than others."""

import numpy as np
import pytest

from participa.kit.intervals import logit_interval
from participa.surveys.statistics.precision import share_variance, weighted_share
from participa.surveys.statistics.raking import Cell, rake

GROUPS, AREAS, ASKED = 8, 6, 600


def _simulated(runs: int) -> tuple[float, float, float]:
    """Give the bias of the plain and of the raked share, and how often the interval holds."""
    draw = np.random.default_rng(2026)
    cells: list[Cell] = [(group, area) for group in range(GROUPS) for area in range(AREAS)]
    group, area = np.array(cells).T
    people = draw.dirichlet(np.full(len(cells), 3.0))
    wanted = 1 / (1 + np.exp(-(0.25 * group - 0.3 * area - 0.2)))
    truth = float(people @ wanted)
    willing = people * np.exp(0.28 * group - 0.22 * area)
    margins = [
        [float(people[group == each].sum()) for each in range(GROUPS)],
        [float(people[area == each].sum()) for each in range(AREAS)],
    ]
    plain, raked, held = [], [], 0
    for _run in range(runs):
        counts = draw.multinomial(ASKED, willing / willing.sum())
        heard = np.flatnonzero(counts)
        chosen = draw.binomial(counts[heard], wanted[heard]).tolist()
        some, asked = [cells[at] for at in heard], counts[heard].tolist()
        weights = rake(some, asked, margins).weights
        share = weighted_share(weights, asked, chosen)
        variance = share_variance(some, asked, weights, chosen)
        low, high = logit_interval(share, variance, ASKED - 1)
        plain.append(sum(chosen) / ASKED)
        raked.append(share)
        held += low <= truth <= high
    return float(np.mean(plain)) - truth, float(np.mean(raked)) - truth, held / runs


def test_raking_cuts_the_bias() -> None:
    """Few runs: the bias is a tenth of what it was, and nearly all intervals hold."""
    plain, raked, held = _simulated(30)
    assert abs(plain) > 0.08
    assert abs(raked) < abs(plain) / 5
    assert held >= 0.85


@pytest.mark.long
def test_intervals_hold_as_often_as_they_say() -> None:
    """A thousand runs: the bias is cut to a twentieth, 93 to 97 % of the intervals hold."""
    plain, raked, held = _simulated(1_000)
    print(f"bias {plain:.4f} plain, {raked:.4f} raked; coverage {held:.3f}")
    assert abs(raked) < abs(plain) / 20
    assert 0.93 <= held <= 0.97
