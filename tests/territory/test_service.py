"""Storing a map, and saying where contributions belong."""

import pytest

from participa.audit import AuditRecord
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.demo.content import text
from participa.demo.territory import MAP
from participa.entities.models import Territory
from participa.territory.geojson import AreasRefused, parse_areas
from participa.territory.geometry import area_of
from participa.territory.models import Area, Placement
from participa.territory.queries import By, area_at, areas_of, counts_in, said_in
from participa.territory.service import import_areas, place_contribution
from participa.web.refusals import BadInput
from tests.consultations.consulting import statements
from tests.people import NOW, Municipality
from tests.territory.maps import SOUTH, THREE, WEST, area, collection, square


async def _ids(town: Municipality) -> dict[str, int]:
    return {each.name: each.id for each in await Territory.of(town.entity.id)}


async def test_a_map_gives_shapes_and_makes_what_is_missing(town: Municipality) -> None:
    """What is there already keeps its id and its people; twice is once; the log tells."""
    before = (await Territory.of(town.entity.id).get(name="El Salado")).id
    done = await import_areas(
        parse_areas(THREE), entity_id=town.entity.id, now=NOW, actor=town.diego
    )
    assert (done.added, done.redrawn, done.same) == (2, 1, 0)
    assert (await _ids(town))["El Salado"] == before
    again = await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    assert (again.added, again.redrawn, again.same) == (0, 0, 3)
    assert await Area.of(town.entity.id).count() == 3
    acts = await AuditRecord.of(town.entity.id).filter(action="territory.import_areas")
    assert [each.actor_name for each in acts] == ["Diego"]
    assert await Territory.of(town.neighbour.id).count() == 0


async def test_a_new_map_redraws_and_takes_nothing_away(town: Municipality) -> None:
    """An area that the new file does not name stays, with its shape."""
    await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    new = parse_areas(collection(area("El Salado", square(0, 0, 0.09))))
    done = await import_areas(new, entity_id=town.entity.id, now=NOW)
    assert (done.redrawn, done.left) == (1, ("Alto", "La Cumbre"))
    assert await Area.of(town.entity.id).count() == 3


async def test_a_map_with_errors_stores_nothing(town: Municipality) -> None:
    """Half a municipality is none."""
    bad = parse_areas(collection(area("Nueva", square(0, 0)), area(None, square(0.1, 0))))
    with pytest.raises(AreasRefused):
        await import_areas(bad, entity_id=town.entity.id, now=NOW)
    assert set(await _ids(town)) == {"El Salado"}


async def test_a_point_is_in_the_smallest_area(town: Municipality) -> None:
    """A barrio is found before the comuna around it; outside is nowhere."""
    await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    places = await areas_of(town.entity.id)
    assert [each.name for each in places] == ["La Cumbre", "Alto", "El Salado"]
    found = [
        area_at(places, (WEST + x, SOUTH + y)) for x, y in ((0.13, 0.03), (0.18, 0.08), (0.5, 0.5))
    ]
    assert [each.name if each else None for each in found] == ["Alto", "La Cumbre", None]


async def test_counts_go_up_to_the_whole(town: Municipality) -> None:
    """A part's contributions count for what it is part of; those without place are told."""
    await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    ids = await _ids(town)
    said = await publish(town.beto, town.topic.thread_id, Said("En el Alto."), now=NOW)
    point = (WEST + 0.13, SOUTH + 0.03)
    await place_contribution(town.entity.id, said.id, territory_id=ids["Alto"], point=point)
    places = await areas_of(town.entity.id)
    counts = await counts_in(town.entity.id, town.process.id, By.ABOUT, places)
    assert (counts.totals[ids["Alto"]], counts.totals[ids["La Cumbre"]]) == (1, 1)
    assert (counts.placed.total, counts.elsewhere) == (1, 1)
    lives = await counts_in(town.entity.id, town.process.id, By.LIVES, places)
    assert (lives.totals[ids["El Salado"]], lives.placed.total, lives.elsewhere) == (1, 1, 1)
    found = await said_in(town.entity.id, town.process.id, By.ABOUT, [ids["Alto"]], None)
    assert [row.id for row in found] == [said.id]


async def test_a_place_is_one_and_of_this_entity(town: Municipality) -> None:
    """Placing again moves; another entity's area and a point outside are refused."""
    await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    ids = await _ids(town)
    said = town.topic.id
    for name in ("Alto", "El Salado"):
        await place_contribution(town.entity.id, said, territory_id=ids[name])
    (placed,) = await Placement.of(town.entity.id)
    assert placed.territory_id == ids["El Salado"]
    foreign = await Territory.create(entity=town.neighbour, kind="vereda", name="Ajena")
    with pytest.raises(BadInput):
        await place_contribution(town.entity.id, said, territory_id=foreign.id)
    with pytest.raises(BadInput):
        await place_contribution(
            town.entity.id, said, territory_id=ids["Alto"], point=(WEST, SOUTH)
        )


async def test_hidden_words_do_not_count(town: Municipality) -> None:
    """What a moderator hid is in no figure and in no list."""
    await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    ids = await _ids(town)
    await place_contribution(town.entity.id, town.topic.id, territory_id=ids["Alto"])
    town.topic.state = "hidden_by_moderator"
    await town.topic.save(update_fields=["state"])
    places = await areas_of(town.entity.id)
    counts = await counts_in(town.entity.id, town.process.id, By.ABOUT, places)
    assert (counts.placed.total, counts.elsewhere) == (0, 0)
    assert await said_in(town.entity.id, town.process.id, By.ABOUT, [ids["Alto"]], None) == []


async def test_the_reads_are_few_whatever_the_map(town: Municipality) -> None:
    """Areas take two statements, also for many of them."""
    grid = [area(f"V{n}", square(n % 10 * 0.1, n // 10 * 0.1)) for n in range(60)]
    await import_areas(parse_areas(collection(*grid)), entity_id=town.entity.id, now=NOW)
    async with statements() as run:
        assert len(await areas_of(town.entity.id)) == 61
    assert len(run) == 2


def test_the_demonstrations_map_is_one_municipality() -> None:
    """Its invented areas can all be pressed: none is a speck beside another."""
    areas = parse_areas(text(MAP).encode()).areas
    sizes = [sum(area_of(ring) for ring in each.rings) for each in areas]
    assert min(sizes) > max(sizes) / 60
