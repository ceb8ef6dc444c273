"""How many contributions are published, durably, beside a bare group-commit insert."""

import asyncio
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from participa.bench.load import Browser, Line, form_token
from participa.bench.measuring import Bar, Result, cpu_seconds, median, percentile
from participa.bench.processes import Child, child, cores, free_port, wait_for
from participa.bench.stage import MARKDOWN, TEXT, set_up, settings_in
from participa.db import connected, fetch
from participa.settings import Settings

DATABASE = "participa_bench"
ROUNDS = 3
_BASE = re.compile(r"/[^/]*$")


@dataclass(frozen=True, slots=True)
class Speed:
    """What became of one load."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    acknowledged: list[str]


def bench_write(connections: int, seconds: float, database_url: str = "") -> Result:
    """Run the benchmark. Raises RuntimeError where an acknowledged contribution is missing."""
    if not database_url:
        return _bench(connections, seconds, "")
    admin = _BASE.sub("/postgres", database_url)
    asyncio.run(_recreate(admin))
    try:
        return _bench(connections, seconds, _BASE.sub(f"/{DATABASE}", database_url))
    finally:
        asyncio.run(_recreate(admin, again=False))


async def _recreate(admin: str, *, again: bool = True) -> None:
    connection = await asyncpg.connect(admin)
    await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    if again:
        await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()


def _bench(connections: int, seconds: float, database_url: str) -> Result:
    server_on, load_on = cores()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="participa-")))
        settings = settings_in(folder, database_url)
        stage = set_up(settings, people=connections, threads=connections, posts=2)
        load = stack.enter_context(child("load", on=load_on))
        words = [str(folder), *([database_url] if database_url else [])]
        bare = _started(stack, load, ["insert"], [str(folder / "bare.db")], server_on)
        ours = _started(stack, load, ["participa"], words, server_on)
        strangers = [{"token": "", "csrf": ""}] * connections
        writers = [{"token": token, "csrf": ""} for token in stage.tokens]
        paths = [f"/hilos/{thread}/aportes" for thread in stage.threads]
        asyncio.run(_with_tokens(ours.port, writers, paths[0].removesuffix("/aportes")))
        rounds: list[dict[str, Speed]] = []
        for at in range(ROUNDS + 1):
            # The first one only warms.
            span = seconds / ROUNDS if at else min(0.5, seconds)
            rounds.append({
                "bare": bare.loaded(strangers, ["/x"], TEXT, span, f"b{at}"),
                "text": ours.loaded(writers, paths, TEXT, span, f"t{at}"),
                "markdown": ours.loaded(writers, paths, MARKDOWN, span, f"m{at}"),
            })  # fmt: skip
        checked = asyncio.run(_checked(settings, _keys(rounds)))
    return _result(connections, {name: _middle(rounds[1:], name) for name in rounds[0]}, checked)


@dataclass(frozen=True, slots=True)
class Place:
    """A server and the load that can be put on it."""

    server: Child
    load: Child
    port: int

    def loaded(
        self, writers: list[dict[str, str]], paths: list[str], text: str, seconds: float, run: str
    ) -> "Speed":
        """Post for some time. Raises RuntimeError where something is refused."""
        before = cpu_seconds(self.server.pid)
        told = self.load.ask({
            "do": "posted", "port": self.port, "writers": writers, "paths": paths,
            "text": text, "seconds": seconds, "run": run,
        })  # fmt: skip
        if told["statuses"] != [201]:
            raise RuntimeError(f"respuestas inesperadas: {told['statuses']}")
        return _speed(told, cpu_seconds(self.server.pid) - before)


def _started(
    stack: ExitStack, load: Child, kind: list[str], words: list[str], on: set[int]
) -> Place:
    port = free_port()
    server = stack.enter_context(child("server", *kind, str(port), *words, on=on))
    server.hear()
    wait_for(port)
    return Place(server, load, port)


def _keys(rounds: list[dict[str, Speed]]) -> list[str]:
    ours = [each[name] for each in rounds for name in ("text", "markdown")]
    return [key for speed in ours for key in speed.acknowledged]


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


def _result(connections: int, ours: dict[str, Speed], checked: dict[str, int]) -> Result:
    limit = ours["bare"]
    figures: dict[str, object] = {"connections": connections, "bare_per_s": limit.per_second}
    figures["bare_cpu_ms"] = limit.cpu_ms
    for name in ("text", "markdown"):
        speed = ours[name]
        figures |= {
            f"{name}_per_s": speed.per_second,
            f"{name}_p50_ms": speed.p50_ms,
            f"{name}_p99_ms": speed.p99_ms,
            f"{name}_cpu_ms": speed.cpu_ms,
        }
    figures |= checked
    bare = limit.per_second
    return Result("write", figures, (
        Bar("plain text / bare insert", ours["text"].per_second / bare, 0.20, 0.5,
            more_is_better=True),
        Bar("Markdown / bare insert", ours["markdown"].per_second / bare, 0.10, 0.2,
            more_is_better=True),
        Bar("p99 of plain text", ours["text"].p99_ms, 200, 50, "ms"),
    ))  # fmt: skip
