"""What the attacks share: odd values, and a sum over all tables to see that nothing changed."""

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing

from tortoise import Tortoise
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.connection import get_connection

from participa.db import CONNECTION

# Sign-ins are touched by every request of a signed-in person; that is their use.
TOUCHED = {"accounts_login_session"}

ODD = (
    "-1",
    "99999999999999",
    "9" * 5000,
    "%00",
    "a%00b",
    "%ed%a0%80",
    "%ff",
    "%zz",
    "\u00b2",
    "\u0663",
    "9999999999.9999999999",
    "99999999999999999.1",
    "2026-01-01.99999999999999999999",
    "nan.1",
    "-62135700000.1",
    "'\"--",
    "%0d%0aX-Evil:1",
    "z" * 3000,
)
EVIL_PATHS = (
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/ruta\r\nSet-Cookie: a=b",
    "@evil.example",
    "evil.example",
    "?x",
    "/\x00/evil.example",
)


async def checksum(*, without: frozenset[str] = frozenset()) -> dict[str, str]:
    """Sum up each table's rows."""
    tables = sorted(
        model._meta.db_table
        for app in (Tortoise.apps or {}).values()
        for model in app.values()
        if not model._meta.abstract and model._meta.db_table not in TOUCHED | without
    )
    connection = get_connection(CONNECTION)
    if isinstance(connection, SqliteClient):
        # By the file itself: what is asked of so many tables is asked hundreds of times.
        with closing(sqlite3.connect(connection.filename)) as file:
            return {name: _sum_of(file.execute(f'SELECT * FROM "{name}"')) for name in tables}
    return {
        name: _sum_of(row.values() for row in await connection.execute_query_dict(
            f'SELECT * FROM "{name}"'))
        for name in tables
    }  # fmt: skip


def _sum_of(rows: Iterable[Iterable[object]]) -> str:
    told = sorted(repr(tuple(row)) for row in rows)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Name the tables that are not as they were."""
    return {table for table in before if before[table] != after[table]}
