"""The acts of territory: storing a map of the entity's areas, placing a contribution in one."""

from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.entities.models import Entity, Territory
from participa.kit.names import slugify
from participa.territory.geojson import AreasRefused, ParsedArea, ParsedMap
from participa.territory.geometry import Point
from participa.territory.models import Area, Placement
from participa.territory.queries import area_at, areas_of
from participa.web.refusals import BadInput

BATCH = 200
_SOMEBODY = "participa import areas"


@dataclass(frozen=True, slots=True)
class Compared:
    """What storing a map does to the areas there are: how many of each, and which stay."""

    added: int
    redrawn: int
    same: int
    left: tuple[str, ...]


async def compared(entity_id: int, parsed: ParsedMap) -> Compared:
    """Say what storing a map would do."""
    known = {_key(each.kind, each.name): each for each in await Territory.of(entity_id)}
    shapes = {area.territory_id: area for area in await Area.of(entity_id)}
    wanted = {_key(area.kind, area.name): area for area in parsed.areas}
    same = sum(
        1
        for key, area in wanted.items()
        if key in known and _is_same(shapes.get(known[key].id), area, known)
    )
    return Compared(
        added=len(wanted.keys() - known.keys()),
        redrawn=len(wanted.keys() & known.keys()) - same,
        same=same,
        left=tuple(sorted(known[key].name for key in known.keys() - wanted.keys())),
    )


def _key(kind: str, name: str) -> tuple[str, str]:
    return kind, slugify(name)


def _is_same(shape: Area | None, area: ParsedArea, known: dict[tuple[str, str], Territory]) -> bool:
    if shape is None or shape.shape != area.rings:
        return False
    names = {each.id: slugify(each.name) for each in known.values()}
    return names.get(shape.parent_id or 0, "") == slugify(area.parent)


async def import_areas(
    parsed: ParsedMap, *, entity_id: int, now: datetime, actor: Actor | None = None
) -> Compared:
    """Store a map: areas it names get its shapes, the others stay as they are.

    The same map twice changes nothing. Refuses with AreasRefused a map with errors.
    """
    if parsed.errors or not parsed.areas:
        raise AreasRefused
    async with transaction():
        # Two maps at once would both find an area missing.
        entity = await Entity.filter(id=entity_id).select_for_update().get()
        done = await compared(entity_id, parsed)
        if not done.added and not done.redrawn:
            return done
        known = await _territories(entity_id, parsed.areas)
        by_name = {slugify(area.name): known[_key(area.kind, area.name)] for area in parsed.areas}
        ids = [each.id for each in known.values()]
        await Area.of(entity_id).filter(territory_id__in=ids).delete()
        shapes = [_shape(entity_id, area, known, by_name, now) for area in parsed.areas]
        await Area.bulk_create(shapes, batch_size=BATCH)
        await record(
            entity_id=entity_id,
            actor_id=actor.person_id if actor else None,
            actor_name=actor.name if actor else _SOMEBODY,
            action="territory.import_areas",
            object_kind="entities.entity",
            object_id=entity_id,
            object_label=entity.short_name,
            now=now,
        )
    return done


async def _territories(entity_id: int, areas: list[ParsedArea]) -> dict[tuple[str, str], Territory]:
    known = {_key(each.kind, each.name): each for each in await Territory.of(entity_id)}
    new = [area for area in areas if _key(area.kind, area.name) not in known]
    await Territory.bulk_create(
        [Territory(entity_id=entity_id, kind=area.kind, name=area.name) for area in new],
        batch_size=BATCH,
    )
    wanted = {_key(area.kind, area.name) for area in areas}
    rows = {_key(each.kind, each.name): each for each in await Territory.of(entity_id)}
    return {key: each for key, each in rows.items() if key in wanted}


def _shape(
    entity_id: int,
    area: ParsedArea,
    known: dict[tuple[str, str], Territory],
    by_name: dict[str, Territory],
    now: datetime,
) -> Area:
    parent = by_name.get(slugify(area.parent)) if area.parent else None
    return Area(
        entity_id=entity_id,
        territory_id=known[_key(area.kind, area.name)].id,
        parent_id=parent.id if parent else None,
        rings=[list(ring) for ring in area.rings],
        imported_at=now,
    )


async def place_contribution(
    entity_id: int, contribution_id: int, *, territory_id: int, point: Point | None = None
) -> None:
    """Say which area a contribution is about, and the point if one was pressed; again moves it.

    Whoever calls has asked whether the actor may. Refuses with BadInput an area of another
    entity and a point outside the area.
    """
    areas = {area.id: area for area in await areas_of(entity_id)}
    area = areas.get(territory_id)
    if area is None or (point is not None and area_at([area], point) is None):
        raise BadInput
    await Placement.of(entity_id).filter(contribution_id=contribution_id).delete()
    await Placement.create(
        entity_id=entity_id,
        contribution_id=contribution_id,
        territory_id=territory_id,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
    )
