"""Who may watch a thread, asked at the handshake and again every few seconds (T10, T11)."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection

from participa.accounts.middleware import Contexts
from participa.accounts.permissions import Action, can
from participa.accounts.sessions import ended_among
from participa.deliberation.events import topic
from participa.deliberation.live import ThreadSource
from participa.deliberation.reading import ThreadPages
from participa.deliberation.standing import standing_of
from participa.entities.models import Entity
from participa.features import Features
from participa.realtime import Feed, Feeds, Handshake, LiveSocket, Lobby, Welcome
from participa.realtime.stopping import stop
from participa.security.origin import same_origin

PATH = "/en-vivo/hilos/{id:int}"
# With the feeds' heartbeat below the five seconds in which a ban must be felt.
SWEEP_SECONDS = 3.0
SIGNED_OUT, GONE = 4401, 4404
_PATH = re.compile(r"/en-vivo/hilos/([0-9]{1,9})")
_NUMBER = re.compile(r"[0-9]{1,9}")
_STATES = frozenset({"open", "coming", "closed", "never", "concluded"})
_log = logging.getLogger("participa.realtime")


class ThreadRoom:
    """The room that live sockets of this process are shown into."""

    def __init__(
        self,
        contexts: Contexts,
        kept: ThreadPages,
        features: Features,
        clock: Callable[[], datetime],
        most: int,
    ) -> None:
        self.contexts = contexts
        self._kept = kept
        self._features = features
        self._clock = clock
        self._admitted: dict[int, tuple[Entity, bool]] = {}
        self._handshakes: dict[LiveSocket, Handshake] = {}
        self.lobby = Lobby(most)
        self.feeds = Feeds(self._source, topic)

    def arrived(self, socket: LiveSocket) -> bool:
        """Note a socket; False where there are too many."""
        return self.lobby.arrived(socket)

    def left(self, socket: LiveSocket) -> None:
        """Forget it."""
        self.lobby.left(socket)
        self._handshakes.pop(socket, None)

    async def admit(self, handshake: Handshake, *, is_active: bool = True) -> Welcome | int:
        """Give the welcome, or 403 for another site's page and 404 for what is not there.

        `is_active` is false where nobody came but the right is asked again.
        """
        connection = _connection(handshake)
        if not same_origin(connection.headers, connection.headers.get("host", "")):
            return 403
        found = await self.contexts.of(connection, is_active=is_active)
        if found is None:
            return 404
        path, _mark, query = handshake.target.partition("?")
        asked, wanted = _PATH.fullmatch(path), parse_qs(query)
        after = wanted.get("despues", [""])[0]
        if asked is None or not _NUMBER.fullmatch(after):
            return 404
        standing = await standing_of(int(asked[1]))
        if (
            standing is None
            or standing.is_hidden
            or not can(found.actor, Action.READ, standing.target)
        ):
            return 404
        self._admitted[int(asked[1])] = found.entity, standing.target.is_public
        state = wanted.get("estado", [""])[0]
        return Welcome(
            key=int(asked[1]),
            number=int(after),
            state=state if state in _STATES else "",
            locale=found.locale,
            session_hash=found.session_hash,
            known=standing.number,
            is_public=standing.target.is_public,
        )

    async def join(self, socket: LiveSocket, welcome: Welcome, handshake: Handshake) -> Feed | None:
        """Put a socket among the watchers of its thread."""
        if not welcome.is_public:
            self._handshakes[socket] = handshake
        return await self.feeds.join(welcome.key, socket, welcome.state, welcome.known)

    def _source(self, thread_id: int) -> ThreadSource:
        entity, was_public = self._admitted.pop(thread_id)
        return ThreadSource(
            thread_id, entity, self._kept, self._features, self._clock, was_public=was_public
        )

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Look after the sockets until the end of the block."""
        async with self.feeds.open():
            tasks = [
                asyncio.create_task(self.lobby.ping_all()),
                asyncio.create_task(self._sweep_for_ever()),
            ]
            try:
                yield
            finally:
                await stop(tasks)

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
            except Exception:
                _log.exception("the right to watch could not be asked again")

    async def sweep(self) -> None:
        """Send away whose sign-in ended, and who lost the right to see what is not public."""
        by_hash: dict[str, list[LiveSocket]] = {}
        for socket in self.lobby.sockets:
            if socket.welcome is not None and socket.welcome.session_hash is not None:
                by_hash.setdefault(socket.welcome.session_hash, []).append(socket)
        for ended in await ended_among(tuple(by_hash), self._clock()):
            for socket in by_hash[ended]:
                socket.close(SIGNED_OUT)
        for socket, handshake in tuple(self._handshakes.items()):
            if isinstance(await self.admit(handshake, is_active=False), int):
                socket.close(GONE)


def _connection(handshake: Handshake) -> HTTPConnection:
    path, _mark, query = handshake.target.partition("?")
    return HTTPConnection(
        {
            "type": "websocket",
            "path": path,
            "query_string": query.encode("latin-1", "replace"),
            "headers": handshake.headers,
            "client": handshake.client,
        }
    )
