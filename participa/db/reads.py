"""Quick reads of what is committed: few rows by key, as plain values, no objects.

On the embedded database they have a connection of their own and run in the event loop: a read
by key takes microseconds there, the way to another thread and back two hundred.
"""

import json
import logging
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tortoise.connection import get_connection

from participa.db.acts import Rows, Statement, embedded, rows_of
from participa.db.names import CONNECTION
from participa.db.transactions import in_act

# The ORM's own log, so that whoever counts statements counts these too.
_log = logging.getLogger("tortoise.db_client")
_own: list[sqlite3.Connection] = []


def open_reader(file: Path | None) -> None:
    """Open the read connection of the embedded database; PostgreSQL needs none."""
    if file is None:
        return
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = 1")
    connection.execute("PRAGMA busy_timeout = 2000")
    # Its page cache is void after each commit of another connection; the file is mapped instead.
    connection.execute("PRAGMA mmap_size = 268435456")
    _own.append(connection)


def close_reader() -> None:
    """Close it again."""
    while _own:
        _own.pop().close()


async def fetch(sql: str, *values: Any) -> Rows:
    """Read rows. Inside an act they come from its own transaction, half-written things too."""
    if in_act() or not _own:
        return await rows_of(get_connection(CONNECTION), Statement(sql, values))
    if _log.isEnabledFor(logging.DEBUG):
        _log.debug("%s: %s", sql, values)
    return _own[-1].execute(embedded(sql), values).fetchall()


def moment(value: Any) -> datetime:
    """Give a time as read: text on the embedded database, a moment on PostgreSQL."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def unpacked(value: Any) -> Any:
    """Give a JSON column as read: text on both databases."""
    return json.loads(value) if isinstance(value, str) else value
