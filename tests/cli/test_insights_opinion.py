"""`participa insights opinion`: anybody's votes from files, groups into a file."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from participa.cli import app
from tests.insights.opinion.planted import planted


@pytest.fixture(autouse=True)
def usual_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command lowers its own priority; these tests share its process."""
    monkeypatch.setattr(os, "nice", lambda _by: 0)


def _export(folder: Path, *, as_json: bool = False) -> tuple[Path, Path]:
    votes, _truth = planted(120, 30, 2)
    rows = zip(votes.owners(), votes.columns, votes.choices, strict=True)
    texts = [(n, -1 if n == 7 else 1, f"Frase {n}") for n in range(30)]
    if as_json:
        files = folder / "votes.json", folder / "comments.json"
        events = [{"pid": int(p), "tid": int(s), "vote": int(v), "modified": "5"}
                  for p, s, v in rows]  # fmt: skip
        files[0].write_text(json.dumps(events))
        files[1].write_text(json.dumps([{"tid": n, "mod": m, "txt": t} for n, m, t in texts]))
        return files
    files = folder / "votes.csv", folder / "comments.csv"
    lines = [f"5,{s},{p},{v}" for p, s, v in rows]
    # An earlier opinion of the first person, changed since.
    changed = f"4,{votes.columns[0]},{votes.owners()[0]},{-votes.choices[0]}"
    files[0].write_text("\n".join(["timestamp,comment-id,voter-id,vote", *lines, changed]))
    comments = [f"{n},{m},{t}" for n, m, t in texts]
    files[1].write_text("\n".join(["comment-id,moderated,comment-body", *comments]))
    return files


def _run(votes: Path, comments: Path, out: Path) -> Result:
    words = ["insights", "opinion", "--votes", str(votes), "--comments", str(comments)]
    return CliRunner().invoke(app, [*words, "--out", str(out)], catch_exceptions=False)


def test_groups_are_written(tmp_path: Path) -> None:
    """Counts are told; the file has groups, everybody's place, statements and stability."""
    result = _run(*_export(tmp_path), tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    assert "Participantes: 120" in result.output
    assert "Grupos estables: 2 (" in result.output
    found = json.loads((tmp_path / "out.json").read_text())
    assert found["stable_groups"]
    assert {each["group"] for each in found["participants"]} == {0, 1}
    assert found["statements"][7] == {**found["statements"][7], "id": 7, "kept": False}
    assert all(0 < each["group_aware_consensus"] < 1 for each in found["statements"])
    assert all(each["statement"] != 7 for group in found["groups"]
               for each in group["representative"])  # fmt: skip
    assert found["stability"]["beats_shuffled"]


def test_csv_and_json_say_the_same(tmp_path: Path) -> None:
    """Both formats, and any order of lines, give the same bytes."""
    votes, comments = _export(tmp_path)
    _run(votes, comments, tmp_path / "csv.json")
    head, *lines = votes.read_text().splitlines()
    votes.write_text("\n".join([head, *reversed(lines)]))
    _run(votes, comments, tmp_path / "turned.json")
    _run(*_export(tmp_path, as_json=True), tmp_path / "json.json")
    first = (tmp_path / "csv.json").read_bytes()
    assert (tmp_path / "turned.json").read_bytes() == first
    assert (tmp_path / "json.json").read_bytes() == first


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """A vote that is none stops the command with the line where it stands; nothing is written."""
    votes, comments = _export(tmp_path)
    lines = votes.read_text().splitlines()
    votes.write_text("\n".join([*lines[:3], "5,1,1,yes", *lines[3:]]))
    result = _run(votes, comments, tmp_path / "out.json")
    assert result.exit_code == 1
    assert "votes.csv, línea 4" in result.output
    assert not (tmp_path / "out.json").exists()
