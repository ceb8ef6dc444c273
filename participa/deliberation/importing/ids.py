"""Numbers for rows that are written in bulk, known before they are written.

A bulk insert gives no numbers back, and replies need those of their parents.
"""

from tortoise.connection import get_connection

from participa.db import CONNECTION, dialect
from participa.entities.models import EntityRow

_POSTGRES = """
    SELECT nextval(pg_get_serial_sequence($1::text, 'id')) AS id FROM generate_series(1, $2::int)
"""
_SQLITE = "SELECT seq FROM sqlite_sequence WHERE name = ?"


async def reserve_ids(model: type[EntityRow], count: int) -> list[int]:
    """Take the next ids of a table, inside the transaction that writes its rows."""
    if not count:
        return []
    connection = get_connection(CONNECTION)
    table = model._meta.db_table  # noqa: SLF001 - the ORM offers no other way
    if dialect() == "postgres":
        rows = await connection.execute_query_dict(_POSTGRES, [table, count])
        return sorted(int(row["id"]) for row in rows)
    # The transaction holds the database's only write lock: nobody else takes these.
    rows = await connection.execute_query_dict(_SQLITE, [table])
    last = int(rows[0]["seq"]) if rows else 0
    return list(range(last + 1, last + 1 + count))
