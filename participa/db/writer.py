"""Group commit: the acts that wait are written in one transaction, with one fsync.

One task of each process takes all waiting acts, in the order they came, commits them off the
event loop and then tells of them in that order. On the embedded database a batch is one hop to
the ORM's own connection, so that acts and ORM transactions share one lock and never meet
"database is locked".
"""

import asyncio
import contextvars
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from participa.db.acts import (
    Act,
    Lock,
    Spoiled,
    Statement,
    cause_of,
    drive_steps,
    rows_of,
    run_steps,
)
from participa.db.names import CONNECTION
from participa.db.transactions import after_commit, in_act

T = TypeVar("T")
_log = logging.getLogger("participa.db")
LARGEST_BATCH = 200


@dataclass(slots=True)
class Waiting:
    """An act that waits for its turn, and who waits for it."""

    act: Act[Any]
    locks: tuple[Lock, ...]
    tell: Callable[[Any], None] | None
    future: "asyncio.Future[Any]"


Outcome = tuple[bool, Any]
"""Whether an act was done; what it gave, or why not."""


class GroupWriter:
    """The one place of a process from which hot acts are written."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._task: asyncio.Task[None] | None = None

    async def run(
        self,
        act: Act[T],
        *,
        locks: Sequence[Lock] = (),
        tell: Callable[[T], None] | None = None,
    ) -> T:
        """Run an act and return once it is durable; `tell` is called after the commit.

        Inside another act it joins that one's transaction. Whoever waits may be cancelled: only
        the waiting is theirs, and the act is done or not as if nobody had. Raises what the act
        refuses with; a refusal before the first write leaves nothing behind, one after it is
        undone alone.
        """
        if in_act():
            return await _joined(act, tell)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(act, tuple(locks), cast("Any", tell), future))
        if self._task is None or self._task.done():
            # In a context of its own: a task inherits the transaction of whoever starts it.
            loop, empty = asyncio.get_running_loop(), contextvars.Context()
            self._task = loop.create_task(self._write(), context=empty)
        return await future

    async def close(self) -> None:
        """Write what still waits and stop."""
        if self._task is not None:
            await self._task
            self._task = None

    async def _write(self) -> None:
        while self._waiting:
            count = min(len(self._waiting), LARGEST_BATCH)
            batch = [self._waiting.popleft() for _ in range(count)]
            try:
                outcomes = await _committed(batch)
            except Exception as error:
                outcomes = [(False, error)] * len(batch)
            for waiting, (done, result) in zip(batch, outcomes, strict=True):
                _settle(waiting, done=done, result=result)


def _settle(waiting: Waiting, *, done: bool, result: Any) -> None:
    if done and waiting.tell is not None:
        try:
            waiting.tell(result)
        except Exception:
            # What is committed is done: neither its caller nor the next ones may wait for ever.
            _log.exception("an act that was committed could not be told of")
    if waiting.future.done():
        return
    if done:
        waiting.future.set_result(result)
    else:
        waiting.future.set_exception(result)


async def _joined(act: Act[T], tell: Callable[[T], None] | None) -> T:
    try:
        result = await drive_steps(get_connection(CONNECTION), act)
    except Spoiled as error:
        raise cause_of(error) from error
    if tell is not None:
        after_commit(partial(tell, result))
    return result


async def _committed(batch: Sequence[Waiting]) -> list[Outcome]:
    connection = get_connection(CONNECTION)
    if connection.capabilities.dialect == "postgres":
        return await _on_postgres(batch)
    acts = [waiting.act for waiting in batch]
    connection.log.debug("%s acts in one transaction", len(acts))
    async with connection.acquire_connection() as raw:
        # The one private name of the driver used anywhere: a function run in its thread.
        return cast("list[Outcome]", await raw._execute(_embedded_batch, raw._conn, acts))  # noqa: SLF001


def _embedded_batch(raw: sqlite3.Connection, acts: Sequence[Act[Any]]) -> list[Outcome]:
    try:
        return _in_one(raw, acts, _plainly)
    except Spoiled:
        return _in_one(raw, acts, _apart)


def _in_one(
    raw: sqlite3.Connection,
    acts: Sequence[Act[Any]],
    way: Callable[[sqlite3.Connection, Act[Any]], Outcome],
) -> list[Outcome]:
    # A deferred one could not go on from reading to writing after another process's commit.
    raw.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [way(raw, act) for act in acts]
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise
    return outcomes


def _plainly(raw: sqlite3.Connection, act: Act[Any]) -> Outcome:
    try:
        return True, run_steps(raw, act)
    except Spoiled:
        raise
    except Exception as refusal:
        return False, refusal


def _apart(raw: sqlite3.Connection, act: Act[Any]) -> Outcome:
    raw.execute("SAVEPOINT act")
    try:
        outcome = True, run_steps(raw, act)
    except Exception as error:
        raw.execute("ROLLBACK TO act")
        raw.execute("RELEASE act")
        return False, cause_of(error)
    raw.execute("RELEASE act")
    return outcome


async def _on_postgres(batch: Sequence[Waiting]) -> list[Outcome]:
    try:
        async with in_transaction(CONNECTION) as connection:
            await _lock(connection, batch)
            return [await _driven(connection, each.act) for each in batch]
    except Exception as error:
        if len(batch) == 1:
            return [(False, cause_of(error))]
    # One of them spoiled it for all: each is tried alone, and says why itself.
    return [(await _on_postgres([each]))[0] for each in batch]


async def _driven(connection: BaseDBAsyncClient, act: Act[Any]) -> Outcome:
    try:
        return True, await drive_steps(connection, act)
    except Spoiled:
        raise
    except Exception as refusal:
        return False, refusal


async def _lock(connection: BaseDBAsyncClient, batch: Sequence[Waiting]) -> None:
    """Lock the rows that acts will change first, in one order in all processes."""
    rows: dict[str, set[int]] = {}
    for waiting in batch:
        for lock in waiting.locks:
            rows.setdefault(lock.table, set()).add(lock.id)
    for table, ids in sorted(rows.items()):
        sql = f"SELECT id FROM {table} WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608
        await rows_of(connection, Statement(sql, (sorted(ids),)))


_current: list[GroupWriter] = []


def writer() -> GroupWriter:
    """Give the writer of the open database."""
    return _current[-1]


def use_writer(one: GroupWriter) -> None:
    """Choose the writer, when the database is opened."""
    _current[:] = [one]
