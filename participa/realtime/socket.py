"""The server's side of a live page: a protocol for uvicorn around websockets' Sans-I/O one.

No task, no queue and no scope for each reader: an idle one costs a few KiB. It takes the place of
the ASGI sockets of its process; the handshake, with its cookies, comes on the same port.
"""

import asyncio
import contextlib
import http
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from uvicorn.config import Config
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from participa.realtime.feed import GONE, Feed
from participa.realtime.frames import PING_FRAME

# Our page never says a word: a little between two pings is forgiven, more is not (T10).
MAX_MESSAGES = 20
MAX_MESSAGE_BYTES = 16 * 1024
# A reader whose line takes less than it is told is cut off; it comes back with its number (T18).
MAX_UNSENT_BYTES = 256 * 1024
PING_SECONDS = 25.0
HANDSHAKE_SECONDS = 10.0
RESTART, TALKED, BROKEN = 1012, 1008, 1011
ROOM = "live"
# The library tells of every handshake; what matters is in our own log.
_log = logging.getLogger("participa.sockets")
_log.setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a reader asks for: path with query, headers as they came, its address."""

    target: str
    headers: list[tuple[bytes, bytes]]
    client: tuple[str, int] | None


@dataclass(slots=True)
class Welcome:
    """What a reader who may come in is shown into: the feed's key and where its page stands."""

    key: int
    number: int
    state: str
    locale: str
    session_hash: str | None = None
    # How far the topic was seen to be, perhaps further than its feed has looked.
    known: int = 0
    # Whether everybody may watch this: where not, the right is asked again and again.
    is_public: bool = True


class Room(Protocol):
    """What a socket asks: who may come in, and then for the feed."""

    async def admit(self, handshake: Handshake) -> Welcome | int:
        """Give the welcome, or the HTTP status of the refusal."""
        ...

    async def join(
        self, socket: "LiveSocket", welcome: Welcome, handshake: Handshake
    ) -> Feed | None:
        """Put a socket among the watchers of its feed; None where there is none."""
        ...

    def arrived(self, socket: "LiveSocket") -> bool:
        """Note a socket; False where there are too many."""
        ...

    def left(self, socket: "LiveSocket") -> None:
        """Forget it."""
        ...


