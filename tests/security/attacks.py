"""What the attacks share: odd values, and a sum over all tables to see that nothing changed."""

import hashlib

from tortoise import Tortoise

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
    sums = {}
    for app in (Tortoise.apps or {}).values():
        for model in app.values():
            table = model._meta.db_table
            if model._meta.abstract or table in TOUCHED | without:
                continue
            rows = sorted(repr(sorted(row.items())) for row in await model.all().values())
            sums[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sums


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Name the tables that are not as they were."""
    return {table for table in before if before[table] != after[table]}
