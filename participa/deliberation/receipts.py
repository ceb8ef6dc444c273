"""Giving receipt numbers: consecutive for each entity and year, without gaps."""

from tortoise.connection import get_connection

from participa.db import CONNECTION
from participa.kit.receipts import receipt_number

PREFIX = "PA"
# One statement on both databases; the row stays locked until commit, so no number is lost.
_TAKE = """
    INSERT INTO deliberation_receipt_counter (entity_id, year, given) VALUES ({0}, {1}, {2})
    ON CONFLICT (entity_id, year)
    DO UPDATE SET given = deliberation_receipt_counter.given + excluded.given
    RETURNING given
"""


async def take_receipts(entity_id: int, year: int, count: int = 1) -> list[str]:
    """Take the next receipt numbers, inside the transaction that uses them."""
    connection = get_connection(CONNECTION)
    places = ("$1", "$2", "$3") if connection.capabilities.dialect == "postgres" else ("?",) * 3
    rows = await connection.execute_query_dict(_TAKE.format(*places), [entity_id, year, count])
    last = int(rows[0]["given"])
    return [receipt_number(PREFIX, year, n) for n in range(last - count + 1, last + 1)]
