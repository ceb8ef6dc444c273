"""Group commit: acts that wait share a commit, and none of them suffers from another."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from participa.db import (
    CONNECTION,
    Statement,
    Steps,
    after_commit,
    dialect,
    fetch,
    transaction,
    writer,
)
from participa.db.acts import Act
from participa.entities.models import Office
from participa.settings import Settings
from tests.people import Municipality

_ADD = "INSERT INTO entities_office (entity_id, name) VALUES ($1, $2) RETURNING id"
_NUMBER = (
    "UPDATE deliberation_thread SET last_number = last_number + 1 WHERE id = $1 "
    "RETURNING last_number"
)


class Refused(Exception):
    """What an act refuses with."""


def adding(town: Municipality, name: str) -> Act[int]:
    """Add an office and give its id."""

    def act() -> Steps[int]:
        rows = yield Statement(_ADD, (town.entity.id, name))
        return int(rows[0][0])

    return act


def numbering(town: Municipality, *, fails: bool = False) -> Act[int]:
    """Take the thread's next number and note it as an office; fail after both or not."""

    def act() -> Steps[int]:
        rows = yield Statement(_NUMBER, (town.topic.thread_id,))
        number = int(rows[0][0])
        yield Statement(_ADD, (town.entity.id, f"{number:04}"))
        if fails:
            raise ZeroDivisionError
        return number

    return act


def refusing(town: Municipality) -> Act[int]:
    """Read, then refuse."""

    def act() -> Steps[int]:
        yield Statement("SELECT id FROM entities_office WHERE entity_id = $1", (town.entity.id,))
        raise Refused

    return act


async def names(town: Municipality) -> list[str]:
    """Give the offices there are, but for the first one."""
    rows = await Office.of(town.entity.id).order_by("id")
    return [row.name for row in rows][1:]


@contextlib.contextmanager
def commits_counted() -> Iterator[Callable[[], int]]:
    """Count the transactions with which acts are written."""
    # The package gives the function `writer` under the module's own name.
    module = sys.modules["participa.db.writer"]
    counted: list[int] = []
    embedded, tried = module._in_one, module.in_transaction

    def in_one(*args: object) -> object:
        counted.append(1)
        return embedded(*args)

    def in_transaction(*args: object) -> object:
        counted.append(1)
        return tried(*args)

    with (
        patch.object(module, "_in_one", in_one),
        patch.object(module, "in_transaction", in_transaction),
    ):
        yield lambda: len(counted)


async def test_who_waits_shares_a_commit(town: Municipality) -> None:
    """Of a hundred acts that come at once each has its own row, and all have two commits."""
    told: list[int] = []
    with commits_counted() as count:
        ids = await asyncio.gather(
            *(writer().run(adding(town, f"n{n}"), tell=told.append) for n in range(100))
        )
        assert count() <= 2
    assert len(set(ids)) == 100
    assert told == ids == sorted(ids)
    assert await names(town) == [f"n{n}" for n in range(100)]


async def test_a_refusal_leaves_nothing_and_disturbs_nobody(town: Municipality) -> None:
    """Refusals among others are told to their own caller only, and cost no second try."""
    acts = [refusing(town) if n % 3 == 0 else adding(town, f"n{n}") for n in range(30)]
    told: list[int] = []
    with commits_counted() as count:
        done = await asyncio.gather(
            *(writer().run(act, tell=told.append) for act in acts), return_exceptions=True
        )
        assert count() <= 2
    assert [type(each) for each in done] == [Refused if n % 3 == 0 else int for n in range(30)]
    assert await names(town) == [f"n{n}" for n in range(30) if n % 3]
    assert len(told) == 20


async def test_an_error_after_a_write_undoes_that_act_alone(town: Municipality) -> None:
    """48 of 320 fail after they wrote: 272 are kept, and their numbers have no hole."""
    fails = [n % 20 in {3, 11, 19} for n in range(320)]
    assert sum(fails) == 48
    ((before,),) = await fetch(_LAST, town.topic.thread_id)
    done = await asyncio.gather(
        *(writer().run(numbering(town, fails=each)) for each in fails), return_exceptions=True
    )
    assert [isinstance(each, ZeroDivisionError) for each in done] == fails
    kept = [each for each in done if isinstance(each, int)]
    assert kept == list(range(before + 1, before + 273))
    assert await names(town) == [f"{number:04}" for number in kept]
    ((after,),) = await fetch(_LAST, town.topic.thread_id)
    assert after == before + 272


_LAST = "SELECT last_number FROM deliberation_thread WHERE id = $1"


