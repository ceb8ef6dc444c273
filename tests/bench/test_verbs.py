"""The benchmarks as they are run: tiny ones, whole. What they time is not looked at."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from tortoise.backends.base.executor import EXECUTOR_CACHE

from participa.bench import reads
from participa.bench.words import WORDS
from tests.conftest import POSTGRES

# Whatever this installation is set to must not count.
STRANGE = {
    "PARTICIPA_HTTPS": "true",
    "PARTICIPA_REDIS_URL": "redis://127.0.0.1:1/0",
    "PARTICIPA_DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "PARTICIPA_PROCESSES": "3",
}


def _run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "participa", "bench", *words],
        env=os.environ | STRANGE,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


def _measured(*words: str) -> dict[str, Any]:
    done = _run(*words, "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    assert {"bench", "cores", "figures", "bars"} <= found.keys()
    assert all(bar["verdict"] for bar in found["bars"])
    assert found["figures"].keys() | {bar["name"] for bar in found["bars"]} <= WORDS.keys()
    return found


def test_live_tells_every_reader_once_beside_both_limits() -> None:
    figures = _measured("live", "--watchers", "25", "--posts", "2", "--processes", "2")["figures"]

    assert (figures["lost"], figures["doubled"], figures["cut"]) == (0, 0, 0)
    assert (figures["watchers"], figures["posts"]) == (25, 2)
    for name in ("p50", "p99", "last"):
        assert figures[f"from_post_{name}_ms"] > 0
        assert f"after_ack_{name}_ms" in figures
    # The bytes that readers got, and so the limits too: an event with its list item.
    assert figures["payload_bytes"] > 700
    assert figures["broadcast_last_ms"] > 0
    assert figures["bare_last_ms"] > 0
    assert {
        "last_to_broadcast", "last_to_bare", "deliveries_per_s", "memory_per_watcher_kib",
        "loop_stall_ms", "probe_delay_ms", "elsewhere_cores",
    } <= figures.keys()  # fmt: skip


@pytest.mark.long
def test_write_finds_what_was_acknowledged_stored_once_and_told_to_who_reads() -> None:
    found = _measured("write", "--connections", "3", "--seconds", "0.6")
    figures = found["figures"]

    _assert_nothing_missing(figures)
    assert figures["database"] == "SQLite"
    for name in ("bare", "text", "markdown", "unwatched"):
        assert figures[f"{name}_per_s"] > 0
        assert figures[f"{name}_p99_ms"] >= figures[f"{name}_p50_ms"] > 0
        assert figures[f"{name}_cpu_ms"] > 0
    assert [bar["name"] for bar in found["bars"]] == [
        "text_to_bare",
        "markdown_to_bare",
        "text_p99",
    ]


def _assert_nothing_missing(figures: dict[str, Any]) -> None:
    names = ("lost", "doubled", "untold", "threads_with_gaps")
    assert [figures[name] for name in names] == [0, 0, 0, 0]


@pytest.fixture
def databases(postgres_url: str) -> list[str]:
    """Give the names of the databases before; skip where no PostgreSQL answers."""
    assert postgres_url
    return _databases()


def _databases() -> list[str]:
    async def read() -> list[str]:
        connection = await asyncpg.connect(POSTGRES, timeout=3)
        rows = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE '%bench%'"
        )
        await connection.close()
        return sorted(row[0] for row in rows)

    return asyncio.run(read())


@pytest.mark.long
def test_write_on_postgres_is_set_beside_postgres_and_leaves_no_database(
    databases: list[str],
) -> None:
    words = ("write", "--connections", "2", "--seconds", "0.6", "--database", POSTGRES)
    figures = _measured(*words)["figures"]

    _assert_nothing_missing(figures)
    assert figures["database"] == "PostgreSQL"
    assert figures["bare_per_s"] > 0
    assert _databases() == databases


def test_only_a_database_of_this_machine_is_measured() -> None:
    done = _run("write", "--database", "postgres://somebody@192.0.2.1:5432/base")

    assert done.returncode == 1
    assert "este equipo" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the reading benchmark small, and keep the ORM's statements of other tests out of it."""
    small = {"REQUESTS": 32, "RENDERINGS": 4, "CONNECTIONS": 4, "ROUNDS": 1, "FRESH_THREADS": 2}
    for name, value in small.items():
        monkeypatch.setattr(reads, name, value)
    EXECUTOR_CACHE.clear()
    yield
    EXECUTOR_CACHE.clear()


@pytest.mark.long
@pytest.mark.usefixtures("few")
def test_http_reads_a_full_page_of_fifty_beside_a_bare_answer() -> None:
    result = reads.bench_http()
    figures = result.figures

    for name in ("bare", "anonymous", "anonymous_gzip", "not_modified", "signed_in",
                 "signed_in_gzip", "rendering_all"):  # fmt: skip
        assert float(str(figures[f"{name}_cpu_ms"])) > 0
    assert "first_read_cpu_ms" in figures
    assert int(str(figures["page_bytes"])) > 30_000
    assert figures["statements_visitor"] == 1
    assert figures["statements_signed_in"] == 3
    assert int(str(figures["loaded_requests"])) <= 8
    assert int(str(figures["loaded_bytes_gzip"])) < 60_000
    for kind in ("html", "css", "js"):
        assert int(str(figures[f"{kind}_gzip_bytes"])) > 500
    assert {bar.name for bar in result.bars} == {
        "anonymous_to_bare", "signed_in_to_bare", "first_read_to_rendering", "statements",
        "loaded", "requests",
    }  # fmt: skip
    table = result.as_text()
    assert WORDS["anonymous_to_bare"] in table
    assert "_" not in table
