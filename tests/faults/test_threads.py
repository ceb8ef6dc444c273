"""Threads under faults: lines that fall, processes that die, a Redis that goes and comes."""

import asyncio
import random
import signal
import socket
from pathlib import Path

import httpx2
import pytest

from participa.security.limits import ANSWER_SECONDS, AWAY_SECONDS
from tests.faults.houses import House, Web, house
from tests.faults.readers import Asker, Reader, all_at, check, reading
from tests.people import HOST
from tests.serving import handshake

# A heartbeat and a little: what nobody is woken for is found after that.
CATCH_UP = 6.0


def chance_of(seed: int) -> random.Random:
    """Give the same chance in each run."""
    return random.Random(seed)  # noqa: S311 - nothing secret


def _crowd(built: House, webs: list[Web], count: int, seed: int) -> list[Reader]:
    readers = [
        Reader(built.thread_id, webs, chance_of(seed * 1000 + n), falls_every=0.3 + n % 5)
        for n in range(count)
    ]
    readers += [
        Asker(built.thread_id, webs, chance_of(seed * 1000 + 900 + n))
        for n in range(max(count // 10, 1))
    ]
    return readers


SIZES = [
    pytest.param(300, 150.0, 10, id="300"),
    pytest.param(10_000, 200.0, 40, id="10000", marks=pytest.mark.long),
]


@pytest.mark.parametrize(("events", "pace", "count"), SIZES)
async def test_nothing_is_lost_or_doubled(
    tmp_path: Path, events: int, pace: float, count: int
) -> None:
    """Two writers, two web processes of which one is killed, lines that fall: all is told once."""
    async with house(tmp_path) as built:
        webs = [await built.web() for _ in range(2)]
        readers = _crowd(built, webs, count, seed=events)
        async with reading(readers):
            await asyncio.sleep(0.5)
            writers = [built.writer(n, events // 2, pace / 2) for n in range(2)]
            while max(each.number for each in readers) < events * 0.4:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            webs[1].child.end(signal.SIGKILL)
            await asyncio.sleep(1)
            await webs[1].start()
            statuses = [await each.result(events / pace * 4 + 30) for each in writers]
            assert statuses == [0, 0]
            table = await built.table()
            assert len(table) == events + 1
            took = await all_at(readers, table[-1][0], CATCH_UP)
        check(readers, table)
        falls = sum(each.falls for each in readers)
        reloads = sum(len(each.reloads) for each in readers)
        assert falls >= count
        assert reloads <= count // 4
        print(f"{events} events, {len(readers)} readers, {falls} falls, {reloads} reloads")
        print(f"the last reader knew it all after {took:.2f} s")


async def _post(built: House, web: Web, who: int, words: str) -> float:
    """Post as a page's script does; give how long it took."""
    loop = asyncio.get_running_loop()
    headers = {"Host": HOST, "Cookie": built.cookies[who], "Origin": f"http://{HOST}"}
    async with httpx2.AsyncClient(headers=headers, timeout=10) as client:
        at = f"http://127.0.0.1:{web.port}/hilos/{built.thread_id}"
        page = (await client.get(at)).text
        form = {"csrf": page.split('name="csrf" value="')[1].split('"')[0], "body": words}
        started = loop.time()
        answer = await client.post(
            f"{at}/aportes", data=form, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 201, answer.text
    return loop.time() - started


async def _told(built: House, webs: list[Web], readers: list[Reader], who: int) -> float:
    """Post in each process and wait until the readers of both know."""
    slowest = 0.0
    for web in webs:
        slowest = max(slowest, await _post(built, web, who, f"Aporte de {who}."))
    last = (await built.table())[-1][0]
    await all_at(readers, last, CATCH_UP)
    assert min(each.number for each in readers) == last
    return slowest


@pytest.mark.long
async def test_redis_goes_and_comes(tmp_path: Path) -> None:
    """Emptied, killed and back: posting goes on, readers of all processes catch up."""
    async with house(tmp_path) as built:
        webs = [await built.web() for _ in range(2)]
        readers = [
            Reader(built.thread_id, [web], chance_of(n), falls_every=None)
            for n, web in enumerate(webs * 2)
        ]
        async with reading(readers):
            await asyncio.sleep(0.5)
            times = {"up": await _told(built, webs, readers, 0)}
            await built.flush_redis()
            times["flushed"] = await _told(built, webs, readers, 1)
            built.redis.end(signal.SIGKILL)
            times["killed"] = await _told(built, webs, readers, 2)
            times["still away"] = await _told(built, webs, readers, 3)
            await built.start_redis()
            await built.until_all_listen(len(webs))
            times["back"] = await _told(built, webs, readers, 4)
        check(readers, await built.table())
        print({name: round(each, 3) for name, each in times.items()})
        assert max(times.values()) < ANSWER_SECONDS + 1


@pytest.mark.long
async def test_redis_hangs(tmp_path: Path) -> None:
    """One that listens and never answers holds up a post a little, and no reader for long."""
    async with house(tmp_path) as built:
        webs = [await built.web() for _ in range(2)]
        readers = [
            Reader(built.thread_id, [web], chance_of(n), falls_every=None)
            for n, web in enumerate(webs * 2)
        ]
        async with reading(readers):
            times = {"up": await _told(built, webs, readers, 0)}
            assert built.redis.process is not None
            built.redis.process.send_signal(signal.SIGSTOP)
            try:
                times["hanging"] = await _told(built, webs, readers, 1)
                times["still"] = await _told(built, webs, readers, 2)
            finally:
                built.redis.process.send_signal(signal.SIGCONT)
            await asyncio.sleep(AWAY_SECONDS)
            times["again"] = await _told(built, webs, readers, 3)
        check(readers, await built.table())
        print({name: round(each, 3) for name, each in times.items()})
        assert max(times.values()) < ANSWER_SECONDS + 1


async def test_a_reader_that_never_reads(tmp_path: Path) -> None:
    """Far over 4 MiB are told: it is cut, the process stays small, and nobody else waits."""
    async with house(tmp_path) as built:
        web = await built.web()
        lazy = [await _never_reading(built, web) for _ in range(20)]
        readers = [Reader(built.thread_id, [web], chance_of(n), falls_every=None) for n in range(3)]
        async with reading(readers):
            await asyncio.sleep(0.5)
            before = web.child.memory()
            writer = built.writer(1, 700, 150.0, size=12_000)
            assert await writer.result(60) == 0
            table = await built.table()
            took = await all_at(readers, table[-1][0], CATCH_UP)
            grown = web.child.memory() - before
        check(readers, table)
        for line in lazy:
            line.close()
        print(f"{grown / 2**20:.1f} MiB more with 20 who never read, last after {took:.2f} s")
        # What is kept of 700 long contributions, and a bounded queue for each who was not cut.
        assert grown < 64 * 2**20


async def _never_reading(built: House, web: Web) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", web.port))
    await loop.sock_sendall(line, handshake(built.thread_id, after=1))
    return line
