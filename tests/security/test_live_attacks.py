"""Attacks on the live channel of a thread, through a real server and a real client (T10)."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn
import websockets
from websockets.asyncio.client import ClientConnection, connect

from participa.deliberation import live
from participa.deliberation.models import Thread
from tests.people import HOST, Municipality
from tests.visitors import Web

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
async def door(web: Web, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Serve the application as the command does, with a quicker heartbeat; give its port."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.2)
    config = uvicorn.Config(
        web.app, lifespan="off", ws="websockets-sansio", ws_max_size=16 * 1024,
        ws_per_message_deflate=False, log_level="critical",
    )  # fmt: skip
    server = uvicorn.Server(config)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.01)
    yield int(listening.getsockname()[1])
    server.should_exit = True
    await task
    listening.close()


def _open(door: int, thread_id: object, after: str = "0", origin: str | None = "") -> connect:
    ours = f"http://{HOST}" if origin == "" else origin
    return connect(
        f"ws://{HOST}/en-vivo/hilos/{thread_id}?despues={after}", host="127.0.0.1", port=door,
        origin=ours, proxy=None, open_timeout=5,  # type: ignore[arg-type]
    )  # fmt: skip


async def _closing_code(channel: ClientConnection) -> int | None:
    with pytest.raises(websockets.ConnectionClosed):
        while True:
            await asyncio.wait_for(channel.recv(), 6)
    return channel.close_code


async def test_t10_only_our_pages_may_listen(town: Municipality, door: int) -> None:
    """Another site's page, no page at all, a broken origin: refused before anything is said."""
    for origin in (None, "http://evil.example", f"http://{HOST}.evil.example", "null", "http://[x"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await _open(door, town.topic.thread_id, origin=origin)
        assert refused.value.response.status_code == 403


async def test_t10_odd_addresses_are_refused(town: Municipality, door: int) -> None:
    """Another entity's thread and numbers that are none open no channel and break nothing."""
    known = town.topic.thread_id
    numbers = ("", "-1", "%C2%B2", "%D9%A3", "9" * 5000, "%00", "1e3")
    tries: list[tuple[object, str]] = [(known, after) for after in numbers]
    tries += [(odd, "0") for odd in (town.neighbour_topic.thread_id, "0", "9" * 14, "9" * 5000)]
    for thread_id, after in tries:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await _open(door, thread_id, after)
        assert refused.value.response.status_code in {403, 404}


async def test_t10_a_hidden_thread_closes_its_channels(town: Municipality, door: int) -> None:
    """Who is listening when a thread is hidden hears no more within a heartbeat."""
    async with _open(door, town.topic.thread_id) as channel:
        await channel.recv()
        await Thread.of(town.entity.id).filter(id=town.topic.thread_id).update(is_hidden=True)
        assert await _closing_code(channel) == 4404


async def test_t10_who_talks_is_shown_the_door(town: Municipality, door: int) -> None:
    """Our page says nothing: a flood, bytes and huge frames end the channel, not the server."""
    async with _open(door, town.topic.thread_id) as channel:
        for _message in range(live.MAX_MESSAGES + 5):
            await channel.send("x" * 100)
        assert await _closing_code(channel) == 1008
    async with _open(door, town.topic.thread_id) as channel:
        await channel.send("x" * 20_000)
        assert await _closing_code(channel) == 1009
    async with _open(door, town.topic.thread_id) as channel:
        await channel.send(b"\x00\xff")
        assert '"number"' in str(await asyncio.wait_for(channel.recv(), 6))
