"""The place of a proposal: from the list or pressed on the map, nothing typed is lost."""

import re

import pytest

from participa.consultations.models import Consultation
from participa.consultations.service import propose
from participa.deliberation.models import Thread
from participa.deliberation.service import remove
from participa.entities.models import Territory
from participa.territory.geojson import parse_areas
from participa.territory.models import Placement
from participa.territory.queries import areas_of
from participa.territory.service import Where, import_areas
from participa.web.refusals import BadInput
from tests.consultations.test_proposals import call_in
from tests.people import NOW, Municipality
from tests.territory.maps import SOUTH, THREE, WEST
from tests.visitors import Visitor, Web, page_text

TYPED = {"title": "Un techo «grande»", "body": "Para la\nlluvia.", "category": "Deporte"}


@pytest.fixture
async def call(town: Municipality) -> Consultation:
    """Open a call in a municipality with a map of three areas."""
    await import_areas(parse_areas(THREE, kind="vereda"), entity_id=town.entity.id, now=NOW)
    return await call_in(town.process)


async def area_called(town: Municipality, name: str) -> Territory:
    """Find an area."""
    return await Territory.of(town.entity.id).get(name=name)


def hidden(html: str) -> dict[str, str]:
    """Read what a page sends along unseen, as a browser does."""
    main = html.split("<main", 1)[1].split("</main", 1)[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    unquoted = {"&#34;": '"', "&lt;": "<", "&amp;": "&"}
    values = {}
    for name, text in found:
        for mark, sign in unquoted.items():
            text = text.replace(mark, sign)  # noqa: PLW2901
        values[name] = text
    values.pop("csrf", None)
    return values


def form_url(call: Consultation) -> str:
    """Give the form's address."""
    return f"/consultas/{call.id}/propuestas/nueva"


async def test_pressing_on_the_map(town: Municipality, web: Web, call: Consultation) -> None:
    """From the form to the map, a press, a closer press, back, sent: the point is kept."""
    url = form_url(call)
    ana = await web.visit(town.ana)
    assert "Señalarlo en el mapa" in page_text(await ana.get(url))
    on_map = await ana.post(url, {**TYPED, "request_key": "k1", "do": "map"})
    assert on_map.status_code == 200
    assert 'type="image"' in on_map.text
    assert hidden(on_map.text)["body"] == TYPED["body"]
    # The map is 0.2 degrees wide and 280 pixels: the middle of El Salado, by its margin.
    closer = await ana.post(url, {**hidden(on_map.text), "small.x": "71", "small.y": "71"})
    salado = await area_called(town, "El Salado")
    assert "Señaló un punto en El Salado" in page_text(closer)
    kept = hidden(closer.text)
    assert kept["view"] == kept["area"] == str(salado.id)
    again = await ana.post(url, {**kept, "large.x": "280", "large.y": "280"})
    assert hidden(again.text)["area"] == str(salado.id)
    back = await ana.post(url, {**hidden(again.text), "do": "back"})
    assert f'<option value="{salado.id}" selected>' in back.text
    assert 'value="Un techo «grande»"' in back.text
    assert "lluvia." in back.text
    assert '<option value="Deporte" selected>' in back.text
    last = hidden(back.text)
    assert last["request_key"] == "k1"
    sent = await ana.post(url, {**TYPED, **last, "area": str(salado.id)})
    assert sent.status_code == 303
    placed = await Placement.of(town.entity.id).get()
    assert placed.territory_id == salado.id
    assert placed.lon == pytest.approx(WEST + 0.05, abs=0.002)
    assert placed.lat == pytest.approx(SOUTH + 0.05, abs=0.002)
    page = await ana.follow(sent)
    assert "El Salado" in page_text(page)
    assert "/territorio/mapa.svg?ver=" in page.text


async def test_from_the_list(town: Municipality, web: Web, call: Consultation) -> None:
    """An area chosen from the list places the proposal, counts on the map and filters the list."""
    ana = await web.visit(town.ana)
    alto, cumbre = await area_called(town, "Alto"), await area_called(town, "La Cumbre")
    sent = await ana.post(form_url(call), {**TYPED, "area": str(alto.id)})
    assert sent.status_code == 303
    await propose(town.ana, call, title="Otra cosa", body="En todas partes.", now=NOW)
    url = f"/consultas/{call.id}/propuestas"
    for place in (alto, cumbre):
        listed = page_text(await ana.get(f"{url}?lugar={place.id}"))
        assert "techo" in listed
        assert "Otra cosa" not in listed
    counted = await ana.get(f"/procesos/{town.process.slug}/lugares?lugar={alto.id}")
    assert "techo" in page_text(counted)


@pytest.mark.parametrize("press", [("0", "0"), ("9999", "9999")])
async def test_a_press_beside_the_map(
    town: Municipality, web: Web, call: Consultation, press: tuple[str, str]
) -> None:
    """Who presses beside every area, or with the keyboard, is told and keeps everything."""
    ana = await web.visit(town.ana)
    page = await ana.post(form_url(call), {**TYPED, "small.x": press[0], "small.y": press[1]})
    assert "Pulse dentro del mapa" in page_text(page)
    assert hidden(page.text)["body"] == TYPED["body"]
    assert await Placement.of(town.entity.id).count() == 0


async def test_another_area_from_the_list_forgets_the_point(
    town: Municipality, web: Web, call: Consultation
) -> None:
    """The later choice counts: the point of another area goes, and can be taken off."""
    ana = await web.visit(town.ana)
    salado, alto = await area_called(town, "El Salado"), await area_called(town, "Alto")
    point = f"{WEST + 0.05},{SOUTH + 0.05}"
    values = {**TYPED, "area": str(salado.id), "point": point, "do": "forget"}
    page = await ana.post(form_url(call), values)
    assert "Señalarlo en el mapa" in page_text(page)
    assert hidden(page.text).get("point") is None
    await ana.post(form_url(call), {**TYPED, "area": str(alto.id), "point": point})
    placed = await Placement.of(town.entity.id).get()
    assert (placed.territory_id, placed.lon) == (alto.id, None)


async def test_a_visitors_place_is_kept(town: Municipality, web: Web, call: Consultation) -> None:
    """Who signs in after writing finds the place too."""
    elsa = await web.visit()
    salado = await area_called(town, "El Salado")
    point = "-73.45000,6.55000"
    sent = await elsa.post(form_url(call), {**TYPED, "area": str(salado.id), "point": point})
    token = re.search(r"borrador(?:=|%3D)([\w-]+)", sent.headers["location"])
    assert token is not None
    page = await elsa.get(form_url(call), params={"borrador": token[1]})
    assert f'<option value="{salado.id}" selected>' in page.text
    assert hidden(page.text)["point"] == point


async def test_a_place_that_is_not_here_is_refused_whole(
    town: Municipality, call: Consultation
) -> None:
    """With another entity's area, or a point outside, no proposal is made at all."""
    theirs = await Territory.create(entity=town.neighbour, kind="vereda", name="Otra")
    ours = await area_called(town, "El Salado")
    for where in (Where(theirs.id), Where(ours.id, (0.0, 0.0))):
        with pytest.raises(BadInput):
            await propose(town.ana, call, title="T", body="B", where=where, now=NOW)
    assert await Thread.of(town.entity.id).filter(place_id=call.id, title="T").count() == 0


async def test_the_place_of_what_was_taken_back(
    town: Municipality, web: Web, call: Consultation
) -> None:
    """The page of a proposal that cannot be read names no place."""
    salado = await area_called(town, "El Salado")
    said = await propose(town.ana, call, title="Techo", body="Sí.", where=Where(salado.id), now=NOW)
    elsa = await web.visit()
    assert f"lugar={salado.id}" in (await elsa.get(f"/hilos/{said.thread_id}")).text
    await remove(town.ana, said.id, now=NOW)
    assert f"lugar={salado.id}" not in (await elsa.get(f"/hilos/{said.thread_id}")).text


async def test_the_map_as_an_image(town: Municipality, web: Web, call: Consultation) -> None:
    """It names the areas and marks a point; nonsense is the whole map; without areas, none."""
    elsa: Visitor = await web.visit()
    plain = await elsa.get("/territorio/mapa.svg?ver=x&punto=abc")
    assert plain.headers["content-type"].startswith("image/svg+xml")
    assert "El Salado" in plain.text
    assert "<circle" not in plain.text
    places = await areas_of(town.entity.id)
    close = await elsa.get(f"/territorio/mapa.svg?ver={places[0].id}&punto={WEST},{SOUTH}")
    assert "<circle" in close.text
    assert close.text != plain.text
    nora = await web.visit(town.nora, "vecina.test")
    assert (await nora.get("/territorio/mapa.svg")).status_code == 404
