"""The feeds of one process: begun for the first who comes, ended with the last who leaves."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

from participa.realtime.feed import BUSY, Feed, Source, Watcher
from participa.realtime.stopping import stop


class Feeds:
    """The feeds of this process, each alive while somebody watches."""

    def __init__(self, source_of: Callable[[int], Source], topic_of: Callable[[int], str]) -> None:
        self._source_of = source_of
        self._topic_of = topic_of
        self._feeds: dict[int, Feed] = {}
        self._running: dict[Feed, asyncio.Task[None]] = {}

    async def join(self, key: int, watcher: Watcher, state: str, known: int = 0) -> Feed | None:
        """Let a watcher in, see `Feed.join`; None where there is nothing to watch."""
        feed = self._feeds.get(key) or await self._begin(key)
        if feed is None:
            return None
        await feed.join(watcher, state, known)
        if feed not in self._running:
            self._feeds.setdefault(key, feed)
            self._running[feed] = asyncio.create_task(self._run(key, feed))
        return feed

    async def _begin(self, key: int) -> Feed | None:
        """Start a feed, once for all who come for it meanwhile."""
        feed = Feed(self._topic_of(key), self._source_of(key))
        if not await feed.start():
            return None
        return self._feeds.setdefault(key, feed)

    async def _run(self, key: int, feed: Feed) -> None:
        try:
            await feed.run()
        finally:
            del self._running[feed]
            if self._feeds.get(key) is feed:
                del self._feeds[key]
            feed.close_all(BUSY)

    def watchers(self) -> Iterable[Watcher]:
        """Give everybody who watches anything."""
        return [
            watcher
            for feed in self._running
            for group in feed.watchers.values()
            for watcher in group
        ]

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Feeds"]:
        """Keep the feeds until the end of the block."""
        try:
            yield self
        finally:
            await stop(self._running.values())
            # One that never had its turn could not send its watchers away itself.
            for feed in self._running:
                feed.close_all(BUSY)
            self._running.clear()
            self._feeds.clear()
