"""The database: connections, transactions, migrations. Tables belong to their features."""

from participa.db.acts import Act, Lock, Row, Rows, Statement, Steps
from participa.db.engine import (
    TABLES,
    connected,
    dialect,
    keep_statistics,
    orm_config,
)
from participa.db.names import CONNECTION
from participa.db.reads import fetch, moment, unpacked
from participa.db.transactions import after_commit, transaction
from participa.db.writer import writer

__all__ = [
    "CONNECTION",
    "TABLES",
    "Act",
    "Lock",
    "Row",
    "Rows",
    "Statement",
    "Steps",
    "after_commit",
    "connected",
    "dialect",
    "fetch",
    "keep_statistics",
    "moment",
    "orm_config",
    "transaction",
    "unpacked",
    "writer",
]
