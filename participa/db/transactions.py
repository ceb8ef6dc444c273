"""One act, one transaction; what must follow a commit follows only a commit."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

from tortoise.transactions import in_transaction

from participa.db.names import CONNECTION

AfterCommit = Callable[[], None]
_pending: ContextVar[list[AfterCommit] | None] = ContextVar("after_commit", default=None)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Run a block as one transaction; inside another one it joins it.

    What was given to `after_commit` runs once the outermost block is committed, and is
    dropped when it is rolled back.
    """
    if _pending.get() is not None:
        yield
        return
    callbacks: list[AfterCommit] = []
    token = _pending.set(callbacks)
    try:
        async with in_transaction(CONNECTION):
            yield
    finally:
        _pending.reset(token)
    for callback in callbacks:
        callback()


def in_act() -> bool:
    """Whether a transaction of this task is open."""
    return _pending.get() is not None


def after_commit(callback: AfterCommit) -> None:
    """Do something once the current transaction is committed.

    Raises RuntimeError outside a transaction: a wake without a commit would announce nothing.
    """
    callbacks = _pending.get()
    if callbacks is None:
        raise RuntimeError("after_commit() outside transaction()")
    callbacks.append(callback)
