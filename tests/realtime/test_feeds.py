"""The feeds of a process: each begins with its first watcher and ends with its last."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from participa.realtime import Feeds, MemoryHub, use_hub, wake
from participa.realtime.feed import BUSY
from tests.realtime.fakes import FakeSource, FakeWatcher, event, until


class Places:
    """Sources by key, and how often each was opened."""

    def __init__(self) -> None:
        self.sources: dict[int, FakeSource] = {1: FakeSource(), 2: FakeSource(is_gone=True)}
        self.opened: list[int] = []

    def __call__(self, key: int) -> FakeSource:
        """Open one."""
        self.opened.append(key)
        return self.sources[key]


@pytest.fixture
def places() -> Places:
    """Give a place where something happens and one where nothing is."""
    return Places()


@pytest.fixture
async def feeds(places: Places) -> AsyncIterator[Feeds]:
    """Give the feeds of a process over these places."""
    use_hub(MemoryHub())
    async with Feeds(places, lambda key: f"t{key}").open() as opened:
        yield opened


async def test_one_feed_for_all_of_a_topic(feeds: Feeds, places: Places) -> None:
    """Many who come at once share one feed; all are told."""
    crowd = [FakeWatcher() for _ in range(20)]
    found = await asyncio.gather(*(feeds.join(1, each, "open") for each in crowd))
    assert len({id(each) for each in found}) == 1
    assert set(feeds.watchers()) == set(crowd)
    places.sources[1].events.append(event(1))
    wake("t1")
    await until(lambda: all(each.numbers == [1] for each in crowd))


async def test_there_is_no_feed_of_nothing(feeds: Feeds) -> None:
    """Who comes for what is gone is told so, and nothing is kept of it."""
    assert await feeds.join(2, FakeWatcher(), "open") is None
    assert feeds._feeds == {}
    assert feeds._running == {}


async def test_a_feed_ends_when_nobody_watches_and_begins_again(
    feeds: Feeds, places: Places
) -> None:
    """Nobody's feed reads no table; whoever comes back misses nothing of the time between."""
    source, ana = places.sources[1], FakeWatcher()
    feed = await feeds.join(1, ana, "open")
    assert feed is not None
    feed.leave(ana)
    wake("t1")
    await until(lambda: not feeds._running)
    assert feeds._feeds == {}
    source.events += [event(1), event(2)]
    source.asked.clear()
    wake("t1")
    await asyncio.sleep(0.02)
    assert source.asked == []
    again = FakeWatcher(number=0)
    await feeds.join(1, again, "open")
    source.events.append(event(3))
    wake("t1")
    await until(lambda: again.numbers == [1, 2, 3])
    assert ana.numbers == []


async def test_who_comes_while_a_feed_ends_is_told(feeds: Feeds, places: Places) -> None:
    """The last leaves while another one still reads what it missed: it is let in and told."""
    source, ana = places.sources[1], FakeWatcher()
    source.events += [event(n) for n in range(1, 4)]
    ana.number = 3
    feed = await feeds.join(1, ana, "open")
    assert feed is not None
    late = FakeWatcher(number=0)
    joining = asyncio.create_task(feeds.join(1, late, "open"))
    await asyncio.sleep(0)
    feed.leave(ana)
    wake("t1")
    await joining
    source.events.append(event(4))
    await asyncio.sleep(0.02)
    wake("t1")
    await until(lambda: late.numbers == [1, 2, 3, 4])


async def test_closing_ends_every_feed(places: Places) -> None:
    """At the end of the process nothing runs on, and who watched is told to come back."""
    use_hub(MemoryHub())
    ana = FakeWatcher()
    async with Feeds(places, lambda key: f"t{key}").open() as feeds:
        await feeds.join(1, ana, "open")
    assert not feeds._running
    assert ana.codes == [BUSY]


async def test_closing_right_after_a_wake_ends_too(places: Places) -> None:
    """A wake and the end in one moment: the end is not swallowed, the server does stop."""
    use_hub(MemoryHub())
    places.sources[1].wait = 0.02
    for turns in range(8):
        async with asyncio.timeout(5):
            async with Feeds(places, lambda key: f"t{key}").open() as feeds:
                await feeds.join(1, FakeWatcher(), "open")
                await asyncio.sleep(0.02)
                wake("t1")
                for _ in range(turns):
                    await asyncio.sleep(0)
