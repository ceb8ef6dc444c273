"""Rate limits: token buckets in memory, or in Redis so that several processes share them (T16)."""

import asyncio
import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

_log = logging.getLogger("participa.limits")
MAX_BUCKETS = 50_000
# A Redis that hangs must not hold up who posts, nor be asked again by each of them.
ANSWER_SECONDS, AWAY_SECONDS = 0.5, 5.0


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, refilled over so many seconds."""

    name: str
    count: int
    seconds: int


LOGIN = Limit("login", 5, 60)
LOGIN_ACCOUNT = Limit("login_account", 30, 60)
# Many accounts tried from one place; a village may share its only address.
LOGIN_PLACE = Limit("login_place", 60, 60)
REGISTRATION = Limit("registration", 5, 3600)
MAIL = Limit("mail", 3, 3600)
POST = Limit("post", 10, 60)
SUPPORT = Limit("support", 30, 60)
UPLOAD = Limit("upload", 20, 600)
# An official who corrects an outline presses a button every second or two.
CORRECTION = Limit("correction", 60, 60)
EXPORT = Limit("export", 30, 3600)


class Limiter(Protocol):
    """Counts what somebody does; gives the seconds to wait, 0 when it may go on."""

    async def wait(self, limit: Limit, key: str) -> int:
        """Take one from the bucket of this key, or say how long until there is one."""
        ...


class MemoryLimiter:
    """Buckets of one process; the least used are forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def wait(self, limit: Limit, key: str) -> int:
        """Take one token, refilling at an even pace."""
        now = self._clock()
        name = f"{limit.name}:{key}"
        left, seen = self._buckets.pop(name, (float(limit.count), now))
        left = min(limit.count, left + (now - seen) * limit.count / limit.seconds)
        enough = left >= 1
        self._buckets[name] = (left - 1 if enough else left, now)
        while len(self._buckets) > MAX_BUCKETS:
            self._buckets.popitem(last=False)
        return 0 if enough else max(1, round((1 - left) * limit.seconds / limit.count))


class RedisLimiter:
    """A fixed window shared by all processes; without Redis each counts for itself."""

    def __init__(self, redis: "Redis", fallback: Limiter | None = None) -> None:
        self._redis = redis
        self._fallback = fallback or MemoryLimiter()
        self._away_until = 0.0

    async def wait(self, limit: Limit, key: str) -> int:
        """Count in the current window."""
        if time.monotonic() < self._away_until:
            return await self._fallback.wait(limit, key)
        window = int(time.time()) // limit.seconds
        name = f"participa:limit:{limit.name}:{key}:{window}"
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                count = int(await self._redis.incr(name))
                if count == 1:
                    await self._redis.expire(name, limit.seconds)
        except (RedisError, OSError):
            self._away_until = time.monotonic() + AWAY_SECONDS
            _log.warning("Redis does not answer; limits are counted in this process")
            return await self._fallback.wait(limit, key)
        if count <= limit.count:
            return 0
        return limit.seconds - int(time.time()) % limit.seconds


def address_prefix(address: str) -> str:
    """Give the neighbourhood of an address, /24 or /64: one machine has many addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    width = 24 if parsed.version == 4 else 64
    return str(ipaddress.ip_network(f"{parsed}/{width}", strict=False).network_address)
