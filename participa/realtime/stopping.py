"""Ending tasks for certain."""

import asyncio
from collections.abc import Iterable

_AGAIN_SECONDS = 1.0


async def stop(tasks: "Iterable[asyncio.Task[None]]") -> None:
    """Cancel tasks until they have ended.

    Once may not be enough: code that waits for two things at a time can swallow a cancelling
    that comes with the other one (`asyncio.wait_for` of Python 3.11, and libraries on it).
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _done, pending = await asyncio.wait(pending, timeout=_AGAIN_SECONDS)
