"""A house of several processes: own database, own Redis, web servers and writers, all ended."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tortoise.backends.base.executor import EXECUTOR_CACHE

from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.accounts.sessions import open_session
from participa.db import connected
from participa.db.migrations import migrate
from participa.deliberation.saying import Said
from participa.entities.service import create_entity
from participa.forums.service import create_forum, start_topic
from participa.processes.service import PhasePlan
from participa.realtime.redis_hub import CHANNEL
from participa.settings import Settings
from tests.conftest import POSTGRES, TEST_SECRET, make_settings
from tests.people import ALL_ACTIVITIES, HOST, open_process, person

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def answers(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def until_answers(port: int) -> None:
    """Wait until a process listens."""
    async with asyncio.timeout(START_SECONDS):
        while not await answers(port):  # noqa: ASYNC110 - another process has no event
            await asyncio.sleep(0.05)


@dataclass
class Child:
    """A process of ours, ended with the test whatever happens."""

    command: list[str]
    environment: Mapping[str, str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, once more where it was ended."""
        log = (self.folder / f"{uuid.uuid4().hex[:6]}.log").open("wb")
        self.process = subprocess.Popen(
            self.command, env=dict(self.environment), cwd=self.folder, stdout=log, stderr=log
        )
        log.close()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process is not None
        return self.process.pid

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    async def result(self, seconds: float) -> int:
        """Wait until it ends by itself and give its status."""
        async with asyncio.timeout(seconds):
            while (status := self.process.poll() if self.process else 0) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return status

    def memory(self) -> int:
        """Give what it holds in memory, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024


@dataclass
class Web:
    """A `participa serve` on its own port."""

    child: Child
    port: int

    async def start(self) -> None:
        """Start it and wait until it answers."""
        self.child.start()
        await until_answers(self.port)


@dataclass
class House:
    """Everything a fault is done to."""

    settings: Settings
    environment: dict[str, str]
    folder: Path
    redis: Child
    redis_port: int
    people: list[Actor] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    thread_id: int = 0
    children: list[Child] = field(default_factory=list)

    async def web(self) -> Web:
        """Start one more web server."""
        port = free_port()
        command = [sys.executable, "-m", "participa", "serve", "--port", str(port)]
        web = Web(self.child(command), port)
        await web.start()
        return web

    def writer(self, number: int, count: int, pace: float, size: int = 40) -> Child:
        """Start a process that writes so many events at so many a second."""
        words = [str(each) for each in (number, self.thread_id, count, pace, size)]
        ids = [str(each.person_id) for each in self.people]
        child = self.child([sys.executable, "-m", "tests.faults.writing", *words, *ids])
        child.start()
        return child

    def child(self, command: list[str]) -> Child:
        """Note a process to be ended."""
        child = Child(command, self.environment, self.folder)
        self.children.append(child)
        return child

    async def start_redis(self) -> None:
        """Start Redis, empty."""
        self.redis.start()
        await until_answers(self.redis_port)

    async def until_all_listen(self, count: int) -> None:
        """Wait until so many processes listen to Redis again."""
        client = Redis.from_url(self.settings.redis_url)
        try:
            async with asyncio.timeout(10):
                while (await client.pubsub_numsub(CHANNEL))[0][1] < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            await client.aclose()

    async def flush_redis(self) -> None:
        """Throw away everything it holds."""
        client = Redis.from_url(self.settings.redis_url)
        with contextlib.suppress(RedisError):
            await client.flushall()
        await client.aclose()

    async def table(self) -> list[tuple[int, str, str]]:
        """Give number, kind and receipt of each event, in order."""
        connection = await asyncpg.connect(self.settings.database)
        try:
            rows = await connection.fetch(_TABLE, self.thread_id)
        finally:
            await connection.close()
        return [tuple(row) for row in rows]

    def end(self) -> None:
        """End all processes."""
        for child in (*self.children, self.redis):
            child.end(signal.SIGTERM if child is self.redis else signal.SIGKILL)


_TABLE = """
    SELECT e.number, e.kind, c.receipt_number FROM deliberation_event e
    JOIN deliberation_contribution c ON c.id = e.contribution_id
    WHERE e.thread_id = $1 ORDER BY e.number
"""


async def _database(sql: Iterable[str]) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    try:
        for statement in sql:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """Build a house; skip where PostgreSQL or Redis is missing."""
    redis = shutil.which("redis-server")
    if redis is None:
        pytest.skip("no redis-server on this machine")
    name = f"participa_faults_{uuid.uuid4().hex[:8]}"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    try:
        await _database([drop, f'CREATE DATABASE "{name}"'])
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        pytest.skip(f"no PostgreSQL at the usual local address: {error}")
    port = free_port()
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    settings = make_settings(folder, database_url=url, redis_url=f"redis://127.0.0.1:{port}/0")
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PARTICIPA_")},
        "PYTHONPATH": str(ROOT),
        "PARTICIPA_VAR_DIR": str(folder),
        "PARTICIPA_DATABASE_URL": url,
        "PARTICIPA_REDIS_URL": settings.redis_url,
        "PARTICIPA_SECRET_KEY": TEST_SECRET,
        "PARTICIPA_MAIL_URL": "null:",
        "PARTICIPA_EMBEDDED_WORKER": "false",
    }
    words = f"--port {port} --bind 127.0.0.1 --save  --appendonly no --dir {folder}".split(" ")
    built = House(settings, environment, folder, Child([redis, *words], environment, folder), port)
    try:
        await built.start_redis()
        await migrate(settings)
        await _furnish(built)
        yield built
    finally:
        built.end()
        await _database([drop])


async def _furnish(built: House) -> None:
    """Put a municipality into it, open now by the real clock, with ten who speak."""
    EXECUTOR_CACHE.clear()
    now = datetime.now(UTC)
    span = PhasePlan("Ahora", now - timedelta(days=1), now + timedelta(days=1), ALL_ACTIVITIES)
    async with connected(built.settings):
        entity = await create_entity(slug="laloma", name="La Loma", base_url=f"http://{HOST}")
        built.people = [await person(entity, f"Vecina{n}") for n in range(10)]
        process = await open_process(entity, "plan", phases=[span])
        forum = await create_forum(
            entity_id=entity.id, process_id=process.id, title="Vías", question=""
        )
        topic = await start_topic(
            built.people[0], forum, title="El puente", said=Said("Se cae."), now=now
        )
        built.thread_id = topic.thread_id
        for each in built.people:
            row = await Person.of(entity.id).get(id=each.person_id)
            built.cookies.append(f"participa={await open_session(row, now)}")
    EXECUTOR_CACHE.clear()
