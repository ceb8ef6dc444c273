"""The demonstration's map: invented borders for an invented municipality."""

from datetime import datetime

from participa.demo.cast import Cast
from participa.demo.content import text
from participa.entities.models import Territory
from participa.territory.geojson import parse_areas
from participa.territory.service import import_areas, place_contribution

MAP = "chirata.geojson"


async def load_map(cast: Cast, now: datetime) -> None:
    """Give the municipality's territories their shapes."""
    parsed = parse_areas(text(MAP).encode())
    official = cast.staff["official"]
    await import_areas(parsed, entity_id=cast.entity.id, now=now, actor=official)


async def place(cast: Cast, contribution_id: int, about: str) -> None:
    """Say which territory, by its name in the files, a contribution is about."""
    row = await Territory.of(cast.entity.id).get(name=cast.places[about])
    await place_contribution(cast.entity.id, contribution_id, territory_id=row.id)
