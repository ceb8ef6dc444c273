"""Who may watch a thread or another live page, asked at the handshake and every few seconds after.

See T10 and T11.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection

from participa.accounts.middleware import Contexts
from participa.accounts.permissions import Action, Target, can
from participa.accounts.sessions import ended_among
from participa.deliberation.events import topic
from participa.deliberation.live import ThreadSource
from participa.deliberation.reading import ThreadPages
from participa.deliberation.standing import standing_of
from participa.entities.models import Entity
from participa.features import Features
from participa.realtime import Feed, Feeds, Handshake, LiveSocket, Lobby, Source, Welcome
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


class Stands(Protocol):
    """Where something that is watched stands, and what it is to be asked permission for."""

    @property
    def number(self) -> int:
        """The last number of its news."""

    @property
    def is_hidden(self) -> bool:
        """Nobody may watch it now."""

    @property
    def target(self) -> Target:
        """It as what is acted upon."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A kind of page that is watched; the first group of `path` is the id.

    `standing` takes the id of the entity whose site is asked and the id of what is watched.
    `source` takes the id, the entity and whether those who watch were let in as everybody is.
    """

    path: re.Pattern[str]
    topic: Callable[[int], str]
    standing: Callable[[int, int], Awaitable[Stands | None]]
    source: Callable[[int, Entity, bool], Source]


class _Door:
    """One kind of page in this process, with its feeds."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.admitted: dict[int, tuple[Entity, bool]] = {}
        self.feeds = Feeds(self._source, watched.topic)

    def _source(self, key: int) -> Source:
        return self.watched.source(key, *self.admitted.pop(key))


class ThreadRoom:
    """The room that live sockets of this process are shown into; `others` are not threads."""

    def __init__(
        self,
        contexts: Contexts,
        kept: ThreadPages,
        features: Features,
        clock: Callable[[], datetime],
        most: int,
        others: Sequence[Watched] = (),
    ) -> None:
        self.contexts = contexts
        self._clock = clock
        self._doors = [_Door(each) for each in (_threads(kept, features, clock), *others)]
        self._handshakes: dict[LiveSocket, Handshake] = {}
        self.lobby = Lobby(most)

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
        door, key = self._door(handshake)
        wanted = parse_qs(handshake.target.partition("?")[2])
        after = wanted.get("despues", [""])[0]
        if door is None or not _NUMBER.fullmatch(after):
            return 404
        standing = await door.watched.standing(found.entity.id, key)
        if (
            standing is None
            or standing.is_hidden
            or not can(found.actor, Action.READ, standing.target)
        ):
            return 404
        door.admitted[key] = found.entity, standing.target.is_public
        state = wanted.get("estado", [""])[0]
        return Welcome(
            key=key,
            number=int(after),
            state=state if state in _STATES else "",
            locale=found.locale,
            session_hash=found.session_hash,
            known=standing.number,
            is_public=standing.target.is_public,
        )

    def _door(self, handshake: Handshake) -> tuple[_Door | None, int]:
        path = handshake.target.partition("?")[0]
        for door in self._doors:
            asked = door.watched.path.fullmatch(path)
            if asked is not None:
                return door, int(asked[1])
        return None, 0

    async def join(self, socket: LiveSocket, welcome: Welcome, handshake: Handshake) -> Feed | None:
        """Put a socket among the watchers of its page."""
        door, _key = self._door(handshake)
        if door is None:
            return None
        if not welcome.is_public:
            self._handshakes[socket] = handshake
        return await door.feeds.join(welcome.key, socket, welcome.state, welcome.known)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Look after the sockets until the end of the block."""
        async with contextlib.AsyncExitStack() as stack:
            for door in self._doors:
                await stack.enter_async_context(door.feeds.open())
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


def _threads(kept: ThreadPages, features: Features, clock: Callable[[], datetime]) -> Watched:
    def source(key: int, entity: Entity, was_public: bool) -> Source:
        return ThreadSource(key, entity, kept, features, clock, was_public=was_public)

    async def standing(_entity_id: int, key: int) -> Stands | None:
        return await standing_of(key)

    return Watched(_PATH, topic, standing, source)


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
