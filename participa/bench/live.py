"""How quickly many are told of a contribution, beside the two limits of telling many."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from participa.bench.load import Browser, Line, form_token
from participa.bench.measuring import Bar, Result, median, memory_kib, percentile
from participa.bench.processes import Child, allow_files, child, cores, free_port, wait_for
from participa.bench.server import STALL_PATH
from participa.bench.stage import TEXT, set_up, settings_in

SETTLE_SECONDS = 2.0
COLLECT_SECONDS = 30.0
PROBE_EVERY = 0.002
FEW = 2_000


@dataclass
class Crowds:
    """The readers, in several processes."""

    children: Sequence[Child]
    count: int
    doubled: int = 0
    cut: int = 0

    def connect(self, port: int, path: str) -> None:
        """Connect all. Raises RuntimeError where somebody is not let in."""
        share = [self.count // len(self.children)] * len(self.children)
        share[0] += self.count - sum(share)
        self._shares = share
        for each, some in zip(self.children, share, strict=True):
            each.tell({"connect": path, "port": port, "count": some})
        inside = sum(each.hear() for each in self.children)
        if inside != self.count:
            raise RuntimeError(f"entraron {inside} de {self.count} lectores")

    def collect(self, number: int) -> list[float]:
        """Wait until everybody has a message and give when each had it."""
        for each, some in zip(self.children, self._shares, strict=True):
            each.tell({"collect": number, "count": some, "seconds": COLLECT_SECONDS})
        told = [each.hear() for each in self.children]
        self.doubled = sum(each["doubled"] for each in told)
        self.cut = sum(each["cut"] for each in told)
        return sorted(at for each in told for at in each["arrivals"])


@dataclass
class Told:
    """What became of several messages: seconds from the beginning to readers."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    after_ack: list[float] = field(default_factory=list)
    stall: list[float] = field(default_factory=list)
    probe: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0

    def note(self, arrivals: Sequence[float], began: float, count: int) -> None:
        """Note one message."""
        self.lost += count - len(arrivals)
        self.p50.append(percentile(arrivals, 0.5) - began)
        self.p99.append(percentile(arrivals, 0.99) - began)
        self.last.append(arrivals[-1] - began if arrivals else COLLECT_SECONDS)


def bench_live(watchers: int, posts: int, processes: int) -> Result:
    """Run the benchmark: ours, then the library's broadcast, then the bare protocol."""
    allow_files(watchers)
    server_on, load_on = cores()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="participa-")))
        crowds = [stack.enter_context(child("watchers", on=load_on)) for _ in range(processes)]
        ours, payload, kib = _ours(folder, server_on, load_on, Crowds(crowds, watchers), posts)
        limits = {
            kind: _limit(kind, server_on, load_on, watchers, processes, posts, payload)
            for kind in ("broadcast", "bare")
        }
    return _result(watchers, ours, limits, kib, len(payload))


def _ours(
    folder: Path, server_on: set[int], load_on: set[int], crowds: Crowds, posts: int
) -> tuple[Told, str, float]:
    stage = set_up(settings_in(folder), people=1, threads=1, posts=3)
    port, path = free_port(), f"/hilos/{stage.threads[0]}"
    with (
        child("server", "participa", str(port), str(folder), on=server_on) as server,
        child("load", on=load_on) as probe,
    ):
        server.hear()
        wait_for(port)
        return asyncio.run(_watched(server, probe, port, path, stage.tokens[0], crowds, posts))


