"""Small maps of squares, as a municipality's file would hold them."""

import json
from typing import Any

WEST, SOUTH = -73.5, 6.5


def square(x: float, y: float, size: float = 0.1) -> list[list[float]]:
    """Give a closed ring whose lower left corner is so many degrees from the map's."""
    corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
    return [[round(WEST + across, 6), round(SOUTH + up, 6)] for across, up in corners]


def area(name: str | None, *rings: Any, **more: str) -> dict[str, Any]:
    """Give a feature with a polygon and its holes."""
    return {
        "type": "Feature",
        "properties": {"nombre": name, **more},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def collection(*features: Any, **more: Any) -> bytes:
    """Give a whole file."""
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


# El Salado (a vereda) left, a corregimiento right with a smaller vereda inside it.
THREE = collection(
    area("El Salado", square(0, 0)),
    area("La Cumbre", square(0.1, 0), tipo="Corregimiento"),
    area("Alto", square(0.12, 0.02, 0.03), parte_de="La Cumbre"),
)
