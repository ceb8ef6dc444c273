"""Anybody counts a published report again from its open data, and it comes out the same."""

import csv
import io
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from participa.cli import app
from participa.deliberation.service import edit, remove
from participa.insights.condensing import condensed
from participa.insights.editing import Change, EditKind
from participa.insights.files.bundle import bundle
from participa.insights.files.open_data import RESULT, TEXTS, NotABundle, read_input
from participa.insights.files.rebuilding import rebuild, unpacked
from participa.insights.files.result import counted_result
from participa.insights.files.speech import Speech
from participa.insights.models import ResultReport
from participa.kit.zips import archive
from tests.insights.conftest import themed
from tests.insights.reporting import COPIED, SINGLES, published, say, say_all
from tests.people import NOW, Municipality

Files = dict[str, bytes]


async def packed(report: ResultReport) -> Files:
    """Give the bundle of a report as its files."""
    found = ResultReport.of(report.entity_id).filter(id=report.id)
    whole = await found.select_related("process", "entity").get()
    return unpacked(await bundle(whole, Speech("es", whole.entity.zone, "https://x.test")))


async def told(town: Municipality) -> ResultReport:
    """Publish a report, really grouped, of forty texts, some of them by the same people."""
    bodies = [text.body for text in themed(8)]
    await say_all(town, bodies[:12], actor=town.ana)
    await say_all(town, [*bodies[12:], *SINGLES[:3], COPIED, COPIED, "'Entre comillas' y ya"])
    await say(town, bodies[0], channel="workshop", people_count=9, place="El Alto")
    return await published(town)


def changed_rows(files: Files, change: Callable[[list[list[str]]], list[list[str]]]) -> Files:
    """Give the bundle with other rows of texts."""
    rows = list(csv.reader(io.StringIO(files[TEXTS].decode(), newline="")))
    buffer = io.StringIO()
    csv.writer(buffer).writerows([rows[0], *change(rows[1:])])
    return files | {TEXTS: buffer.getvalue().encode()}


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


async def test_a_report_comes_out_the_same_anywhere(town: Municipality, tmp_path: Path) -> None:
    """In any order of rows, in this process or others, with one thread or two: the same bytes."""
    files = await packed(await told(town))
    here = rebuild(files)
    assert (here.is_same, here.same_input, here.ledger_holds) == (True, True, True)
    assert here.written == files[RESULT]
    assert len(read_input(files).sources) == here.texts == 48

    def shuffled(rows: list[list[str]]) -> list[list[str]]:
        return random.Random(3).sample(rows, len(rows))  # noqa: S311

    mixed = changed_rows(files, shuffled)
    assert mixed[TEXTS] != files[TEXTS]
    for threads, content in ((1, files), (2, mixed)):
        source = tmp_path / f"{threads}.zip"
        source.write_bytes(archive(content.items()))
        assert run_apart(source, tmp_path / f"{threads}.json", threads) == files[RESULT]


async def test_people_are_numbers_that_lead_to_nobody(town: Municipality) -> None:
    """The bundle has neither names nor keys of accounts: the numbers follow from the rows."""
    files = await packed(await told(town))
    rows = list(csv.DictReader(io.StringIO(files[TEXTS].decode(), newline="")))
    assert {row["voz"] for row in rows} == {"v1", ""}
    assert "Ana" not in files[TEXTS].decode()
    assert f"person:{town.ana.person_id}" not in files[TEXTS].decode()


async def test_what_was_edited_since_is_given_as_counted(town: Municipality) -> None:
    """An edit after the report changes nothing of it: the wording that was counted is kept."""
    words = "El acueducto falla y el agua llega turbia a la vereda."
    said = await say(town, words, actor=town.beto)
    report = await told(town)
    await edit(town.beto, said.id, "Otra cosa, sin agua ni acueducto.", now=NOW)
    files = await packed(report)
    assert words in files[TEXTS].decode()
    assert rebuild(files).is_same


async def test_what_was_taken_back_since_is_missing_and_said(
    town: Municipality, tmp_path: Path
) -> None:
    """Its words, its quotes and its voice are gone; then only the ledger can be checked."""
    words = "El acueducto falla y el agua llega turbia a la vereda."
    said = await say(town, words, actor=town.beto)
    report = await told(town)
    await remove(town.beto, said.id, now=NOW)
    files = await packed(report)
    assert not any(words.encode() in content for content in files.values())
    found = rebuild(files)
    assert (found.missing, found.ledger_holds, found.written) == (1, True, None)
    source = tmp_path / "informe.zip"
    source.write_bytes(archive(files.items()))
    shown = CliRunner().invoke(app, ["insights", "rebuild", str(source)])
    assert shown.exit_code == 0
    assert "Faltan 1 textos" in shown.output


async def test_a_changed_bundle_is_found_out(town: Municipality) -> None:
    """One person more in one row, or a row left out, and it is no longer the same."""
    files = await packed(await told(town))

    def more(rows: list[list[str]]) -> list[list[str]]:
        rows[-1][4] = "40"
        return rows

    found = rebuild(changed_rows(files, more))
    assert (found.same_input, found.is_same) == (False, False)
    assert {"figures", "input_digest"} <= set(found.differences)
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


async def test_what_people_changed_is_counted_too(town: Municipality) -> None:
    """Two themes that were joined are one, nobody is lost, and a moved text is heard once."""
    inputs = read_input(await packed(await told(town)))
    grouped = condensed(inputs.sources)
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
