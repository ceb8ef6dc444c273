"""Any contribution says of which place it speaks: when it is written, or afterwards."""

import re

import pytest

from participa.audit.models import AuditRecord
from participa.deliberation import service
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.entities.models import Territory
from participa.territory.geojson import parse_areas
from participa.territory.models import Placement
from participa.territory.queries import By, areas_of, counts_in
from participa.territory.service import Where, erase_place, import_areas, say_where
from participa.web.refusals import BadInput, Conflict, NotAllowed, NotFound, PhaseClosed
from tests.conftest import Clock
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import LANGUAGES
from tests.deliberation.sheets import told
from tests.people import NOW, Municipality
from tests.territory.maps import THREE
from tests.visitors import Web, page_text


@pytest.fixture
async def ids(town: Municipality) -> dict[str, int]:
    """Give the municipality a map of three areas, and their ids by name."""
    await import_areas(parse_areas(THREE, kind="vereda"), entity_id=town.entity.id, now=NOW)
    return {each.name: each.id for each in await Territory.of(town.entity.id)}


async def _area_of(contribution_id: int) -> int | None:
    found = await Placement.filter(contribution_id=contribution_id).first()
    return found.territory_id if found else None


async def _foreign(town: Municipality) -> int:
    return (await Territory.create(entity=town.neighbour, kind="vereda", name="Ajena")).id


async def test_saying_it_in_a_conversation(
    town: Municipality, web: Web, ids: dict[str, int]
) -> None:
    """The writing box of a forum's topic offers the places, and the map counts what chose one."""
    url = f"/hilos/{town.topic.thread_id}"
    ana = await web.visit(town.ana)
    assert f'<option value="{ids["Alto"]}">Alto</option>' in (await ana.get(url)).text
    post = f"{url}/aportes"
    await ana.post(post, {"body": "Falta luz.", "area": str(ids["Alto"])})
    said = await Contribution.of(town.entity.id).order_by("-id").first()
    assert said is not None
    assert await _area_of(said.id) == ids["Alto"]
    places = await ana.get(f"/procesos/plan/lugares?lugar={ids['Alto']}")
    assert "Falta luz." in places.text
    assert "Habla de Alto" in page_text(await ana.get(f"/aportes/{said.receipt_number}"))
    data = (await ana.get("/datos/plan/aportes.csv")).text.splitlines()
    assert data[0].endswith(',"habla_de","punto"')
    assert [line for line in data if line.endswith(',"Alto",""')] == [data[-1]]
    foreign = await _foreign(town)
    for nonsense in (str(foreign), "x"):
        wrong = await ana.post(post, {"body": "Lo escrito.", "area": nonsense})
        assert wrong.status_code == 422
        assert "Lo escrito." in wrong.text


async def test_a_topic_and_a_question_of_a_place(
    town: Municipality, web: Web, ids: dict[str, int]
) -> None:
    """Who opens a topic presses on the map, and nothing typed is lost on the way."""
    typed = {"title": "El «puente»", "body": "Se cae.", "request_key": "k1"}
    url = f"/foros/{town.forum.id}/hilos"
    ana = await web.visit(town.ana)
    on_map = await ana.post(url, {**typed, "do": "map"})
    assert 'type="image"' in on_map.text
    back = await ana.post(url, {**typed, "area": str(ids["Alto"]), "do": "back"})
    assert "El «puente»" in back.text
    assert f'<option value="{ids["Alto"]}" selected>' in back.text
    await ana.post(url, {**typed, "area": str(ids["Alto"])})
    said = await Contribution.of(town.entity.id).order_by("-id").first()
    assert said is not None
    assert said.body_source == "Se cae."
    assert await _area_of(said.id) == ids["Alto"]


