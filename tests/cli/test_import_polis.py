"""The verb that brings in a Polis conversation: what it prints and how it ends."""

import asyncio
import sys
from pathlib import Path

import pytest

from participa.cli import main
from participa.db import connected
from participa.opinion.polis import Comment, Conversation, Event, write_conversation
from participa.settings import load_settings
from tests.people import build_municipality

FOUND = Conversation(
    {"topic": "Agua"},
    [Comment(0, 0, "El agua va primero.", 1, 1000)],
    [Event(2000, 0, 0, 1), Event(3000, 0, 0, -1), Event(3000, 0, 1, 1)],
    {0: 0, 1: 1},
)


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with an installation's database and a conversation to import."""
    (tmp_path / "participa.db").write_bytes(sqlite_template.read_bytes())
    for name, data in write_conversation(FOUND).items():
        (tmp_path / f"{name}.csv").write_bytes(data)
    monkeypatch.setenv("PARTICIPA_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PARTICIPA_LOG_LEVEL", "error")
    monkeypatch.delenv("PARTICIPA_DATABASE_URL", raising=False)
    asyncio.run(_people())
    return tmp_path


async def _people() -> None:
    async with connected(load_settings()):
        await build_municipality()


def run(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """Run the command as typed and give its exit code."""
    words = ["import", "polis", str(folder), "--process", "plan", "--entity", "laloma"]
    monkeypatch.setattr(sys, "argv", ["participa", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_imported_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it stored; a second time it refuses and stores nothing."""
    assert run(monkeypatch, folder) == 0
    told = capsys.readouterr().out
    for words in ("con votos: 2", "Frases: 1", "Votos: 2", "después: 1", "/opiniones/1"):
        assert words in told
    assert run(monkeypatch, folder) == 1
    assert "Ya hay una ronda" in capsys.readouterr().err


def test_a_broken_file_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line that does not fit is told, and the command fails."""
    with (folder / "votes.csv").open("a", encoding="utf-8") as file:
        file.write("nunca,,0,0,1\n")
    assert run(monkeypatch, folder) == 1
    assert "No se entiende votes.csv, línea 5." in capsys.readouterr().err
