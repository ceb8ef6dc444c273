"""One feed: what each watcher is told, once and in order, whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from participa.realtime import MemoryHub, feed, use_hub, wake
from participa.realtime.feed import Feed
from tests.realtime.fakes import FakeSource, FakeWatcher, event, until


@pytest.fixture(autouse=True)
def _own_hub() -> None:
    use_hub(MemoryHub())


@asynccontextmanager
async def running(source: FakeSource, *watchers: FakeWatcher) -> AsyncIterator[Feed]:
    """Run a feed with some watchers in it."""
    one = Feed("t", source)
    assert await one.start()
    for watcher in watchers:
        await one.join(watcher, "open")
    task = asyncio.create_task(one.run())
    try:
        await settled(source)
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def settled(source: FakeSource) -> None:
    """Wait until the feed has looked and told what it found."""
    source.looked.clear()
    wake("t")
    await asyncio.wait_for(source.looked.wait(), 5)
    for _ in range(20):
        await asyncio.sleep(0)


async def test_news_are_read_once_and_told_to_all() -> None:
    """One reading for any number of watchers; each is told in its language, in order."""
    source, ana, bob = FakeSource([event(1)]), FakeWatcher(number=1), FakeWatcher("en", 1)
    async with running(source, ana, bob):
        source.events += [event(2), event(3)]
        source.asked.clear()
        await settled(source)
        assert source.asked == [("since", 1)]
        assert [each["html"] for each in ana.of("event")] == ["e2.es", "e3.es"]
        assert [each["html"] for each in bob.of("event")] == ["e2.en", "e3.en"]
        await settled(source)
        assert ana.numbers == bob.numbers == [2, 3]


async def test_a_returning_watcher_is_told_from_the_ring() -> None:
    """What the feed told lately is told again without reading the table."""
    source, ana = FakeSource(), FakeWatcher()
    async with running(source, ana) as one:
        source.events += [event(n) for n in range(1, 6)]
        await settled(source)
        source.asked.clear()
        late = FakeWatcher(number=2)
        await one.join(late, "open")
        assert late.numbers == [3, 4, 5]
        assert source.asked == []
        assert late.told[0]["n"] == 2


@pytest.mark.parametrize(("number", "locale"), [(0, "es"), (2, "en")])
async def test_what_the_ring_does_not_hold_is_read(number: int, locale: str) -> None:
    """Older numbers, and languages nobody had asked for, come from the table, in order."""
    source, ana = FakeSource([event(1)]), FakeWatcher(number=1)
    async with running(source, ana) as one:
        source.events += [event(2), event(3)]
        await settled(source)
        late = FakeWatcher(locale, number)
        await one.join(late, "open")
        assert late.numbers == list(range(number + 1, 4))
        assert ("between", number) in source.asked
        source.events.append(event(4))
        await settled(source)
        assert late.numbers == list(range(number + 1, 5))


async def test_too_far_behind_means_reading_the_page_again() -> None:
    """Who missed more than is told is told to reload, and then only what is new."""
    source = FakeSource([event(n) for n in range(1, 300)], most_missed=200)
    late = FakeWatcher(number=5)
    async with running(source, late):
        assert late.of("reload")
        assert late.numbers == []
        source.events.append(event(300))
        await settled(source)
        assert late.numbers == [300]


async def test_hidden_words_leave_the_ring() -> None:
    """What was hidden is not told to who returns, though the feed told it before."""
    source, ana = FakeSource(), FakeWatcher()
    async with running(source, ana) as one:
        source.events.append(event(1, key=7, words="rude"))
        source.events.append(event(2, key=8))
        await settled(source)
        source.events.append(event(3, key=7, conceals=True, words="gone"))
        await settled(source)
        assert ana.numbers == [1, 2, 3]
        for number in (0, 1, 2):
            late = FakeWatcher(number=number)
            await one.join(late, "open")
            assert "rude" not in str(late.told)
            assert late.numbers == list(range(number + 1, 4))


async def test_something_said_and_hidden_at_once_leaves_no_hole() -> None:
    """When both are found in one look, each number is still told once."""
    source, ana = FakeSource(), FakeWatcher()
    async with running(source, ana):
        source.events += [event(1, key=7), event(2, key=7, conceals=True)]
        await settled(source)
        assert ana.numbers == [1, 2]


async def test_who_joins_while_others_are_told_misses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between two slices somebody comes in: told each number once, whatever it knew."""
    monkeypatch.setattr(feed, "SLICE", 1)
    source, crowd = FakeSource(), [FakeWatcher() for _ in range(30)]
    source.after = [{"es": {"t": "count", "html": "n"}, "en": {"t": "count", "html": "n"}}]
    async with running(source, *crowd) as one:
        source.events += [event(1), event(2)]
        wake("t")
        while not any(each.numbers for each in crowd):  # noqa: ASYNC110 - one turn at a time
            await asyncio.sleep(0)
        assert not all(each.numbers for each in crowd)
        late = [FakeWatcher(number=n) for n in range(3)]
        late += [FakeWatcher("en", number=n) for n in range(3)]
        for each in late:
            await one.join(each, "open")
        await until(lambda: all(each.numbers for each in crowd))
        source.events.append(event(3))
        wake("t")
        await until(lambda: all(each.number == 3 for each in [*crowd, *late]))
        for each in late:
            first = each.told[0]["n"]
            assert isinstance(first, int)
            assert each.numbers == list(range(first + 1, 4))
        assert all(each.numbers == [1, 2, 3] for each in crowd)


