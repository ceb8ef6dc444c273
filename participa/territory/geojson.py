"""Reading a municipality's own GeoJSON (RFC 7946): its areas, or what has to be mended.

Every problem is told with the number of its area in the file; half a municipality is none.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from participa.i18n import Text, _
from participa.kit.names import slugify, without_controls
from participa.territory.geometry import (
    Bounds,
    Ring,
    area_of,
    bounds_of,
    simplified_rings,
)
from participa.territory.rules import KINDS, MAX_NAME, kind_from
from participa.web.problems import Problem
from participa.web.refusals import Refusal

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_FILE_WORDS = "8 MB"
MAX_AREAS = 1500
# What a page can draw on a cheap phone: some 80 kB before compression.
MAX_POINTS = 12_000
# A map a thousand units wide shows nothing finer than this share of its width.
FINEST = 1 / 2500
# What is smaller than this share of the map's width is an islet that nobody could press.
ISLET = 1 / 400
# WGS84, and the Colombian frame that differs from it by less than a map shows (MAGNA-SIRGAS).
_GEOGRAPHIC = ("crs84", "epsg::4326", "epsg:4326", "epsg::4686", "epsg:4686")
_NAMES = (
    "nombre", "name", "nombre_ver", "nombre_vereda", "nom_vereda", "vereda", "nombre_barrio",
    "nom_barrio", "barrio", "nombre_comuna", "comuna", "corregimiento", "sector", "localidad",
)  # fmt: skip
_KIND_NAMES = ("tipo", "kind", "clase", "type")
_PARENTS = ("parte_de", "padre", "parent")
# West, south, east, north of Colombia with its islands, to say when a map lies elsewhere.
_COLOMBIA: Bounds = (-82.0, -4.5, -66.5, 16.5)


class AreasRefused(Refusal):
    """A file that holds no areas that can be read; nothing was stored."""

    status = 422
    title = _("El mapa no se pudo leer.")
    advice = _("Revise el archivo e inténtelo otra vez.")


@dataclass(frozen=True, slots=True)
class ParsedArea:
    """An area: polygons and their holes are all rings, told apart by the even-odd rule."""

    kind: str
    name: str
    parent: str
    rings: tuple[Ring, ...]

    @property
    def point_count(self) -> int:
        """How many points it is drawn with."""
        return sum(len(ring) for ring in self.rings)


@dataclass(slots=True)
class ParsedMap:
    """What a file holds; with `errors`, nothing of it may be stored."""

    areas: list[ParsedArea] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    points_read: int = 0


class _Wrong(Exception):
    def __init__(self, words: Text) -> None:
        self.words = words


def parse_areas(data: bytes, *, kind: str = "vereda", name_field: str = "") -> ParsedMap:
    """Read areas and simplify them together.

    `kind` is for areas that do not say what they are, `name_field` the property with their
    name where it is none of the usual. Refuses with AreasRefused what is no GeoJSON, is not in
    geographic coordinates or holds too much.
    """
    features = _features(_document(data))
    found = ParsedMap()
    for number, feature in enumerate(features, 1):
        try:
            area, closed = _area(feature, kind, name_field)
        except _Wrong as wrong:
            found.errors.append(Problem(number, wrong.words, _excerpt(feature)))
            continue
        found.areas.append(area)
        if closed:
            words = _(
                "Se cerraron {count} anillos que no terminaban donde empezaron.", count=closed
            )
            found.warnings.append(Problem(number, words, area.name))
    _check_names(found)
    _check_parents(found)
    if found.areas:
        found.points_read = sum(area.point_count for area in found.areas)
        _check_where(found)
        found.areas = _simplified(found.areas)
    return found


def _document(data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise AreasRefused(_("El archivo está vacío."))
    if len(data) > MAX_FILE_BYTES:
        raise AreasRefused(
            _(
                "El archivo pesa más de {size}. Simplifíquelo antes de cargarlo.",
                size=MAX_FILE_WORDS,
            )
        )
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise AreasRefused(
            _("El archivo no es GeoJSON. Si es un shapefile o un KML, expórtelo como GeoJSON.")
        ) from error
    if not isinstance(document, dict):
        raise AreasRefused(_("El archivo es JSON, pero no es GeoJSON."))
    return document


def _no_number(words: str) -> float:
    raise ValueError(words)


def _features(document: dict[str, Any]) -> list[Any]:
    crs = json.dumps(document.get("crs") or "").casefold()
    if crs != '""' and not any(name in crs for name in _GEOGRAPHIC):
        raise AreasRefused(_METRES)
    if document.get("type") == "Feature":
        return [document]
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise AreasRefused(_("El archivo es JSON, pero no es GeoJSON."))
    if not features:
        raise AreasRefused(_("El archivo no trae ninguna área."))
    if len(features) > MAX_AREAS:
        raise AreasRefused(
            _("El archivo trae {count} áreas y caben {most}.", count=len(features), most=MAX_AREAS)
        )
    return features


_TURNED = _("Las coordenadas parecen venir al revés: primero va la longitud y después la latitud.")
_METRES = _(
    "Las coordenadas no están en grados de longitud y latitud. Expórtelo en WGS84 (EPSG:4326); "
    "los archivos del catastro suelen venir en metros (MAGNA-SIRGAS, EPSG:9377)."
)


def _area(feature: Any, kind: str, name_field: str) -> tuple[ParsedArea, int]:
    """Read one feature; gives it and how many of its rings had to be closed."""
    known = feature.get("properties") if isinstance(feature, dict) else None
    properties = {str(key).casefold(): value for key, value in (known or {}).items()}
    name = _named(properties, (name_field.casefold(),) if name_field else _NAMES)
    if not name:
        raise _Wrong(_("No tiene nombre. Debe estar en la propiedad «nombre»."))
    if len(name) > MAX_NAME:
        raise _Wrong(_("Su nombre pasa de {longest} caracteres.", longest=MAX_NAME))
    geometry = feature.get("geometry") or {}
    rings, closed = _rings(geometry if isinstance(geometry, dict) else {})
    parent = _named(properties, _PARENTS)
    return ParsedArea(_kind(properties, kind), name, parent, tuple(rings)), closed


def _named(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = properties.get(name)
        if isinstance(value, str | int) and str(value).strip():
            return " ".join(without_controls(str(value)).split())
    return ""


def _kind(properties: dict[str, Any], default: str) -> str:
    words = _named(properties, _KIND_NAMES)
    if not words:
        return default
    kind = kind_from(words)
    if kind is None:
        options = ", ".join(KINDS)
        raise _Wrong(_("El tipo «{kind}» no se conoce. Puede ser: {options}.",
                       kind=words[:40], options=options))  # fmt: skip
    return kind


def _rings(geometry: dict[str, Any]) -> tuple[list[Ring], int]:
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        coordinates = [coordinates]
    elif geometry.get("type") != "MultiPolygon":
        raise _Wrong(_("No es un polígono, y un área tiene que serlo."))
    raw = list(_lines(coordinates))
    if not raw:
        raise _Wrong(_("Su polígono está vacío."))
    read = [_ring(line) for line in raw]
    return [ring for ring, _closed in read], sum(closed for _ring, closed in read)


def _lines(polygons: Any) -> Iterator[list[Any]]:
    for polygon in polygons if isinstance(polygons, list) else ():
        for line in polygon if isinstance(polygon, list) else ():
            if not isinstance(line, list):
                raise _Wrong(_("Sus coordenadas no son listas de puntos."))
            yield line


def _ring(line: list[Any]) -> tuple[Ring, bool]:
    """Read a ring; gives it open, without repeated points, and whether it was not closed."""
    points = [_point(position) for position in line]
    ring = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    is_closed = len(ring) > 1 and ring[0] == ring[-1]
    ring = ring[:-1] if is_closed else ring
    if len(set(ring)) < 3 or area_of(tuple(ring)) == 0:
        raise _Wrong(_("Un anillo suyo tiene menos de tres puntos distintos o no encierra nada."))
    return tuple(ring), not is_closed


def _point(position: Any) -> tuple[float, float]:
    numbers = position[:2] if isinstance(position, list) else []
    if len(numbers) < 2 or not all(type(each) in {int, float} for each in numbers):
        raise _Wrong(_("Sus coordenadas no son listas de puntos."))
    lon, lat = float(numbers[0]), float(numbers[1])
    if not (math.isfinite(lon) and math.isfinite(lat)) or abs(lon) > 180 or abs(lat) > 90:
        raise AreasRefused(
            _METRES if abs(lon) > 180 else
            _TURNED
        )  # fmt: skip
    return round(lon, 7), round(lat, 7)


def _excerpt(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return json.dumps(properties, ensure_ascii=False)[:90] if properties else ""


def _check_names(found: ParsedMap) -> None:
    names = Counter((area.kind, slugify(area.name)) for area in found.areas)
    for (kind, _slug), count in names.items():
        if count > 1:
            name = next(each.name for each in found.areas if (each.kind, slugify(each.name)) ==
                        (kind, _slug))  # fmt: skip
            words = _("Hay {count} áreas de un mismo tipo que se llaman «{name}».",
                      count=count, name=name)  # fmt: skip
            found.errors.append(Problem(None, words))


def _check_parents(found: ParsedMap) -> None:
    names = {slugify(area.name): area for area in found.areas}
    for number, area in enumerate(found.areas, 1):
        parent = names.get(slugify(area.parent)) if area.parent else None
        if area.parent and (parent is None or parent is area or parent.parent):
            words = _("Dice ser parte de «{parent}», que no está en el archivo o es parte de otra.",
                      parent=area.parent[:MAX_NAME])  # fmt: skip
            found.errors.append(Problem(number, words, area.name))


def _check_where(found: ParsedMap) -> None:
    west, south, east, north = bounds_of([ring for area in found.areas for ring in area.rings])
    if west > -5 and east < 17 and south > -82.5 and north < -66:
        raise AreasRefused(_TURNED)
    if east - west > 10 or north - south > 10:
        found.warnings.append(
            Problem(None, _("El mapa abarca más de diez grados de ancho o de alto."))
        )
    if not (_COLOMBIA[0] <= west and east <= _COLOMBIA[2] and _COLOMBIA[1] <= south
            and north <= _COLOMBIA[3]):  # fmt: skip
        found.warnings.append(Problem(None, _("El mapa queda fuera de Colombia.")))


def _simplified(areas: list[ParsedArea]) -> list[ParsedArea]:
    """Simplify as far as nobody sees, and further until the map is light enough to send."""
    rings = [ring for area in areas for ring in area.rings]
    west, south, east, north = bounds_of(rings)
    width = max(east - west, north - south)
    tolerance = width * FINEST
    result = simplified_rings(rings, tolerance)
    while sum(len(ring) for ring in result) > MAX_POINTS and tolerance < width:
        tolerance *= 1.6
        result = simplified_rings(rings, tolerance)
    left = iter(result)
    return [_without_islets(area, [next(left) for _ring in area.rings], width) for area in areas]


def _without_islets(area: ParsedArea, rings: list[Ring], width: float) -> ParsedArea:
    largest = max(rings, key=area_of)
    smallest = (width * ISLET) ** 2
    kept = tuple(ring for ring in rings if ring is largest or area_of(ring) >= smallest)
    return ParsedArea(area.kind, area.name, area.parent, kept)
