"""`participa insights cluster | assign | duplicates | score`: anyone's texts from files."""

import csv
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from participa.cli import app
from tests.insights.groups_of_texts import THEMES, planted


@pytest.fixture(autouse=True)
def usual_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands lower their own priority; these tests share their process."""
    monkeypatch.setattr(os, "nice", lambda _by: 0)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write a table of texts with their themes."""
    texts, themes = planted(200)
    rows = [[f"r{n}", *row] for n, row in enumerate(zip(texts, themes, strict=True))]
    return write(tmp_path / "corpus.csv", ["codigo", "dice", "tema"], rows)


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["insights", *map(str, words)], catch_exceptions=False)


def test_cluster_and_score(corpus: Path, tmp_path: Path) -> None:
    """One row per input row in order, with id, group, label and strength; the score is told."""
    out = tmp_path / "out.csv"
    told = run("cluster", corpus, "--text", "dice", "--id", "codigo", "--out", out, "--json")
    assert told.exit_code == 0, told.output
    figures = json.loads(told.stdout)
    assert (figures["n"], figures["clusters"]) == (200, len(THEMES))
    assert figures["seconds"] > 0
    assert figures["peak_mib"] > 0
    rows = read(out)
    assert list(rows[0]) == ["id", "cluster", "label", "strength"]
    assert [row["id"] for row in rows] == [f"r{n}" for n in range(200)]
    assert all(row["label"] for row in rows if row["cluster"])
    scored = run("score", corpus, out, "--label", "tema", "--json")
    assert json.loads(scored.stdout)["ami"] > 0.9


def test_two_levels(corpus: Path, tmp_path: Path) -> None:
    """With two levels there is a column for the part within the group, and its words."""
    out = tmp_path / "out.csv"
    told = run("cluster", corpus, "--text", "dice", "--levels", 2, "--k", 12, "--out", out)
    assert told.exit_code == 0, told.output
    rows = read(out)
    assert list(rows[0])[-2:] == ["subcluster", "sublabel"]
    parts = [row for row in rows if row["subcluster"]]
    assert parts
    assert all(row["subcluster"].startswith(f"{row['cluster']}.") for row in parts)
    assert all(row["sublabel"] for row in parts)


def test_left_out_rows_count_as_one_group(tmp_path: Path) -> None:
    """Leaving half of the texts out is no way to a better score."""
    gold = write(tmp_path / "g.csv", ["tema"], [["a"], ["a"], ["b"], ["b"]])
    out = write(tmp_path / "o.csv", ["cluster"], [["1"], [""], ["2"], [""]])
    scored = json.loads(run("score", gold, out, "--label", "tema", "--json").stdout)
    assert scored["left_out"] == 2
    assert scored["purity"] == 0.75
    assert scored["ami"] < 0.5


def test_new_texts_are_assigned(corpus: Path, tmp_path: Path) -> None:
    """Texts that come later go to the group of their kin; one without a known word to none."""
    out, model, placed = (tmp_path / name for name in ("out.csv", "model.npz", "placed.csv"))
    told = run("cluster", corpus, "--text", "dice", "--out", out, "--model", model)
    assert told.exit_code == 0, told.output
    texts, themes = planted(60, seed=9)
    new = write(tmp_path / "new.csv", ["id", "dice"],
                [*([str(n), t] for n, t in enumerate(texts)), ["raro", "xyzzy"]])  # fmt: skip
    told = run("assign", model, new, "--text", "dice", "--out", placed)
    assert told.exit_code == 0, told.output
    rows = read(placed)
    assert rows[-1]["cluster"] == ""
    known = dict(zip([row["tema"] for row in read(corpus)],
                     [row["cluster"] for row in read(out)], strict=True))  # fmt: skip
    right = sum(known[theme] == row["cluster"] for theme, row in zip(themes, rows, strict=False))
    assert right >= 57


def test_a_report_is_a_page(corpus: Path, tmp_path: Path) -> None:
    """The report shows each group with its words, and what people wrote is escaped."""
    rows = [[row["codigo"], row["dice"].replace(".", " <b>ya</b>."), ""] for row in read(corpus)]
    hostile = write(tmp_path / "<i>.csv", ["codigo", "dice", "tema"], rows)
    page = tmp_path / "report.html"
    run("cluster", hostile, "--text", "dice", "--out", tmp_path / "o.csv", "--report", page)
    html = page.read_text(encoding="utf-8")
    assert html.count("<article>") == len(THEMES)
    assert "<b>" not in html
    assert "<i>" not in html


def test_duplicates(tmp_path: Path) -> None:
    """Copies are told with the text they repeat; other texts, and other veredas, are not."""
    letter = (
        "Señor alcalde pedimos con todo respeto que arregle cuanto antes el puente colgante de "
        "la vereda El Tablazo porque los niños no pueden pasar a clase cuando llueve"
    )
    rows = [
        ["a", letter],
        ["b", f"{letter} mucho"],
        ["c", letter.upper()],
        ["d", "Que pongan luz en el parque."],
    ]
    out = tmp_path / "dup.csv"
    source = write(tmp_path / "in.csv", ["id", "t"], rows)
    told = run("duplicates", source, "--text", "t", "--out", out)
    assert told.exit_code == 0, told.output
    assert [(r["group"], r["id"], r["same_as"]) for r in read(out)] == [
        ("1", "b", "a"), ("1", "c", "a"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--text", "nada"], "No hay columna «nada». Están: codigo, dice, tema."),
        (["--text", "dice", "--lang", "fr"], "es, ca, en"),
    ],
)
def test_wrong_use_is_told(corpus: Path, tmp_path: Path, words: list[str], told: str) -> None:
    """A column or language that is not there is named with those that are."""
    result = run("cluster", corpus, *words, "--out", tmp_path / "o.csv")
    assert result.exit_code in {1, 2}
    assert told in result.output
    assert not (tmp_path / "o.csv").exists()


def test_what_is_no_model_is_refused(corpus: Path, tmp_path: Path) -> None:
    """Any other file is no model: nothing of it is run, nothing written."""
    out = tmp_path / "o.csv"
    result = run("assign", corpus, corpus, "--text", "dice", "--out", out)
    assert result.exit_code == 1
    assert "no es un modelo" in result.output
    assert not out.exists()


def test_broken_rows_keep_their_place(tmp_path: Path) -> None:
    """A row with too many cells is an empty text in its place, and counted."""
    texts, _themes = planted(60)
    lines = ["id,t", *(f"{n},{text}" for n, text in enumerate(texts)), "60,uno,dos,tres", "61,vía"]
    source = tmp_path / "in.csv"
    source.write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "o.csv"
    told = run("cluster", source, "--text", "t", "--k", "5", "--out", out, "--json")
    assert json.loads(told.stdout)["broken_rows"] == 1
    rows = read(out)
    assert len(rows) == 62
    assert rows[60]["cluster"] == ""
