"""The life of the database connections, and the list of tables in floor order."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise import Tortoise
from tortoise.connection import get_connection

from participa.db.names import CONNECTION
from participa.db.reads import close_reader, open_reader
from participa.db.writer import GroupWriter, use_writer
from participa.settings import Settings

# Lower floors first: migrations of one run are applied in this order.
TABLES = (
    "jobs",
    "entities",
    "audit",
    "accounts",
    "files",
    "processes",
    "plans",
    "deliberation",
    "notifications",
    "insights",
    "territory",
    "answers",
    "commitments",
    "forums",
    "consultations",
    "surveys",
    "opinion",
    "accountability",
    "petitions",
    "channels",
    "menu",
)


def orm_config(settings: Settings, *, foreign_keys: bool = True) -> dict[str, Any]:
    """Describe connection and tables to the ORM.

    `foreign_keys=False` is for migrations on SQLite only: there, rebuilding a table would
    otherwise delete the rows of its children.
    """
    return {
        "connections": {CONNECTION: _connection(settings, foreign_keys=foreign_keys)},
        "apps": {
            name: {
                "models": [f"participa.{name}.models"],
                "migrations": f"participa.{name}.migrations",
                "default_connection": CONNECTION,
            }
            for name in TABLES
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _connection(settings: Settings, *, foreign_keys: bool) -> dict[str, Any]:
    if settings.sqlite_file is not None:
        return {
            "engine": "participa.db.sqlite",
            "credentials": {
                "file_path": str(settings.sqlite_file),
                "foreign_keys": "ON" if foreign_keys else "OFF",
                "busy_timeout": 8000,
                "synchronous": "FULL",
                # Keeps the page cache of a small municipality in memory: 64 MB.
                "cache_size": -64000,
            },
        }
    url = urlsplit(settings.database)
    return {
        "engine": "tortoise.backends.asyncpg",
        "credentials": {
            "host": url.hostname or "127.0.0.1",
            "port": url.port or 5432,
            "user": unquote(url.username or "postgres"),
            "password": unquote(url.password or ""),
            "database": url.path.lstrip("/") or "participa",
            "minsize": 1,
            "maxsize": 10,
        },
    }


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[None]:
    """Open the database for this process and close it, whatever happens inside.

    An SQLite connection left open keeps its thread, and the process would never end.
    """
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    await Tortoise.init(config=orm_config(settings), _enable_global_fallback=True)
    group = GroupWriter()
    try:
        await keep_statistics()
        open_reader(settings.sqlite_file)
        use_writer(group)
        yield
    finally:
        await group.close()
        close_reader()
        await Tortoise.close_connections()


async def keep_statistics() -> None:
    """Let SQLite look at how its tables are filled; PostgreSQL does so by itself.

    Without it every query that names the entity is answered through an index that begins with
    the entity, and reads all of its rows.
    """
    if dialect() == "sqlite":
        await get_connection(CONNECTION).execute_script(
            "PRAGMA analysis_limit=400; PRAGMA optimize=0x10002"
        )


def dialect() -> str:
    """Name the database in use: `sqlite` or `postgres`."""
    return str(get_connection(CONNECTION).capabilities.dialect)
