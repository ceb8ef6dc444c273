"""The database: connections, transactions, migrations. Tables belong to their features."""

from participa.db.engine import (
    CONNECTION,
    TABLES,
    connected,
    dialect,
    keep_statistics,
    orm_config,
)
from participa.db.transactions import after_commit, transaction

__all__ = [
    "CONNECTION",
    "TABLES",
    "after_commit",
    "connected",
    "dialect",
    "keep_statistics",
    "orm_config",
    "transaction",
]
