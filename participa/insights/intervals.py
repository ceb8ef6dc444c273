"""How far a theme's share would move with other people like these. Pure; needs numpy.

The interval comes from resampling people, not texts: one person's twenty contributions come
and go together, so they make no share look surer than it is.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
RESAMPLES = 1000
_CHUNK = 50
_INSIDE = (2.5, 97.5)


def share_intervals(
    voices: Sequence[str], themes: Sequence[int | None], theme_count: int, seed: int
) -> list[tuple[float, float] | None]:
    """Give each theme's 95 % interval; None where one voice alone spoke.

    `voices` and `themes` say, text by text, who spoke and in which theme it counts, if any.
    The same seed gives the same interval.
    """
    numbers = {voice: number for number, voice in enumerate(dict.fromkeys(voices))}
    if len(numbers) < 2:
        return [None] * theme_count
    texts = np.zeros((len(numbers), theme_count + 1))
    for voice, theme in zip(voices, themes, strict=True):
        texts[numbers[voice], theme_count if theme is None else theme] += 1
    shares = np.concatenate(list(_resampled(texts, np.random.default_rng(seed))))
    low, high = np.percentile(shares[:, :theme_count], _INSIDE, axis=0)
    return [(round(float(a), 4), round(float(b), 4)) for a, b in zip(low, high, strict=True)]


def _resampled(texts: Table, random: np.random.Generator) -> Iterator[Table]:
    people = len(texts)
    for _chunk in range(RESAMPLES // _CHUNK):
        drawn = random.integers(0, people, size=(_CHUNK, people))
        times = np.stack([np.bincount(row, minlength=people) for row in drawn]).astype(float)
        counts = times @ texts
        yield counts / counts.sum(axis=1, keepdims=True)
