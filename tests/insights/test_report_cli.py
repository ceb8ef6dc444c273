"""`participa report`: build, publish, list, on the machine and under its own name."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from participa.audit import AuditRecord
from participa.cli.reports import app
from participa.db import connected
from participa.insights.models import ResultReport
from participa.jobs import Job
from participa.settings import Settings
from participa.web.refusals import Conflict, NotFound
from tests.conftest import make_settings
from tests.insights.reporting import WATER, quick_grouping, say_all
from tests.people import build_municipality

__all__ = ["quick_grouping"]
pytestmark = pytest.mark.usefixtures("quick_grouping")
Run = Callable[..., str]


@pytest.fixture
def sqlite_only(sqlite_template: Path, tmp_path: Path) -> Settings:
    """Give settings on SQLite: the command reads its database from the environment."""
    settings = make_settings(tmp_path)
    assert settings.sqlite_file is not None
    shutil.copyfile(sqlite_template, settings.sqlite_file)
    return settings


@pytest.fixture
def run(sqlite_only: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give the command, over a municipality with four contributions about water."""
    monkeypatch.setenv("PARTICIPA_VAR_DIR", str(sqlite_only.var_dir))

    async def fill() -> None:
        async with connected(sqlite_only):
            await say_all(await build_municipality(), WATER[:4])

    asyncio.run(fill())

    def call(*words: str) -> str:
        result = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return call


def test_build_publish_and_list(run: Run, sqlite_only: Settings) -> None:
    """The figures are printed, the permanent address is given, twice is once, all is logged."""
    built = run("build", "--process", "plan", "--entity", "laloma")
    assert "5 aportes de 5 personas en 1 tema\n" in built
    assert "Textos en el proceso: 5" in built
    number = built.split("participa report publish ")[1].strip()
    for _time in range(2):
        told = run("publish", number, "--entity", "laloma")
        assert "https://laloma.test/informes/1" in told
    assert run("list", "--entity", "laloma").split("\t")[1:4] == ["n.º 1", "publicado", "plan"]
    assert "No hay informes." in run("list", "--entity", "vecina")

    async def logged() -> list[str]:
        async with connected(sqlite_only):
            rows = await AuditRecord.filter(action="insights.publish_report")
            assert (await ResultReport.get()).published_by == "participa report publish"
            # The worker would have built it, had the command been interrupted.
            assert (await Job.get()).run_at > (await ResultReport.get()).created_at
            return [row.actor_name for row in rows]

    assert asyncio.run(logged()) == ["participa report publish"]


def test_refusals(run: Run) -> None:
    """Unknown processes and reports, empty processes and a missing entity are refused."""
    with pytest.raises(NotFound):
        run("build", "--process", "nada", "--entity", "laloma")
    with pytest.raises(Conflict):
        run("build", "--process", "cerrado", "--entity", "laloma")
    with pytest.raises(NotFound):
        run("publish", "7", "--entity", "laloma")
    with pytest.raises(NotFound, match="laloma, vecina"):
        run("list")
