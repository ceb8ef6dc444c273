"""Readers that misbehave below the words: half handshakes, lines nobody empties (T10, T18)."""

import asyncio
import contextlib
import socket as sockets
from collections.abc import AsyncIterator

import pytest

from participa.realtime import socket
from participa.realtime.frames import text_frame
from tests.deliberation.talking import say
from tests.people import HOST, Municipality
from tests.serving import Served, handshake, heard, heard_event, refusal, serving
from tests.visitors import Web

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
LONG = "Palabras que llenan la línea. " * 600


@pytest.fixture
async def door(web: Web) -> AsyncIterator[Served]:
    """Serve the application as the command does."""
    async with serving(web) as served:
        yield served


async def test_t18_who_never_reads_is_cut_alone(town: Municipality, door: Served) -> None:
    """Over 4 MiB are told: the line nobody empties is cut at its bounded queue, others hear all."""
    known, told = town.topic.thread_id, 0
    lazy = sockets.socket()
    lazy.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    lazy.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(lazy, ("127.0.0.1", door.port))
    await loop.sock_sendall(lazy, handshake(known, after=1))
    async with door.listen(known, 1) as quick:
        await heard(quick)
        while len(door.room.lobby.sockets) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        most, turns = 0, 0
        while told < 12 * 1024 * 1024:
            await asyncio.gather(*(say(town, town.ana, LONG) for _ in range(8)))
            for _ in range(8):
                message = await heard_event(quick)
                turns += 1
                assert message["n"] == turns + 1
                told += len(str(message))
            for each in door.room.lobby.sockets:
                if each._transport is not None:
                    most = max(most, each._transport.get_write_buffer_size())
        assert told > 4 * 1024 * 1024
        assert len(door.room.lobby.sockets) == 1
        # One look's worth of frames may be put on top of what just fits.
        assert most < socket.MAX_UNSENT_BYTES + 16 * len(LONG) * 2
    lazy.close()


async def test_t18_a_line_that_is_slow_but_reads_is_kept(town: Municipality, door: Served) -> None:
    """Who reads late but reads is told everything: the queue is for those who never do."""
    reader, writer = await door.enter(town.topic.thread_id, after=1)
    for _ in range(20):
        await say(town, town.ana, LONG)
    await asyncio.sleep(0.3)
    received = b""
    async with asyncio.timeout(8):
        while received.count(b'"k":"published"') < 20:
            received += await reader.read(8192)
    writer.close()


async def test_t18_who_is_sent_away_hears_no_more(town: Municipality, door: Served) -> None:
    """What is told after the goodbye does not reach a line that still empties its queue."""
    reader, writer = await door.enter(town.topic.thread_id, after=1)
    async with asyncio.timeout(5):
        while not any(each.feed for each in door.room.lobby.sockets):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    (one,) = door.room.lobby.sockets
    one.write(text_frame({"t": "x", "html": "x" * 200_000}) * 30)
    one.close(4401)
    assert one.feed is None
    await say(town, town.ana, "Después del adiós.")
    await asyncio.sleep(0.2)
    rest = await asyncio.wait_for(reader.read(), 8)
    assert b"\x88\x02" + (4401).to_bytes(2) in rest
    assert "Después".encode() not in rest
    writer.close()


async def test_t18_half_a_handshake_holds_no_place(town: Municipality, door: Served) -> None:
    """Bytes of handshakes that never end take no place of a reader, and the others come in."""
    lines = []
    for at in range(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(handshake(town.topic.thread_id)[: 20 + at * 7])
        await writer.drain()
        lines.append((reader, writer))
    assert not door.room.lobby.sockets
    assert await refusal(door.listen(town.topic.thread_id)) == 101
    reader, writer = lines[0]
    writer.write(b"X-Filler: " + b"a" * 200_000 + b"\r\n")
    head = b""
    with contextlib.suppress(ConnectionResetError):
        head = await asyncio.wait_for(reader.read(), 8)
    assert not head or b" 400 " in head or b" 431 " in head
    for _reader, writer in lines:
        writer.close()


async def test_t10_what_is_no_handshake_is_no_reader(town: Municipality, door: Served) -> None:
    """Wrong method, version, key or upgrade: refused as HTTP, without a 500, and forgotten."""
    known, good = town.topic.thread_id, handshake(town.topic.thread_id)
    odd = [
        good.replace(b"GET ", b"POST ", 1),
        good.replace(b"Version: 13", b"Version: 8"),
        good.replace(b"Sec-WebSocket-Key: ", b"Sec-WebSocket-Key: x"),
        good.replace(b"Sec-WebSocket-Key: ", b"X-Other: "),
        good.replace(b"Upgrade: websocket", b"Upgrade: h2c"),
        good.replace(f"Host: {HOST}".encode(), b"Host: otra.test"),
        good.replace(f"Host: {HOST}\r\n".encode(), b""),
        good.replace(b"/en-vivo/", b"/en-vivo/%00"),
        good.replace(b"GET /en-vivo/hilos/", b"GET /hilos/"),
    ]
    for raw in odd:
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(raw)
        line = await asyncio.wait_for(reader.readline(), 6)
        status = line.split()[1] if line else b"-"
        assert status in {b"400", b"403", b"404", b"405", b"426", b"-"}, (raw, line)
        writer.close()
    async with asyncio.timeout(5):
        while door.room.lobby.sockets:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await refusal(door.listen(known)) == 101


async def test_t10_http_after_the_upgrade_is_no_request(town: Municipality, door: Served) -> None:
    """A request smuggled behind a handshake, at once or later, gets no page."""
    smuggled = f"GET /hilos/{town.topic.thread_id} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    for at_once in (True, False):
        reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
        writer.write(handshake(town.topic.thread_id) + (smuggled if at_once else b""))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 6)
        assert b" 101 " in head
        if not at_once:
            writer.write(smuggled)
        try:
            rest = await asyncio.wait_for(reader.read(), 1)
        except TimeoutError:
            rest = b""
        assert b"HTTP/1.1" not in rest
        assert b"<html" not in rest
        writer.close()


async def test_who_does_not_answer_pings_is_forgotten(town: Municipality, door: Served) -> None:
    """A reader whose machine vanished is cut at the second ping; one that answers stays."""
    reader, writer = await door.enter(town.topic.thread_id)
    async with door.listen(town.topic.thread_id) as alive:
        await heard(alive)
        for _ in range(2):
            for each in tuple(door.room.lobby.sockets):
                each.ping()
            await asyncio.sleep(0.2)
        assert len(door.room.lobby.sockets) == 1
        await say(town, town.ana, "¿Sigue ahí?")
        assert (await heard_event(alive))["k"] == "published"
    assert b"\x89\x00" in await asyncio.wait_for(reader.read(), 5)
    writer.close()


async def test_the_server_says_goodbye_when_it_stops(web: Web, town: Municipality) -> None:
    """At a restart open pages are told 1012, to come back, and the stop waits for none of them."""
    async with serving(web) as served:
        channel = await served.listen(town.topic.thread_id)
        await heard(channel)
    async with asyncio.timeout(5):
        await channel.wait_closed()
    assert channel.close_code == socket.RESTART
