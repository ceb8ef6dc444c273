"""Both hubs wake those who listen, and only them."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from participa.realtime import MemoryHub, RedisHub, current_hub, use_hub, wake
from participa.realtime.hub import Wake
from participa.realtime.redis_hub import CHANNEL, LONGEST_QUEUE, PRESENCE_SECONDS
from participa.realtime.stopping import stop
from participa.security.limits import (
    ANSWER_SECONDS,
    Limit,
    MemoryLimiter,
    RedisLimiter,
    address_prefix,
)
from tests.realtime.fakes import until

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


@contextlib.asynccontextmanager
async def running(*hubs: RedisHub) -> AsyncIterator[None]:
    """Let hubs talk and listen until the end of the block."""
    tasks = [asyncio.create_task(work()) for hub in hubs for work in (hub.listen, hub.talk)]
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        await stop(tasks)


def setting(event: asyncio.Event) -> Wake:
    """Give a listener that sets an event."""
    return lambda _fact: event.set()


async def test_a_wake_reaches_its_topic_only() -> None:
    """Listeners of another topic sleep on; who left is forgotten."""
    hub = MemoryHub()
    a, b = asyncio.Event(), asyncio.Event()
    with hub.listening("a", setting(a)), hub.listening("b", setting(b)):
        assert hub.count("a") == 1
        hub.wake("a")
        assert a.is_set()
        assert not b.is_set()
    assert hub.count("a") == 0
    hub.wake("a")


async def test_a_listener_may_leave_while_it_is_woken() -> None:
    """Who stops listening, or begins to, when the wake comes disturbs nobody."""
    hub, woken = MemoryHub(), []
    async with AsyncExitStack() as stack:
        with contextlib.ExitStack() as first:
            first.enter_context(hub.listening("t", lambda _fact: first.close()))
            stack.enter_context(hub.listening("t", lambda _fact: woken.append(1)))
            hub.wake("t")
        assert woken == [1]


async def test_the_hub_in_use_is_woken() -> None:
    """An act's wake goes through the hub that was chosen at start."""
    hub, woken = MemoryHub(), asyncio.Event()
    use_hub(hub)
    assert current_hub() is hub
    with hub.listening("t", setting(woken)):
        wake("t")
    assert woken.is_set()


async def test_a_wake_travels_between_processes(redis: "Redis") -> None:
    """What one process announces wakes the listeners of another, and its own at once."""
    here, there = RedisHub(redis), RedisHub(redis)
    own, woken = asyncio.Event(), asyncio.Event()
    with there.listening("t", setting(woken)), here.listening("t", setting(own)):
        async with running(here, there):
            here.wake("t")
            assert own.is_set()
            await until(woken.is_set, again=lambda: here.wake("t"))


async def test_a_process_is_not_woken_by_itself_again(redis: "Redis") -> None:
    """One's own announcement that comes back from Redis is not a second wake."""
    here, there = RedisHub(redis), RedisHub(redis)
    woken: list[int] = []
    heard = asyncio.Event()
    with there.listening("t", setting(heard)), here.listening("t", lambda _fact: woken.append(1)):
        async with running(here, there):
            await until(lambda: heard.is_set() and woken)
            woken.clear()
            heard.clear()
            here.wake("t")
            await until(heard.is_set)
            await asyncio.sleep(0.1)
            assert woken == [1]


async def test_presence_is_summed_and_forgotten(redis: "Redis") -> None:
    """The pages of other processes count, the own ones not twice, a dead process' no longer."""
    now = 0.0
    one, two, three = (RedisHub(redis, lambda: now) for _ in range(3))
    async with running(one, two, three):

        def say() -> None:
            one.tell_presence("t", 3)
            two.tell_presence("t", 4)

        await until(lambda: three.presence_elsewhere("t") == 7, again=say)
        await until(lambda: one.presence_elsewhere("t") == 4, again=say)
        assert three.presence_elsewhere("other") == 0
        now = PRESENCE_SECONDS + 1
        assert three.presence_elsewhere("t") == 0


async def test_nonsense_in_the_channel_is_passed_over(redis: "Redis") -> None:
    """What no hub of ours would say neither ends the listening nor wakes anybody wrongly."""
    here, there = RedisHub(redis), RedisHub(redis)
    woken = asyncio.Event()
    with there.listening("t", setting(woken)):
        async with running(here, there):
            await until(woken.is_set)
            for nonsense in (b"\xff\xfe", b"{", b"[]", b"3", b"{}", b'{"topic":[1],"from":null}'):
                await redis.publish(CHANNEL, nonsense)
            await asyncio.sleep(0.1)
            woken.clear()
            here.wake("t")
            await until(woken.is_set)


async def test_without_redis_the_own_listeners_are_woken() -> None:
    """A Redis that is gone keeps nobody in this process asleep, and costs no memory."""
    gone = Redis.from_url("redis://127.0.0.1:1/0")
    hub = RedisHub(gone)
    woken = asyncio.Event()
    with hub.listening("t", setting(woken)):
        async with running(hub):
            for _ in range(LONGEST_QUEUE * 2):
                hub.wake("t")
            assert woken.is_set()
            assert hub._outgoing.qsize() <= LONGEST_QUEUE
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


async def test_t16_a_redis_that_hangs_is_not_waited_for() -> None:
    """One that takes the question and never answers holds nobody up: once a little, then not."""

    async def mute(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(30)
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client = Redis.from_url(f"redis://127.0.0.1:{port}/0")
    limiter, loop = RedisLimiter(client), asyncio.get_running_loop()
    started = loop.time()
    waits = [await limiter.wait(THREE, "k") for _ in range(4)]
    assert loop.time() - started < ANSWER_SECONDS * 2
    assert waits[3] > 0
    await client.aclose()
    server.close()


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
