"""From degrees to a picture: where things stand on a map some units wide. No I/O."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from participa.territory.geometry import Bounds, Point, Ring, bounds_of, point_inside

WIDTH = 1000
MARGIN = 12
# A long valley is not drawn taller than this many times its width.
_TALLEST = 1.6


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the world a picture shows, and how.

    Equirectangular with the middle's parallel at its true length: within a municipality the
    error is smaller than a line's width.
    """

    west: float
    north: float
    across: float
    scale: float
    width: int
    height: int

    def place(self, point: Point) -> tuple[int, int]:
        """Give where a point of the world stands in the picture."""
        x = (point[0] - self.west) * self.across * self.scale
        y = (self.north - point[1]) * self.scale
        return round(x), round(y)

    def point(self, x: float, y: float) -> Point:
        """Give the point of the world under a place of the picture."""
        return self.west + x / self.scale / self.across, self.north - y / self.scale


def frame_of(bounds: Bounds, width: int = WIDTH, margin: int = MARGIN) -> Frame:
    """Fit a part of the world into a picture of a width, with a margin around it."""
    west, south, east, north = bounds
    across = math.cos(math.radians((south + north) / 2))
    wide, tall = max((east - west) * across, 1e-9), max(north - south, 1e-9)
    inner = width - 2 * margin
    scale = min(inner / wide, inner * _TALLEST / tall)
    height = round(tall * scale) + 2 * margin
    aside = (width - wide * scale) / 2
    return Frame(
        west=west - aside / scale / across,
        north=north + margin / scale,
        across=across,
        scale=scale,
        width=width,
        height=height,
    )


def outline(frame: Frame, rings: Sequence[Ring]) -> str:
    """Write rings as the path of an SVG, each point once."""
    return "".join(_path(frame, ring) for ring in rings)


def _path(frame: Frame, ring: Ring) -> str:
    placed: list[tuple[int, int]] = []
    for point in ring:
        spot = frame.place(point)
        if not placed or placed[-1] != spot:
            placed.append(spot)
    first, *rest = placed
    steps = "L".join(f"{x} {y}" for x, y in rest)
    return f"M{first[0]} {first[1]}L{steps}z" if rest else ""


def label_at(frame: Frame, rings: Sequence[Ring]) -> tuple[int, int]:
    """Give where an area's figure stands."""
    return frame.place(point_inside(rings))


def box(rings: Sequence[Ring]) -> Bounds:
    """Give the bounds of a picture of these rings."""
    return bounds_of(rings)
