"""The benchmarks run, however small, and their figures are all there; no time is asserted."""

import json

import pytest
from typer.testing import CliRunner

from participa.bench import reads, texts
from participa.cli import app


def _told(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["bench", *words, "--json"])
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.output)
    return told


def _figures(told: dict[str, object]) -> dict[str, float]:
    figures = told["figures"]
    assert isinstance(figures, dict)
    return figures


def test_everybody_is_told_once() -> None:
    """A few readers, both limits beside them: none lost, none doubled, all figures there."""
    told = _told("live", "--watchers", "30", "--posts", "2", "--processes", "2")
    figures = _figures(told)
    assert figures["lost"] == figures["doubled"] == 0
    assert {"from_post_p50_ms", "from_post_p99_ms", "after_ack_last_ms", "deliveries_per_s",
            "memory_per_watcher_kib", "loop_stall_ms", "last_to_broadcast",
            "last_to_bare"} <= figures.keys()  # fmt: skip
    assert figures["payload_bytes"] > 500
    assert len(told["bars"]) == 3  # type: ignore[arg-type]


def test_what_is_acknowledged_is_kept() -> None:
    """Some people write for a moment: everything acknowledged is there once, without gaps."""
    figures = _figures(_told("write", "--connections", "4", "--seconds", "0.6"))
    assert figures["lost"] == figures["doubled"] == figures["threads_with_gaps"] == 0
    assert figures["text_per_s"] > 0
    assert figures["markdown_per_s"] > 0
    assert figures["bare_per_s"] > 0


def test_reading_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few requests of each kind: the page has its fifty, one statement and three."""
    for name, value in (("REQUESTS", 40), ("RENDERINGS", 3), ("ROUNDS", 1), ("FRESH_THREADS", 2)):
        monkeypatch.setattr(reads, name, value)
    figures = _figures(_told("http"))
    assert figures["statements_visitor"] == 1
    assert figures["statements_signed_in"] == 3
    assert figures["page_bytes"] > 20_000
    assert figures["loaded_requests"] <= 8
    assert figures["loaded_bytes_gzip"] < 60_000


def test_grouping_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some made-up texts: planted themes and letters are found, all figures and bars are there."""
    monkeypatch.setattr(texts, "SMALL", 2_500)
    told = texts.bench_insights(4_000).as_json()
    figures = _figures(told)
    assert 15 <= figures["small_themes"] <= 60
    bars = {bar["name"]: bar["value"] for bar in told["bars"]}  # type: ignore[attr-defined]
    assert bars["copies_recall"] > 0.95
    assert bars["copies_precision"] > 0.95
    assert bars["place_one_ms"] > 0
    assert bars["small_memory_mib"] > 50
