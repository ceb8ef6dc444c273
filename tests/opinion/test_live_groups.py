"""Groups while people vote: only where the round says so, at a bounded pace, told to open pages."""

from datetime import timedelta

from websockets.asyncio.client import ClientConnection

from participa.opinion.grouping import find_groups
from participa.opinion.jobs import rounds_to_group
from participa.opinion.models import Round, RoundGroups
from participa.opinion.rules import Choice
from participa.opinion.service import vote
from tests.opinion.test_groups import TEXTS, held
from tests.people import CLOSES, NOW, Municipality
from tests.serving import Message, closing_code, heard, refusal, serving
from tests.visitors import Web, page_text


async def _open(town: Municipality, *, shows: bool) -> Round:
    """Give a round with many votes that goes on."""
    opened = await held(town)
    await Round.filter(id=opened.id).update(closed_at=None, shows_groups_live=shows)
    return await Round.get(id=opened.id)


async def _told(channel: ClientConnection) -> Message:
    """Give the next groups, whatever is said beside them."""
    while (message := await heard(channel))["t"] != "groups":
        pass
    return message


async def test_a_sealed_round_tells_nothing(town: Municipality, web: Web) -> None:
    """Without the setting there is no page, file or socket with groups, even if some are kept."""
    opened = await _open(town, shows=False)
    await find_groups(town.entity.id, opened.id, NOW)
    diego, url = await web.visit(town.diego), f"/opiniones/{opened.id}"
    assert "Grupos de opinión" not in (await diego.get(f"{url}/resultados")).text
    assert "grupos de opinión" not in (await diego.get(url)).text
    assert (await diego.get(f"{url}/grupos.json")).status_code == 409
    async with serving(web) as door:
        assert await refusal(door.listen(opened.id, kind="opiniones")) == 404


async def test_an_open_round_shows_groups_and_no_totals(town: Municipality, web: Web) -> None:
    """Where the setting says so: shares in steps of 5 %, and nothing of single statements."""
    opened = await _open(town, shows=True)
    assert await rounds_to_group(town.entity.id, NOW) == [opened.id]
    visitor, url = await web.visit(), f"/opiniones/{opened.id}"
    assert "Todavía no hay votos suficientes" in (await visitor.get(f"{url}/resultados")).text
    await find_groups(town.entity.id, opened.id, NOW)
    page = page_text(await visitor.get(f"{url}/resultados"))
    assert "Así van, mientras se sigue votando" in page
    assert "Grupo A" in page
    assert "Los totales de cada frase se publican" in page
    assert "Todas las frases" not in page
    assert "Ver cómo van los grupos" in page_text(await visitor.get(url))
    assert (await visitor.get(f"{url}/grupos.json")).status_code == 200
    assert (await visitor.get(f"{url}/resultados.csv")).status_code == 409
    assert (await (await web.visit(town.diego)).get(f"/gestion{url}/polis.zip")).status_code == 409


async def test_they_are_found_anew_now_and_then_and_at_the_end(town: Municipality) -> None:
    """Nine new votes are waited for more of, ten are not; what is shown at the end has them all."""
    opened = await _open(town, shows=True)
    await find_groups(town.entity.id, opened.id, NOW)
    later = NOW + timedelta(minutes=5)
    for person in (town.ana, town.beto):
        for number in range(len(TEXTS)):
            if await rounds_to_group(town.entity.id, later):
                break
            await vote(person, opened.id, number, Choice.AGREE, later)
    kept = await RoundGroups.of(town.entity.id).get(round_id=opened.id)
    assert kept.votes == 60 * len(TEXTS)
    assert await rounds_to_group(town.entity.id, later) == [opened.id]
    await find_groups(town.entity.id, opened.id, later)
    kept = await RoundGroups.of(town.entity.id).get(round_id=opened.id)
    assert kept.votes == 60 * len(TEXTS) + 10
    assert await rounds_to_group(town.entity.id, later) == []
    assert await rounds_to_group(town.entity.id, CLOSES) == [opened.id]
    await find_groups(town.entity.id, opened.id, CLOSES)
    assert await rounds_to_group(town.entity.id, CLOSES) == []


async def test_open_pages_are_told(town: Municipality, web: Web) -> None:
    """New groups come through the socket in the page's language; sealing the round ends it."""
    opened = await _open(town, shows=True)
    async with (
        serving(web) as door,
        door.listen(opened.id, kind="opiniones") as channel,
        door.listen(opened.id, kind="opiniones", locale="en") as english,
    ):
        await find_groups(town.entity.id, opened.id, NOW)
        told = await _told(channel)
        assert (told["t"], told["n"]) == ("groups", 1)
        assert "Grupo A" in str(told["html"])
        assert "Group A" in str((await _told(english))["html"])
        async with door.listen(opened.id, kind="opiniones") as late:
            assert "Grupo A" in str((await _told(late))["html"])
        web.clock.now = CLOSES
        await find_groups(town.entity.id, opened.id, CLOSES)
        assert "se sigue votando" not in str((await _told(channel))["html"])
        web.clock.now = NOW
        await Round.filter(id=opened.id).update(shows_groups_live=False)
        assert await closing_code(channel, 6) == 4404
