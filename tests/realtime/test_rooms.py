"""A real server and real sockets on both databases: everybody is let in, told and forgotten."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from participa.accounts.models import LoginSession
from tests.deliberation.talking import say
from tests.people import Municipality
from tests.realtime.fakes import until
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


@pytest.fixture
async def door(web: Web) -> AsyncIterator[Served]:
    """Serve the application as the command does."""
    async with serving(web) as served:
        yield served


async def test_many_who_come_at_once_are_all_let_in(town: Municipality, door: Served) -> None:
    """After a restart all pages come back in the same moment, to a thread nobody watched."""
    channels = await asyncio.gather(*(door.listen(town.topic.thread_id) for _ in range(40)))
    await say(town, town.ana, "Bienvenidos.")
    told = await asyncio.gather(*(heard_event(each) for each in channels))
    assert {each["k"] for each in told} == {"published"}
    await asyncio.gather(*(each.close() for each in channels))
    await until(lambda: not door.room.lobby.sockets and not door.room._handshakes)


async def test_a_page_is_told_what_others_do(town: Municipality, door: Served) -> None:
    """A post through HTTP reaches both languages, from the number of each page on, once."""
    known = town.topic.thread_id
    async with (
        door.listen(known, 1) as ana,
        door.listen(known, 0, locale="en") as bob,
        door.listen(known, 1, "closed") as old,
    ):
        assert (await heard(ana))["t"] == "hello"
        hello, phase = await heard(old), await heard(old)
        assert (hello["state"], phase["t"], phase["state"]) == ("open", "phase", "open")
        visitor = await door.web.visit(town.beto)
        answer = await visitor.post(f"/hilos/{known}/aportes", {"body": "Palabra única."})
        assert answer.status_code == 303
        told = [each for each in await all_heard(ana) if each["t"] == "event"]
        assert [each["n"] for each in told] == [2]
        assert "Palabra única." in str(told[0]["html"])
        events = [each for each in await all_heard(bob) if each["t"] == "event"]
        assert [each["n"] for each in events] == [1, 2]
        assert "Reply" in str(events[1]["html"])


async def test_an_open_page_is_not_activity(town: Municipality, door: Served) -> None:
    """T11: a draft left open does not keep its official signed in past the idle limit."""
    draft = await draft_thread(town)
    cookie = await door.cookie(town.alma)
    async with door.listen(draft, cookie=cookie) as channel:
        await heard(channel)
        seen = await LoginSession.of(town.entity.id).get(person_id=town.alma.person_id)
        door.web.clock.move(minutes=20)
        await door.room.sweep()
        again = await LoginSession.of(town.entity.id).get(person_id=town.alma.person_id)
        assert again.last_seen_at == seen.last_seen_at
        door.web.clock.move(minutes=11)
        assert await closing_code(channel, 5) in {4401, 4404}
    assert await refusal(door.listen(draft, cookie=cookie)) == 404
