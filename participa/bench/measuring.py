"""What is measured of a process, and how figures are judged and written."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KIB = 1024


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
    raise RuntimeError("the kernel does not tell the memory of a process")


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share of all lies; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def median(values: Sequence[float]) -> float:
    """Give the middle value; 0 of none."""
    return statistics.median(values) if values else 0.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure beside what it must and what it should reach; `more_is_better` for speeds."""

    name: str
    value: float
    must: float
    aim: float
    unit: str = "x"
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        """Say which of the two it reaches: aim, must or short."""
        sign = -1 if self.more_is_better else 1
        if sign * self.value <= sign * self.aim:
            return "aim"
        return "must" if sign * self.value <= sign * self.must else "short"


@dataclass(frozen=True, slots=True)
class Result:
    """What a benchmark found: its figures, its bars and the machine's cores."""

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
        """Write the figures and the bars as two short tables."""
        words = {"aim": "meta", "must": "cumple", "short": "NO ALCANZA"}
        lines = [f"{name:<46} {_shown(value):>16}" for name, value in self.figures.items()]
        lines += ["", f"{'':<46} {'medido':>10} {'mínimo':>9} {'meta':>9}"]
        lines += [
            f"{bar.name:<46} {bar.value:>8.2f} {bar.unit:<2}{bar.must:>8g} {bar.aim:>9g}  "
            f"{words[bar.verdict]}"
            for bar in self.bars
        ]
        return "\n".join(lines)


def _shown(value: object) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)
