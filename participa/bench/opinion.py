"""What opinion groups cost: a usual conversation, a million people, one more vote.

The limit is one pass over the votes in both directions, which any search must make several
times: seconds of passes compare machines.
"""

import math
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from participa.bench.measuring import Bar, BenchFailed, Result, median, percentile
from participa.insights.opinion.analysis import analyse
from participa.insights.opinion.components import centred, means
from participa.insights.opinion.live import LiveVotes
from participa.insights.opinion.statistics import (
    find_consensus,
    group_aware_consensus,
    representative,
)
from participa.insights.opinion.votes import gather

Triplets = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]

# People, statements, votes; and what must and should be reached, in seconds.
USUAL, USUAL_BARS = (2_000, 900, 225_000), (0.4, 0.15)
HUGE, HUGE_BARS, HUGE_MIB = (1_000_000, 1_000, 30_000_000), (8.0, 3.0), (2_048.0, 1_024.0)
ONE, ONE_BARS = (10_000, 500, 1_000_000), (20.0, 5.0)
_ROUNDS, _VOTES_MEASURED, _GROUPS = 3, 200, 3
_AT_ONCE, _DECIDED = 10_000, 0.85


def bench_opinion(*, with_million: bool = False) -> Result:
    """Measure everything on one thread. Raises BenchFailed where nothing tells of memory."""
    with threadpool_limits(1):
        figures: dict[str, object] = {}
        bars = [_usual(figures), _one_vote(figures)]
        if with_million:
            bars += _million(figures)
    return Result("opinion", figures, tuple(bars))


def _usual(figures: dict[str, object]) -> Bar:
    votes = invented(*USUAL)
    seconds = median([_seconds(lambda: _everything(votes, USUAL)) for _round in range(_ROUNDS)])
    figures["usual_s"] = seconds
    figures["usual_passes"] = seconds / _one_pass(votes, USUAL)
    return Bar("usual", seconds, *USUAL_BARS, "s")


def _one_vote(figures: dict[str, object]) -> Bar:
    owners, columns, choices = invented(*ONE)
    votes = gather(owners, columns, choices, ONE[:2])
    found = analyse(votes, np.ones(ONE[1], dtype=bool))
    if found.chosen is None:
        raise BenchFailed("los votos inventados no dieron grupos")
    live = LiveVotes(votes, found.components, found.chosen)
    random = np.random.default_rng(1)
    times = []
    for _vote in range(_VOTES_MEASURED):
        person, statement = int(random.integers(ONE[0])), int(random.integers(ONE[1]))
        times.append(1000 * _seconds(partial(_told, live, person, statement)))
    figures["one_vote_ms"], figures["one_vote_p99_ms"] = median(times), percentile(times, 0.99)
    return Bar("one_vote", median(times), *ONE_BARS, "ms")


def _told(live: LiveVotes, person: int, statement: int) -> None:
    """Take a vote and say again what every group says and what all agree on."""
    live.vote(person, statement, 1)
    counts = live.counts()
    kept = np.ones(counts.seen.shape[1], dtype=bool)
    representative(counts, kept)
    group_aware_consensus(counts)
    find_consensus(counts.together(), kept)


def _million(figures: dict[str, object]) -> list[Bar]:
    votes = invented(*HUGE)
    _forget_peak()
    seconds = _seconds(lambda: _everything(votes, HUGE))
    peak = _peak_mib()
    figures["million_s"], figures["million_mib"] = seconds, peak
    figures["million_passes"] = seconds / _one_pass(votes, HUGE)
    return [Bar("million", seconds, *HUGE_BARS, "s"), Bar("million_memory", peak, *HUGE_MIB, "MiB")]


def invented(people: int, statements: int, votes: int) -> Triplets:
    """Give votes in any order: whose, on what, which; of people of three kinds."""
    random = np.random.default_rng(20)
    each = votes // people
    strides = [n for n in range(1, statements) if math.gcd(n, statements) == 1]
    chances = np.clip(random.normal(0.5, 0.25, (_GROUPS, statements)), 0.05, 0.95)
    parts = []
    for first in range(0, people, _AT_ONCE):
        some = np.arange(first, min(first + _AT_ONCE, people))
        stride = random.choice(strides, len(some))[:, None]
        columns = (random.integers(statements, size=len(some))[:, None]
                   + np.arange(each) * stride) % statements  # fmt: skip
        agree = chances[(some % _GROUPS)[:, None], columns] * _DECIDED
        drawn = random.random(columns.shape)
        choices = np.where(drawn < agree, 1, np.where(drawn < _DECIDED, -1, 0))
        order = random.permutation(columns.size)
        owners = np.repeat(some, each).astype(np.int32)[order]
        parts.append((owners, columns.reshape(-1)[order].astype(np.int32),
                      choices.reshape(-1)[order].astype(np.int8)))  # fmt: skip
    owners, columns, choices = (np.concatenate(part) for part in zip(*parts, strict=True))
    return owners, columns, choices


def _everything(votes: Triplets, shape: tuple[int, int, int]) -> None:
    analyse(gather(*votes, shape[:2]), np.ones(shape[1], dtype=bool))


def _one_pass(votes: Triplets, shape: tuple[int, int, int]) -> float:
    table = gather(*votes, shape[:2])
    values = centred(table, means(table))
    turned, direction = values.T, np.ones(shape[1])
    return _seconds(lambda: turned @ (values @ direction))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _forget_peak() -> None:
    """Begin the process's peak of memory anew; see proc_pid_clear_refs(5)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError as error:
        raise BenchFailed("este sistema no dice cuánta memoria usa un proceso") from error


def _peak_mib() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
