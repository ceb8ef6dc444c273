"""Building a report: who counts where, in which process, and what a broken build leaves."""

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from participa.deliberation.models import Contribution, Thread
from participa.deliberation.service import remove
from participa.insights import building
from participa.insights.building import BuildFailed, build_apart, build_report
from participa.insights.figures import stored_figures
from participa.insights.jobs import report_builder
from participa.insights.models import Cluster, Quote, ReportMember, ResultReport
from participa.insights.reading import Reading, read_process
from participa.insights.service import BUILD_REPORT, prepare_report
from participa.jobs import Job, run_due
from participa.kit.html import plain_text
from participa.settings import PACKAGE, Settings
from tests.insights.reporting import (
    COPIED,
    HEALTH,
    PARK,
    ROADS,
    SINGLES,
    WATER,
    FakeCondensed,
    drafted,
    group_by_words,
    quick_grouping,
    say,
    say_all,
)
from tests.people import NOW, Municipality

__all__ = ["quick_grouping"]
quick = pytest.mark.usefixtures("quick_grouping")


async def fresh(report: ResultReport) -> ResultReport:
    return await ResultReport.of(report.entity_id).get(id=report.id)


async def hide(contribution: Contribution) -> None:
    await (
        Contribution.of(contribution.entity_id)
        .filter(id=contribution.id)
        .update(state="hidden_by_moderator")
    )


@quick
async def test_the_ledger_accounts_for_every_text(town: Municipality) -> None:
    """In themes, once, repeated, empty, hidden, removed, official: to the unit."""
    water = await say_all(town, WATER[:5])
    await say_all(town, SINGLES[:3])
    await say_all(town, [WATER[0], WATER[0], SINGLES[0]])
    await say(town, "")
    await hide((await say_all(town, ROADS[:2]))[0])
    mine = await say(town, ROADS[2], actor=town.beto)
    await remove(town.beto, mine.id, now=NOW)
    await say(town, "Ya contratamos el tanque.", actor=town.diego, office="Planeación")
    draft = await drafted(town)
    assert draft.ledger == {
        "received": 17,
        "in_themes": 5,
        "once": 5,
        "repeated": 3,
        "empty": 1,
        "hidden": 1,
        "removed": 1,
        "official": 1,
    }
    assert await ReportMember.filter(report_id=draft.id).count() == 14
    repeated = await ReportMember.filter(report_id=draft.id, duplicate_of=water[0].id)
    (theme,) = await Cluster.filter(report_id=draft.id)
    assert [member.cluster_id for member in repeated] == [theme.id, theme.id]
    assert stored_figures(theme.figures).repeated == 2


@quick
async def test_a_hidden_thread_is_hidden_whole(town: Municipality) -> None:
    """Nothing of a hidden thread is read; there is then nothing to group."""
    await say_all(town, WATER[:3])
    await Thread.of(town.entity.id).filter(id=town.topic.thread_id).update(is_hidden=True)
    reading = await read_process(town.entity.id, town.process.id, UTC)
    assert (reading.sources, reading.left_out["hidden"]) == ([], 4)


@quick
async def test_another_entity_is_never_read(town: Municipality) -> None:
    """The neighbour's process gives nothing under this entity."""
    reading = await read_process(town.entity.id, town.neighbour_process.id, UTC)
    assert reading.received == 0


