"""Contributions by place, on a map whose areas are links and in a list; loading a map by form."""

import re

import pytest

from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.entities.models import Territory
from participa.territory.geojson import parse_areas
from participa.territory.models import Area
from participa.territory.service import import_areas, place_contribution
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.territory.maps import THREE, area, collection, square
from tests.visitors import Web, page_text

PLACES, IMPORT = "/procesos/plan/lugares", "/gestion/territorio"


async def _mapped(town: Municipality) -> dict[str, int]:
    await import_areas(parse_areas(THREE), entity_id=town.entity.id, now=NOW)
    return {each.name: each.id for each in await Territory.of(town.entity.id)}


async def test_the_map_and_the_list_say_the_same(town: Municipality, web: Web) -> None:
    """Each area is a link with its count in words, on the map and in the list."""
    ids = await _mapped(town)
    await place_contribution(town.entity.id, town.topic.id, territory_id=ids["Alto"])
    page = await (await web.visit()).get(PLACES)
    for name, count in (
        ("Alto", "1 aporte"),
        ("La Cumbre", "1 aporte"),
        ("El Salado", "0 aportes"),
    ):
        assert f"{name}: {count}" in page.text
        assert page.text.count(f"lugar={ids[name]}#dicho") == 2
    assert "1 con lugar, 0 sin él" in page_text(page)
    assert "style=" not in page.text
    assert "<script" not in page.text.split("<main")[1].split("</main>")[0]


async def test_an_area_shows_what_was_said_of_it(town: Municipality, web: Web) -> None:
    """Choosing an area lists its contributions with those of its parts, in pages."""
    ids = await _mapped(town)
    for n in range(21):
        said = await publish(town.beto, town.topic.thread_id, Said(f"Idea {n}."), now=NOW)
        await place_contribution(town.entity.id, said.id, territory_id=ids["Alto"])
    elsa = await web.visit()
    page = await elsa.get(f"{PLACES}?lugar={ids['La Cumbre']}")
    assert "Corregimiento La Cumbre" in page_text(page)
    assert "Idea 20." in page.text
    assert "Idea 0." not in page.text
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert following is not None
    second = await elsa.get(following[1].replace("&amp;", "&"))
    assert "Idea 0." in second.text
    assert "Idea 20." not in second.text


async def test_where_people_live_is_another_view(town: Municipality, web: Web) -> None:
    """The same page counts by the vereda of who spoke, and says so."""
    ids = await _mapped(town)
    page = await (await web.visit()).get(f"{PLACES}?por=vive&lugar={ids['El Salado']}")
    assert "El Salado: 1 aporte" in page.text
    assert "El puente se cae." in page.text
    assert re.search(r'aria-current="true">Dónde vive', page.text)


@pytest.mark.parametrize("tail", ["?lugar=999", "?lugar=x", "?lugar=-1", "?lugar=²"])
async def test_an_unknown_place_is_404(town: Municipality, web: Web, tail: str) -> None:
    """Areas of nobody and nonsense are not there."""
    await _mapped(town)
    assert (await (await web.visit()).get(PLACES + tail)).status_code == 404


async def test_a_nonsense_cursor_is_the_beginning(town: Municipality, web: Web) -> None:
    """No cursor from an address breaks the page."""
    ids = await _mapped(town)
    for start in ("x", "9" * 30, "-1", "²"):
        page = await (await web.visit()).get(f"{PLACES}?lugar={ids['Alto']}&desde={start}")
        assert page.status_code == 200


async def test_drafts_and_neighbours_are_not_shown(town: Municipality, web: Web) -> None:
    """A draft's page is 404, the neighbour's map is its own, and without areas it says so."""
    ids = await _mapped(town)
    assert (await (await web.visit()).get("/procesos/borrador/lugares")).status_code == 404
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    page = await nora.get(PLACES)
    assert "todavía no ha dicho" in page_text(page)
    assert (await nora.get(f"{PLACES}?lugar={ids['Alto']}")).status_code == 404


async def test_an_official_tries_and_loads_a_map(town: Municipality, web: Web) -> None:
    """A trial shows the picture and stores nothing; the import stores it; again is the same."""
    diego = await web.visit(town.diego)
    assert (await diego.get(IMPORT)).status_code == 200
    file = {"file": ("mapa.geojson", THREE, "application/geo+json")}
    tried = await diego.post(IMPORT, {"kind": "vereda", "do": "trial"}, files=file)
    assert tried.status_code == 200
    assert "Ensayo: no se guardó nada" in page_text(tried)
    assert 'class="map"' in tried.text
    assert await Area.of(town.entity.id).count() == 0
    done = await diego.post(IMPORT, {"kind": "vereda", "do": "import"}, files=file)
    assert "Importado" in page_text(done)
    assert await Area.of(town.entity.id).count() == 3
    again = await diego.post(IMPORT, {"kind": "vereda", "do": "import"}, files=file)
    assert "Es igual a lo que ya está publicado" in page_text(again)


async def test_what_must_be_mended_is_told(town: Municipality, web: Web) -> None:
    """A file with errors, a wrong one, none and a wrong kind come back with 422 and the reason."""
    diego = await web.visit(town.diego)
    bad = collection(area(None, square(0, 0)))
    for data, kind, words in (
        (bad, "vereda", "No tiene nombre"),
        (b"hola", "vereda", "no es GeoJSON"),
        (b"", "vereda", "vacío"),
        (THREE, "planeta", "Elija una de las opciones"),
    ):
        file = {"file": ("mapa.geojson", data)}
        values = {"kind": kind, "do": "import", "name_field": ""}
        page = await diego.post(IMPORT, values, files=file)
        assert page.status_code == 422
        assert words in page_text(page)
    nothing = await diego.post(IMPORT, {"kind": "barrio", "do": "import"})
    assert nothing.status_code == 422
    assert '<option value="barrio" selected>' in nothing.text
    assert await Area.of(town.entity.id).count() == 0


async def test_only_officials_load_maps(town: Municipality, web: Web) -> None:
    """A citizen, a moderator, a visitor and a forged form are refused."""
    file = {"file": ("mapa.geojson", THREE)}
    values = {"kind": "vereda", "do": "import"}
    for actor, status in ((town.ana, 403), (town.carmen, 403), (town.elsa, 401)):
        visitor = await web.visit(actor)
        seen = (await visitor.get(IMPORT)).status_code
        assert seen == (303 if status == 401 else status)
        assert (await visitor.post(IMPORT, values, files=file)).status_code == status
    diego = await web.visit(town.diego)
    forged = await diego.post(IMPORT, {**values, "csrf": "x"}, files=file)
    assert forged.status_code == 403
    assert await Area.of(town.entity.id).count() == 0
