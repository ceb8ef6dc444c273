"""What reading a thread costs the server, beside a bare answer and beside rendering it all."""

import asyncio
import gzip
import re
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from participa.bench.load import Browser, Line, etag, form_token
from participa.bench.measuring import Bar, BenchFailed, Result, cpu_seconds, median
from participa.bench.processes import (
    LOAD,
    SERVER,
    Child,
    apart,
    child,
    free_port,
    wait_for,
)
from participa.bench.server import RENDER_PATH
from participa.bench.stage import TEXT, Stage, set_up, settings_in
from participa.bench.statements import statements_of

POSTS = 50
CONNECTIONS = 16
REQUESTS = 1500
RENDERINGS = 150
ROUNDS = 3
FRESH_THREADS = 20
_PARTS = re.compile(r'<(?:link|script|img)\b[^>]*?(?:src|href)="(/[^"]+)"')
# What a module cannot run without; not what it asks for later, nor the types in comments.
_IMPORTS = re.compile(r'^import\b[^;"(]*"\./([\w.]+)"', re.MULTILINE)
_LATER = re.compile(r'^[^*\n]*\bimport\("\./([\w.]+)"\)', re.MULTILINE)


@dataclass
class Place:
    """The servers and the load of one run."""

    ours: Child
    port: int
    bare: Child
    bare_port: int
    load: Child

    def cost(self, server: Child, port: int, request: bytes, count: int = REQUESTS) -> float:
        """Give the server's processor time of one request, in milliseconds."""
        before = cpu_seconds(server.pid)
        told = self.load.ask({
            "do": "repeated", "port": port, "request": request.decode(),
            "connections": CONNECTIONS, "count": count,
        })  # fmt: skip
        if not set(told["statuses"]) <= {200, 304}:
            raise BenchFailed(f"respuestas inesperadas: {told['statuses']}")
        return (cpu_seconds(server.pid) - before) / count * 1000


def bench_http() -> Result:
    """Run the benchmark."""
    with apart() as (server_on, load_on), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="participa-")))
        settings = settings_in(folder)
        # The first is read unchanged; the others get their fiftieth contribution while measured.
        threads = 1 + 2 * ROUNDS * FRESH_THREADS
        stage = set_up(settings, people=4, threads=threads, posts=POSTS - 1)
        port, bare_port = free_port(), free_port()
        ours = stack.enter_context(child(SERVER, "participa", str(port), str(folder), on=server_on))
        ours.hear()
        wait_for(port)
        page = asyncio.run(_filled(port, stage))
        (folder / "page.html").write_bytes(page)
        bare = stack.enter_context(
            child(SERVER, "hole", str(bare_port), str(folder / "page.html"), on=server_on)
        )
        bare.hear()
        wait_for(bare_port)
        load = stack.enter_context(child(LOAD, on=load_on))
        place = Place(ours, port, bare, bare_port, load)
        costs = _costs(place, stage)
        first = asyncio.run(_first_reads(place, stage))
        counted = statements_of(settings, stage)
        weight, requests = asyncio.run(_weight(port, f"/hilos/{stage.threads[0]}"))
    return _result(costs, first, counted, weight, requests, len(page))


async def _filled(port: int, stage: Stage) -> bytes:
    """Give the first thread its fiftieth contribution, and read it as a visitor."""
    line, path = await Line.open(port), f"/hilos/{stage.threads[0]}"
    writer = Browser(port, stage.tokens[0])
    _status, _head, page = await line.send(writer.get(path))
    await line.send(writer.post(f"{path}/aportes", {"csrf": form_token(page), "body": TEXT}))
    _status, _head, page = await line.send(Browser(port).get(path))
    line.close()
    return page


def _costs(place: Place, stage: Stage) -> dict[str, float]:
    path = f"/hilos/{stage.threads[0]}"
    reader = stage.tokens[-1]
    tag = asyncio.run(_tag(place.port, path))
    zipped = "Accept-Encoding: gzip\r\n"
    ours = {
        "anonymous": Browser(place.port).get(path),
        "anonymous_gzip": Browser(place.port, headers=zipped).get(path),
        "not_modified": Browser(place.port, headers=f"If-None-Match: {tag}\r\n").get(path),
        "signed_in": Browser(place.port, reader).get(path),
        "signed_in_gzip": Browser(place.port, reader, zipped).get(path),
    }
    bare = Browser(place.bare_port, reader).get("/")
    rendered = Browser(place.port).get(f"{RENDER_PATH}{stage.threads[0]}")
    rounds: dict[str, list[float]] = {}
    for _round in range(ROUNDS):
        rounds.setdefault("bare", []).append(place.cost(place.bare, place.bare_port, bare))
        for name, request in ours.items():
            rounds.setdefault(name, []).append(place.cost(place.ours, place.port, request))
        cost = place.cost(place.ours, place.port, rendered, RENDERINGS)
        rounds.setdefault("rendering_all", []).append(cost)
    return {name: median(values) for name, values in rounds.items()}


