"""The hub of several processes: wakes travel through Redis, watchers stay where they are.

Without Redis each process goes on waking its own, and the heartbeat of the sockets finds the
rest in the database.
"""

import asyncio
import logging

from redis.asyncio import Redis
from redis.exceptions import RedisError

from participa.realtime.hub import MemoryHub

CHANNEL = "participa:wake"
RETRY_SECONDS = 1.0
_log = logging.getLogger("participa.realtime")


class RedisHub(MemoryHub):
    """A memory hub that tells the others, and listens to them."""

    def __init__(self, redis: "Redis") -> None:
        super().__init__()
        self._redis = redis

    async def wake(self, topic: str) -> None:
        """Wake the watchers here at once, and those elsewhere through Redis."""
        await super().wake(topic)
        try:
            await self._redis.publish(CHANNEL, topic)
        except RedisError:
            _log.warning("Redis does not answer; other processes will find the news themselves")

    async def listen(self) -> None:
        """Pass on what other processes announce, until cancelled; reconnects by itself."""
        while True:
            try:
                await self._listen_once()
            except RedisError:
                _log.warning("Redis does not answer; trying again")
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_once(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANNEL)
            async for message in channel.listen():
                await super().wake(message["data"].decode())
