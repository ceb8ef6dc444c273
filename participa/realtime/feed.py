"""One feed for each topic that is watched in this process: reads the news once, tells them all.

The table is the truth. A wake makes the feed look, and so does its heartbeat; what it reads is
numbered, and each watcher is given what is above its own number, once and in order.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from participa.realtime.frames import Message, text_frame
from participa.realtime.hub import current_hub

# Also how long a hiding may take to reach an open page (T10).
HEARTBEAT_SECONDS = 4.0
PRESENCE_SECONDS = 5.0
# So many are told before other requests get their turn: 4 to 16 ms instead of 80 (measured).
SLICE = 250
RING = 256
_log = logging.getLogger("participa.realtime")

Words = Mapping[str, Message]
"""A message in each language in which it was asked for."""


@dataclass(frozen=True, slots=True)
class Event:
    """One numbered thing that happened. `key` is what it happened to, 0 for the topic itself.

    `conceals` says that what was said before about the same thing must not be told any more.
    """

    number: int
    key: int
    words: Words
    conceals: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What a source found: events in order, then what goes with them unnumbered.

    `is_gone`: there is nothing here any more for those who watch. `wait`: seconds after which
    the source has news by itself, such as a phase that closes.
    """

    number: int
    events: Sequence[Event] = ()
    after: Sequence[Words] = ()
    is_gone: bool = False
    wait: float = HEARTBEAT_SECONDS


class Source(Protocol):
    """What a feed reads: the news of one topic."""

    async def since(self, number: int | None, locales: Iterable[str]) -> News:
        """Read what came after a number; None only asks where things stand."""
        ...

    async def between(self, number: int, upto: int, locale: str) -> list[Message] | None:
        """Read again what a returning reader missed; None where that is too much."""
        ...

    def greeting(self, number: int, state: str, here: int, locale: str) -> list[Message]:
        """Give what a reader is told first, whose page has a number and says a state."""
        ...


class Watcher(Protocol):
    """Somebody who is told: a socket, or a page that asks again and again."""

    locale: str
    number: int

    def write(self, frames: bytes) -> None:
        """Take ready frames without waiting; may cut off a reader that is too slow."""
        ...

    def close(self, code: int) -> None:
        """Say goodbye with a reason."""
        ...


@dataclass(slots=True)
class _Kept:
    event: Event
    frames: dict[str, bytes]


GONE, BUSY = 4404, 1013


