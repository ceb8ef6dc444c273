"""Migrations: nothing forgotten, nothing lost."""

import sqlite3
from contextlib import nullcontext
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.migrations.autodetector import MigrationAutodetector

from participa.db import connected, migrations, orm_config
from participa.db.migrations import MigrationFailed, back_up, migrate, pending
from participa.settings import Settings
from tests.conftest import make_settings


async def test_no_model_change_is_without_its_migration(database: Settings) -> None:
    """The tables as migrated are the tables as declared."""
    assert Tortoise.apps is not None
    config = orm_config(database)["apps"]
    changes = await MigrationAutodetector(Tortoise.apps, config).changes()
    assert [writer.app_label for writer in changes] == []


async def test_a_second_run_has_nothing_to_do(settings: Settings) -> None:
    """Migrating what is up to date applies nothing and copies nothing."""
    assert await pending(settings) == []
    result = await migrate(settings)
    assert (result.applied, result.backup) == ((), None)


async def test_every_foreign_key_has_an_index(database: Settings) -> None:
    """The ORM makes none: an unindexed reference turns a page into a scan of the table."""
    missing = []
    for app in (Tortoise.apps or {}).values():
        for model in app.values():
            meta = model._meta
            firsts = {fields[0] for fields in meta.unique_together}
            firsts |= {index.fields[0].removesuffix("_id") for index in meta.indexes}
            firsts |= {name for name, f in meta.fields_map.items() if f.unique}
            missing += [
                f"{meta.db_table}.{name}"
                for name in meta.fk_fields - firsts
                if name not in {"entity", "office", "territory"}
            ]
    assert missing == []


async def test_a_migration_that_loses_rows_is_undone(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that deletes rows is found by the count, and the copy is put back."""
    settings = _copied(tmp_path, sqlite_template)
    assert settings.sqlite_file is not None
    _run(
        settings.sqlite_file,
        "INSERT INTO jobs_job (name, arguments, run_at, attempts, error) "
        "VALUES ('a', '{}', '2026-01-01', 0, '')",
    )

    async def one_pending(_settings: Settings) -> list[str]:
        return ["jobs.0002"]

    async def loses_rows(given: Settings, _report: object) -> None:
        assert given.sqlite_file is not None
        _run(given.sqlite_file, "DELETE FROM jobs_job")

    monkeypatch.setattr(migrations, "pending", one_pending)
    monkeypatch.setattr(migrations, "_apply", loses_rows)
    with pytest.raises(MigrationFailed, match="jobs_job"):
        await migrate(settings)
    assert _count(settings.sqlite_file) == 1


@pytest.mark.long
async def test_the_light_way_gives_the_same_schema(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is not drawn before each step, the tables are the ORM's own."""
    monkeypatch.setattr(migrations, "light_states", nullcontext)
    settings = make_settings(tmp_path)
    await migrate(settings)
    assert settings.sqlite_file is not None
    assert _schema(settings.sqlite_file) == _schema(sqlite_template)


def _schema(file: Path) -> list[tuple[str, str, str]]:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    connection.close()
    return sorted(rows)


def _copied(folder: Path, template: Path) -> Settings:
    settings = make_settings(folder)
    assert settings.sqlite_file is not None
    settings.sqlite_file.write_bytes(template.read_bytes())
    return settings


def _run(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


def _count(file: Path) -> int:
    connection = sqlite3.connect(file)
    (count,) = connection.execute("SELECT count(*) FROM jobs_job").fetchone()
    connection.close()
    return int(count)


async def test_a_copy_of_a_database_in_use_is_whole(tmp_path: Path, sqlite_template: Path) -> None:
    """The copy is taken while somebody writes, and only the newest ones are kept."""
    settings = _copied(tmp_path, sqlite_template)
    assert settings.sqlite_file is not None
    async with connected(settings):
        copies = [back_up(settings.sqlite_file) for _ in range(migrations.BACKUPS_KEPT + 2)]
    kept = sorted((tmp_path / "copias").iterdir())
    assert len(kept) == migrations.BACKUPS_KEPT
    assert kept[-1] == copies[-1]
    assert _count(copies[-1]) == 0
