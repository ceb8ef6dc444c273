"""Choosing what to be told, and stopping it from a mail."""

import re

from participa.notifications.models import Choice
from tests.conftest import Clock
from tests.notifications.telling import PostOffice, Worker, reply
from tests.people import NEIGHBOUR_HOST, Municipality
from tests.visitors import Web, page_text


async def test_everything_is_on_until_somebody_chooses(town: Municipality, web: Web) -> None:
    """The three boxes come ticked; what is left ticked is kept, with the date."""
    ana = await web.visit(town.ana)
    page = await ana.get("/avisos")
    assert page.text.count(" checked") == 3
    saved = await ana.post("/avisos", {"on_answer": "1"})
    again = await ana.follow(saved)
    assert "Guardamos los cambios." in page_text(again)
    assert again.text.count(" checked") == 1
    choice = await Choice.of(town.entity.id).get()
    kept = (choice.on_reply, choice.on_answer, choice.on_results, choice.locale)
    assert kept == (False, True, False, "es")
    assert choice.chosen_at == web.clock()


async def test_choosing_twice_keeps_the_last(town: Municipality, web: Web) -> None:
    """A second choice takes the place of the first, with its own date."""
    ana = await web.visit(town.ana)
    await ana.post("/avisos", {})
    web.clock.move(days=1)
    await ana.post("/avisos", {"on_reply": "1", "on_answer": "1", "on_results": "1"})
    choice = await Choice.of(town.entity.id).get()
    assert choice.on_reply
    assert choice.chosen_at == web.clock()


async def test_my_participation_leads_there(town: Municipality, web: Web) -> None:
    """The page of one's own words has the link."""
    ana = await web.visit(town.ana)
    assert 'href="/avisos"' in (await ana.get("/mi-participacion")).text


async def test_a_site_without_mail_says_so(town: Municipality, web: Web) -> None:
    """Where no mail is sent, the page promises none."""
    ana = await web.visit(town.ana)
    assert "no envía correos" in page_text(await ana.get("/avisos"))


async def test_a_foreign_field_is_refused(town: Municipality, web: Web) -> None:
    """Nothing is slipped into the row beside what the form offers."""
    ana = await web.visit(town.ana)
    assert (await ana.post("/avisos", {"person_id": "1"})).status_code == 400


async def _stop_path(town: Municipality, clock: Clock, worker: Worker, office: PostOffice) -> str:
    await reply(town, town.beto, "Hola.", clock)
    await worker.work()
    (text,) = office.texts()
    (path,) = re.findall(r"https://laloma\.test(/avisos/parar/\S+)", text)
    return str(path)


async def test_the_link_in_a_mail_stops_it(
    town: Municipality, web: Web, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """Opening the link stops nothing; its button stops everything, signed in or not, twice too."""
    path = await _stop_path(town, clock, worker, office)
    elsa = await web.visit()
    page = await elsa.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "Ana" not in page_text(page)
    assert "ana@example.org" not in page.text
    assert await Choice.of(town.entity.id).count() == 0
    for _ in range(2):
        assert (await elsa.post(path)).status_code == 200
    await reply(town, town.beto, "Otra vez.", clock)
    await worker.work(minutes=30)
    assert len(office.letters) == 1
    ana = await web.visit(town.ana)
    assert (await ana.get("/avisos")).text.count(" checked") == 0


async def test_stopping_reaches_mail_already_waiting(
    town: Municipality, web: Web, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """What waited for its ten minutes is not sent after the stop."""
    path = await _stop_path(town, clock, worker, office)
    await reply(town, town.beto, "Otra vez.", clock)
    await worker.work()
    await (await web.visit()).post(path)
    await worker.work(minutes=30)
    assert len(office.letters) == 1


async def test_t20_the_link_works_at_its_own_entity_only(
    town: Municipality, web: Web, clock: Clock, worker: Worker, office: PostOffice
) -> None:
    """The same link next door, or one with another token, is unknown and stops nothing."""
    path = await _stop_path(town, clock, worker, office)
    neighbour = await web.visit(host=NEIGHBOUR_HOST)
    elsa = await web.visit()
    for visitor, address in ((neighbour, path), (elsa, path[:-1]), (elsa, "/avisos/parar/x")):
        assert (await visitor.get(address)).status_code == 404
        assert (await visitor.post(address)).status_code == 404
    assert await Choice.of(town.entity.id).count() == 0
