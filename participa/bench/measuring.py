"""What is measured of a process, and how figures are judged and written."""

import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from participa.bench.words import VERDICTS, WORDS

# Above this ratios are not to be trusted either: seconds of both sides are somebody else's.
QUIET_CORES = 0.3


class BenchFailed(Exception):
    """A measurement that could not be made; the message says why."""


def cpu_seconds(pid: int) -> float:
    """Give the processor time that all threads of a process have used, from the scheduler."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def memory_kib(pid: int) -> float:
    """Give a process's proportional share of memory in KiB, without the kernel's buffers."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1])
    raise BenchFailed("este sistema no dice cuánta memoria usa un proceso")


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share of all lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def median(values: Sequence[float]) -> float:
    """Give the middle value; 0 of none."""
    return statistics.median(values) if values else 0.0


class Elsewhere:
    """How many cores other programs kept busy while this one and its children measured."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy, self._own = _busy_seconds(), _own_seconds()

    def cores(self) -> float:
        """Give the mean since the beginning; children count once they have ended."""
        others = _busy_seconds() - self._busy - (_own_seconds() - self._own)
        return max(0.0, others / max(time.monotonic() - self._began, 1e-9))


def _busy_seconds() -> float:
    """Give what all cores have worked for processes, and what the host took away.

    Interrupts are left out: our own loopback traffic makes most of them.
    """
    fields = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _waiting, _irq, _softirq, stolen = fields
    return (user + nice + system + stolen) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure beside what it must and what it should reach; `more_is_better` for speeds.

    `must` is None where only an aim was set.
    """

    name: str
    value: float
    must: float | None
    aim: float
    unit: str = "x"
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        """Say which of the two it reaches: aim, must or short."""
        sign = -1 if self.more_is_better else 1
        if sign * self.value <= sign * self.aim:
            return "aim"
        if self.must is None:
            return "short of aim"
        return "must" if sign * self.value <= sign * self.must else "short"


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark found: its figures, its bars and the machine's cores.

    Figures and bars have names for programs; people read those of `words`.
    """

    name: str
    figures: dict[str, object]
    bars: tuple[Bar, ...]

    def as_json(self) -> dict[str, object]:
        """Give everything as plain values."""
        return {
            "bench": self.name,
            "cores": os.cpu_count(),
            "figures": self.figures,
            "bars": [{**asdict(bar), "verdict": bar.verdict} for bar in self.bars],
        }

    def as_text(self) -> str:
        """Write the figures and the bars as two short tables, in Spanish."""
        lines = [
            f"{WORDS.get(name, name):<56} {_shown(value):>12}"
            for name, value in self.figures.items()
        ]
        lines += ["", f"{'':<48} {'medido':>12} {'mínimo':>8} {'meta':>8}"]
        lines += [_line(bar) for bar in self.bars]
        # PostgreSQL is no child of ours, and works for us.
        is_alone = self.figures.get("database") != "PostgreSQL"
        if is_alone and float(str(self.figures.get("elsewhere_cores", 0))) > QUIET_CORES:
            lines += ["", "El equipo estaba ocupado con otras cosas: repita la medida en calma."]
        return "\n".join(lines)


def _line(bar: Bar) -> str:
    value = f"{_shown(bar.value)} {bar.unit}".strip()
    must = "—" if bar.must is None else f"{bar.must:g}".replace(".", ",")
    aim = f"{bar.aim:g}".replace(".", ",")
    return f"{_words(bar.name):<48} {value:>12} {must:>8} {aim:>8}  {VERDICTS[bar.verdict]}"


def _words(name: str) -> str:
    return WORDS.get(name, name)


def _shown(value: object) -> str:
    """Write a number as Spanish does: 1.234,5."""
    if not isinstance(value, float):
        return str(value)
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 3 if abs(value) < 1 else 2
    return f"{value:,.{digits}f}".translate({ord(","): ".", ord("."): ","})
