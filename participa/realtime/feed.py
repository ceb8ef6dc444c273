"""One feed for each topic that is watched in this process: reads the news once, tells them all.

The table is the truth. A wake makes the feed look, and so does its heartbeat; what it reads, or
is handed by who wrote it, is numbered, and each watcher is given what is above its own number,
once and in order.
"""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
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

    async def since(
        self, number: int | None, locales: Iterable[str], facts: Sequence[object] = ()
    ) -> News:
        """Read what came after a number; None only asks where things stand.

        `facts` are what the wakes since the last look carried, None where one carried nothing.
        """
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


@dataclass(slots=True)
class _Beside:
    number: int
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
    # What went with the events last, by kind: the count is told to who returns, too.
    _beside: dict[object, "_Beside"] = field(default_factory=dict)
    _waiting: "asyncio.Future[None] | None" = None
    _timer: "asyncio.TimerHandle | None" = None
    _rings_at: float = 0.0
    _due: float = 0.0
    # What the wakes since the last look carried.
    _facts: list[object] = field(default_factory=list)
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
        try:
            with current_hub().listening(self.topic, self._hear):
                wait = 0.0
                while self.count:
                    await self._rung(max(wait, 0.01))
                    wait = await self._look()
        finally:
            if self._timer is not None:
                self._timer.cancel()

    async def _rung(self, seconds: float) -> None:
        """Wait for a wake, but no longer than so many seconds."""
        if self._facts:
            return
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        self._due = loop.time() + seconds
        # In a busy topic each look would make a timer and throw it away: the one there is stays
        # as long as it rings early enough.
        if self._timer is None or self._rings_at > self._due:
            self._set_timer()
        await self._waiting

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings_at = self._due
        self._timer = asyncio.get_running_loop().call_at(self._due, self._on_time)

    def _on_time(self) -> None:
        if asyncio.get_running_loop().time() < self._due:
            self._set_timer()
            return
        self._timer = None
        self._ring()

    def _ring(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _hear(self, fact: object) -> None:
        self._facts.append(fact)
        self._ring()

    async def _look(self) -> float:
        locales = self._locales()
        facts, self._facts = self._facts, []
        try:
            news = await self.source.since(self.number, tuple(locales), facts)
        except Exception:
            # The database may be away for a moment; the numbers are still there afterwards.
            _log.exception("the news of %s could not be read", self.topic)
            return HEARTBEAT_SECONDS
        if news.is_gone:
            self.close_all(GONE)
            return 0.0
        await self._tell(news, locales)
        await self._tell_presence()
        return min(news.wait, HEARTBEAT_SECONDS)

    def _locales(self) -> list[str]:
        return [locale for locale, watchers in self.watchers.items() if watchers]

    async def _tell(self, news: News, locales: Sequence[str]) -> None:
        before, fresh = self.number, self._keep(news.events)
        self.number = max(self.number, news.number)
        self._keep_beside(news.after)
        extra = {locale: _frames(news.after, locale) for locale in locales}
        if not fresh and not any(extra.values()):
            return
        for locale, frames in extra.items():
            joined = b"".join(each.frames.get(locale, b"") for each in fresh) + frames
            for turn, some in enumerate(_sliced(self.watchers[locale])):
                if turn:
                    await asyncio.sleep(0)
                for watcher in some:
                    if watcher.number <= before:
                        watcher.number = self.number
                        watcher.write(joined)
                    else:
                        self._tell_rest(watcher, fresh, frames)
        for watcher in self._not_asked_for(locales):
            watcher.write(await self._caught_up(watcher))

    def _not_asked_for(self, locales: Sequence[str]) -> list[Watcher]:
        """Give those whose language nobody had when the news were read."""
        others = (group for locale, group in self.watchers.items() if locale not in locales)
        return [watcher for group in others for watcher in group if watcher.number < self.number]

    def _tell_rest(self, watcher: Watcher, fresh: Sequence[_Kept], extra: bytes) -> None:
        """Tell one who joined while the others were being told, or knows more than the feed."""
        rest = [each for each in fresh if each.event.number > watcher.number]
        watcher.number = max(watcher.number, self.number)
        watcher.write(b"".join(each.frames.get(watcher.locale, b"") for each in rest) + extra)

    def _keep(self, events: Sequence[Event]) -> list[_Kept]:
        concealed = {event.key for event in events if event.conceals}
        for each in self.ring if concealed else ():
            # Whoever comes back later reads these again from the table, as they are by then.
            if each.event.key in concealed:
                each.frames.clear()
        fresh = [
            _Kept(event, {name: text_frame(words) for name, words in event.words.items()})
            for event in events
        ]
        self.ring.extend(fresh)
        return fresh

    def _keep_beside(self, after: Sequence[Words]) -> None:
        for words in after:
            for locale, message in words.items():
                kept = self._beside.setdefault(message["t"], _Beside(self.number, {}))
                if kept.number != self.number:
                    kept.number, kept.frames = self.number, {}
                kept.frames[locale] = text_frame(message)

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

    async def join(self, watcher: Watcher, state: str, known: int = 0) -> None:
        """Greet a watcher, tell what it missed and let it in.

        `known` is a number that the topic was seen to have reached: where the feed has not
        looked so far yet, what it told last may be hidden by now, so the table is read. Between
        the last look at what was missed and the letting in nothing is waited for, so that no
        number falls between.
        """
        number = watcher.number
        told = await self._caught_up(watcher, known)
        here = _about(self.here + 1)
        greeting = self.source.greeting(number, state, here, watcher.locale)
        watcher.write(_joined(greeting) + told)
        self.watchers[watcher.locale].add(watcher)

    async def _caught_up(self, watcher: Watcher, known: int = 0) -> bytes:
        """Give what a watcher missed; nothing is waited for after the last look at it."""
        frames = b""
        while (missed := self._missed(watcher, known)) is None:
            upto = self.number
            read = await self.source.between(watcher.number, upto, watcher.locale)
            frames += text_frame({"t": "reload"}) if read is None else _joined(read)
            watcher.number = upto
        watcher.number = max(watcher.number, self.number)
        return frames + missed

    def _missed(self, watcher: Watcher, known: int) -> bytes | None:
        """Give the frames above a watcher's number; None where the ring is not to be trusted."""
        behind, locale = self.number - watcher.number, watcher.locale
        if behind <= 0:
            return b""
        if known > self.number:
            return None
        kept = [each for each in self.ring if each.event.number > watcher.number]
        if len(kept) != behind or any(locale not in each.frames for each in kept):
            return None
        beside = (each for each in self._beside.values() if each.number > watcher.number)
        extra = b"".join(each.frames.get(locale, b"") for each in beside)
        return b"".join(each.frames[locale] for each in kept) + extra

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