async def test_the_first_of_a_language_may_come_while_the_table_is_read() -> None:
    """Words that nobody had asked for when the reading began are not lost for who needs them."""
    source, ana = FakeSource(), FakeWatcher()
    async with running(source, ana) as one:
        source.held = asyncio.Event()
        source.events.append(event(1))
        await settled(source)
        bob = FakeWatcher("en")
        await one.join(bob, "open")
        source.held.set()
        await until(lambda: ana.numbers)
        source.events.append(event(2))
        await settled(source)
        assert ana.numbers == bob.numbers == [1, 2]


async def test_who_returns_from_the_ring_is_told_the_count() -> None:
    """What goes with the events, such as the count, is told to who reads them from the ring."""
    source, ana = FakeSource(), FakeWatcher()
    source.after = [{"es": {"t": "count", "html": "5"}}]
    async with running(source, ana) as one:
        source.events.append(event(1))
        await settled(source)
        late, knows = FakeWatcher(), FakeWatcher(number=1)
        await one.join(late, "open")
        await one.join(knows, "open")
        assert late.told[-1] == {"t": "count", "html": "5"}
        assert not knows.of("count")


async def test_a_watcher_that_knows_more_waits_until_the_feed_does() -> None:
    """A page served by another process may be ahead: it is told neither twice nor backwards."""
    source, ahead = FakeSource([event(1)]), FakeWatcher(number=3)
    async with running(source, ahead):
        source.events += [event(2), event(3)]
        await settled(source)
        assert ahead.numbers == []
        source.events.append(event(4))
        await settled(source)
        assert ahead.numbers == [4]


async def test_the_heartbeat_finds_what_no_wake_announced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wake that is lost costs time, never news; so does a source that names its moment."""
    monkeypatch.setattr(feed, "HEARTBEAT_SECONDS", 0.1)
    source, ana = FakeSource(), FakeWatcher()
    async with running(source, ana):
        source.events.append(event(1))
        await until(lambda: ana.numbers == [1])
    monkeypatch.setattr(feed, "HEARTBEAT_SECONDS", 60)
    source, ana = FakeSource(wait=0.1), FakeWatcher()
    async with running(source, ana):
        source.events.append(event(1))
        await until(lambda: ana.numbers == [1])


async def test_a_source_that_fails_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is away for a moment ends no feed; its news come afterwards, once."""
    monkeypatch.setattr(feed, "HEARTBEAT_SECONDS", 0.05)
    source, ana = FakeSource(), FakeWatcher()
    async with running(source, ana):
        source.fails = 3
        source.events += [event(1), event(2)]
        wake("t")
        await until(lambda: ana.numbers)
        assert ana.numbers == [1, 2]
        assert ana.codes == []


async def test_where_there_is_nothing_any_more_all_are_sent_away() -> None:
    """A thread that is hidden sends its watchers away and ends the feed."""
    source, ana, bob = FakeSource(), FakeWatcher(), FakeWatcher("en")
    async with running(source, ana, bob) as one:
        source.is_gone = True
        wake("t")
        await until(lambda: ana.codes and bob.codes)
        assert ana.codes == bob.codes == [feed.GONE]
        assert one.count == 0
    assert not await Feed("t", source).start()


async def test_telling_gives_others_their_turn() -> None:
    """Between slices of a crowd another task runs; no turn tells more than a slice."""
    source, crowd = FakeSource(), [FakeWatcher() for _ in range(feed.SLICE * 4 + 7)]
    async with running(source, *crowd):
        told: list[int] = []
        source.events.append(event(1))
        wake("t")
        async with asyncio.timeout(5):
            while not told or told[-1] < len(crowd):
                told.append(sum(each.number == 1 for each in crowd))
                await asyncio.sleep(0)
        steps = [after - before for before, after in pairwise(told)]
        assert max(steps) <= feed.SLICE
        assert len([step for step in steps if step]) >= 4


async def test_presence_is_told_seldom_and_roughly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd is told in two figures, only when it changed, and not at each arrival."""
    monkeypatch.setattr(feed, "PRESENCE_SECONDS", 0.3)
    source = FakeSource()
    source.wait = 0.05
    crowd = [FakeWatcher() for _ in range(3)]
    async with running(source, *crowd) as one:
        await until(lambda: crowd[0].of("here"))
        assert crowd[0].of("here") == [{"t": "here", "here": 3}]
        for _ in range(125):
            await one.join(FakeWatcher(), "open")
        await until(lambda: len(crowd[0].of("here")) == 2)
        assert crowd[0].of("here")[-1] == {"t": "here", "here": 130}
        await asyncio.sleep(0.7)
        assert len(crowd[0].of("here")) == 2
        one.leave(crowd[1])
        await asyncio.sleep(0.4)
        assert len(crowd[0].of("here")) == 2
    assert [feed._about(n) for n in (1, 99, 100, 104, 105, 996, 1249, 12_345)] == [
        1, 99, 100, 100, 100, 1000, 1200, 12_000,
    ]  # fmt: skip
