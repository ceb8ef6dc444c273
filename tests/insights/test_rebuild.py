"""Anybody counts a published report again from its open data, and it comes out the same."""

import csv
import io
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from participa.cli import app
from participa.deliberation.service import edit, remove
from participa.insights import building
from participa.insights.editing import Change, EditKind
from participa.insights.files import rebuilding
from participa.insights.files.bundle import bundle
from participa.insights.files.open_data import RESULT, TEXTS, NotABundle, read_input
from participa.insights.files.rebuilding import rebuild, unpacked
from participa.insights.files.result import counted_result
from participa.insights.files.speech import Speech
from participa.insights.models import ResultReport
from participa.insights.reading import Reading, Source
from participa.kit.zips import archive
from tests.insights.conftest import themed
from tests.insights.reporting import (
    COPIED,
    ROADS,
    SINGLES,
    WATER,
    group_by_words,
    published,
    say,
    say_all,
)  # fmt: skip
from tests.people import NOW, Municipality

Files = dict[str, bytes]
WORDS = "El acueducto de mi casa lleva barro, y lo digo con mi nombre."


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Group by words, for the report and when it is counted again."""
    monkeypatch.setattr(building, "condensed", by_words)
    monkeypatch.setattr(rebuilding, "condensed", by_words)


def by_words(sources: Sequence[Source], note: object = None) -> Any:
    """Group as the other tests of reports do."""
    return group_by_words(Reading(list(sources)), lambda _share: None)


async def packed(report: ResultReport) -> Files:
    """Give the bundle of a report as its files."""
    found = ResultReport.of(report.entity_id).filter(id=report.id)
    whole = await found.select_related("process", "entity").get()
    return unpacked(await bundle(whole, Speech("es", whole.entity.zone, "https://x.test")))


async def told(town: Municipality) -> ResultReport:
    """Publish a report of texts of which some are of one person, some copied and one a mesa's."""
    await say_all(town, [*WATER[:4], ROADS[0]], actor=town.ana)
    await say_all(town, [*WATER[4:8], *ROADS[1:9], *SINGLES[:3], COPIED, COPIED, "'Comillas' ya"])
    await say(town, ROADS[9], channel="workshop", people_count=9, place="El Alto")
    return await published(town)


def changed_rows(files: Files, change: Callable[[list[list[str]]], list[list[str]]]) -> Files:
    """Give the bundle with other rows of texts."""
    rows = list(csv.reader(io.StringIO(files[TEXTS].decode(), newline="")))
    buffer = io.StringIO()
    csv.writer(buffer).writerows([rows[0], *change(rows[1:])])
    return files | {TEXTS: buffer.getvalue().encode()}


def one_more_person(rows: list[list[str]]) -> list[list[str]]:
    rows[-1][4] = "10"
    return rows


