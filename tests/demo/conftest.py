"""The demonstration, loaded once for each kind of database and copied for each test."""

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from participa.db import connected
from participa.db.migrations import migrate
from participa.demo import Loaded, load_demo
from participa.entities.models import Entity
from participa.realtime import MemoryHub, use_hub
from participa.settings import Settings
from tests.conftest import POSTGRES, make_settings, worker_name
from tests.people import NOW


@dataclass(frozen=True)
class Demo:
    """A database with the demonstration in it, and what loading it told."""

    settings: Settings
    loaded: Loaded

    @property
    def url(self) -> str:
        """Where the demonstration is served."""
        return self.loaded.url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker have all the tests on a demonstration: loading it is what takes long."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            kind = "postgres" if "postgres" in item.name else "sqlite"
            item.add_marker(pytest.mark.xdist_group(f"demo-{kind}"))


async def _in_postgres(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRES, timeout=3)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """Open a database; the ORM keeps statements by connection name, also the other kind's."""
    use_hub(MemoryHub())
    EXECUTOR_CACHE.clear()
    async with connected(settings):
        yield


async def _load(settings: Settings) -> Demo:
    await migrate(settings)
    async with opened(settings):
        loaded = await load_demo(settings, now=NOW)
    assert loaded is not None
    return Demo(settings, loaded)


@pytest.fixture(scope="session")
def sqlite_demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Load the demonstration on SQLite, once."""
    return asyncio.run(_load(make_settings(tmp_path_factory.mktemp("demo"))))


@pytest.fixture(scope="session")
def postgres_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Load the demonstration on PostgreSQL, once; skip where no server answers."""
    name = f"participa_demo_{worker_name()}_{uuid.uuid4().hex[:6]}"
    try:
        asyncio.run(_in_postgres(f'CREATE DATABASE "{name}"'))
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        pytest.skip(f"no PostgreSQL at the usual local address: {error}")
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    yield asyncio.run(_load(make_settings(tmp_path_factory.mktemp("pg"), database_url=url)))
    asyncio.run(_in_postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@pytest.fixture(params=["sqlite", "postgres"])
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Demo]:
    """Give a copy of the loaded demonstration, on a database of either kind."""
    template: Demo = request.getfixturevalue(f"{request.param}_demo")
    if request.param == "sqlite":
        settings = make_settings(tmp_path)
        assert settings.sqlite_file is not None
        assert template.settings.sqlite_file is not None
        shutil.copyfile(template.settings.sqlite_file, settings.sqlite_file)
        yield Demo(settings, template.loaded)
        return
    base, name = template.settings.database.rsplit("/", 1)
    copy = f"{name}_copy"
    asyncio.run(_in_postgres(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"'))
    yield Demo(make_settings(tmp_path, database_url=f"{base}/{copy}"), template.loaded)
    asyncio.run(_in_postgres(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)'))


@pytest.fixture
async def demo(copied: Demo) -> AsyncIterator[Demo]:
    """Give a copy of the loaded demonstration, its database open."""
    async with opened(copied.settings):
        yield copied


@pytest.fixture
async def chirata(demo: Demo) -> Entity:
    """Give the municipality of the demonstration."""
    return await Entity.get(slug="chirata")
