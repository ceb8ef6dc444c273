"""How many contributions are published, durably and told, beside a bare group-commit insert."""

import asyncio
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from participa.bench.load import Browser, Line, form_token
from participa.bench.measuring import Bar, BenchFailed, Result, cpu_seconds, median, percentile
from participa.bench.processes import (
    LOAD,
    SERVER,
    WATCHERS,
    Child,
    allow_files,
    apart,
    child,
    free_port,
    wait_for,
)
from participa.bench.stage import MARKDOWN, TEXT, Stage, set_up, settings_in
from participa.db import connected, fetch
from participa.settings import Settings

ROUNDS = 3
POSTS_BEFORE = 2
TOLD_WITHIN_SECONDS = 10.0
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_BASE = re.compile(r"/[^/]*$")


@dataclass(frozen=True, slots=True)
class Speed:
    """What became of one load: posts a second, waits in ms, server CPU ms for each post."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    acknowledged: list[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A server and the load that can be put on it."""

    server: Child
    load: Child
    port: int

    def loaded(
        self, writers: list[dict[str, str]], paths: list[str], text: str, seconds: float, run: str
    ) -> Speed:
        """Post for some time. Raises BenchFailed where something is refused."""
        before = cpu_seconds(self.server.pid)
        told = self.load.ask({
            "do": "posted", "port": self.port, "writers": writers, "paths": paths,
            "text": text, "seconds": seconds, "run": run,
        })  # fmt: skip
        if told["statuses"] != [201]:
            raise BenchFailed(f"respuestas inesperadas: {told['statuses']}")
        return _speed(told, cpu_seconds(self.server.pid) - before)


def bench_write(connections: int, seconds: float, database_url: str = "") -> Result:
    """Run the benchmark on SQLite, or in a database of its own on a PostgreSQL of this machine.

    Raises BenchFailed where it cannot be made.
    """
    if not database_url:
        return _bench(connections, seconds, "")
    if urlsplit(database_url).hostname not in LOCAL:
        raise BenchFailed("solo se mide una base de este equipo (127.0.0.1)")
    with _own_database(database_url) as own:
        return _bench(connections, seconds, own)


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """Create a database that nobody has, and drop it again."""
    name, admin = f"participa_bench_{secrets.token_hex(4)}", _BASE.sub("/postgres", url)
    asyncio.run(_executed(admin, f"CREATE DATABASE {name}"))
    try:
        yield _BASE.sub(f"/{name}", url)
    finally:
        asyncio.run(_executed(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


async def _executed(url: str, statement: str) -> None:
    try:
        connection = await asyncpg.connect(url)
    except (OSError, asyncpg.PostgresError) as error:
        raise BenchFailed(f"PostgreSQL no responde: {error}") from error
    await connection.execute(statement)
    await connection.close()


def _bench(connections: int, seconds: float, database_url: str) -> Result:
    allow_files(2 * connections)
    with apart() as on, ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="participa-")))
        settings = settings_in(folder, database_url)
        stage = set_up(
            settings,
            people=connections,
            threads=2 * connections,
            posts=POSTS_BEFORE,
            supports=False,
        )
        rounds, told = _rounds(stack, on, folder, database_url, stage, seconds)
        checked = asyncio.run(_checked(settings, _keys(rounds, "text", "markdown", "unwatched")))
    untold = len(_keys(rounds, "text", "markdown")) - told["seen"]
    checked = {**checked, "doubled": checked["doubled"] + told["doubled"], "untold": untold}
    middle = {name: _middle(rounds[1:], name) for name in rounds[0]}
    return _result(connections, "PostgreSQL" if database_url else "SQLite", middle, checked)


def _rounds(
    stack: ExitStack,
    on: tuple[set[int], set[int]],
    folder: Path,
    database_url: str,
    stage: Stage,
    seconds: float,
) -> tuple[list[dict[str, Speed]], dict[str, int]]:
    """Load limit and application in turn, and give also what the readers were told.

    A reader watches each thread that is written in, as the page of the writer does; only the
    threads of `unwatched` are read by nobody.
    """
    server_on, load_on = on
    load = stack.enter_context(child(LOAD, on=load_on))
    readers = stack.enter_context(child(WATCHERS, on=load_on))
    ours_words = ["participa", str(folder), *([database_url] if database_url else [])]
    bare = _started(stack, load, ["insert", database_url or str(folder / "bare.db")], server_on)
    ours = _started(stack, load, ours_words, server_on)
    half = len(stage.threads) // 2
    watched, unwatched = _paths(stage.threads[:half]), _paths(stage.threads[half:])
    strangers = [{"token": "", "csrf": ""}] * half
    writers = [{"token": token, "csrf": ""} for token in stage.tokens]
    asyncio.run(_with_tokens(ours.port, writers, f"/hilos/{stage.threads[0]}"))
    _watch(readers, ours.port, stage.threads[:half])
    rounds: list[dict[str, Speed]] = []
    for at in range(ROUNDS + 1):
        # The first one only warms.
        span = seconds / ROUNDS if at else min(0.5, seconds)
        rounds.append({
            "bare": bare.loaded(strangers, ["/x"], TEXT, span, f"b{at}"),
            "text": ours.loaded(writers, watched, TEXT, span, f"t{at}"),
            "markdown": ours.loaded(writers, watched, MARKDOWN, span, f"m{at}"),
            "unwatched": ours.loaded(writers, unwatched, TEXT, span, f"u{at}"),
        })  # fmt: skip
    expected = len(_keys(rounds, "text", "markdown"))
    return rounds, readers.ask({"seen": expected, "seconds": TOLD_WITHIN_SECONDS})


