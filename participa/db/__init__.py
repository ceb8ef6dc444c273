"""The database: connections, transactions, migrations. Tables belong to their features."""

from participa.db.engine import CONNECTION, TABLES, connected, dialect, orm_config
from participa.db.transactions import after_commit, transaction

__all__ = [
    "CONNECTION",
    "TABLES",
    "after_commit",
    "connected",
    "dialect",
    "orm_config",
    "transaction",
]