@dataclass(eq=False)
class Feed:
    """The watchers of a topic and the frames that were told last."""

    topic: str
    source: Source
    number: int = -1
    watchers: dict[str, set[Watcher]] = field(default_factory=lambda: defaultdict(set))
    ring: "deque[_Kept]" = field(default_factory=lambda: deque(maxlen=RING))
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _said_here: int = 0
    _said_at: float = 0.0

    @property
    def here(self) -> int:
        """How many pages look at the topic in all processes."""
        return self.count + current_hub().presence_elsewhere(self.topic)

    @property
    def count(self) -> int:
        """How many pages of this process do."""
        return sum(len(each) for each in self.watchers.values())

    async def start(self) -> bool:
        """Find out where things stand; False where there is nothing to watch."""
        news = await self.source.since(None, ())
        self.number = news.number
        return not news.is_gone

    async def run(self) -> None:
        """Tell the news until nobody watches."""
        with current_hub().listening(self.topic, self._woken.set):
            wait = 0.0
            while self.count:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), max(wait, 0.01))
                self._woken.clear()
                wait = await self._look()

    async def _look(self) -> float:
        try:
            news = await self.source.since(self.number, tuple(self._locales()))
        except Exception:
            # The database may be away for a moment; the numbers are still there afterwards.
            _log.exception("the news of %s could not be read", self.topic)
            return HEARTBEAT_SECONDS
        if news.is_gone:
            self.close_all(GONE)
            return 0.0
        await self._tell(news)
        await self._tell_presence()
        return min(news.wait, HEARTBEAT_SECONDS)

    def _locales(self) -> list[str]:
        return [locale for locale, watchers in self.watchers.items() if watchers]

    async def _tell(self, news: News) -> None:
        before, fresh = self.number, [self._keep(event) for event in news.events]
        self.number = max(self.number, news.number)
        extra = {locale: _frames(news.after, locale) for locale in self._locales()}
        if not fresh and not any(extra.values()):
            return
        for locale, frames in extra.items():
            joined = b"".join(each.frames.get(locale, b"") for each in fresh) + frames
            for some in _sliced(self.watchers[locale]):
                for watcher in some:
                    if watcher.number <= before:
                        watcher.number = self.number
                        watcher.write(joined)
                    else:
                        self._tell_rest(watcher, fresh, frames)
                await asyncio.sleep(0)

    def _tell_rest(self, watcher: Watcher, fresh: Sequence[_Kept], extra: bytes) -> None:
        """Tell one who joined while the others were being told, or knows more than the feed."""
        rest = [each for each in fresh if each.event.number > watcher.number]
        watcher.number = max(watcher.number, self.number)
        watcher.write(b"".join(each.frames.get(watcher.locale, b"") for each in rest) + extra)

    def _keep(self, event: Event) -> _Kept:
        if event.conceals:
            # Whoever comes back later reads these again from the table, as they are by then.
            for each in self.ring:
                if each.event.key == event.key:
                    each.frames.clear()
        kept = _Kept(event, {name: text_frame(words) for name, words in event.words.items()})
        self.ring.append(kept)
        return kept

    async def _tell_presence(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._said_at < PRESENCE_SECONDS:
            return
        self._said_at = now
        current_hub().tell_presence(self.topic, self.count)
        here = _about(self.here)
        if here == self._said_here:
            return
        self._said_here = here
        frame = text_frame({"t": "here", "here": here})
        for some in _sliced(each for group in self.watchers.values() for each in group):
            for watcher in some:
                watcher.write(frame)
            await asyncio.sleep(0)

    async def join(self, watcher: Watcher, state: str) -> None:
        """Greet a watcher, tell what it missed and let it in.

        Between the last look at what was missed and the letting in nothing is waited for, so
        that no number falls between.
        """
        here = _about(self.here + 1)
        frames = _joined(self.source.greeting(watcher.number, state, here, watcher.locale))
        while (missed := self._missed(watcher)) is None:
            upto = self.number
            read = await self.source.between(watcher.number, upto, watcher.locale)
            if read is None:
                frames += text_frame({"t": "reload"})
                watcher.number = upto
            else:
                frames += _joined(read)
                watcher.number = upto
        watcher.number = max(watcher.number, self.number)
        watcher.write(frames + missed)
        self.watchers[watcher.locale].add(watcher)

    def _missed(self, watcher: Watcher) -> bytes | None:
        """Give the frames above a watcher's number; None where the ring does not hold them."""
        behind = self.number - watcher.number
        if behind <= 0:
            return b""
        kept = [each for each in self.ring if each.event.number > watcher.number]
        if len(kept) != behind or any(watcher.locale not in each.frames for each in kept):
            return None
        return b"".join(each.frames[watcher.locale] for each in kept)

    def leave(self, watcher: Watcher) -> None:
        """Forget a watcher."""
        self.watchers[watcher.locale].discard(watcher)

    def close_all(self, code: int) -> None:
        """Send everybody away."""
        for group in list(self.watchers.values()):
            for watcher in list(group):
                watcher.close(code)
            group.clear()


def _frames(messages: Sequence[Words], locale: str) -> bytes:
    return b"".join(text_frame(words[locale]) for words in messages if locale in words)


def _joined(messages: Sequence[Message]) -> bytes:
    return b"".join(text_frame(message) for message in messages)


def _sliced(watchers: Iterable[Watcher]) -> Iterable[list[Watcher]]:
    all_of_them = list(watchers)
    return [all_of_them[at : at + SLICE] for at in range(0, len(all_of_them), SLICE)]


def _about(count: int) -> int:
    """Round a crowd to two figures: nobody needs to hear of each of a thousand."""
    return count if count < 100 else round(count, -(len(str(count)) - 2))


class Feeds:
    """The feeds of this process, each alive while somebody watches."""

    def __init__(self, source_of: Callable[[int], Source], topic_of: Callable[[int], str]) -> None:
        self._source_of = source_of
        self._topic_of = topic_of
        self._feeds: dict[int, Feed] = {}
        self._running: dict[Feed, asyncio.Task[None]] = {}

    async def join(self, key: int, watcher: Watcher, state: str) -> Feed | None:
        """Let a watcher in; None where there is nothing to watch."""
        feed = self._feeds.get(key) or await self._begin(key)
        if feed is None:
            return None
        await feed.join(watcher, state)
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
            tasks = tuple(self._running.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