def run_apart(source: Path, out: Path, threads: int) -> bytes:
    """Rebuild in a process of so many threads, its hashes in an order of their own."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, str(threads)) | {"PYTHONHASHSEED": str(threads)}
    command = [
        sys.executable,
        "-m",
        "participa",
        "insights",
        "rebuild",
        str(source),
        "--out",
        str(out),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "igual, byte por byte" in done.stdout
    return out.read_bytes()


def shuffled(rows: list[list[str]]) -> list[list[str]]:
    return random.Random(3).sample(rows, len(rows))  # noqa: S311


async def test_a_report_comes_out_the_same_in_any_order(town: Municipality) -> None:
    """Really grouped, and grouped again from the rows as they happen to lie: the same bytes."""
    await say_all(town, [text.body for text in themed(6)])
    files = await packed(await told(town))
    mixed = changed_rows(files, shuffled)
    assert mixed[TEXTS] != files[TEXTS]
    again = rebuild(mixed)
    assert (again.is_same, again.same_input, again.ledger_holds) == (True, True, True)
    assert again.written == files[RESULT]
    assert len(read_input(files).sources) == again.texts


@pytest.mark.long
async def test_a_report_comes_out_the_same_anywhere(town: Municipality, tmp_path: Path) -> None:
    """In other processes, with one thread or two and hashes in another order: the same bytes."""
    await say_all(town, [text.body for text in themed(6)])
    files = await packed(await told(town))
    for threads, content in ((1, files), (2, changed_rows(files, shuffled))):
        source = tmp_path / f"{threads}.zip"
        source.write_bytes(archive(content.items()))
        assert run_apart(source, tmp_path / f"{threads}.json", threads) == files[RESULT]
    assert rebuild(changed_rows(files, one_more_person)).same_input is False


@pytest.mark.usefixtures("quick")
async def test_people_are_numbers_that_lead_to_nobody(town: Municipality) -> None:
    """The bundle has neither names nor keys of accounts: the numbers follow from the rows."""
    files = await packed(await told(town))
    rows = list(csv.DictReader(io.StringIO(files[TEXTS].decode(), newline="")))
    assert {row["voz"] for row in rows} == {"v1", ""}
    assert "Ana" not in files[TEXTS].decode()
    assert f"person:{town.ana.person_id}" not in files[TEXTS].decode()


@pytest.mark.usefixtures("quick")
async def test_what_was_edited_since_is_given_as_counted(town: Municipality) -> None:
    """An edit after the report changes nothing of it: the wording that was counted is kept."""
    said = await say(town, WORDS, actor=town.beto)
    report = await told(town)
    await edit(
        town.beto, said.id, "Otra cosa, sin agua ni acueducto.", now=NOW + timedelta(hours=1)
    )
    files = await packed(report)
    assert WORDS in files[TEXTS].decode()
    assert rebuild(files).is_same


@pytest.mark.usefixtures("quick")
async def test_what_was_taken_back_since_is_missing_and_said(
    town: Municipality, tmp_path: Path
) -> None:
    """Its words, its quotes and its voice are gone; then only the ledger can be checked."""
    said = await say(town, WORDS, actor=town.beto)
    report = await told(town)
    await remove(town.beto, said.id, now=NOW)
    files = await packed(report)
    assert not any(WORDS.encode() in content for content in files.values())
    found = rebuild(files)
    assert (found.missing, found.ledger_holds, found.written) == (1, True, None)
    source = tmp_path / "informe.zip"
    source.write_bytes(archive(files.items()))
    shown = CliRunner().invoke(app, ["insights", "rebuild", str(source)])
    assert shown.exit_code == 0
    assert "Faltan 1 textos" in shown.output


@pytest.mark.usefixtures("quick")
async def test_a_changed_bundle_is_found_out(town: Municipality) -> None:
    """One person more in one row, or a row left out, and it is no longer the same."""
    files = await packed(await told(town))
    found = rebuild(changed_rows(files, one_more_person))
    assert not found.is_same
    assert "figures" in found.differences
    assert not rebuild(changed_rows(files, lambda rows: rows[1:])).ledger_holds


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    """Any other file is refused in words."""
    other = tmp_path / "otro.zip"
    other.write_bytes(b"PK nothing")
    shown = CliRunner().invoke(app, ["insights", "rebuild", str(other)])
    assert shown.exit_code == 1
    assert "no es un paquete" in shown.output
    with pytest.raises(NotABundle):
        unpacked(archive([("a.txt", b"")]))


@pytest.mark.usefixtures("quick")
async def test_what_people_changed_is_counted_too(town: Municipality) -> None:
    """Two themes that were joined are one, nobody is lost, and a moved text is heard once."""
    inputs = read_input(await packed(await told(town)))
    grouped = by_words(inputs.sources)
    assert len(grouped.themes) > 1
    moved = grouped.themes[1].members[0]
    changes = [
        Change(EditKind.MOVE, contributions=(moved,)),
        Change(EditKind.MERGE, theme=2, into=1),
    ]
    plain, changed = (counted_result(inputs.sources, grouped, each) for each in ([], changes))
    assert {group.number for group in plain.themes} - {g.number for g in changed.themes} == {2}
    assert moved in changed.once
    everybody = [*changed.once, *changed.empty, *(m for g in changed.themes for m in g.members)]
    assert sorted(everybody) == [source.id for source in inputs.sources]