async def test_a_row_that_may_not_be_is_refused_as_the_orm_does(town: Municipality) -> None:
    """The database's own refusal has the ORM's name, alone, among others and inside an act."""

    def twice() -> Steps[None]:
        for _ in range(2):
            yield Statement(
                "INSERT INTO entities_host (entity_id, host) VALUES ($1, $2)",
                (town.entity.id, "dos.test"),
            )

    with pytest.raises(IntegrityError):
        await writer().run(twice)
    done = await asyncio.gather(
        writer().run(adding(town, "a")), writer().run(twice), writer().run(adding(town, "b")),
        return_exceptions=True,
    )  # fmt: skip
    assert isinstance(done[1], IntegrityError)
    with pytest.raises(IntegrityError):
        async with transaction():
            await Office.create(entity=town.entity, name="never")
            await writer().run(twice)
    assert await names(town) == ["a", "b"]


async def test_who_leaves_does_not_halve_an_act(town: Municipality) -> None:
    """A caller that is cancelled, before or while it is written: the act is whole, others too."""
    for turns in range(6):
        tasks = [asyncio.create_task(writer().run(numbering(town))) for _ in range(5)]
        for _ in range(turns):
            await asyncio.sleep(0)
        tasks[1].cancel()
        tasks[4].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
    await writer().close()
    ((last,),) = await fetch(_LAST, town.topic.thread_id)
    found = [int(name) for name in await names(town)]
    assert found == list(range(found[0], last + 1))
    assert len(found) >= 18


async def test_the_writers_task_inherits_nothing(town: Municipality) -> None:
    """Who starts it may be in the middle of a transaction of the ORM's, and take that back."""
    with contextlib.suppress(Refused):
        async with in_transaction(CONNECTION):
            written = asyncio.create_task(writer().run(adding(town, "Queda")))
            # Until the task of the writer has begun, too.
            await asyncio.sleep(0.05)
            raise Refused
    await written
    assert await Office.filter(name="Queda").exists()


async def test_closing_writes_what_waits(town: Municipality) -> None:
    """What was accepted before the end is written before the end, and told."""
    told: list[int] = []
    tasks = [
        asyncio.create_task(writer().run(adding(town, f"n{n}"), tell=told.append))
        for n in range(500)
    ]
    await asyncio.sleep(0)
    await writer().close()
    assert len(await names(town)) == len(told) == 500
    await asyncio.gather(*tasks)


async def test_inside_an_act_it_joins_it(town: Municipality) -> None:
    """In an open transaction the act commits and rolls back with it, and tells after the commit."""
    told: list[int] = []
    async with transaction():
        await Office.create(entity=town.entity, name="outer")
        after_commit(lambda: told.append(-1))
        new = await writer().run(adding(town, "inner"), tell=told.append)
        assert told == []
        assert [name for (name,) in await fetch(_NAMES, town.entity.id)][1:] == ["outer", "inner"]
    assert told == [-1, new]
    with pytest.raises(ZeroDivisionError):
        async with transaction():
            await writer().run(adding(town, "undone"), tell=told.append)
            raise ZeroDivisionError
    assert told == [-1, new]
    assert await names(town) == ["outer", "inner"]
    # The writer's own task, begun inside or not, is not in anybody's transaction.
    assert await writer().run(adding(town, "after")) > new
    assert await names(town) == ["outer", "inner", "after"]


_NAMES = "SELECT name FROM entities_office WHERE entity_id = $1 ORDER BY id"


async def test_a_listener_that_fails_harms_nobody(town: Municipality) -> None:
    """Telling goes wrong for one: what is committed is answered as done, to all who wait."""

    def broken(_new: int) -> None:
        raise ZeroDivisionError

    async with asyncio.timeout(5):
        done = await asyncio.gather(
            writer().run(adding(town, "a"), tell=broken),
            writer().run(adding(town, "b")),
            return_exceptions=True,
        )
        assert all(isinstance(each, int) for each in done)
        await writer().run(adding(town, "c"))
    assert await names(town) == ["a", "b", "c"]


async def test_a_commit_is_on_the_disk(database: Settings) -> None:
    """What is acknowledged survives a power cut: both databases flush at each commit."""
    connection = get_connection(CONNECTION)
    if dialect() == "sqlite":
        asked = {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
        for name, wanted in asked.items():
            _count, rows = await connection.execute_query(f"PRAGMA {name}")
            assert list(rows[0]) == [wanted], name
    else:
        _count, rows = await connection.execute_query("SHOW synchronous_commit")
        assert rows[0]["synchronous_commit"] == "on"
