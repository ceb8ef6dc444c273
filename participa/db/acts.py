"""Acts written as steps: a generator gives statements and is sent their rows.

So one act runs in a thread on the embedded database, one statement after the other on
PostgreSQL, alone or among others that share a commit, and never knows which.
"""

import re
import sqlite3
from collections.abc import Callable, Generator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

T = TypeVar("T")
Row = Sequence[Any]
Rows = Sequence[Row]


class Statement(NamedTuple):
    """One statement with `$1`, `$2` … for its values, on both databases."""

    sql: str
    values: tuple[Any, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return not self.sql.lstrip()[:6].upper().startswith("SELECT")


class Lock(NamedTuple):
    """A row that an act will change first, by which acts of several processes queue."""

    table: str
    id: int


Steps = Generator[Statement, Rows, T]
# Called anew for each try: a batch that failed is run again.
Act = Callable[[], Steps[T]]


class Spoiled(Exception):
    """An act failed after it had written: what it shares a transaction with must be redone."""


@lru_cache(maxsize=500)
def embedded(sql: str) -> str:
    """Write a statement's places as SQLite numbers them."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


def run_steps(raw: sqlite3.Connection, act: Act[T]) -> T:
    """Run an act in the thread that owns the connection. Raises Spoiled, or what it refuses."""
    steps = act()
    wrote = False
    try:
        statement = next(steps)
        while True:
            wrote = wrote or statement.writes
            rows = raw.execute(embedded(statement.sql), statement.values).fetchall()
            statement = steps.send(rows)
    except StopIteration as end:
        result: T = end.value
        return result
    except sqlite3.IntegrityError as error:
        raise (Spoiled() if wrote else IntegrityError(error)) from error
    except Exception as error:
        if wrote:
            raise Spoiled from error
        raise


async def drive_steps(connection: BaseDBAsyncClient, act: Act[T]) -> T:
    """Run an act on a connection with an open transaction. Raises Spoiled, or what it refuses."""
    steps = act()
    wrote = False
    try:
        statement = next(steps)
        while True:
            wrote = wrote or statement.writes
            statement = steps.send(await rows_of(connection, statement))
    except StopIteration as end:
        result: T = end.value
        return result
    except Exception as error:
        # A statement that failed spoils the whole transaction on PostgreSQL.
        if wrote or isinstance(error, IntegrityError):
            raise Spoiled from error
        raise


def cause_of(error: Exception) -> BaseException:
    """Give what an act failed of, as the ORM names it."""
    cause = error.__cause__ if isinstance(error, Spoiled) else None
    if cause is None:
        return error
    return IntegrityError(cause) if isinstance(cause, sqlite3.IntegrityError) else cause


async def rows_of(connection: BaseDBAsyncClient, statement: Statement) -> Rows:
    """Run one statement and give its rows, by position; refusals as the ORM names them."""
    connection.log.debug("%s: %s", statement.sql, statement.values)
    async with connection.acquire_connection() as raw:
        try:
            if connection.capabilities.dialect == "postgres":
                rows: Rows = await raw.fetch(statement.sql, *statement.values)
                return rows
            sql = embedded(statement.sql)
            return list(await raw.execute_fetchall(sql, statement.values))
        except (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError) as error:
            raise IntegrityError(error) from error
