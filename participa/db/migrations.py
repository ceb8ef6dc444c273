"""Bringing the schema up to date without ever losing a row.

On SQLite a changed table is rebuilt, and with foreign keys on that would delete the rows of
its children; so: a copy first, keys off, then compare, and only then report success.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as orm_migrate
from tortoise.migrations.executor import MigrationExecutor

from participa.db.engine import orm_config
from participa.db.light_states import light_states
from participa.db.names import CONNECTION
from participa.settings import Settings

BACKUPS_KEPT = 5


class MigrationFailed(Exception):
    """The schema was not brought up to date; the database is as it was before."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration did: the steps applied, and the copy made before, if any."""

    applied: tuple[str, ...]
    backup: Path | None


async def pending(settings: Settings) -> list[str]:
    """List the migrations not yet applied, as `app.name`; opens and closes the database."""
    _make_folder(settings)
    await Tortoise.init(config=orm_config(settings))
    try:
        executor = MigrationExecutor(get_connection(CONNECTION), orm_config(settings)["apps"])
        return [f"{s.migration.app_label}.{s.migration.name}" for s in await executor.plan()]
    finally:
        await Tortoise.close_connections()


async def migrate(
    settings: Settings, report: Callable[[str], None] = lambda _line: None
) -> Migrated:
    """Apply what is pending.

    Raises MigrationFailed, with the copy put back, when rows or references would be lost.
    """
    file = settings.sqlite_file
    steps = await pending(settings)
    if not steps:
        return Migrated((), None)
    backup = None
    if file is not None and file.exists() and _tables(file):
        backup = await asyncio.to_thread(back_up, file)
        report(f"copia: {backup}")
    try:
        await _apply(settings, report)
        if backup is not None and file is not None:
            _compare(backup, file)
    except Exception as error:
        if backup is not None and file is not None:
            restore(backup, file)
        raise MigrationFailed(str(error)) from error
    return Migrated(tuple(steps), backup)


def _make_folder(settings: Settings) -> None:
    # Where the folder is missing the driver would wait for ever instead of failing.
    if settings.sqlite_file is not None:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)


async def _apply(settings: Settings, report: Callable[[str], None]) -> None:
    def progress(event: str, app: str, name: str) -> None:
        if event == "apply_done":
            report(f"{app}.{name}")

    config = orm_config(settings, foreign_keys=False)
    try:
        with light_states():
            await orm_migrate(config=config, direction="forward", progress=progress)
    finally:
        await Tortoise.close_connections()


def back_up(file: Path) -> Path:
    """Copy a database in use, consistently, beside it; the oldest copies go."""
    folder = file.parent / "copias"
    folder.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    target = folder / f"{file.stem}-{stamp}.db"
    with sqlite3.connect(file) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    copy.close()
    source.close()
    for old in sorted(folder.glob(f"{file.stem}-*.db"))[:-BACKUPS_KEPT]:
        old.unlink()
    return target


def restore(backup: Path, file: Path) -> None:
    """Put a copy back in the place of the database; nobody may have it open."""
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(backup, file)


def _tables(file: Path) -> set[str]:
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = {str(name) for (name,) in rows}
    connection.close()
    return {name for name in names if not name.startswith("sqlite_")}


def _compare(before: Path, after: Path) -> None:
    """Refuse a result with broken references or fewer rows than before."""
    with sqlite3.connect(after) as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()
    if broken:
        raise MigrationFailed(f"referencias rotas en {broken[0][0]}")
    old, new = _counts(before), _counts(after)
    for name, count in old.items():
        if name in new and new[name] < count:
            raise MigrationFailed(f"la tabla {name} perdió filas: {count} → {new[name]}")


def _counts(file: Path) -> dict[str, int]:
    counts = {}
    with sqlite3.connect(file) as connection:
        for name in _tables(file):
            query = f'SELECT count(*) FROM "{name}"'  # noqa: S608 - a name out of the schema
            counts[name] = int(connection.execute(query).fetchone()[0])
    connection.close()
    return counts