async def _watched(
    server: Child, probe: Child, port: int, path: str, token: str, crowds: Crowds, posts: int
) -> tuple[Told, str, float]:
    writer = Browser(port, token)
    line = await Line.open(port)
    _status, _head, page = await line.send(writer.get(path))
    fields = {"csrf": form_token(page)}
    number = int(page.split(b'data-after="', 1)[1].split(b'"', 1)[0])
    line.close()
    before = memory_kib(server.pid)
    await asyncio.to_thread(crowds.connect, port, f"/en-vivo{path}?despues={number}&estado=open")
    await asyncio.sleep(SETTLE_SECONDS)
    kib = (memory_kib(server.pid) - before) / crowds.count
    # An idle connection for requests is closed by the server after some seconds.
    line = await Line.open(port)
    told, payload = Told(), ""
    for at in range(posts + 1):
        number += 1
        form = writer.post(
            f"{path}/aportes", {**fields, "body": f"{TEXT} {at}", "request_key": f"k{at}"}
        )
        await line.send(writer.get(STALL_PATH))
        probe.tell({"do": "probed", "port": port, "path": "/sw.js", "seconds": 1.0,
                    "every": PROBE_EVERY})  # fmt: skip
        await asyncio.sleep(0.3)
        began = time.monotonic()
        status, _head, _body = await line.send(form)
        acknowledged = time.monotonic()
        if status != 201:
            raise RuntimeError(f"el aporte no se publicó: {status}")
        arrivals = await asyncio.to_thread(crowds.collect, number)
        line.close()
        line = await Line.open(port)
        waits = await asyncio.to_thread(probe.hear)
        _status, _head, stall = await line.send(writer.get(STALL_PATH))
        if at == 0:
            payload = await _as_told(line, writer, path, number)
            continue
        told.note(arrivals, began, crowds.count)
        told.after_ack.append(max(arrivals[-1] - acknowledged, 0.0) if arrivals else 0.0)
        told.stall.append(float(stall))
        told.probe.append(max(waits) - median(waits))
    line.close()
    told.doubled = crowds.doubled
    return told, payload, kib


async def _as_told(line: Line, reader: Browser, path: str, number: int) -> str:
    """Ask for the message that readers were sent, to give the limits the same bytes."""
    news = f"{path}/novedades?despues={number - 1}&estado=open"
    _status, _head, body = await line.send(reader.get(news))
    message = json.loads(body)["messages"][0]
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _limit(
    kind: str, server_on: set[int], load_on: set[int], watchers: int, processes: int,
    posts: int, payload: str,
) -> Told:  # fmt: skip
    port, told = free_port(), Told()
    first = int(payload.split('"n":', 1)[1].split(",", 1)[0])
    with ExitStack() as stack:
        server = stack.enter_context(child("fanout", kind, str(port), on=server_on))
        server.hear()
        children = [stack.enter_context(child("watchers", on=load_on)) for _ in range(processes)]
        crowds = Crowds(children, watchers)
        crowds.connect(port, "/")
        time.sleep(SETTLE_SECONDS)
        for at in range(posts + 1):
            number = first + at
            began = server.ask(payload.replace(f'"n":{first},', f'"n":{number},', 1))
            arrivals = crowds.collect(number)
            if at:
                told.note(arrivals, began, watchers)
            time.sleep(0.3)
    return told


def _result(watchers: int, ours: Told, limits: dict[str, Told], kib: float, payload: int) -> Result:
    last = median(ours.last)
    ratios = {kind: last / median(limit.last) for kind, limit in limits.items()}
    figures: dict[str, object] = {
        "watchers": watchers,
        "payload_bytes": payload,
        "from_post_p50_ms": median(ours.p50) * 1000,
        "from_post_p99_ms": median(ours.p99) * 1000,
        "from_post_last_ms": last * 1000,
        "after_ack_last_ms": median(ours.after_ack) * 1000,
        "deliveries_per_s": watchers / last,
        "broadcast_last_ms": median(limits["broadcast"].last) * 1000,
        "bare_last_ms": median(limits["bare"].last) * 1000,
        "last_to_broadcast": ratios["broadcast"],
        "last_to_bare": ratios["bare"],
        "memory_per_watcher_kib": kib,
        "loop_stall_ms": median(ours.stall) * 1000,
        "probe_delay_ms": median(ours.probe) * 1000,
        "lost": ours.lost,
        "doubled": ours.doubled,
    }
    bars = [
        Bar("memory of an idle reader", kib, 20, 8, "KiB"),
        Bar("stall of other requests", median(ours.stall) * 1000, 50, 20, "ms"),
    ]
    # Each limit is the one to be near to at its own size of crowd.
    if watchers <= FEW:
        bars.insert(0, Bar("last reader / broadcast()", ratios["broadcast"], 1.5, 0.9))
    else:
        bars.insert(0, Bar("last reader / bare protocol", ratios["bare"], 3.0, 1.3))
    return Result("live", figures, tuple(bars))
