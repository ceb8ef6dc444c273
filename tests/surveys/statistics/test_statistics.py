"""Shares, weights and their errors against published figures and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.kit.intervals import logit_interval, wilson
from participa.surveys.statistics.precision import (
    design_effect,
    effective_size,
    share_variance,
    weighted_share,
)
from participa.surveys.statistics.raking import merging, rake

CELLS = [(age, sex) for age in range(3) for sex in range(2)]
COUNTS = [10, 40, 25, 60, 5, 20]
MARGINS = ((0.3, 0.4, 0.3), (0.5, 0.5))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_published(part: int, whole: int, low: float, high: float) -> None:
    """The intervals are those of Newcombe (1998, table I, method 3)."""
    assert wilson(part / whole, whole) == pytest.approx((low, high), abs=1e-4)


def test_a_logit_interval_stays_within_0_and_1() -> None:
    """It holds the share, leans towards the middle, and a certain share is certain."""
    low, high = logit_interval(0.02, 0.0004, 100)
    assert 0 < low < 0.02 < high < 1
    assert 0.02 - low < high - 0.02
    assert logit_interval(1.0, 0.1, 9) == (1.0, 1.0)


def test_raking_meets_every_margin() -> None:
    """Weighted shares are the census's, and the odds within the sample are what they were."""
    raked = rake(CELLS, COUNTS, MARGINS)
    weighted = dict(
        zip(CELLS, (w * n for w, n in zip(raked.weights, COUNTS, strict=True)), strict=True)
    )
    people = sum(COUNTS)
    for age, share in enumerate(MARGINS[0]):
        assert weighted[age, 0] + weighted[age, 1] == pytest.approx(share * people)
    assert sum(weighted[age, 0] for age in range(3)) == pytest.approx(people / 2)
    odds = weighted[0, 0] * weighted[1, 1] / weighted[0, 1] / weighted[1, 0]
    assert odds == pytest.approx(10 * 60 / 40 / 25)
    assert (raked.trimmed, raked.off < 1e-8) == (0, True)


def test_heavy_weights_are_cut_and_what_is_left_off_is_told() -> None:
    """Nobody weighs more than the bound, even where the census wants it."""
    raked = rake([(0,), (1,)], [2, 98], [(0.5, 0.5)], heaviest=3.0)
    assert raked.weights[0] / raked.weights[1] <= 3.0 / 0.2
    assert raked.trimmed == 2
    assert raked.off > 0.3


def test_kish() -> None:
    """Equal weights cost nothing; half at 1 and half at 3 make 100 people worth 80."""
    assert effective_size([1, 1], [40, 60]) == pytest.approx(100)
    assert effective_size([1, 3], [50, 50]) == pytest.approx(80)
    assert design_effect([1, 3], [50, 50]) == pytest.approx(1.25)


def test_without_margins_the_variance_is_the_usual_one() -> None:
    """Everybody in one cell: p (1 - p) / (n - 1)."""
    found = share_variance([()], [50], [1.0], [20])
    assert found == pytest.approx(0.4 * 0.6 / 49)


def test_what_the_census_says_has_no_error() -> None:
    """The share of a group that a margin fixes is certain; another share is not."""
    weights = rake(CELLS, COUNTS, MARGINS).weights
    women = [n if sex else 0 for (_age, sex), n in zip(CELLS, COUNTS, strict=True)]
    assert weighted_share(weights, COUNTS, women) == pytest.approx(0.5)
    assert share_variance(CELLS, COUNTS, weights, women) == pytest.approx(0, abs=1e-12)
    assert share_variance(CELLS, COUNTS, weights, [n // 2 for n in COUNTS]) > 0.001


def test_merging_joins_the_few() -> None:
    """Few and fewer become one group, with the smallest of the others while it is too small."""
    assert merging([50, 3, 40, 4], 5) == [0, 2, 1, 2]
    assert merging([50, 3, 40], 5) == [0, 1, 1]
    assert merging([50, 30], 5) == [0, 1]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=9))
def test_merging_leaves_no_group_too_small(heard: list[int]) -> None:
    """Every group has the fewest, or there is only one; groups are numbered without gaps."""
    groups = merging(heard, 5)
    sizes = [sum(n for n, g in zip(heard, groups, strict=True) if g == at) for at in set(groups)]
    assert len(sizes) == 1 or min(sizes) >= 5
    assert sorted(set(groups)) == list(range(len(set(groups))))
