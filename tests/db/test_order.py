"""Numbers follow the order of commits, on connections that know nothing of each other."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest
from tortoise.connection import get_connection

from participa.db import CONNECTION, Lock, Statement, Steps, dialect, fetch, writer
from participa.db.acts import Act
from participa.db.writer import GroupWriter
from participa.deliberation import service
from participa.deliberation.events import topic
from participa.deliberation.models import Contribution, Revision
from participa.deliberation.rules import State
from participa.deliberation.service import thread_lock
from participa.moderation import service as moderation
from participa.realtime.feed import Feed
from participa.settings import Settings
from participa.web.refusals import Refusal
from tests.deliberation.listening import source_of
from tests.deliberation.talking import say
from tests.people import NOW, Municipality
from tests.realtime.fakes import FakeWatcher, until
from tests.visitors import Web

on_postgres = pytest.mark.parametrize("settings", ["postgres"], indirect=True)
_NUMBER = (
    "UPDATE deliberation_thread SET last_number = last_number + 1 WHERE id = $1 "
    "RETURNING last_number"
)
_EVENT = (
    "INSERT INTO deliberation_event (entity_id, thread_id, number, kind, contribution_id, at) "
    "VALUES ($1, $2, $3, 'edited', $4, $5)"
)


@pytest.fixture
async def other(database: Settings) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection of another process."""
    connection = await asyncpg.connect(database.database)
    yield connection
    await connection.close()


async def _numbers(thread_id: int) -> list[int]:
    sql = "SELECT number FROM deliberation_event WHERE thread_id = $1 ORDER BY number"
    return [number for (number,) in await fetch(sql, thread_id)]


async def _edited(other: asyncpg.Connection, town: Municipality) -> int:
    number = await other.fetchval(_NUMBER, town.topic.thread_id)
    values = (town.entity.id, town.topic.thread_id, number, town.topic.id, NOW)
    await other.execute(_EVENT, *values)
    return int(number)


@on_postgres
async def test_a_slow_commit_is_never_overtaken(
    web: Web, town: Municipality, other: asyncpg.Connection
) -> None:
    """While number n waits for its commit nobody sees n+1: it comes after, and both are told."""
    known, ana = town.topic.thread_id, FakeWatcher(number=1)
    source = source_of(web, town)
    feed = Feed(topic(known), source)
    assert await feed.start()
    await feed.join(ana, "open")
    running = asyncio.create_task(feed.run())
    slow = other.transaction()
    await slow.start()
    assert await _edited(other, town) == 2
    quick = asyncio.create_task(say(town, town.beto, "Después."))
    for _ in range(5):
        await asyncio.sleep(0.05)
        assert await _numbers(known) == [1]
        assert (await source.since(1, ("es",))).events == []
    assert not quick.done()
    assert ana.numbers == []
    await slow.commit()
    said = await asyncio.wait_for(quick, 5)
    assert said.number == 3
    await until(lambda: ana.numbers == [2, 3])
    feed.leave(ana)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@on_postgres
async def test_a_slow_act_that_fails_leaves_no_hole(
    web: Web, town: Municipality, other: asyncpg.Connection
) -> None:
    """A number taken and given back is the next one's: readers wait for no ghost."""
    slow = other.transaction()
    await slow.start()
    assert await _edited(other, town) == 2
    quick = [asyncio.create_task(say(town, town.beto, f"{n}.")) for n in range(3)]
    await asyncio.sleep(0.1)
    await slow.rollback()
    said = await asyncio.gather(*quick)
    assert [each.number for each in said] == [2, 3, 4]
    assert await _numbers(town.topic.thread_id) == [1, 2, 3, 4]


@on_postgres
async def test_another_thread_does_not_wait(
    web: Web, town: Municipality, other: asyncpg.Connection
) -> None:
    """What holds one conversation holds no act of another, written in another batch."""
    there = await say(town, town.nora, "Allá.", thread_id=town.neighbour_topic.thread_id)
    slow = other.transaction()
    await slow.start()
    await _edited(other, town)
    try:
        await asyncio.wait_for(say(town, town.nora, "Aquí no.", thread_id=there.thread_id), 5)
    finally:
        await slow.rollback()


