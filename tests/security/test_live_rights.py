"""Who may watch, asked again while they watch: five seconds at most, with the real pauses (T10)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.client import ClientConnection

from participa.accounts.models import Person, RoleGrant
from participa.accounts.sessions import end_all_sessions
from participa.db import transaction
from participa.deliberation import room, service
from participa.deliberation.models import Thread
from participa.moderation import service as moderation
from participa.processes.models import Process
from participa.realtime import feed
from tests.deliberation.talking import say
from tests.people import NOW, Municipality
from tests.serving import (
    Served,
    all_heard,
    closing_code,
    draft_thread,
    heard,
    heard_event,
    refusal,
    serving,
)
from tests.visitors import Web

embedded = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
SOON = 5.0


@pytest.fixture
async def door(web: Web) -> AsyncIterator[Served]:
    """Serve the application as the command does."""
    async with serving(web) as served:
        yield served


def test_the_pauses_keep_the_promise() -> None:
    """The heartbeat and the sweep are each below the five seconds of a ban."""
    assert feed.HEARTBEAT_SECONDS < SOON
    assert room.SWEEP_SECONDS < SOON


async def _codes(*channels: ClientConnection) -> list[int | None]:
    return list(await asyncio.gather(*(closing_code(each, SOON) for each in channels)))


@embedded
async def test_t10_t11_a_sign_in_that_ends_closes_its_sockets(
    town: Municipality, door: Served
) -> None:
    """Signing out, a new password and a ban are felt in open pages; others stay, guests too."""
    known = town.topic.thread_id
    visitor = await door.web.visit(town.ana)
    name = (await door.cookie(town.beto)).split("=")[0]
    ana = await door.listen(known, cookie=f"{name}={visitor.token}")
    ana_again = await door.listen(known, cookie=await door.cookie(town.ana))
    beto = await door.listen(known, cookie=await door.cookie(town.beto))
    diego = await door.listen(known, cookie=await door.cookie(town.diego))
    carmen = await door.listen(known, cookie=await door.cookie(town.carmen))
    guest = await door.listen(known)
    for channel in (ana, ana_again, beto, diego, carmen, guest):
        await heard(channel)
    assert (await visitor.post("/salir")).is_redirect
    async with transaction():
        person = await Person.of(town.entity.id).get(id=town.beto.person_id)
        await end_all_sessions(person, NOW)
    await Person.of(town.entity.id).filter(id=town.diego.person_id).update(is_active=False)
    assert await _codes(ana, beto, diego) == [4401, 4401, 4401]
    await say(town, town.carmen, "Los demás siguen.")
    for channel in (ana_again, carmen, guest):
        assert (await heard_event(channel))["k"] == "published"
        await channel.close()


@embedded
async def test_t11_a_copied_cookie_opens_nothing_after_signing_out(
    town: Municipality, door: Served
) -> None:
    """The cookie of a sign-in that ended is a stranger's: the draft stays shut."""
    draft = await draft_thread(town)
    visitor = await door.web.visit(town.alma)
    name = (await door.cookie(town.beto)).split("=")[0]
    cookie = f"{name}={visitor.token}"
    assert await refusal(door.listen(draft, cookie=cookie)) == 101
    await visitor.post("/salir")
    assert await refusal(door.listen(draft, cookie=cookie)) == 404


@embedded
async def test_t10_t23_a_draft_is_for_its_staff(town: Municipality, door: Served) -> None:
    """Staff hear a draft's conversation, others find nothing; who loses the role is sent away."""
    draft = await draft_thread(town)
    for actor in (None, town.ana, town.beto):
        assert await refusal(door.listen(draft, cookie=await door.cookie(actor))) == 404
    alma = await door.listen(draft, cookie=await door.cookie(town.alma))
    carmen = await door.listen(draft, cookie=await door.cookie(town.carmen))
    await heard(alma)
    await heard(carmen)
    await say(town, town.alma, "Aún en borrador.", thread_id=draft, office="Planeación")
    assert "Aún en borrador." in str((await heard_event(carmen))["html"])
    await RoleGrant.of(town.entity.id).filter(person_id=town.carmen.person_id).delete()
    assert await closing_code(carmen, SOON) == 4404
    await say(town, town.alma, "Sin Carmen.", thread_id=draft, office="Planeación")
    assert "Sin Carmen." in str([await heard_event(alma), await heard_event(alma)])
    await alma.close()


@embedded
async def test_t10_what_is_taken_from_the_public_closes(town: Municipality, door: Served) -> None:
    """A process that is unpublished and a thread that is hidden send their readers away."""
    other = await say(town, town.ana, "Aquí seguimos.")
    readers = [await door.listen(town.topic.thread_id) for _ in range(2)]
    staff = await door.listen(town.topic.thread_id, cookie=await door.cookie(town.alma))
    for channel in (*readers, staff):
        await heard(channel)
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=False)
    assert set(await _codes(*readers)) == {4404}
    assert await refusal(door.listen(town.topic.thread_id)) == 404
    again = await door.listen(town.topic.thread_id, cookie=await door.cookie(town.alma))
    await heard(again)
    await Thread.of(town.entity.id).filter(id=other.thread_id).update(is_hidden=True)
    assert await closing_code(again, SOON) == 4404
    await staff.close()


@embedded
async def test_t23_nothing_hidden_is_ever_told_again(town: Municipality, door: Served) -> None:
    """Hidden or taken back, words reach no reader who returns: from ring, table or by asking."""
    known = town.topic.thread_id
    watching = await door.listen(known, 1)
    rude = await say(town, town.beto, "Palabra inconveniente.")
    regretted = await say(town, town.ana, "Palabra arrepentida.")
    kept = await say(town, town.ana, "Palabra decente.")
    assert "inconveniente" in str([await heard_event(watching) for _ in range(3)])
    await moderation.hide(town.carmen, rude.id, rule="1", now=NOW)
    await service.remove(town.ana, regretted.id, now=NOW)
    told = [await heard_event(watching), await heard_event(watching)]
    assert [each["k"] for each in told] == ["hidden", "removed"]
    await _nothing_hidden(door, known, kept.receipt_number)
    await watching.close()
    await asyncio.sleep(0.1)
    await _nothing_hidden(door, known, kept.receipt_number)


async def _nothing_hidden(door: Served, known: int, seen: str) -> None:
    """Come back with each number, in both languages, as everybody, by socket and by asking."""
    for locale in ("es", "en"):
        for number in range(6):
            async with door.listen(known, number, locale=locale) as late:
                said = await all_heard(late, 0.15)
            events = [each["n"] for each in said if each["t"] == "event"]
            assert events == list(range(number + 1, 7))
            assert "inconveniente" not in str(said)
            assert "arrepentida" not in str(said)
            assert (seen in str(said)) == (number < 4)
            visitor = await door.web.visit()
            news = f"/hilos/{known}/novedades?despues={number}&idioma={locale}"
            answer = (await visitor.get(news)).text
            assert "inconveniente" not in answer
            assert "arrepentida" not in answer
