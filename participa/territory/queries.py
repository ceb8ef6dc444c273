"""Reads of territory: the areas with their counts, and what was said about one of them.

Each takes a fixed number of statements, however many areas there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from participa.db import fetch
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.deliberation.tallies import Tally, tally_of
from participa.entities.models import Territory
from participa.i18n import Text, _
from participa.kit.names import slugify
from participa.territory.geometry import Point, Ring, area_of, contains
from participa.territory.models import Area, Placement
from participa.territory.rules import KINDS

PAGE_SIZE = 20


class By(StrEnum):
    """By what contributions are counted in places."""

    ABOUT = "sobre"
    LIVES = "vive"


BY_WORDS: dict[By, Text] = {
    By.ABOUT: _("De qué lugar hablan"),
    By.LIVES: _("Dónde vive quien los hizo"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A territory with its shape (empty where no map was loaded) and what it is part of."""

    id: int
    kind: str
    name: str
    parent_id: int | None
    rings: tuple[Ring, ...]

    @property
    def size(self) -> float:
        """How large it is drawn, to draw the small ones last."""
        return sum(area_of(ring) for ring in self.rings)


async def areas_of(entity_id: int) -> list[Place]:
    """List the territories of an entity, each after what it is part of, in two statements."""
    rows = await Territory.of(entity_id)
    shapes = {area.territory_id: area for area in await Area.of(entity_id)}
    places = _sorted([_place(row, shapes.get(row.id)) for row in rows])
    inside: dict[int | None, list[Place]] = {}
    for place in places:
        inside.setdefault(place.parent_id, []).append(place)
    return [each for top in inside.get(None, ()) for each in (top, *inside.get(top.id, ()))]


async def named_areas(entity_id: int) -> list[Place]:
    """List the territories of an entity by what they are, without shapes, in one statement."""
    return _sorted([_place(row, None) for row in await Territory.of(entity_id)])


def _sorted(places: list[Place]) -> list[Place]:
    order = {kind: at for at, kind in enumerate(KINDS)}
    return sorted(places, key=lambda each: (order.get(each.kind, len(order)), slugify(each.name)))


async def has_areas(entity_id: int) -> bool:
    """Whether the entity said what its areas are."""
    return await Territory.of(entity_id).exists()


def _place(row: Territory, shape: Area | None) -> Place:
    return Place(
        id=row.id,
        kind=row.kind,
        name=row.name,
        parent_id=shape.parent_id if shape else None,
        rings=shape.shape if shape else (),
    )


def area_at(places: Sequence[Place], point: Point) -> Place | None:
    """Find the smallest area that contains a point: a barrio before its comuna."""
    found = [place for place in places if place.rings and contains(place.rings, point)]
    return min(found, key=lambda place: place.size, default=None)


_ABOUT = """
    SELECT p.territory_id, c.channel, count(*) FROM territory_placement p
    JOIN deliberation_contribution c ON c.id = p.contribution_id
    JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE p.entity_id = $1 AND c.process_id = $2 AND c.state = 'published' AND NOT t.is_hidden
        AND c.office = ''
    GROUP BY p.territory_id, c.channel
"""
_LIVES = """
    SELECT author.territory_id, c.channel, count(*) FROM deliberation_contribution c
    JOIN accounts_person author ON author.id = c.author_id
    JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE c.entity_id = $1 AND c.process_id = $2 AND c.state = 'published' AND NOT t.is_hidden
        AND c.office = '' AND author.territory_id IS NOT NULL
    GROUP BY author.territory_id, c.channel
"""
_ALL = """
    SELECT count(*) FROM deliberation_contribution c
    JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE c.entity_id = $1 AND c.process_id = $2 AND c.state = 'published' AND NOT t.is_hidden
        AND c.office = ''
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many contributions each area has, with those of its parts, and how many have none."""

    by_area: Mapping[int, Tally]
    placed: Tally
    elsewhere: int

    @property
    def totals(self) -> dict[int, int]:
        """How many each area has."""
        return {area: tally.total for area, tally in self.by_area.items()}


async def counts_in(entity_id: int, process_id: int, by: By, places: Sequence[Place]) -> Counts:
    """Count the contributions of a process in each area, in two statements."""
    own: dict[int, dict[str, int]] = {}
    rows = await fetch(_ABOUT if by is By.ABOUT else _LIVES, entity_id, process_id)
    for territory, channel, count in rows:
        own.setdefault(int(territory), {})[str(channel)] = int(count)
    everything = int((await fetch(_ALL, entity_id, process_id))[0][0])
    tallies = {area: tally_of(parts) for area, parts in own.items()}
    placed = sum(tallies.values(), Tally())
    counts = dict(tallies)
    for place in places:
        if place.parent_id is not None and place.id in tallies:
            counts[place.parent_id] = counts.get(place.parent_id, Tally()) + tallies[place.id]
    return Counts(counts, placed, max(everything - placed.total, 0))


async def said_in(
    entity_id: int, process_id: int, by: By, territories: Sequence[int], before: int | None
) -> list[Contribution]:
    """List what was said in some areas, newest first, one more than a page holds."""
    rows = _rows(entity_id, by, territories).filter(
        process_id=process_id, state=State.PUBLISHED, thread__is_hidden=False
    )
    if before is not None:
        rows = rows.filter(id__lte=before)
    found = rows.select_related("thread", "author").order_by("-id").limit(PAGE_SIZE + 1)
    return await found


def _rows(entity_id: int, by: By, territories: Sequence[int]) -> QuerySet[Contribution]:
    rows = Contribution.of(entity_id).filter(office="")
    if by is By.LIVES:
        return rows.filter(author__territory_id__in=list(territories))
    placed = Placement.of(entity_id).filter(territory_id__in=list(territories))
    return rows.filter(id__in=Subquery(placed.values("contribution_id")))


async def placement_of(entity_id: int, contribution_id: int) -> Placement | None:
    """Find where what a contribution speaks of is."""
    rows = Placement.of(entity_id).filter(contribution_id=contribution_id)
    return await rows.select_related("territory").first()
