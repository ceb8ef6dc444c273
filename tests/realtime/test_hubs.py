"""Both hubs wake those who watch, and only them."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from participa.realtime import MemoryHub, RedisHub
from participa.security.limits import Limit, MemoryLimiter, RedisLimiter, address_prefix

REDIS = os.environ.get("PARTICIPA_TEST_REDIS", "redis://127.0.0.1:6379/15")
THREE = Limit("tests", 3, 60)


@pytest.fixture
async def redis() -> AsyncIterator["Redis"]:
    """Connect to the local Redis; skip where none answers."""
    client = Redis.from_url(REDIS)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        await client.aclose()
        pytest.skip(f"no Redis at the usual local address: {error}")
    yield client
    await client.aclose()


async def test_a_wake_reaches_its_topic_only() -> None:
    """Watchers of another topic sleep on; who left is forgotten."""
    hub = MemoryHub()
    with hub.watching("a") as a, hub.watching("b") as b:
        await hub.wake("a")
        assert a.is_set()
        assert not b.is_set()
    assert hub.count("a") == 0


async def test_a_wake_travels_between_processes(redis: "Redis") -> None:
    """What one process announces wakes the watchers of another."""
    here, there = RedisHub(redis), RedisHub(redis)
    listening = asyncio.create_task(there.listen())
    try:
        with there.watching("t") as woken:
            for _ in range(100):
                await here.wake("t")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), 0.05)
                    break
            assert woken.is_set()
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def test_without_redis_the_own_watchers_are_woken() -> None:
    """A Redis that is gone keeps nobody in this process asleep."""
    gone = Redis.from_url("redis://127.0.0.1:1/0")
    hub = RedisHub(gone)
    with hub.watching("t") as woken:
        await hub.wake("t")
        assert woken.is_set()
    await gone.aclose()


async def test_a_limit_holds_and_refills() -> None:
    """The fourth of three is told how long to wait, and may go on after that."""
    now = 0.0
    limiter = MemoryLimiter(lambda: now)
    assert [await limiter.wait(THREE, "k") for _ in range(4)] == [0, 0, 0, 20]
    assert await limiter.wait(THREE, "other") == 0
    now = 20.0
    assert await limiter.wait(THREE, "k") == 0


async def test_processes_share_a_limit(redis: "Redis") -> None:
    """Two processes counting the same key together let three through."""
    key = os.urandom(4).hex()
    one, other = RedisLimiter(redis), RedisLimiter(redis)
    waits = [await limiter.wait(THREE, key) for limiter in (one, other, one, other)]
    assert waits[:3] == [0, 0, 0]
    assert waits[3] > 0


async def test_t16_a_limit_without_redis_is_counted_here() -> None:
    """A store that is down never opens the door."""
    gone = Redis.from_url("redis://127.0.0.1:1/0")
    limiter = RedisLimiter(gone)
    waits = [await limiter.wait(THREE, "k") for _ in range(4)]
    await gone.aclose()
    assert waits[3] > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("190.1.2.3", "190.1.2.250"),
        ("::ffff:190.1.2.3", "190.1.2.9"),
        ("2800:484:1:2::1", "2800:484:1:2:ffff::9"),
    ],
)
def test_t16_neighbouring_addresses_are_one(one: str, other: str) -> None:
    """Another suffix of the same line is the same line."""
    assert address_prefix(one) == address_prefix(other)
    assert address_prefix(one) != address_prefix("200.1.2.3")