async def _tag(port: int, path: str) -> str:
    line = await Line.open(port)
    _status, head, _body = await line.send(Browser(port).get(path))
    line.close()
    return etag(head)


async def _first_reads(place: Place, stage: Stage) -> float:
    """Give what the first read after a contribution costs, in milliseconds.

    The same posts are sent to other threads that nobody reads after them; the difference is the
    reads', taken in turns. Forms are sent as without scripts, so that the post itself renders
    nothing, and each thread is used once: its fiftieth contribution is the one that is read.
    """
    threads = iter(stage.threads[1:])
    found = []
    for _round in range(ROUNDS):
        read, unread = ([next(threads) for _each in range(FRESH_THREADS)] for _half in range(2))
        with_reads = await _posted(place, stage.tokens[0], read, reads=True)
        without = await _posted(place, stage.tokens[0], unread, reads=False)
        found.append((with_reads - without) / FRESH_THREADS * 1000)
    return median(found)


async def _posted(place: Place, token: str, threads: Sequence[int], *, reads: bool) -> float:
    line = await Line.open(place.port)
    writer, visitor = Browser(place.port, token), Browser(place.port)
    _status, _head, page = await line.send(writer.get(f"/hilos/{threads[0]}"))
    for thread in threads:
        await line.send(visitor.get(f"/hilos/{thread}"))
    fields = {"csrf": form_token(page), "body": TEXT}
    before = cpu_seconds(place.ours.pid)
    for thread in threads:
        await line.send(writer.post(f"/hilos/{thread}/aportes", fields, accept="text/html"))
        if reads:
            await line.send(visitor.get(f"/hilos/{thread}"))
    spent = cpu_seconds(place.ours.pid) - before
    line.close()
    return spent


async def _weight(port: int, path: str) -> tuple[dict[str, int], int]:
    """Give what a first visit loads, compressed, by kind, and in how many requests.

    Modules are followed through their static imports; what they import when it is needed counts
    under `later` and in no request. The socket, and what the service worker fetches once the
    page is ready, are not counted.
    """
    line = await Line.open(port)
    _status, _head, plain = await line.send(Browser(port).get(path))
    weight = {"html": len(gzip.compress(plain, 6)), "css": 0, "js": 0, "other": 0, "later": 0}
    wanted = list(dict.fromkeys(_PARTS.findall(plain.decode())))
    later: list[str] = []
    for part in wanted:
        kind, size, source = await _part(line, port, part)
        weight[kind] += size
        # The list grows while it is read.
        wanted += _fresh(_beside(part, _IMPORTS, source), wanted)
        later += _fresh(_beside(part, _LATER, source), later)
    for part in later:
        if part not in wanted:
            _kind, size, source = await _part(line, port, part)
            weight["later"] += size
            names = _beside(part, _IMPORTS, source) + _beside(part, _LATER, source)
            later += _fresh(names, later)
    line.close()
    return weight, 1 + len(wanted)


async def _part(line: Line, port: int, part: str) -> tuple[str, int, str]:
    """Fetch a part of a page: its kind, its size compressed and, of a module, its source."""
    zipped = Browser(port, headers="Accept-Encoding: gzip\r\n")
    status, _head, packed = await line.send(zipped.get(part))
    if status != 200:
        raise BenchFailed(f"la página nombra {part}, que responde {status}")
    kind = part.partition("?")[0].rpartition(".")[2]
    if kind != "js":
        return kind if kind == "css" else "other", len(packed), ""
    _status, _head, source = await line.send(Browser(port).get(part))
    return kind, len(packed), source.decode()


def _beside(part: str, imports: re.Pattern[str], source: str) -> list[str]:
    folder = part.rpartition("/")[0]
    return [f"{folder}/{name}" for name in imports.findall(source)]


def _fresh(found: Sequence[str], known: Sequence[str]) -> list[str]:
    return [each for each in dict.fromkeys(found) if each not in known]


def _result(
    costs: dict[str, float],
    first: float,
    counted: dict[str, int],
    weight: dict[str, int],
    requests: int,
    page: int,
) -> Result:
    loaded = sum(size for kind, size in weight.items() if kind != "later")
    figures: dict[str, object] = {
        **{f"{name}_cpu_ms": value for name, value in costs.items()},
        "first_read_cpu_ms": first,
        "page_bytes": page,
        **{f"statements_{name}": count for name, count in counted.items()},
        **{f"{kind}_gzip_bytes": size for kind, size in weight.items()},
        "loaded_bytes_gzip": loaded,
        "loaded_requests": requests,
    }
    return Result("http", figures, (
        Bar("anonymous_to_bare", costs["anonymous"] / costs["bare"], 4, 1.6),
        Bar("signed_in_to_bare", costs["signed_in"] / costs["bare"], 8, 2.5),
        Bar("first_read_to_rendering", first / costs["rendering_all"], 1.5, 0.25),
        Bar("statements", max(counted.values()), 3, 1, ""),
        Bar("loaded", loaded / 1000, 60, 30, "kB"),
        Bar("requests", requests, 8, 4, ""),
    ))  # fmt: skip
