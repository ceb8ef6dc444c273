"""Attacks on the door of a live page and on what is said through it (T10, T18, T20)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import websockets
from websockets.asyncio.client import ClientConnection
from websockets.frames import Opcode

from participa.realtime import socket
from tests.deliberation.talking import say
from tests.people import HOST, Municipality
from tests.serving import Served, closing_code, heard, heard_event, refusal, serving
from tests.visitors import Web

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
async def door(web: Web) -> AsyncIterator[Served]:
    """Serve the application as the command does."""
    async with serving(web) as served:
        yield served


async def test_t10_only_our_pages_may_listen(town: Municipality, door: Served) -> None:
    """Another site's page, no page at all, a broken origin: refused before anything is said."""
    odd = (
        None, "null", "", "http://evil.example", f"http://{HOST}.evil.example",
        f"http://evil.example/{HOST}", f"http://{HOST}@evil.example", f"http://evil.example#{HOST}",
        f"http://evil.example?{HOST}", f"http://{HOST}:81", "http://[x", f"http://x.{HOST}",
        f"http://{HOST}, http://evil.example", f"{HOST}", "file://", "http://vecina.test",
    )  # fmt: skip
    for origin in odd:
        assert await refusal(door.listen(town.topic.thread_id, origin=origin)) == 403, origin
    assert await refusal(door.listen(town.topic.thread_id)) == 101


