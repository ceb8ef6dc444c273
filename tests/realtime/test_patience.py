"""Connections on which no whole request ever comes are let go (T18)."""

import asyncio

import pytest

from participa.realtime import patience
from tests.people import Municipality
from tests.serving import heard, serving
from tests.visitors import Web

HALF = b"GET /en-vivo/hilos/1?despues=0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
WHOLE = b"GET /static/nada HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", HALF, WHOLE + HALF], ids=["nothing", "half", "second"])
async def test_t18_half_a_request_is_not_waited_for(
    web: Web, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    """Neither before the first one nor after one that was answered."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    async with serving(web) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(sent)
        async with asyncio.timeout(10):
            answered = await reader.read()
        assert (b" 400 " in answered) is sent.startswith(WHOLE)
        writer.close()


async def test_an_open_page_is_no_half_request(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long nothing is said on it."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.2)
    async with serving(web) as served, served.listen(town.topic.thread_id) as channel:
        await asyncio.sleep(0.5)
        assert (await heard(channel))["t"] == "hello"
        assert channel.state.name == "OPEN"
