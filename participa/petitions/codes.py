"""Filing numbers, consecutive for each entity and year, and the secret codes to follow a case."""

import hashlib
import hmac

from tortoise.connection import get_connection

from participa.db import CONNECTION, dialect
from participa.kit import codes
from participa.kit.receipts import parse_receipt, receipt_number
from participa.petitions.rules import PREFIX

# One statement on both databases; the row stays locked until commit, so no number is lost.
_TAKE = """
    INSERT INTO petitions_filing_counter (entity_id, year, given) VALUES ({0}, {1}, 1)
    ON CONFLICT (entity_id, year)
    DO UPDATE SET given = petitions_filing_counter.given + 1
    RETURNING given
"""


async def take_filing_number(entity_id: int, year: int) -> str:
    """Take the next filing number, inside the transaction that uses it."""
    places = ("$1", "$2") if dialect() == "postgres" else ("?", "?")
    rows = await get_connection(CONNECTION).execute_query_dict(
        _TAKE.format(*places), [entity_id, year]
    )
    return receipt_number(PREFIX, year, int(rows[0]["given"]))


def read_filing_number(text: str) -> str:
    """Give a filing number in its one spelling; empty for what cannot be one."""
    receipt = parse_receipt(text)
    return str(receipt) if receipt is not None and receipt.prefix == PREFIX else ""


def sending_digest(entity_id: int, request_key: str | None, *words: str) -> str | None:
    """Give the mark of one sending: the same form with the same words, so that it counts once.

    Without a key there is no mark. Other words under the same key are another petition.
    """
    if request_key is None:
        return None
    parts = "\0".join((str(entity_id), request_key, *words))
    return hashlib.sha256(parts.encode()).hexdigest()


def new_code(secret: bytes, request_key: str | None, sending: str | None) -> str:
    """Make the secret code of a petition, 80 bits in four groups.

    A form sent twice by an impatient finger must show the same code both times, although only
    its hash is kept: so it is made of the form's own key, which is not kept either.
    """
    if request_key is None or sending is None:
        return codes.new_code()
    marked = f"petition:{request_key}:{sending}".encode()
    return codes.new_code(hmac.digest(secret, marked, "sha256")[: codes.BYTES])


def code_hash(code: str) -> str:
    """Give what is kept of a code, however it was typed."""
    return hashlib.sha256(f"petition-code:{codes.plain_code(code)}".encode()).hexdigest()
