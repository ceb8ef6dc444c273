"""How far a theme's share would move with other people like these. Pure; needs numpy and scipy.

Voices are the sample, not texts: one person's twenty contributions come and go together, so they
make no share look surer than it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Table = NDArray[np.float64]
_HALF_OUTSIDE = 0.025


def share_intervals(
    voices: Sequence[str], themes: Sequence[int | None], theme_count: int
) -> list[tuple[float, float] | None]:
    """Give each theme's 95 % interval; None where one voice alone spoke.

    `voices` and `themes` say, text by text, who spoke and in which theme it counts, if any.
    """
    numbers = {voice: number for number, voice in enumerate(dict.fromkeys(voices))}
    if len(numbers) < 2:
        return [None] * theme_count
    texts = np.zeros((len(numbers), theme_count + 1))
    for voice, theme in zip(voices, themes, strict=True):
        texts[numbers[voice], theme_count if theme is None else theme] += 1
    low, high = _intervals(texts)
    ends = zip(low[:theme_count], high[:theme_count], strict=True)
    return [(round(float(a), 4), round(float(b), 4)) for a, b in ends]


def _intervals(texts: Table) -> tuple[Table, Table]:
    """Give Wilson's interval for as many independent texts as the voices are worth.

    The variance of a share of texts among voices (a ratio) says how many that are; where it is
    nothing, because all or none speak of the theme, Kish's count does. Student's t stands for
    the few voices (Franco, Little, Louis and Slud 2019, after Korn and Graubard 1998).
    """
    said = texts.sum(axis=1)
    total, voices = said.sum(), len(texts)
    share = texts.sum(axis=0) / total
    apart = texts - np.outer(said, share)
    variance = voices / (voices - 1) * (apart**2).sum(axis=0) / total**2
    kish = total**2 / (said**2).sum()
    spread = share * (1 - share)
    size = np.where(variance > 0, spread / np.where(variance > 0, variance, 1), kish)
    reach = -stdtrit(voices - 1, _HALF_OUTSIDE)
    part = reach**2 / size
    middle = (share + part / 2) / (1 + part)
    half = reach * np.sqrt(spread / size + part / (4 * size)) / (1 + part)
    return np.maximum(middle - half, 0), np.minimum(middle + half, 1)
