"""A source that tells what a test gives it, and watchers that remember what they were told."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from websockets.frames import Frame
from websockets.streams import StreamReader

from participa.realtime import Event, Message, News, Words


def event(number: int, key: int = 1, *, conceals: bool = False, words: str = "") -> Event:
    """Give an event in both languages."""
    said = words or f"e{number}"
    return Event(
        number, key, {each: message(number, said, each) for each in ("es", "en")}, conceals
    )


def message(number: int, words: str, locale: str) -> Message:
    """Give what is said of an event in a language."""
    return {"t": "event", "n": number, "html": f"{words}.{locale}"}


@dataclass
class FakeSource:
    """A table of events; what was asked of it is noted."""

    events: list[Event] = field(default_factory=list)
    most_missed: int = 200
    after: list[Words] = field(default_factory=list)
    is_gone: bool = False
    wait: float = 60.0
    fails: int = 0
    # Set by a test that wants something to happen while the table is being read.
    held: asyncio.Event | None = None
    asked: list[tuple[str, int | None]] = field(default_factory=list)
    handed: list[object] = field(default_factory=list)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def number(self) -> int:
        """The number of the latest event."""
        return self.events[-1].number if self.events else 0

    async def since(
        self, number: int | None, locales: Iterable[str], facts: Sequence[object] = ()
    ) -> News:
        """Read what came after a number."""
        self.handed += facts
        wanted, found = tuple(locales), list(self.events)
        self.asked.append(("since", number))
        self.looked.set()
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        if self.is_gone:
            return News(0, is_gone=True)
        if number is None:
            return News(self.number, wait=self.wait)
        if self.held is not None:
            await self.held.wait()
        fresh = [
            Event(each.number, each.key, {at: each.words[at] for at in wanted}, each.conceals)
            for each in found
            if each.number > number
        ]
        upto = fresh[-1].number if fresh else number
        return News(upto, fresh, self.after if fresh else (), wait=self.wait)

    async def between(self, number: int, upto: int, locale: str) -> list[Message] | None:
        """Read again; each thing as it is now."""
        self.asked.append(("between", number))
        await asyncio.sleep(0)
        if upto - number > self.most_missed:
            return None
        hidden = {each.key for each in self.events if each.conceals}
        return [
            message(each.number, "-" if each.key in hidden else f"e{each.number}", locale)
            for each in self.events
            if number < each.number <= upto
        ]

    def greeting(self, number: int, state: str, here: int, locale: str) -> list[Message]:
        """Say hello."""
        return [{"t": "hello", "n": number, "state": state, "here": here, "in": locale}]


@dataclass(eq=False)
class FakeWatcher:
    """Somebody who remembers."""

    locale: str = "es"
    number: int = 0
    told: list[dict[str, object]] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    def write(self, frames: bytes) -> None:
        """Take frames apart again."""
        self.told += messages_in(frames)
        self.at.append(asyncio.get_running_loop().time())

    def close(self, code: int) -> None:
        """Note the reason."""
        self.codes.append(code)

    @property
    def numbers(self) -> list[object]:
        """The numbers of the events told, in order."""
        return [each["n"] for each in self.told if each["t"] == "event"]

    def of(self, kind: str) -> list[dict[str, object]]:
        """The messages of one kind."""
        return [each for each in self.told if each["t"] == kind]


async def until(holds: Callable[[], object], *, again: Callable[[], None] | None = None) -> None:
    """Wait until something holds, trying again meanwhile."""
    async with asyncio.timeout(8):
        while not holds():
            if again is not None:
                again()
            await asyncio.sleep(0.005)


def messages_in(frames: bytes) -> list[dict[str, object]]:
    """Read the messages of frames as a browser does."""
    stream, found = StreamReader(), []
    stream.feed_data(frames)
    stream.feed_eof()
    while not _run(stream.at_eof()):
        frame = _run(Frame.parse(stream.read_exact, mask=False))
        assert isinstance(frame, Frame)
        found.append(json.loads(bytes(frame.data)))
    return found


def _run(steps: object) -> object:
    try:
        next(steps)  # type: ignore[call-overload]
    except StopIteration as end:
        return end.value
    raise AssertionError("half a frame was written")
