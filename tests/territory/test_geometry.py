"""Simplifying, finding and measuring on the plane."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from participa.territory.drawing import frame_of, label_at
from participa.territory.geometry import (
    Ring,
    area_of,
    contains,
    point_inside,
    simplified_line,
    simplified_rings,
)

SQUARE: Ring = ((0, 0), (4, 0), (4, 4), (0, 4))
HOLE: Ring = ((1, 1), (3, 1), (3, 3), (1, 3))


def _wavy(count: int, seed: int) -> list[tuple[float, float]]:
    """Give a border from (0, 0) to (0, 100) that wanders a little."""
    rng = random.Random(seed)  # noqa: S311 - a border, no secret
    inner = [(rng.uniform(-1, 1), 100 * n / count) for n in range(1, count)]
    return [(0.0, 0.0), *inner, (0.0, 100.0)]


def test_a_line_keeps_what_stands_out() -> None:
    """Points within the tolerance go, the peak and both ends stay."""
    line = [(0.0, 0.0), (1.0, 0.1), (2.0, 5.0), (3.0, 0.1), (4.0, 0.0)]
    assert simplified_line(line, 1.0) == [(0.0, 0.0), (2.0, 5.0), (4.0, 0.0)]


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=40))
@settings(deadline=None, max_examples=60)
def test_nothing_dropped_is_further_away_than_the_tolerance(
    line: list[tuple[float, float]],
) -> None:
    """Every point of the first line lies near the simplified one."""
    kept = simplified_line(line, 2.0)
    assert kept[0] == line[0]
    assert kept[-1] == line[-1]
    for x, y in line:
        near = min(
            _distance((x, y), start, end)
            for start, end in zip(kept, kept[1:] or kept, strict=False)
        )
        assert near <= 2.0 + 1e-9


def _distance(p: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    across, up = b[0] - a[0], b[1] - a[1]
    length = across * across + up * up
    along = 0.0
    if length:
        along = max(0.0, min(1.0, ((p[0] - a[0]) * across + (p[1] - a[1]) * up) / length))
    return float(((p[0] - a[0] - along * across) ** 2 + (p[1] - a[1] - along * up) ** 2) ** 0.5)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=40)
def test_a_shared_border_stays_shared(seed: int) -> None:
    """Two neighbours keep the same points on their common border, wherever their rings begin."""
    border = _wavy(40, seed)
    left = [(-50.0, 0.0), *border, (-50.0, 100.0)]
    right = [(50.0, 100.0), *border[::-1], (50.0, 0.0)]
    turned = seed % len(right)
    rings = [tuple(left), tuple(right[turned:] + right[:turned])]
    one, other = simplified_rings(rings, 0.5)
    shared = set(one) & set(border)
    assert shared == set(other) & set(border)
    assert 2 <= len(shared) < len(border)


def test_a_hole_and_what_fills_it_stay_together() -> None:
    """An island's border, which parts from nothing, is simplified alike from both sides."""
    round_one = tuple((2 + (1 + n % 2 / 100) * x, 2 + y) for n, (x, y) in enumerate(HOLE))
    turned = round_one[2:] + round_one[:2]
    _square, hole, island = simplified_rings([SQUARE, round_one, turned[::-1]], 0.001)
    assert set(hole) == set(island)


def test_what_would_collapse_stays() -> None:
    """A ring thinner than the tolerance is kept as it was rather than as a line."""
    thin: Ring = ((0, 0), (10, 0.1), (20, 0), (10, -0.1))
    assert simplified_rings([thin], 5.0) == [thin]


def test_inside_and_outside() -> None:
    """The even-odd rule: the hole is outside, the border's band inside."""
    assert contains([SQUARE, HOLE], (0.5, 0.5))
    assert not contains([SQUARE, HOLE], (2, 2))
    assert not contains([SQUARE, HOLE], (5, 2))
    assert area_of(SQUARE) == 16


def test_the_label_stands_inside() -> None:
    """Also where the middle of the box is outside."""
    horseshoe: Ring = ((0, 0), (10, 0), (10, 10), (8, 10), (8, 2), (2, 2), (2, 10), (0, 10))
    assert contains([horseshoe], point_inside([horseshoe]))
    assert contains([SQUARE, HOLE], point_inside([SQUARE, HOLE]))


def test_a_picture_and_back() -> None:
    """Where a point is drawn leads back to the point, and everything is drawn within."""
    frame = frame_of((-73.5, 6.5, -73.2, 6.7))
    x, y = frame.place((-73.3, 6.6))
    lon, lat = frame.point(x, y)
    assert abs(lon + 73.3) < 0.001
    assert abs(lat - 6.6) < 0.001
    for corner in ((-73.5, 6.5), (-73.2, 6.7)):
        x, y = frame.place(corner)
        assert 0 <= x <= frame.width
        assert 0 <= y <= frame.height
    assert label_at(frame, [((-73.5, 6.5), (-73.2, 6.5), (-73.2, 6.7), (-73.5, 6.7))])[0] == 500
