"""The hub of several processes: wakes travel through Redis, listeners stay where they are.

Nothing waits for Redis. Without it each process goes on waking its own, and the heartbeat of
the feeds finds the rest in the database.
"""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Callable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from participa.realtime.hub import MemoryHub

CHANNEL = "participa:live"
RETRY_SECONDS = 1.0
# More wakes than this waiting to be sent mean that Redis is gone; the oldest news are old.
LONGEST_QUEUE = 1000
PRESENCE_SECONDS = 15.0
_log = logging.getLogger("participa.realtime")


class RedisHub(MemoryHub):
    """A memory hub that tells the others, and listens to them."""

    def __init__(self, redis: "Redis", clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._redis = redis
        self._clock = clock
        self._name = secrets.token_hex(4)
        self._outgoing: asyncio.Queue[str] = asyncio.Queue(LONGEST_QUEUE)
        # By topic and process: how many pages, and when that was said.
        self._elsewhere: dict[str, dict[str, tuple[int, float]]] = {}

    def wake(self, topic: str, fact: object = None) -> None:
        """Wake the listeners here at once, and those elsewhere through Redis, without the fact."""
        super().wake(topic, fact)
        self._send({"topic": topic})

    def tell_presence(self, topic: str, here: int) -> None:
        """Tell the others how many pages of this process look at a topic."""
        self._send({"topic": topic, "here": here})

    def presence_elsewhere(self, topic: str) -> int:
        """Count what the others said in the last seconds; a process that died is forgotten."""
        since = self._clock() - PRESENCE_SECONDS
        said = self._elsewhere.get(topic, {})
        fresh = {name: each for name, each in said.items() if each[1] > since}
        if fresh:
            self._elsewhere[topic] = fresh
        else:
            self._elsewhere.pop(topic, None)
        return sum(count for count, _at in fresh.values())

    def _send(self, news: dict[str, object]) -> None:
        if self._outgoing.full():
            self._outgoing.get_nowait()
        self._outgoing.put_nowait(json.dumps({**news, "from": self._name}))

    async def talk(self) -> None:
        """Send on what is to be announced, until cancelled."""
        while True:
            news = await self._outgoing.get()
            try:
                await self._redis.publish(CHANNEL, news)
            except (RedisError, OSError):
                _log.warning("Redis does not answer; other processes will find the news themselves")
                await asyncio.sleep(RETRY_SECONDS)

    async def listen(self) -> None:
        """Pass on what other processes announce, until cancelled; reconnects by itself."""
        while True:
            try:
                await self._listen_once()
            except (RedisError, OSError):
                _log.warning("Redis does not answer; trying again")
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen_once(self) -> None:
        async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANNEL)
            # What was announced while nobody listened is in the table.
            self._wake_all()
            async for message in channel.listen():
                self._heard(message["data"])

    def _wake_all(self) -> None:
        for topic in tuple(self._listeners):
            super().wake(topic)

    def _heard(self, data: bytes) -> None:
        try:
            news = json.loads(data)
            topic, name, here = str(news["topic"]), str(news["from"]), news.get("here")
        except (ValueError, TypeError, KeyError):
            # Somebody else's words must not end the listening.
            _log.warning("something was said in %s that is no news", CHANNEL)
            return
        if name == self._name:
            return
        if isinstance(here, int):
            self._elsewhere.setdefault(topic, {})[name] = (here, self._clock())
        else:
            super().wake(topic)
