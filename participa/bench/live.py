"""How quickly many are told of a contribution, beside the two limits of telling many."""

import asyncio
import re
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from participa.bench.load import Browser, Line, form_token
from participa.bench.measuring import Bar, BenchFailed, Result, median, memory_kib, percentile
from participa.bench.processes import (
    FANOUT,
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
from participa.bench.server import STALL_PATH
from participa.bench.stage import TEXT, set_up, settings_in

SETTLE_SECONDS = 2.0
PAUSE_SECONDS = 0.2
COLLECT_SECONDS = 30.0
PROBE_EVERY = 0.002
PROBED = 5
FEW = 2_000
_NUMBER = re.compile(r'"n":\d+,')


@dataclass
class Crowds:
    """The readers, in several processes."""

    children: Sequence[Child]
    count: int
    doubled: int = 0
    cut: int = 0
    # What they were told last, to give the limits the same bytes.
    text: str = ""

    def connect(self, port: int, path: str) -> None:
        """Connect all. Raises BenchFailed where somebody is not let in."""
        share = [self.count // len(self.children)] * len(self.children)
        share[0] += self.count - sum(share)
        self._shares = share
        for each, some in zip(self.children, share, strict=True):
            each.tell({"connect": path, "port": port, "count": some})
        inside = sum(each.hear() for each in self.children)
        if inside != self.count:
            raise BenchFailed(f"entraron {inside} de {self.count} lectores")

    def collect(self, number: int) -> list[float]:
        """Wait until everybody has a message and give when each had it."""
        for each, some in zip(self.children, self._shares, strict=True):
            each.tell({"collect": number, "count": some, "seconds": COLLECT_SECONDS})
        told = [each.hear() for each in self.children]
        self.doubled = sum(each["doubled"] for each in told)
        self.cut = sum(each["cut"] for each in told)
        self.text = next((each["text"] for each in told if each["text"]), "")
        return sorted(at for each in told for at in each["arrivals"])


@dataclass
class Told:
    """What became of several messages: seconds from the beginning to readers."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    after_ack: list[list[float]] = field(default_factory=list)
    stall: list[float] = field(default_factory=list)
    probe: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    cut: int = 0

    def note(
        self, arrivals: Sequence[float], began: float, count: int, *, counts: bool = True
    ) -> None:
        """Note one message; one that only warms counts for nothing but losses."""
        self.lost += count - len(arrivals)
        if not counts:
            return
        self.p50.append(percentile(arrivals, 0.5) - began)
        self.p99.append(percentile(arrivals, 0.99) - began)
        self.last.append(arrivals[-1] - began if arrivals else COLLECT_SECONDS)


def bench_live(watchers: int, posts: int, processes: int) -> Result:
    """Run the benchmark: each post by ours, by the library's broadcast and by the bare protocol.

    One after the other for each post, so that what else the machine does falls on all three.
    Raises BenchFailed where it cannot be made.
    """
    allow_files(watchers)
    with apart() as (server_on, load_on), ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="participa-")))
        stage = set_up(settings_in(folder), people=1, threads=1, posts=3)

        def crowd() -> Crowds:
            each = [stack.enter_context(child(WATCHERS, on=load_on)) for _ in range(processes)]
            return Crowds(each, watchers)

        port = free_port()
        server = stack.enter_context(
            child(SERVER, "participa", str(port), str(folder), on=server_on)
        )
        server.hear()
        wait_for(port)
        probe = stack.enter_context(child(LOAD, on=load_on))
        ours = Ours(server, probe, Browser(port, stage.tokens[0]), stage.threads[0], crowd())
        kib = ours.connect()
        limits = {
            kind: Limit.started(stack, kind, server_on, crowd()) for kind in ("broadcast", "bare")
        }
        told = _rounds(ours, limits, posts)
    return _result(watchers, told, kib, len(ours.crowd.text.encode()))


def _rounds(ours: "Ours", limits: dict[str, "Limit"], posts: int) -> dict[str, Told]:
    told = {name: Told() for name in ("ours", *limits)}
    for at in range(posts + 1):
        # The first one only warms, but for what gets lost or doubled.
        time.sleep(PAUSE_SECONDS)
        arrivals, began, acknowledged = asyncio.run(ours.post())
        told["ours"].note(arrivals, began, ours.crowd.count, counts=at > 0)
        if at:
            told["ours"].after_ack.append([max(each - acknowledged, 0.0) for each in arrivals])
        for kind, limit in limits.items():
            time.sleep(PAUSE_SECONDS)
            told[kind].note(*limit.tell(ours.crowd.text), limit.crowd.count, counts=at > 0)
    for _at in range(PROBED):
        # The prober would slow the deliveries down that it looks at: posts of its own.
        arrivals, stall, delay = asyncio.run(ours.probed_post())
        told["ours"].lost += ours.crowd.count - len(arrivals)
        told["ours"].stall.append(stall)
        told["ours"].probe.append(delay)
    told["ours"].doubled, told["ours"].cut = ours.crowd.doubled, ours.crowd.cut
    return told


@dataclass
class Ours:
    """The real server with its readers, a citizen who writes and a prober."""

    server: Child
    probe: Child
    writer: Browser
    thread: int
    crowd: Crowds
    number: int = 0
    token: str = ""

    @property
    def path(self) -> str:
        """The thread's page."""
        return f"/hilos/{self.thread}"

    def connect(self) -> float:
        """Read the page, connect the readers and give the memory of each in KiB."""
        page = asyncio.run(self._page())
        self.token = form_token(page)
        self.number = int(page.split(b'data-after="', 1)[1].split(b'"', 1)[0])
        before = memory_kib(self.server.pid)
        here = f"/en-vivo{self.path}?despues={self.number}&estado=open"
        self.crowd.connect(self.writer.port, here)
        time.sleep(SETTLE_SECONDS)
        return (memory_kib(self.server.pid) - before) / self.crowd.count

    async def _page(self) -> bytes:
        line = await Line.open(self.writer.port)
        _status, _head, page = await line.send(self.writer.get(self.path))
        line.close()
        return page

    async def post(self) -> tuple[list[float], float, float]:
        """Publish: when each reader had it, when the form was sent and when acknowledged."""
        self.number += 1
        form = self.writer.post(f"{self.path}/aportes", {
            "csrf": self.token, "body": f"{TEXT} {self.number}", "request_key": f"k{self.number}",
        })  # fmt: skip
        line = await Line.open(self.writer.port)
        # The connection is there before, as a browser's is.
        await line.send(self.writer.get("/sw.js"))
        began = time.monotonic()
        status, _head, _body = await line.send(form)
        acknowledged = time.monotonic()
        line.close()
        if status != 201:
            raise BenchFailed(f"el aporte no se publicó: {status}")
        return await asyncio.to_thread(self.crowd.collect, self.number), began, acknowledged

    async def probed_post(self) -> tuple[list[float], float, float]:
        """Publish while another asks: arrivals, longest stall of the loop, longest extra wait."""
        port = self.writer.port
        await self._stall()
        self.probe.tell({"do": "probed", "port": port, "path": "/sw.js", "seconds": 1.0,
                         "every": PROBE_EVERY})  # fmt: skip
        await asyncio.sleep(0.3)
        arrivals, _began, _acknowledged = await self.post()
        waits = await asyncio.to_thread(self.probe.hear)
        return arrivals, await self._stall(), max(waits) - median(waits)

    async def _stall(self) -> float:
        line = await Line.open(self.writer.port)
        _status, _head, stall = await line.send(self.writer.get(STALL_PATH))
        line.close()
        return float(stall)


@dataclass
class Limit:
    """One of the limits with readers of its own."""

    server: Child
    crowd: Crowds
    number: int = 0

    @classmethod
    def started(cls, stack: ExitStack, kind: str, on: set[int], crowd: Crowds) -> "Limit":
        """Start it and connect its readers."""
        port = free_port()
        server = stack.enter_context(child(FANOUT, kind, str(port), on=on))
        server.hear()
        crowd.connect(port, "/")
        return cls(server, crowd)

    def tell(self, text: str) -> tuple[list[float], float]:
        """Tell a message with a number of its own: when each reader had it, and the beginning."""
        self.number += 1
        began = self.server.ask(_NUMBER.sub(f'"n":{self.number},', text, count=1))
        return self.crowd.collect(self.number), began


def _after_ack(arrivals: Sequence[Sequence[float]]) -> dict[str, object]:
    shares = {"p50": 0.5, "p99": 0.99, "last": 1.0}
    return {
        f"after_ack_{name}_ms": median([percentile(each, share) for each in arrivals]) * 1000
        for name, share in shares.items()
    }


def _result(watchers: int, told: dict[str, Told], kib: float, payload: int) -> Result:
    ours, limits = told["ours"], {kind: told[kind] for kind in ("broadcast", "bare")}
    last = median(ours.last)
    ratios = {kind: last / median(limit.last) for kind, limit in limits.items()}
    figures: dict[str, object] = {
        "watchers": watchers,
        "posts": len(ours.last),
        "payload_bytes": payload,
        "from_post_p50_ms": median(ours.p50) * 1000,
        "from_post_p99_ms": median(ours.p99) * 1000,
        "from_post_last_ms": last * 1000,
        **_after_ack(ours.after_ack),
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
        "cut": ours.cut,
    }
    bars = [
        Bar("memory", kib, 20, 8, "KiB"),
        Bar("stall", median(ours.stall) * 1000, 50, 20, "ms"),
    ]
    # Each limit is the one to be near to at its own size of crowd.
    if watchers <= FEW:
        bars.insert(0, Bar("last_to_broadcast", ratios["broadcast"], 1.5, 0.9))
    else:
        bars.insert(0, Bar("last_to_bare", ratios["bare"], 3.0, 1.3))
    return Result("live", figures, tuple(bars))
