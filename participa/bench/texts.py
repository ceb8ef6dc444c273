"""How fast texts are condensed, how much memory that takes and how it grows.

Each run is a process of its own, so that its peak of memory is its own. Texts are made up of
invented words, as skewed as those of a language, around planted themes; some are copies.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from participa.bench.measuring import Bar, BenchFailed, Result
from participa.insights.duplicates import find_duplicates
from participa.insights.grouping import group_texts
from participa.insights.kept_grouping import load_model, save_model
from participa.insights.words import read_words
from participa.jobs.apart import single_threaded

SMALL, MOST = 100_000, 1_000_000
THEMES, OWN_WORDS, COMMON_WORDS = 40, 150, 8_000
WORDS_OF_A_TEXT = 11
CAMPAIGNS, COPIES, LETTER_WORDS = 200, 25, 30
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
_PLACED = 200
_AT_ONCE = 10_000


def made_up(count: int, seed: int = 1) -> list[str]:
    """Make up short texts, each around one of the themes."""
    random = np.random.RandomState(seed)
    parts = [min(_AT_ONCE, count - start) for start in range(0, count, _AT_ONCE)]
    return [text for part in parts for text in _made_up(part, random)]


def _made_up(count: int, random: np.random.RandomState) -> list[str]:
    words = _vocabulary(THEMES * OWN_WORDS + COMMON_WORDS)
    own = np.array(words[: THEMES * OWN_WORDS]).reshape(THEMES, OWN_WORDS)
    common = np.array(words[THEMES * OWN_WORDS :])
    themes = random.randint(THEMES, size=count)
    half = WORDS_OF_A_TEXT // 2
    said = own[themes[:, None], _skewed(random, OWN_WORDS, (count, half))]
    other = common[_skewed(random, COMMON_WORDS, (count, WORDS_OF_A_TEXT - half))]
    return [" ".join(row) for row in np.hstack([said, other]).tolist()]


def _vocabulary(size: int) -> list[str]:
    words: list[str] = []
    for number in range(size):
        parts, rest = [], number + len(_SYLLABLES) ** 2
        while rest:
            rest, at = divmod(rest, len(_SYLLABLES))
            parts.append(_SYLLABLES[at])
        words.append("".join(parts))
    return words


def _skewed(random: np.random.RandomState, size: int, shape: tuple[int, int]) -> Any:
    """Draw places as words of a language come: the second half as often as the first."""
    return np.minimum((size ** random.random_sample(shape)).astype(int) - 1, size - 1)


def with_campaigns(texts: list[str], seed: int = 1) -> dict[int, int]:
    """Put letters among texts, each sent by many with some words changed; say where they are."""
    random = np.random.RandomState(seed)
    words = _vocabulary(COMMON_WORDS)
    places = random.permutation(len(texts))[: CAMPAIGNS * COPIES].tolist()
    planted = {}
    for number in range(CAMPAIGNS):
        letter = [words[at] for at in random.randint(COMMON_WORDS, size=LETTER_WORDS)]
        for place in places[number * COPIES : (number + 1) * COPIES]:
            copy = list(letter)
            for at in random.randint(LETTER_WORDS, size=random.randint(3)):
                copy[at] = words[random.randint(COMMON_WORDS)]
            texts[place] = " ".join(copy)
            planted[place] = number
    return planted


def bench_insights(largest: int = MOST) -> Result:
    """Measure grouping of 100,000 texts and of many, later texts, and near copies."""
    small, many = _apart("group", SMALL), _apart("group", largest)
    copies, later = _apart("copies", SMALL), _apart("place", SMALL)
    growth = np.log(many["seconds"] / small["seconds"]) / np.log(largest / SMALL)
    figures: dict[str, object] = {
        "small_words_s": small["words_s"],
        "small_themes": small["themes"],
        "many_texts": largest,
        "many_words_s": many["words_s"],
        "many_themes": many["themes"],
        "copies_memory_mib": copies["memory_mib"],
    }
    bars = (
        Bar("small_group_s", small["seconds"], 10, 5, "s"),
        Bar("small_memory_mib", small["memory_mib"], 600, 600, "MiB"),
        Bar("many_group_s", many["seconds"], 120, 45, "s"),
        Bar("many_memory_mib", many["memory_mib"], 1536, 1024, "MiB"),
        Bar("growth_exponent", float(growth), 1.05, 1.05, ""),
        Bar("place_one_ms", later["each_ms"], 5, 1, "ms"),
        Bar("copies_s", copies["seconds"], 10, 5, "s"),
        Bar("copies_recall", copies["recall"], 0.95, 0.98, "", more_is_better=True),
        Bar("copies_precision", copies["precision"], 0.98, 0.99, "", more_is_better=True),
    )
    return Result("insights", figures, bars)


def _apart(task: str, size: int) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - this program itself, with a task of its own
        [sys.executable, "-m", __name__, task, str(size)],
        check=False, capture_output=True, text=True, env=single_threaded(),
    )  # fmt: skip
    if done.returncode:
        raise BenchFailed(done.stderr[-500:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _group(texts: list[str]) -> dict[str, Any]:
    began = time.perf_counter()
    found = group_texts(texts)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    read_words(texts)
    return {
        "seconds": seconds,
        "words_s": time.perf_counter() - began,
        "themes": len(found.groups),
    }


def _place(texts: list[str]) -> dict[str, Any]:
    """Place texts one by one, as they come in."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        save_model(path, group_texts(texts[:-_PLACED]))
        model = load_model(path)
    model.place(texts[-1:])
    began = time.perf_counter()
    for text in texts[-_PLACED:]:
        model.place([text])
    return {"each_ms": 1000 * (time.perf_counter() - began) / _PLACED}


def _copies(texts: list[str]) -> dict[str, Any]:
    planted = with_campaigns(texts)
    began = time.perf_counter()
    copies = find_duplicates(read_words(texts))
    seconds = time.perf_counter() - began
    told = [(row, first) for row, first in copies.items() if row in planted or first in planted]
    right = sum(planted.get(row) == planted.get(first) for row, first in told)
    # One of each letter is no copy of another.
    return {
        "seconds": seconds,
        "recall": right / (len(planted) - CAMPAIGNS),
        "precision": right / max(1, len(told)),
    }


TASKS: dict[str, Callable[[list[str]], dict[str, Any]]] = {
    "group": _group,
    "place": _place,
    "copies": _copies,
}


def main() -> None:
    """Do one task and write what was measured as JSON."""
    task, size = sys.argv[1], int(sys.argv[2])
    found = TASKS[task](made_up(size))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({**found, "memory_mib": peak}))


if __name__ == "__main__":
    main()
