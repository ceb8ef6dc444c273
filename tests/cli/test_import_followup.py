"""The verb that brings in a plan's sheet: what it prints and how it ends."""

import asyncio
import sys
from pathlib import Path

import pytest

from participa.cli import main
from participa.db import connected
from participa.settings import load_settings
from tests.people import build_municipality

SHEET = "Eje,Código,Meta,Programado 2024,Ejecutado 2024\nCampo,1.1,Placa huella,3,1\n"


@pytest.fixture
def sheet(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a sheet beside an installation's database."""
    (tmp_path / "participa.db").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("PARTICIPA_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PARTICIPA_LOG_LEVEL", "error")
    monkeypatch.delenv("PARTICIPA_DATABASE_URL", raising=False)
    asyncio.run(_people())
    path = tmp_path / "plan.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


async def _people() -> None:
    async with connected(load_settings()):
        await build_municipality()


def run(monkeypatch: pytest.MonkeyPatch, sheet: Path, *options: str) -> int:
    """Run the command as typed and give its exit code."""
    words = ["import", "followup", str(sheet), "--process", "plan", "--entity", "laloma", *options]
    monkeypatch.setattr(sys, "argv", ["participa", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_tried_imported_and_repeated(
    sheet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A trial stores nothing, an import says what, the same again is nothing, errors end with 1."""
    assert run(monkeypatch, sheet, "--dry-run") == 0
    assert "Ensayo: no se guardó nada." in capsys.readouterr().out
    assert run(monkeypatch, sheet) == 0
    told = capsys.readouterr().out
    assert "Metas nuevas: 1" in told
    assert "/rendicion-de-cuentas/seguimiento/plan" in told
    assert run(monkeypatch, sheet) == 0
    assert "Todo estaba ya" in capsys.readouterr().out
    sheet.write_text(SHEET + "Campo,1.1,Otra,1,1\n", encoding="utf-8")
    assert run(monkeypatch, sheet) == 1
    said = capsys.readouterr()
    assert "línea 3: La meta 1.1 ya está en la línea 2." in said.out
    assert "no se guardó nada" in said.err
    assert run(monkeypatch, sheet, "--mapping", "nada") == 1
    assert "tenjo-2024-2027" in capsys.readouterr().err