def _both(ids: Sequence[int]) -> Act[None]:
    def act() -> Steps[None]:
        for each in ids:
            yield Statement(_NUMBER, (each,))
        return

    return act


@on_postgres
async def test_two_writers_never_lock_each_other_out(town: Municipality) -> None:
    """Batches that touch the same conversations in opposite order: no deadlock."""
    here, there = town.topic.thread_id, town.neighbour_topic.thread_id
    one, two = GroupWriter(), GroupWriter()
    before = await _last(here), await _last(there)

    def locks(*ids: int) -> list[Lock]:
        return [thread_lock(each) for each in ids]

    async with asyncio.timeout(20):
        for _ in range(25):
            await asyncio.gather(
                *(one.run(_both([each]), locks=locks(each)) for each in (here, there) * 4),
                *(two.run(_both([each]), locks=locks(each)) for each in (there, here) * 4),
            )
    await one.close()
    await two.close()
    assert (await _last(here), await _last(there)) == (before[0] + 200, before[1] + 200)
    assert dialect() == "postgres"
    _count, rows = await get_connection(CONNECTION).execute_query(
        "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    )
    assert rows[0]["deadlocks"] == 0


async def _last(thread_id: int) -> int:
    ((last,),) = await fetch("SELECT last_number FROM deliberation_thread WHERE id = $1", thread_id)
    return int(last)


async def test_numbers_of_all_kinds_of_acts_have_no_hole(town: Municipality) -> None:
    """Acts through the writer and acts in ORM transactions, at once: one row of numbers."""
    said = await asyncio.gather(*(say(town, town.ana, f"{n}.") for n in range(20)))
    await asyncio.gather(
        *(service.edit(town.ana, each.id, "Otra.", now=NOW) for each in said[:10]),
        *(service.set_support(town.beto, each.id, wanted=True, now=NOW) for each in said),
        *(service.remove(town.ana, each.id, now=NOW) for each in said[15:]),
        *(say(town, town.beto, f"b{n}.") for n in range(20)),
        return_exceptions=True,
    )
    numbers = await _numbers(town.topic.thread_id)
    assert numbers == list(range(1, await _last(town.topic.thread_id) + 1))
    assert len(numbers) >= 1 + 20 + 10 + 15 + 20
    await writer().close()


async def test_acts_on_one_contribution_at_once(town: Municipality) -> None:
    """Two tabs edit it while its author takes it back: each act whole, no words come back."""
    for turn in range(5):
        said = await say(town, town.ana, "Primera.")
        done = await asyncio.gather(
            *(service.edit(town.ana, said.id, f"Palabra {n}.", now=NOW) for n in range(4)),
            service.remove(town.ana, said.id, now=NOW),
            service.edit(town.ana, said.id, "Última.", now=NOW),
            moderation.hide(town.carmen, said.id, rule="1", now=NOW),
            service.remove(town.ana, said.id, now=NOW),
            return_exceptions=True,
        )
        odd = [each for each in done if isinstance(each, Exception)]
        assert all(isinstance(each, Refusal) for each in odd), odd
        row = await Contribution.of(town.entity.id).get(id=said.id)
        assert (row.state, row.body_source, row.body_html) == (State.REMOVED, "", ""), turn
        assert await Revision.of(town.entity.id).filter(contribution_id=said.id).count() == 0
        kinds = await fetch(_KINDS, said.id)
        assert [kind for (kind,) in kinds].count("removed") == 1
        assert [kind for (kind,) in kinds].count("hidden") <= 1
    numbers = await _numbers(town.topic.thread_id)
    assert numbers == list(range(1, await _last(town.topic.thread_id) + 1))


_KINDS = "SELECT kind FROM deliberation_event WHERE contribution_id = $1"
