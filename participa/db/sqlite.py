"""The embedded database's client: as the ORM's own, but transactions take the write lock first.

A deferred transaction that reads and then writes fails at once with "database is locked" when
another process committed in between, whatever the busy timeout; one that begins immediate waits.
"""

from tortoise.backends.base.client import TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)


class ImmediateTransaction(SqliteTransactionWrapper):
    """A transaction that owns the write lock from its first statement on."""

    async def begin(self) -> None:
        """Begin, waiting for another process's commit."""
        await self._connection.execute("BEGIN IMMEDIATE")


class ImmediateSqliteClient(SqliteClient):
    """The client named by the connection's `engine`."""

    def _in_transaction(self) -> TransactionContext:
        return SqliteTransactionContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateSqliteClient
