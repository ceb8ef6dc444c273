"""Tasks end when they are stopped, also those that swallow a cancelling."""

import asyncio
import contextlib

from participa.realtime import stopping
from participa.realtime.stopping import stop


async def test_a_task_that_swallows_its_cancelling_is_ended() -> None:
    """The second cancelling comes by itself."""
    stopping._AGAIN_SECONDS, before = 0.01, stopping._AGAIN_SECONDS
    swallowed = []

    async def stubborn() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        swallowed.append(1)
        await asyncio.sleep(60)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(stop([task]), 5)
    stopping._AGAIN_SECONDS = before
    assert swallowed == [1]
    assert task.cancelled()


async def test_nothing_to_stop_is_stopped() -> None:
    """No task, no waiting."""
    await asyncio.wait_for(stop([]), 1)