async def test_t10_odd_headers_break_nothing(town: Municipality, door: Served) -> None:
    """Two origins, cookies that are no ASCII, another site's mark: a plain answer, never a 500."""
    known, ours = town.topic.thread_id, f"http://{HOST}".encode()
    tries: list[tuple[bytes, set[bytes]]] = [
        (b"Origin: http://evil.example", {b"400", b"403"}),
        (b"Sec-Fetch-Site: cross-site", {b"403"}),
        (b"Sec-Fetch-Site: same-site", {b"403"}),
        (b"Cookie: otra=caf\xc3\xa9; idioma=\xff", {b"101"}),
        (b"Cookie: participa=\xe9\xff\x80", {b"101"}),
        (b"X-Odd: \xf0\x9f\x92\xa5", {b"101"}),
        (b"Host: vecina.test", {b"101", b"400"}),
        (b"Sec-WebSocket-Extensions: permessage-deflate; \xff", {b"101", b"400"}),
    ]
    for header, wanted in tries:
        reader, writer = await door.knock(known, header)
        line = await asyncio.wait_for(reader.readline(), 5)
        assert line.split()[1] in wanted, (header, line)
        writer.close()
    # Nor does a good Origin after a bad one take its place.
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(
        b"GET /en-vivo/hilos/%d?despues=0 HTTP/1.1\r\nHost: %s\r\n" % (known, HOST.encode())
    )
    writer.write(b"Origin: http://evil.example\r\nOrigin: %s\r\nUpgrade: websocket\r\n" % ours)
    writer.write(b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
    writer.write(b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
    assert b" 403 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()


async def test_t10_odd_addresses_are_refused(town: Municipality, door: Served) -> None:
    """Another entity's thread and numbers that are none open no socket and break nothing."""
    known = town.topic.thread_id
    numbers = ("", "-1", "%C2%B2", "%D9%A3", "9" * 10, "9" * 5000, "%00", "1e3", "0x1", "1 ", "+1")
    tries: list[tuple[object, str]] = [(known, after) for after in numbers]
    tries += [(odd, "0") for odd in (town.neighbour_topic.thread_id, "0", "9" * 14, "9" * 5000)]
    tries += [
        (odd, "0") for odd in (f"{known}/", f"{known}/x", "", "%31", "..", f"../hilos/{known}")
    ]
    for thread_id, after in tries:
        assert await refusal(door.listen(thread_id, after)) in {400, 404}, (thread_id, after)
    assert await refusal(door.listen(known, "9" * 9)) == 101


async def test_t10_states_and_numbers_said_are_not_believed(
    town: Municipality, door: Served
) -> None:
    """An odd state is as none; a number ahead of all is waited for; neither comes back as HTML."""
    async with door.listen(town.topic.thread_id, 500, "<script>") as channel:
        hello = await heard(channel)
        assert (hello["t"], hello["n"], hello["state"]) == ("hello", 500, "open")
        await say(town, town.ana, "Nada para usted.")
        with pytest.raises(TimeoutError):
            await heard_event(channel, 0.5)


async def test_t10_who_talks_is_shown_the_door(town: Municipality, door: Served) -> None:
    """Our page says nothing: a little is forgiven, a flood of any kind ends it with 1008."""
    async with door.listen(town.topic.thread_id) as channel:
        for words in ("hola", b"\x00\xff", "{}", "[" * 10_000):
            await channel.send(words)
        await say(town, town.ana, "Sigo.")
        assert (await heard_event(channel))["k"] == "published"
    for kind in ("text", "bytes", "ping", "pong", "fragments"):
        channel = await door.listen(town.topic.thread_id)
        assert await _flooded(channel, kind) == 1008, kind
    await say(town, town.ana, "Y la casa sigue en pie.")


async def _flooded(channel: ClientConnection, kind: str) -> int | None:
    with contextlib.suppress(websockets.ConnectionClosed):
        if kind == "fragments":
            await channel.send(["x"] * (socket.MAX_MESSAGES * 3))
        for _message in range(socket.MAX_MESSAGES + 5):
            if kind == "text":
                await channel.send("x" * 100)
            elif kind == "bytes":
                await channel.send(b"\xff" * 100)
            elif kind == "ping":
                await channel.ping()
            elif kind == "pong":
                await channel.pong()
    return await closing_code(channel)


async def test_t10_huge_and_broken_words_end_the_socket(town: Municipality, door: Served) -> None:
    """More than 16 KiB in one frame or in many, and a close that is none, end it with a reason."""
    known = town.topic.thread_id
    channel = await door.listen(known)
    await channel.send("x" * (socket.MAX_MESSAGE_BYTES + 1))
    assert await closing_code(channel) == 1009
    channel = await door.listen(known)
    with contextlib.suppress(websockets.ConnectionClosed):
        await channel.send(["x" * 6000] * 3)
    assert await closing_code(channel) == 1009
    for opcode, payload, mask in (
        (Opcode.TEXT, b"hola", False),
        (Opcode.CONT, b"hola", True),
        (Opcode.CLOSE, b"\x00", True),
        (Opcode.CLOSE, b"\x03\xe8\xff\xfe", True),
        (Opcode.PING, b"x" * 126, True),
    ):
        code = await _closed_after(door, known, int(opcode) | 0x80, payload, mask=mask)
        assert code in {1002, 1007, 1008}, (opcode, payload, code)
    assert await _closed_after(door, known, 0xF1, b"hola", mask=True) == 1002
    assert await _closed_after(door, known, 0x83, b"hola", mask=True) == 1002


async def _closed_after(
    door: Served, thread_id: int, first: int, payload: bytes, *, mask: bool
) -> int:
    reader, writer = await door.enter(thread_id)
    length = len(payload)
    # A length over 125 is written as if it fitted, which makes nonsense of the rest.
    head = bytes([first, (length & 0x7F) | (0x80 if mask else 0)])
    writer.write(head + (b"\0\0\0\0" if mask else b"") + payload + b"\0" * 200)
    rest = await asyncio.wait_for(reader.read(), 6)
    writer.close()
    at = rest.rindex(b"\x88")
    return int.from_bytes(rest[at + 2 : at + 4])


async def test_t10_bad_utf8_does_no_harm(town: Municipality, door: Served) -> None:
    """Text that is no text is thrown away unread: others and the server notice nothing."""
    reader, writer = await door.enter(town.topic.thread_id)
    async with door.listen(town.topic.thread_id) as other:
        writer.write(b"\x81\x82\0\0\0\0\xff\xfe" * 30)
        assert b"\x88" in await asyncio.wait_for(reader.read(), 6)
        await say(town, town.ana, "Aquí no ha pasado nada.")
        assert (await heard_event(other))["k"] == "published"
    writer.close()


async def test_t18_the_house_is_full(
    town: Municipality, door: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the limit of open pages new ones get 503, and a place that is left is given again."""
    monkeypatch.setattr(door.room.lobby, "most", 3)
    known = town.topic.thread_id
    channels = [await door.listen(known) for _ in range(3)]
    assert await refusal(door.listen(known)) == 503
    assert (await (await door.web.visit()).get(f"/hilos/{known}")).status_code == 200
    await say(town, town.ana, "Los tres oyen.")
    for channel in channels:
        assert (await heard_event(channel))["k"] == "published"
    await channels.pop().close()
    async with asyncio.timeout(5):
        while await refusal(door.listen(known)) == 503:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for channel in channels:
        await channel.close()