def _started(stack: ExitStack, load: Child, words: list[str], on: set[int]) -> Place:
    port = free_port()
    server = stack.enter_context(child(SERVER, words[0], str(port), *words[1:], on=on))
    server.hear()
    wait_for(port)
    return Place(server, load, port)


def _paths(threads: Sequence[int]) -> list[str]:
    return [f"/hilos/{thread}/aportes" for thread in threads]


def _watch(readers: Child, port: int, threads: Sequence[int]) -> None:
    for thread in threads:
        path = f"/en-vivo/hilos/{thread}?despues={POSTS_BEFORE}&estado=open"
        if readers.ask({"connect": path, "port": port, "count": 1}) != 1:
            raise BenchFailed("un lector no pudo entrar")


async def _with_tokens(port: int, writers: list[dict[str, str]], path: str) -> None:
    line = await Line.open(port)
    for writer in writers:
        _status, _head, page = await line.send(Browser(port, writer["token"]).get(path))
        writer["csrf"] = form_token(page)
    line.close()


def _speed(told: dict[str, object], cpu: float) -> Speed:
    waits, acknowledged = told["waits"], told["acknowledged"]
    if not isinstance(waits, list) or not isinstance(acknowledged, list):
        raise TypeError(told)
    count = len(acknowledged)
    return Speed(
        per_second=count / float(str(told["seconds"])),
        p50_ms=percentile(waits, 0.5) * 1000,
        p99_ms=percentile(waits, 0.99) * 1000,
        cpu_ms=cpu / count * 1000,
        acknowledged=acknowledged,
    )


def _keys(rounds: list[dict[str, Speed]], *names: str) -> list[str]:
    return [key for each in rounds for name in names for key in each[name].acknowledged]


def _middle(rounds: list[dict[str, Speed]], name: str) -> Speed:
    """Give the medians of several rounds: a disk is quick one second and slow the next."""
    speeds = [each[name] for each in rounds]
    return Speed(
        per_second=median([each.per_second for each in speeds]),
        p50_ms=median([each.p50_ms for each in speeds]),
        p99_ms=median([each.p99_ms for each in speeds]),
        cpu_ms=median([each.cpu_ms for each in speeds]),
        acknowledged=[],
    )


async def _checked(settings: Settings, keys: list[str]) -> dict[str, int]:
    """Compare what was acknowledged with what is in the database."""
    async with connected(settings):
        rows = await fetch(
            "SELECT request_key FROM deliberation_contribution WHERE request_key IS NOT NULL"
        )
        stored = [row[0] for row in rows]
        gaps = await fetch(
            "SELECT count(*) FROM (SELECT thread_id FROM deliberation_event GROUP BY thread_id "
            "HAVING count(*) <> max(number) OR min(number) <> 1) AS gaps"
        )
    return {
        "lost": len(set(keys) - set(stored)),
        "doubled": len(stored) - len(set(stored)),
        "threads_with_gaps": gaps[0][0],
    }


def _result(
    connections: int, database: str, speeds: dict[str, Speed], checked: dict[str, int]
) -> Result:
    figures: dict[str, object] = {"connections": connections, "database": database}
    for name, speed in speeds.items():
        figures |= {
            f"{name}_per_s": speed.per_second,
            f"{name}_p50_ms": speed.p50_ms,
            f"{name}_p99_ms": speed.p99_ms,
            f"{name}_cpu_ms": speed.cpu_ms,
        }
    for name in ("text", "markdown", "unwatched"):
        figures[f"{name}_cpu_to_bare"] = speeds[name].cpu_ms / speeds["bare"].cpu_ms
    bare, text, markdown = (speeds[name].per_second for name in ("bare", "text", "markdown"))
    return Result("write", figures | checked, (
        Bar("text_to_bare", text / bare, 0.20, 0.5, more_is_better=True),
        Bar("markdown_to_bare", markdown / bare, 0.10, 0.2, more_is_better=True),
        Bar("text_p99", speeds["text"].p99_ms, None, 50, "ms"),
    ))  # fmt: skip