class LiveSocket(asyncio.Protocol):
    """One open page. uvicorn makes it when a request asks for an upgrade."""

    __slots__ = (
        "_admission", "_connections", "_protocol", "_room", "_transport", "feed", "is_alive",
        "locale", "messages", "number", "welcome",
    )  # fmt: skip

    def __init__(
        self,
        config: Config,  # noqa: ARG002 - uvicorn's way to make a protocol
        server_state: ServerState,
        app_state: Mapping[str, Any],
    ) -> None:
        self._room = cast("Room", app_state[ROOM])
        self._connections = server_state.connections
        self._protocol = ServerProtocol(max_size=MAX_MESSAGE_BYTES, logger=_log)
        self._transport: asyncio.Transport | None = None
        self._admission: asyncio.Task[None] | None = None
        self.feed: Feed | None = None
        self.welcome: Welcome | None = None
        self.locale, self.number = "", 0
        self.messages = 0
        self.is_alive = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over the connection from the HTTP protocol."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(cast("Any", self))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Leave the feed at once."""
        if self.feed is not None:
            self.feed.leave(self)
            self.feed = None
        if self._admission is not None:
            self._admission.cancel()
            self._admission = None
        self._room.left(self)
        self._connections.discard(cast("Any", self))
        self._transport = None

    def eof_received(self) -> None:
        """Let the transport close: a reader that only half leaves has left."""

    def data_received(self, data: bytes) -> None:
        """Answer what the library answers, and count what a page of ours would never say."""
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._begin(event)
            elif isinstance(event, Frame):
                self._heard(event)
        self._flush()

    def _begin(self, request: Request) -> None:
        self._admission = asyncio.create_task(self._admit(request))

    async def _admit(self, request: Request) -> None:
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                await self._shown_in(request)
        except Exception:
            if self.welcome is None:
                self._refuse(http.HTTPStatus.INTERNAL_SERVER_ERROR)
            else:
                self.close(BROKEN)
            raise
        finally:
            self._admission = None

    async def _shown_in(self, request: Request) -> None:
        handshake = self._handshake(request)
        answer = await self._room.admit(handshake) if self._room.arrived(self) else 503
        if self._transport is None:
            return
        if isinstance(answer, int):
            self._refuse(http.HTTPStatus(answer))
            return
        response = self._protocol.accept(request)
        self._protocol.send_response(response)
        self._flush()
        if response.status_code == http.HTTPStatus.SWITCHING_PROTOCOLS:
            await self._enter(answer, handshake)

    def _handshake(self, request: Request) -> Handshake:
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in request.headers.raw_items()
        ]
        peer = self._transport.get_extra_info("peername") if self._transport else None
        client = (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) else None
        return Handshake(request.path, headers, client)

    async def _enter(self, welcome: Welcome, handshake: Handshake) -> None:
        self.welcome, self.locale, self.number = welcome, welcome.locale, welcome.number
        feed = await self._room.join(self, welcome, handshake)
        if feed is None:
            self.close(GONE)
        elif self._transport is None or self._transport.is_closing():
            feed.leave(self)
        else:
            self.feed = feed

    def _heard(self, frame: Frame) -> None:
        if frame.opcode is Opcode.PONG and not self.is_alive:
            self.is_alive = True
        elif frame.opcode is not Opcode.CLOSE:
            self.messages += 1
            if self.messages > MAX_MESSAGES:
                self.close(TALKED)

    def _refuse(self, status: http.HTTPStatus) -> None:
        if self._transport is not None:
            self._protocol.send_response(self._protocol.reject(status, ""))
            self._flush()

    def _flush(self) -> None:
        transport = self._transport
        if transport is None:
            return
        for data in self._protocol.data_to_send():
            if data:
                transport.write(data)
            elif transport.can_write_eof():
                transport.write_eof()
        if self._protocol.close_expected():
            transport.close()

    def write(self, frames: bytes) -> None:
        """Hand ready frames to the line, or cut it off where too much waits on it."""
        transport = self._transport
        if transport is None or not frames:
            return
        if transport.get_write_buffer_size() > MAX_UNSENT_BYTES:
            transport.abort()
            return
        transport.write(frames)

    def ping(self) -> None:
        """Ask whether the reader is still there; one that did not answer last time is not."""
        if self._transport is None or self.welcome is None:
            return
        if not self.is_alive:
            self._transport.abort()
            return
        self.is_alive, self.messages = False, 0
        self.write(PING_FRAME)

    def close(self, code: int) -> None:
        """Say goodbye with a reason and hang up; nothing is told to who goes."""
        if self.feed is not None:
            self.feed.leave(self)
            self.feed = None
        if self._transport is None:
            return
        with contextlib.suppress(Exception):
            self._protocol.send_close(code)
        self._flush()
        self._transport.close()

    def shutdown(self) -> None:
        """Let go when the server stops: pages come back to the next one."""
        if self.welcome is not None:
            self.close(RESTART)
        elif self._transport is not None:
            self._transport.close()


@dataclass
class Lobby:
    """Every open socket of this process, pinged in turn and counted."""

    most: int
    sockets: set[LiveSocket] = field(default_factory=set)

    def arrived(self, socket: LiveSocket) -> bool:
        """Note a socket; False where there are too many."""
        self.sockets.add(socket)
        return len(self.sockets) <= self.most

    def left(self, socket: LiveSocket) -> None:
        """Forget it."""
        self.sockets.discard(socket)

    async def ping_all(self) -> None:
        """Ping everybody again and again, spread over the whole interval."""
        while True:
            some = tuple(self.sockets)
            pause = PING_SECONDS / max(1, len(some) // 100 + 1)
            for at in range(0, max(len(some), 1), 100):
                for socket in some[at : at + 100]:
                    socket.ping()
                await asyncio.sleep(pause)
