"""The demonstration's map and census: borders and people of an invented municipality."""

from datetime import datetime

from participa.demo.cast import Cast
from participa.demo.content import text
from participa.entities.census import read_census, save_population
from participa.entities.models import Territory
from participa.territory.geojson import parse_areas
from participa.territory.geometry import Point
from participa.territory.service import Where, import_areas

MAP, CENSUS = "chirata.geojson", "census.csv"
CENSUS_SOURCE = "Cifras inventadas para la demostración"


async def load_map(cast: Cast, now: datetime) -> None:
    """Give the municipality's territories their shapes."""
    parsed = parse_areas(text(MAP).encode())
    official = cast.staff["official"]
    await import_areas(parsed, entity_id=cast.entity.id, now=now, actor=official)


async def load_census(cast: Cast, now: datetime) -> None:
    """Say how many people live in the municipality."""
    groups, _problems = read_census(text(CENSUS))
    today = now.astimezone(cast.entity.zone).date()
    await save_population(cast.entity.id, CENSUS_SOURCE, groups, today)


async def area_of(cast: Cast, about: str) -> int:
    """Give the id of a territory by its name in the files."""
    return (await Territory.of(cast.entity.id).get(name=cast.places[about])).id


async def where(cast: Cast, about: str, point: Point | None) -> Where | None:
    """Give the territory, by its name in the files, that a proposal is about, if it is of one."""
    if not about:
        return None
    return Where(await area_of(cast, about), point)
