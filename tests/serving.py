"""The application served in this process as `participa serve` does, and readers at its sockets."""

import asyncio
import contextlib
import http
import json
import os
import socket
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass

import uvicorn
import websockets
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect

from participa.accounts.middleware import session_cookie
from participa.accounts.permissions import Actor
from participa.deliberation.room import ThreadRoom
from participa.deliberation.service import open_thread
from participa.forums.queries import KIND
from participa.realtime.server import server_config
from participa.realtime.socket import ROOM
from tests.people import HOST, OPENED, Municipality
from tests.visitors import Web

PATIENCE = 8.0
Message = dict[str, object]


def room_of(web: Web) -> ThreadRoom:
    """Give the room that live sockets of an application are shown into."""
    inner = web.app.app  # type: ignore[attr-defined]
    assert isinstance(inner, Starlette)
    room: ThreadRoom = inner.state.room
    return room


def _with_room(app: ASGIApp, room: ThreadRoom) -> ASGIApp:
    """Give the server its room; the database is open already, so the own lifespan must not run."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        await receive()
        async with room.open():
            scope["state"][ROOM] = room
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    return served


@dataclass
class Served:
    """An application behind a port of this machine, with everything a test asks of it."""

    web: Web
    port: int
    room: ThreadRoom

    async def cookie(self, actor: Actor | None) -> str:
        """Sign somebody in and give the Cookie header."""
        if actor is None:
            return ""
        visitor = await self.web.visit(actor)
        return f"{session_cookie(self.web.settings)}={visitor.token}"

    def listen(
        self,
        thread_id: object,
        after: object = 0,
        state: str = "open",
        *,
        origin: str | None = f"http://{HOST}",
        cookie: str = "",
        locale: str = "es",
        kind: str = "hilos",
    ) -> connect:
        """Open a page's socket, as a browser does; `thread_id` is of another kind if so said."""
        path = f"/en-vivo/{kind}/{thread_id}?despues={after}&estado={state}"
        cookies = "; ".join(filter(None, (cookie, f"idioma={locale}")))
        return connect(
            f"ws://{HOST}{path}", host="127.0.0.1", port=self.port, proxy=None,
            origin=origin,  # type: ignore[arg-type]
            open_timeout=PATIENCE, ping_interval=None, close_timeout=1, compression=None,
            additional_headers={"Cookie": cookies},
        )  # fmt: skip

    async def knock(
        self, thread_id: object, *headers: bytes, after: int = 0
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send a handshake as bytes and read nothing yet; for readers who misbehave."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(handshake(thread_id, *headers, after=after))
        await writer.drain()
        return reader, writer

    async def enter(
        self, thread_id: object, *headers: bytes, after: int = 0
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Knock and be let in."""
        reader, writer = await self.knock(thread_id, *headers, after=after)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        assert head.startswith(b"HTTP/1.1 101"), head
        return reader, writer


def handshake(thread_id: object, *headers: bytes, after: int = 0) -> bytes:
    """Write the handshake of a page that is ours."""
    lines = (
        b"GET /en-vivo/hilos/%s?despues=%d HTTP/1.1" % (str(thread_id).encode(), after),
        b"Host: " + HOST.encode(),
        b"Origin: http://" + HOST.encode(),
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: " + b64encode(os.urandom(16)),
        *headers,
    )
    return b"\r\n".join(lines) + b"\r\n\r\n"


@contextlib.asynccontextmanager
async def serving(web: Web) -> AsyncIterator[Served]:
    """Serve an application on a free port until the end of the block."""
    room = room_of(web)
    config = server_config(
        _with_room(web.app, room), "127.0.0.1", 0, lifespan="on", log_level="critical",
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server._serve([listening]))
    try:
        async with asyncio.timeout(PATIENCE):
            while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
                await asyncio.sleep(0.01)
        yield Served(web, int(listening.getsockname()[1]), room)
    finally:
        server.should_exit = True
        await task
        listening.close()


async def draft_thread(town: Municipality) -> int:
    """Open a conversation in a process that is not published, and give its id."""
    thread = await open_thread(
        entity_id=town.entity.id, process_id=town.draft_process.id, kind=KIND,
        place_id=town.forum.id, activity="forums.discuss", title="Borrador", now=OPENED,
    )  # fmt: skip
    return thread.id


async def heard(channel: ClientConnection, seconds: float = PATIENCE) -> Message:
    """Give the next message."""
    message: Message = json.loads(await asyncio.wait_for(channel.recv(), seconds))
    return message


async def heard_event(channel: ClientConnection, seconds: float = PATIENCE) -> Message:
    """Give the next event, whatever is said beside it."""
    async with asyncio.timeout(seconds):
        while (message := await heard(channel, seconds))["t"] != "event":
            pass
    return message


async def all_heard(channel: ClientConnection, quiet: float = 0.4) -> list[Message]:
    """Give everything that is said until it is quiet for a while."""
    messages: list[Message] = []
    with contextlib.suppress(TimeoutError):
        while True:
            messages.append(await heard(channel, quiet))
    return messages


async def closing_code(channel: ClientConnection, seconds: float = PATIENCE) -> int | None:
    """Wait until the server says goodbye and give its code."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                await channel.recv()
            except websockets.ConnectionClosed:
                return channel.close_code


async def refusal(attempt: connect) -> int:
    """Give the HTTP status with which a handshake is refused."""
    try:
        channel = await attempt
    except websockets.InvalidStatus as refused:
        return refused.response.status_code
    await channel.close()
    return int(http.HTTPStatus.SWITCHING_PROTOCOLS)