@quick
async def test_reading_in_batches_loses_nothing(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every text comes once whatever the size of a batch."""
    await say_all(town, WATER)
    for size in (1, 13, 14):
        monkeypatch.setattr("participa.insights.reading.BATCH", size)
        reading = await read_process(town.entity.id, town.process.id, UTC)
        ids = [source.id for source in reading.sources]
        assert len(set(ids)) == len(ids) == 13


@quick
async def test_openings_bring_their_title(town: Municipality) -> None:
    """The first text of a topic is read with its title, an answer without."""
    await say(town, "De acuerdo.")
    reading = await read_process(town.entity.id, town.process.id, UTC)
    assert [source.text for source in reading.sources] == [
        "El puente\n\nEl puente se cae.", "De acuerdo.",
    ]  # fmt: skip


@quick
async def test_figures_are_frozen_by_channel(town: Municipality) -> None:
    """Texts and people by channel; a mesa counts its people once, a person once."""
    await say_all(town, WATER[:2], actor=town.ana)
    for text in WATER[2:4]:
        await say(town, text, channel="workshop", people_count=30, voice="mesa:1")
    await say(town, WATER[4], channel="paper", stance="against")
    report = await drafted(town)
    figures = stored_figures(report.figures)
    counts = {name: (c.contributions, c.people) for name, c in figures.channels.items()}
    assert counts == {"web": (3, 1), "workshop": (2, 30), "paper": (1, 1)}
    assert (figures.contributions, figures.people, figures.themes) == (6, 32, 1)
    assert figures.stances == {"against": 1}
    (theme,) = await Cluster.filter(report_id=report.id)
    share = stored_figures(theme.figures)
    assert share.low is not None
    assert share.high is not None
    assert share.share == pytest.approx(5 / 6, abs=0.001)
    assert share.low < share.share <= share.high


@quick
async def test_quotes_are_exact(town: Municipality) -> None:
    """Every quote stands as it is in the words of its contribution."""
    await say_all(town, [*WATER, *ROADS])
    report = await drafted(town)
    quotes = await Quote.filter(cluster__report_id=report.id).select_related("contribution")
    assert [quote.part_id is None for quote in quotes].count(True) == 6
    assert len(quotes) == 10
    for quote in quotes:
        assert quote.words in plain_text(quote.contribution.body_html)


async def test_progress_is_written_while_it_runs(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks at the report meanwhile sees how far it is."""
    seen = threading.Event()

    def slow(reading: Reading, note: Callable[[float], None]) -> FakeCondensed:
        note(0.4)
        assert seen.wait(20)
        return group_by_words(reading, note)

    monkeypatch.setattr(building, "_condensed", slow)
    report = await prepare_report(town.diego, town.process.id, NOW)
    shown: list[float] = []
    task = asyncio.create_task(build_report(town.entity.id, report.id, shown=shown.append))
    try:
        for _look in range(200):
            if (await fresh(report)).progress:
                break
            await asyncio.sleep(0.05)
        assert (await fresh(report)).progress == 40
    finally:
        seen.set()
    assert (await task).state == "draft"
    assert 0.4 in shown


async def test_nothing_to_group_is_told_and_not_tried_again(town: Municipality) -> None:
    """With official texts only, the report fails in words and the job is over."""
    await Contribution.of(town.entity.id).filter(id=town.topic.id).update(office="Planeación")
    report = await prepare_report(town.diego, town.process.id, NOW)
    with pytest.raises(Exception, match="no tiene todavía aportes"):
        await build_report(town.entity.id, report.id)
    report = await fresh(report)
    assert (report.state, report.error) == (
        "failed", "El proceso no tiene todavía aportes que agrupar.",
    )  # fmt: skip


async def test_a_build_in_its_own_process_from_the_queue(
    town: Municipality, database: Settings
) -> None:
    """The real grouping, in a process of its own, turns sixty texts into themes."""
    for texts in (WATER, ROADS, HEALTH, PARK, SINGLES):
        await say_all(town, texts)
    await say_all(town, [COPIED] * 4)
    report = await prepare_report(town.diego, town.process.id, NOW)
    assert await run_due({BUILD_REPORT: report_builder(database)}, lambda: NOW) == 1
    job, report = await Job.get(name=BUILD_REPORT), await fresh(report)
    assert (job.error, report.error, report.state) == ("", "", "draft")
    ledger = report.ledger
    assert ledger["received"] == 59 == sum(ledger.values()) - ledger["received"]
    clusters = await Cluster.filter(report_id=report.id).order_by("position")
    assert len(clusters) >= 3
    members = await ReportMember.filter(report_id=report.id).select_related("contribution")
    assert len(members) == 59
    theme_of = {m.contribution.body_source: m.cluster_id for m in members}
    water = {theme_of[text] for text in WATER[:6]} - {None}
    roads = {theme_of[text] for text in ROADS[:6]} - {None}
    assert water
    assert roads
    assert not water & roads
    quotes = await Quote.filter(cluster__report_id=report.id).select_related("contribution")
    assert quotes
    for quote in quotes:
        assert quote.words in plain_text(quote.contribution.body_html)
    assert len(report.digest) == 64


async def test_a_cancelled_build_is_killed(
    town: Municipality, database: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Stopping the worker ends the other process; the job is still to be done."""
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(sleeper))
    started: asyncio.Queue[asyncio.subprocess.Process] = asyncio.Queue()
    start = asyncio.create_subprocess_exec

    async def noted(*words: str, **more: Any) -> asyncio.subprocess.Process:
        process = await start(*words, **more)
        started.put_nowait(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    report = await prepare_report(town.diego, town.process.id, NOW)
    building = asyncio.create_task(build_apart(database, town.entity.id, report.id))
    process = await asyncio.wait_for(started.get(), 30)
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert process.returncode == -signal.SIGKILL
    assert (await fresh(report)).state == "queued"


async def test_a_broken_process_is_told(
    town: Municipality, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the other process breaks, the report says so and the job can be tried again."""
    report = await prepare_report(town.diego, town.process.id, NOW)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(BuildFailed):
        await build_apart(database, town.entity.id, report.id)
    report = await fresh(report)
    assert (report.state, report.error[:10]) == ("failed", "El program")


def test_the_web_process_does_not_learn() -> None:
    """Importing the application brings neither scikit-learn nor numpy (they cost seconds)."""
    code = (
        "import sys; import participa.app; "
        "print([m for m in ('sklearn', 'scipy', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
