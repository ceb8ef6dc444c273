"""Reading a municipality's GeoJSON: what is understood, and what has to be mended."""

import json
import math
from typing import Any

import pytest

from participa.territory.geojson import MAX_AREAS, MAX_POINTS, AreasRefused, parse_areas
from tests.territory.maps import THREE, area, collection, square


def test_areas_with_kind_and_parent() -> None:
    """Names, kinds written as people write them and what an area is part of are read."""
    found = parse_areas(THREE)
    assert not found.errors
    assert [(each.kind, each.name, each.parent) for each in found.areas] == [
        ("vereda", "El Salado", ""),
        ("corregimiento", "La Cumbre", ""),
        ("vereda", "Alto", "La Cumbre"),
    ]


def test_many_polygons_and_holes() -> None:
    """A MultiPolygon is one area; islets that nobody could press are left out."""
    feature = area("Islas", square(0, 0))
    feature["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [[square(0, 0), square(0.02, 0.02, 0.02)], [square(0.3, 0, 0.05)],
                        [square(0.2, 0.2, 0.0001)]],
    }  # fmt: skip
    (found,) = parse_areas(collection(feature)).areas
    assert len(found.rings) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vacío"),
        (b"PK\x03\x04shape", "no es GeoJSON"),
        ('{"type": "ñ"}'.encode("latin-1"), "no es GeoJSON"),
        (b"[" * 100_000, "no es GeoJSON"),
        (b'{"type":"FeatureCollection","features":[{"x":NaN}]}', "no es GeoJSON"),
        (b"[1]", "es JSON, pero"),
        (b'{"type":"Topology"}', "es JSON, pero"),
        (collection(), "ninguna área"),
        (collection(*[1] * (MAX_AREAS + 1)), "y caben"),
        (collection(area("A", square(0, 0)), crs={"properties": {"name": "EPSG:9377"}}), "grados"),
        (collection(area("A", [[4.9e6, 2e6], [5e6, 2e6], [5e6, 2.1e6], [4.9e6, 2e6]])), "grados"),
        (collection(area("A", [[y, x] for x, y in square(0, 0)])), "al revés"),
        (collection(area("A", [[4.5, -95], [4.6, -95], [4.6, -94], [4.5, -95]])), "al revés"),
        (b" " * (8 * 1024 * 1024) + b"{}", "pesa más"),
    ],
)
def test_what_cannot_be_read_at_all(data: bytes, words: str) -> None:
    """The refusal says what the file looks like and what to do."""
    with pytest.raises(AreasRefused) as refused:
        parse_areas(data)
    assert words in str(refused.value.title)


@pytest.mark.parametrize(
    ("features", "line", "words"),
    [
        ([area(None, square(0, 0))], 1, "No tiene nombre"),
        ([area("  ", square(0, 0))], 1, "No tiene nombre"),
        ([area("x" * 81, square(0, 0))], 1, "pasa de 80"),
        ([area("A", square(0, 0), tipo="planeta")], 1, "«planeta»"),
        ([area("A")], 1, "vacío"),
        ([area("A", [[-73, 6], [-73.1, 6], [-73, 6]])], 1, "menos de tres"),
        ([area("A", [[-73, 6], [-73.1, 6], [-73.2, 6], [-73, 6]])], 1, "no encierra nada"),
        ([area("A", [["a", "b"], [1, 2], [2, 3], [3, 4]])], 1, "listas de puntos"),
        ([area("A", [[True, 2], [1, 2], [2, 3], [3, 4]])], 1, "listas de puntos"),
        ([{"geometry": {"type": "Point"}, "properties": {"nombre": "A"}}], 1, "No es un polígono"),
        ([{"geometry": None, "properties": {"nombre": "A"}}], 1, "No es un polígono"),
        ([7], 1, "No tiene nombre"),
        ([area("A", square(0, 0)), area("a", square(0.1, 0))], None, "se llaman «A»"),
        ([area("A", square(0, 0), parte_de="B")], 1, "«B»"),
        ([area("A", square(0, 0), parte_de="A")], 1, "«A»"),
    ],
)
def test_every_problem_is_told_with_its_area(
    features: list[Any], line: int | None, words: str
) -> None:
    """A problem names the number of its area in the file and what is wrong."""
    errors = parse_areas(collection(*features)).errors
    assert [each.line for each in errors] == [line]
    assert words in str(errors[0].words)


def test_open_rings_are_closed_and_told() -> None:
    """A ring that does not end where it began is closed, with a warning."""
    found = parse_areas(collection(area("A", square(0, 0)[:-1])))
    assert found.areas[0].point_count == 4
    assert [each.line for each in found.warnings] == [1]


def test_a_map_elsewhere_is_told() -> None:
    """Outside Colombia is a warning, not an error."""
    ring = [[-3.7, 40.4], [-3.6, 40.4], [-3.6, 40.5], [-3.7, 40.4]]
    (warning,) = parse_areas(collection(area("Madrid", ring))).warnings
    assert "Colombia" in str(warning.words)


def test_a_name_in_another_property() -> None:
    """The official may say which property holds the name."""
    feature = area("Otra cosa", square(0, 0), rotulo="La Honda")
    (found,) = parse_areas(collection(feature), kind="barrio", name_field="ROTULO").areas
    assert (found.kind, found.name) == ("barrio", "La Honda")


def test_a_heavy_map_becomes_light() -> None:
    """However many points come, what is drawn stays within what a page can carry."""
    features = []
    for n in range(20):
        x, y = n % 5 * 0.1, n // 5 * 0.1
        ring = [
            [-73 + x + 0.04 * math.cos(t / 1000) * (1 + 0.1 * math.sin(t * 7.1)),
             6 + y + 0.04 * math.sin(t / 1000) * (1 + 0.1 * math.sin(t * 7.1))]
            for t in range(0, 6283, 4)
        ]  # fmt: skip
        features.append(area(f"Vereda {n}", [*ring, ring[0]]))
    found = parse_areas(collection(*features))
    drawn = sum(each.point_count for each in found.areas)
    assert found.points_read > 2 * MAX_POINTS
    assert 20 * 8 < drawn <= MAX_POINTS


def test_the_file_is_read_back_the_same() -> None:
    """Reading the same file twice gives the same shapes."""
    assert parse_areas(THREE).areas == parse_areas(json.dumps(json.loads(THREE)).encode()).areas
