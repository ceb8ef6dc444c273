"""Giving receipt numbers: consecutive for each entity and year, without gaps."""

from participa.db import Rows, Statement, Steps, writer
from participa.kit.receipts import receipt_number

PREFIX = "PA"
# One statement on both databases; the row stays locked until commit, so no number is lost.
_TAKE = """
    INSERT INTO deliberation_receipt_counter (entity_id, year, given) VALUES ($1, $2, $3)
    ON CONFLICT (entity_id, year)
    DO UPDATE SET given = deliberation_receipt_counter.given + excluded.given
    RETURNING given
"""


def taking_receipts(entity_id: int, year: int, count: int = 1) -> Steps[list[str]]:
    """Take the next receipt numbers, inside the transaction that uses them."""
    rows: Rows = yield Statement(_TAKE, (entity_id, year, count))
    last = int(rows[0][0])
    return [receipt_number(PREFIX, year, n) for n in range(last - count + 1, last + 1)]


async def take_receipts(entity_id: int, year: int, count: int = 1) -> list[str]:
    """Take the next receipt numbers inside the caller's transaction."""
    return await writer().run(lambda: taking_receipts(entity_id, year, count))
