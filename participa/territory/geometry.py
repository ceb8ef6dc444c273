"""Plane geometry on rings of points: simplifying without gaps, where a point lies, sizes.

Rings are open: the last point is not the first again. No I/O.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Ring = tuple[Point, ...]
# West, south, east, north.
Bounds = tuple[float, float, float, float]


def bounds_of(rings: Iterable[Ring]) -> Bounds:
    """Give the smallest upright box around rings. Raises ValueError without any point."""
    points = [point for ring in rings for point in ring]
    across, up = [x for x, _y in points], [y for _x, y in points]
    return min(across), min(up), max(across), max(up)


def area_of(ring: Ring) -> float:
    """Give a ring's area without its sign (the shoelace formula)."""
    pairs = zip(ring, (*ring[1:], *ring[:1]), strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def contains(rings: Sequence[Ring], point: Point) -> bool:
    """Say whether a point lies inside rings by the even-odd rule: a hole is a ring inside."""
    inside = False
    for ring in rings:
        for crossing in _crossings(ring, point[1]):
            if crossing > point[0]:
                inside = not inside
    return inside


def _crossings(ring: Ring, height: float) -> list[float]:
    """Give where a ring crosses a horizontal line."""
    found = []
    for (x, y), (u, v) in zip(ring, (*ring[1:], *ring[:1]), strict=True):
        if (y > height) != (v > height):
            found.append(x + (height - y) * (u - x) / (v - y))
    return found


def point_inside(rings: Sequence[Ring]) -> Point:
    """Give a point for a label: in the widest stretch of the area at one of some heights."""
    _west, south, _east, north = bounds_of(rings)
    best, width = rings[0][0], -1.0
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        height = south + (north - south) * share
        cuts = sorted(cut for ring in rings for cut in _crossings(ring, height))
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            # The middle is preferred unless another height is clearly roomier.
            if right - left > width * 1.2:
                best, width = ((left + right) / 2, height), right - left
    return best


def simplified_line(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Drop the points of a line that lie within a tolerance of what stays.

    Douglas and Peucker, "Algorithms for the reduction of the number of points required to
    represent a digitized line or its caricature", The Canadian Cartographer 10 (2), 1973.
    """
    kept = {0, len(line) - 1}
    parts = [(0, len(line) - 1)]
    while parts:
        first, last = parts.pop()
        distances = _squared_distances(line[first + 1 : last], line[first], line[last])
        far = max(distances, default=0.0)
        if far > tolerance * tolerance:
            at = first + 1 + distances.index(far)
            kept.add(at)
            parts += [(first, at), (at, last)]
    return [line[at] for at in sorted(kept)]


def _squared_distances(points: Sequence[Point], start: Point, end: Point) -> list[float]:
    """Give the squared distance from each point to a stretch of line."""
    left, low = start
    across, up = end[0] - left, end[1] - low
    length = across * across + up * up
    if not length:
        return [(x - left) ** 2 + (y - low) ** 2 for x, y in points]
    found = []
    for u, v in points:
        x, y = u - left, v - low
        along = (x * across + y * up) / length
        if along > 0:
            # Beyond the end it is the end that is nearest.
            along = along if along < 1 else 1.0
            x, y = x - along * across, y - along * up
        found.append(x * x + y * y)
    return found


def simplified_rings(rings: Sequence[Ring], tolerance: float) -> list[Ring]:
    """Simplify rings so that a border shared by two stays shared: no gaps, no overlaps.

    Rings are cut where borders part, as TopoJSON cuts them into arcs, and each arc is simplified
    by itself. A ring that would collapse to a line stays as it was.
    """
    parting = _partings(rings)
    return [_simplified_ring(ring, parting, tolerance) for ring in rings]


def _partings(rings: Sequence[Ring]) -> set[Point]:
    """Find the points that have other neighbours in one ring than in another."""
    neighbours: defaultdict[Point, set[frozenset[Point]]] = defaultdict(set)
    for ring in rings:
        for at, point in enumerate(ring):
            neighbours[point].add(frozenset((ring[at - 1], ring[(at + 1) % len(ring)])))
    return {point for point, pairs in neighbours.items() if len(pairs) > 1}


def _simplified_ring(ring: Ring, parting: set[Point], tolerance: float) -> Ring:
    cuts = [at for at, point in enumerate(ring) if point in parting]
    # A border that never parts begins at the same point from both sides.
    cuts = cuts or [ring.index(min(ring))]
    ends = [*cuts[1:], cuts[0] + len(ring)]
    result: list[Point] = []
    for first, last in zip(cuts, ends, strict=True):
        arc = [ring[at % len(ring)] for at in range(first, last + 1)]
        result += _simplified_arc(arc, tolerance)[:-1]
    return tuple(result) if len(result) > 2 else ring


def _simplified_arc(arc: list[Point], tolerance: float) -> list[Point]:
    """Simplify an arc in the same direction whichever side it is seen from."""
    turned = arc[::-1]
    if arc <= turned:
        return simplified_line(arc, tolerance)
    return simplified_line(turned, tolerance)[::-1]