async def test_saying_it_afterwards(
    town: Municipality, web: Web, ids: dict[str, int], clock: Clock
) -> None:
    """Its author says it, corrects it and takes it back; a stranger may not, nor after closing."""
    said = await service.publish(town.ana, town.topic.thread_id, Said("Un andén."), now=NOW)
    url = f"/aportes/{said.receipt_number}"
    ana = await web.visit(town.ana)
    assert f'href="{url}/lugar"' in (await ana.get(url)).text
    assert (await ana.post(f"{url}/lugar", {"area": str(ids["Alto"])})).status_code == 303
    assert await _area_of(said.id) == ids["Alto"]
    form = await ana.get(f"{url}/lugar")
    assert f'<option value="{ids["Alto"]}" selected>' in form.text
    assert 'type="image"' in (await ana.post(f"{url}/lugar", {"do": "map"})).text
    await ana.post(f"{url}/lugar", {"area": ""})
    assert await _area_of(said.id) is None
    there = Where(ids["Alto"])
    with pytest.raises(NotAllowed):
        await say_where(town.beto, said.id, there, now=NOW)
    with pytest.raises(NotFound):
        await say_where(town.nico, said.id, there, now=NOW)
    with pytest.raises(BadInput):
        await say_where(town.ana, said.id, Where(await _foreign(town)), now=NOW)
    clock.move(days=400)
    assert f"{url}/lugar" not in (await ana.get(url)).text
    with pytest.raises(PhaseClosed):
        await say_where(town.ana, said.id, there, now=clock())


async def test_an_official_says_it_and_that_is_written_down(
    town: Municipality, ids: dict[str, int]
) -> None:
    """Who facilitates places what others said; what is hidden or taken back has no place."""
    there = Where(ids["Alto"])
    said = await service.publish(town.ana, town.topic.thread_id, Said("Un andén."), now=NOW)
    await say_where(town.diego, said.id, there, now=NOW)
    assert await AuditRecord.filter(action="territory.say_where", object_id=said.id).count() == 1
    counts = await counts_in(
        town.entity.id, town.process.id, By.ABOUT, await areas_of(town.entity.id)
    )
    assert counts.totals == {ids["Alto"]: 1, ids["La Cumbre"]: 1}
    await service.remove(town.ana, said.id, now=NOW, erased=[erase_place])
    assert await _area_of(said.id) is None
    with pytest.raises(Conflict):
        await say_where(town.diego, said.id, there, now=NOW)


async def test_a_kept_page_knows_new_areas(
    town: Municipality, web: Web, ids: dict[str, int]
) -> None:
    """A page of a conversation kept for many readers offers an area that was loaded since."""
    url = f"/hilos/{town.topic.thread_id}"
    ana = await web.visit(town.ana)
    for _reading in range(2):
        assert re.search(r"<option[^>]*>Bajo</option>", (await ana.get(url)).text) is None
    more = THREE.replace(b"Alto", b"Bajo")
    await import_areas(parse_areas(more, kind="vereda"), entity_id=town.entity.id, now=NOW)
    assert re.search(r"<option[^>]*>Bajo</option>", (await ana.get(url)).text)
    assert len(ids) == 3


async def test_a_conversation_tells_the_place_also_live(
    town: Municipality, web: Web, ids: dict[str, int]
) -> None:
    """Said with a place, placed afterwards, taken back: old page and what was sent make the new."""
    said = await service.publish(town.ana, town.topic.thread_id, Said("Un andén."), now=NOW)
    ear, looker = Ear(source_of(web, town)), Looker(web, f"/hilos/{town.topic.thread_id}")
    await ear.start()
    pages = {lang: await looker.sheet(town.elsa, lang) for lang in LANGUAGES}
    ana = await web.visit(town.ana)
    post = f"/hilos/{town.topic.thread_id}/aportes"
    link = f'<a href="/procesos/plan/lugares?lugar={ids["Alto"]}#dicho">habla de Alto</a>'
    acts = (
        lambda: say_where(town.ana, said.id, Where(ids["Alto"]), now=NOW),
        lambda: ana.post(post, {"body": "Y luz.", "area": str(ids["Alto"])}),
        lambda: say_where(town.diego, said.id, None, now=NOW),
    )
    shown = []
    for act in acts:
        await act()
        messages = await ear.hear()
        for language, page in pages.items():
            new = await looker.sheet(town.elsa, language)
            assert told(page, [dict(each) for each in messages[language]]) == new
            pages[language] = new
        shown.append(
            (await (await web.visit()).get(f"/hilos/{town.topic.thread_id}")).text.count(link)
        )
    assert shown == [1, 2, 1]
