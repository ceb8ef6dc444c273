"""The databases, the clock, the application and its visitors, for every test.

A test that asks for `settings` (or anything above it) runs on SQLite and, where a server
answers at the usual local address, on PostgreSQL too.
"""

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

import asyncpg
import pytest
from argon2 import PasswordHasher
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from tortoise import Tortoise
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection

from participa.db import CONNECTION, connected
from participa.db.migrations import migrate
from participa.deliberation import live
from participa.i18n import LOCALES
from participa.realtime import MemoryHub, use_hub
from participa.security import passwords
from participa.settings import Settings
from participa.web.templating import Pages
from tests.people import NOW, Municipality, build_municipality

if TYPE_CHECKING:
    from tests.visitors import Web

POSTGRES = os.environ.get("PARTICIPA_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
TEST_SECRET = "the tests' secret, thirty-two characters or more"


def worker_name() -> str:
    """Name this process among those that run tests side by side."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def make_settings(var_dir: Path, **changes: object) -> Settings:
    """Make settings that read nothing from the environment's files."""
    values = {
        "var_dir": var_dir, "secret_key": TEST_SECRET, "mail_url": "null:",
        "embedded_worker": False, **changes,
    }  # fmt: skip
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = field(default=NOW)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def move(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with little work: what argon2 costs is not what these tests are about."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_NOBODY", hasher.hash("nobody"))


@pytest.fixture(autouse=True)
def counts_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the count after each contribution: that it comes less often has a test of its own."""
    monkeypatch.setattr(live, "COUNT_EVERY_SECONDS", 0.0)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compile each template once for all the applications of this process."""
    with pytest.MonkeyPatch.context() as patch:
        original, kept = Pages._environment, {locale: Compiled() for locale in LOCALES}

        def environment(pages: Pages, folder: Path, locale: str) -> Environment:
            made = original(pages, folder, locale)
            made.bytecode_cache = kept[locale]
            return made

        patch.setattr(Pages, "_environment", environment)
        yield


class Compiled(BytecodeCache):
    """The code of templates, by their file and what it contains."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code if it was compiled before."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture
def clock() -> Clock:
    """Give a clock that starts at the same moment in every test."""
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate one empty SQLite database, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    settings = make_settings(folder)
    asyncio.run(migrate(settings))
    assert settings.sqlite_file is not None
    return settings.sqlite_file


async def _recreate(database: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        await connection.execute(f'CREATE DATABASE "{database}"')
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Migrate one PostgreSQL database for this process; skip where no server answers."""
    database = f"participa_test_{worker_name()}_{uuid.uuid4().hex[:6]}"
    try:
        asyncio.run(_recreate(database))
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        pytest.skip(f"no PostgreSQL at the usual local address: {error}")
    url = POSTGRES.rsplit("/", 1)[0] + f"/{database}"
    asyncio.run(migrate(make_settings(tmp_path_factory.mktemp("pg"), database_url=url)))
    yield url
    asyncio.run(_drop(database))


async def _drop(database: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    await connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    await connection.close()


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Give settings with a migrated, empty database of either kind."""
    if request.param == "postgres":
        return make_settings(tmp_path, database_url=request.getfixturevalue("postgres_url"))
    copied = make_settings(tmp_path)
    assert copied.sqlite_file is not None
    shutil.copyfile(request.getfixturevalue("sqlite_template"), copied.sqlite_file)
    return copied


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Settings]:
    """Open the database for the test and leave it empty behind."""
    use_hub(MemoryHub())
    # The ORM keeps its statements by connection name: those of the other kind would not fit.
    EXECUTOR_CACHE.clear()
    async with connected(settings):
        yield settings
        if settings.sqlite_file is None:
            await _empty()


async def _empty() -> None:
    """Delete what the test wrote: few tables of many were touched, and few rows in each."""
    connection = get_connection(CONNECTION)
    tables = [
        model._meta.db_table
        for app in (Tortoise.apps or {}).values()
        for model in app.values()
        if not model._meta.abstract
    ]
    has_rows = " UNION ALL ".join(
        f"SELECT '{table}' AS name WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables
    )
    filled = await connection.execute_query_dict(has_rows)
    counted = await connection.execute_query_dict(
        "SELECT sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    statements = ["SET session_replication_role = replica"]
    statements += [f'DELETE FROM "{row["name"]}"' for row in filled]
    ours = {f"{table}_id_seq" for table in tables} & {row["name"] for row in counted}
    statements += [f'ALTER SEQUENCE "{name}" RESTART' for name in sorted(ours)]
    statements.append("SET session_replication_role = DEFAULT")
    await connection.execute_script(";".join(statements))


@pytest.fixture
async def town(database: Settings) -> Municipality:
    """Give the municipality with its cast."""
    return await build_municipality()


@pytest.fixture
async def web(database: Settings, clock: Clock) -> AsyncIterator["Web"]:
    """Give the application over the test's database and clock."""
    from participa.app import create_app
    from tests.visitors import Web

    site = Web(create_app(database, clock=clock), database, clock)
    yield site
    await site.close()
