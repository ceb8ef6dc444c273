"""The acts of territory: storing a map of the entity's areas, placing a contribution in one."""

from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Action, Actor, can
from participa.audit import record
from participa.db import transaction
from participa.deliberation.closing import require_editable
from participa.deliberation.events import announce
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.service import Also, held, next_number
from participa.deliberation.views import contribution_target
from participa.entities.models import Entity, Territory
from participa.kit.names import slugify
from participa.processes.service import touch, touch_all
from participa.territory.geojson import AreasRefused, ParsedArea, ParsedMap
from participa.territory.geometry import Point
from participa.territory.models import Area, Placement
from participa.territory.queries import area_at, areas_of
from participa.web.refusals import BadInput, Conflict, NotAllowed

BATCH = 200
_SOMEBODY = "participa import areas"


@dataclass(frozen=True, slots=True)
class Where:
    """The area that a contribution is about, and the point in it if one was pressed."""

    area: int
    point: Point | None = None


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
        await touch_all(entity_id)
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
    await erase_place(entity_id, contribution_id)
    await Placement.create(
        entity_id=entity_id,
        contribution_id=contribution_id,
        territory_id=territory_id,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
    )


async def erase_place(entity_id: int, contribution_id: int) -> None:
    """Forget which place a contribution is about."""
    await Placement.of(entity_id).filter(contribution_id=contribution_id).delete()


def placing(entity_id: int, where: Where | None) -> Also | None:
    """Give what places the contribution that opens a conversation, in the same transaction."""
    if where is None:
        return None

    async def place(contribution_id: int) -> None:
        await place_contribution(
            entity_id, contribution_id, territory_id=where.area, point=where.point
        )

    return place


def may_place(actor: Actor, contribution: Contribution) -> bool:
    """Whether somebody may say of which place a contribution speaks: its author, or the staff."""
    target = contribution_target(contribution)
    return can(actor, Action.EDIT, target) or can(actor, Action.FACILITATE, target)


async def say_where(
    actor: Actor, contribution_id: int, where: Where | None, *, now: datetime
) -> None:
    """Say of which place something that was said before speaks, or that it speaks of none.

    Its author may while it can be changed; who facilitates the process always, which is written
    down. Refuses with NotAllowed, as `require_editable` does, with Conflict what is not shown,
    and with BadInput as `place_contribution` does.
    """
    async with transaction():
        found = await held(actor, contribution_id)
        if not may_place(actor, found):
            raise NotAllowed
        if can(actor, Action.FACILITATE, contribution_target(found)):
            await _note(actor, found, now)
        else:
            await require_editable(found, now)
        if found.state != State.PUBLISHED:
            raise Conflict
        if where is None:
            await erase_place(found.entity_id, found.id)
        else:
            await place_contribution(
                found.entity_id, found.id, territory_id=where.area, point=where.point
            )
        number = await next_number(found.thread, now, is_activity=False)
        await announce(found.thread, number, "placed", found.id, now)
        await touch(found.entity_id, found.process_id)


async def _note(actor: Actor, found: Contribution, now: datetime) -> None:
    if found.author_id == actor.person_id:
        return
    await record(
        entity_id=found.entity_id,
        actor_id=actor.person_id,
        actor_name=actor.name,
        action="territory.say_where",
        object_kind="deliberation.contribution",
        object_id=found.id,
        object_label=found.receipt_number,
        now=now,
    )
