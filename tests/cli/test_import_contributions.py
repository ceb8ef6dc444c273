"""The verb that brings in contributions: what it prints and how it ends."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from participa.cli import main
from participa.db import connected
from participa.settings import load_settings
from tests.people import build_municipality

PROPOSALS = "proposal_id,title,summary,text\n7,La vía,Pavimentar.,\n8,El parque,,\n9,,Nada.,\n"


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with an installation's database and a file to import."""
    (tmp_path / "participa.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "aportes.csv").write_text(PROPOSALS, encoding="utf-8")
    monkeypatch.setenv("PARTICIPA_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PARTICIPA_LOG_LEVEL", "error")
    monkeypatch.delenv("PARTICIPA_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    asyncio.run(_people())
    return tmp_path


async def _people() -> None:
    async with connected(load_settings()):
        await build_municipality()


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command as typed and give its exit code."""
    words = ["participa", "import", "contributions", "--process", "plan", "--entity", "laloma"]
    monkeypatch.setattr(sys, "argv", [*words, *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def threads(folder: Path) -> int:
    """Count the threads that came from elsewhere."""
    connection = sqlite3.connect(folder / "participa.db")
    query = "SELECT count(*) FROM deliberation_thread WHERE source_key IS NOT NULL"
    (count,) = connection.execute(query).fetchone()
    connection.close()
    return int(count)


def test_a_trial_then_the_import_then_nothing_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mapping that comes with Participa is named bare; faulty rows are told and do no harm."""
    order = ("aportes.csv", "--mapping", "madrid-proposals")
    assert run(monkeypatch, *order, "--dry-run") == 0
    assert "Ensayo: no se guardó nada." in capsys.readouterr().out
    assert threads(folder) == 0
    assert run(monkeypatch, *order) == 0
    told = capsys.readouterr().out
    assert "Hilos nuevos: 2" in told
    assert "línea 4, columna «title»: La columna «title» está vacía." in told
    assert threads(folder) == 2
    assert run(monkeypatch, *order, "--limit-errors", "0") == 0
    told = capsys.readouterr().out
    assert "Ya estaban: 2" in told
    assert "… y 1 más" in told
    assert "Todo estaba ya" in told


def test_nothing_imported_is_a_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When no row can be stored the exit code says so."""
    (folder / "aportes.csv").write_text("comment_id,proposal_id,parent_id,text\n1,7,,Sí.\n")
    assert run(monkeypatch, "aportes.csv", "--mapping", "madrid-comments") == 1
    told = capsys.readouterr()
    assert "El hilo «7» no está" in told.out
    assert "No se importó ninguna fila." in told.err


def test_wrong_files_are_told_in_a_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown mapping or process names those there are; a faulty file is told; no traces."""
    (folder / "malo.toml").write_text("[source", encoding="utf-8")
    for mapping, words in (
        ("nada", "Vienen con Participa: barcelona-comments"),
        ("malo.toml", "no es TOML válido"),
        ("madrid-comments", "no tiene estas columnas: comment_id"),
    ):
        assert run(monkeypatch, "aportes.csv", "--mapping", mapping) == 1
        assert words in capsys.readouterr().err
    last = ("aportes.csv", "--mapping", "madrid-proposals", "--process", "otro")
    assert run(monkeypatch, *last) == 1
    assert "Hay: " in capsys.readouterr().err
    assert threads(folder) == 0
