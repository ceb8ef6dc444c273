"""Two levels of themes: a few that are found again, and within them softer ones. Pure.

Nobody reads forty themes, and a cut into forty is hardly found twice in all its lines; but a cut
into eight hides what a reader looks for. So each text gets a theme, and where they are found
again on other texts too, a part of that theme.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from participa.insights.clustering import (
    FEWEST_TEXTS,
    FOUND_IN,
    RUNS,
    SMALLEST_PART,
    found_again,
    has_structure,
)
from participa.insights.grain import find_grain
from participa.insights.lenses import Floats, Numbers
from participa.insights.space import Corpus, Space, learn_space
from participa.insights.trees import NONE, grouped_at, nested

# What a reader takes in at once; of these counts, the most that are found again nearly as well
# as any.
FEWEST_THEMES, MOST_THEMES, NEARLY = 5, 10, 0.05


@dataclass(frozen=True, slots=True)
class Levels:
    """Two nested groupings of the same texts; `themes` and `parts` have one entry a text.

    Themes are numbered from 0, the largest first; NONE where nothing is known of a text, or
    where no text is grouped at all. Parts are numbered from 0 through all themes, in the themes'
    order and then the largest first; NONE where no part of the text's theme is found again.
    `theme_of` leads from a part to its theme. Each stability is the share of runs on part of the
    texts, the space learned anew, that find the group again: some group of the run and it share
    half of all their texts. `agreement` says how well two halves of the texts agree on groups as
    fine as the parts (`grain`), 0 where nothing was grouped.
    """

    themes: Numbers
    parts: Numbers
    theme_of: Numbers
    theme_stability: NDArray[np.float64]
    part_stability: NDArray[np.float64]
    agreement: float


def _tell_nobody(_share: float) -> None:
    return


def find_levels(
    corpus: Corpus,
    seed: int,
    *,
    count: int | None = None,
    runs: int = RUNS,
    progress: Callable[[float], None] | None = None,
) -> tuple[Space, Levels]:
    """Learn the space of the texts, their themes and the parts of these.

    There are as many parts as halves of the texts agree on, or `count` of them, and five to ten
    themes, as many as are found again best. Few texts, or texts whose words keep no company
    beyond chance, have no theme. The same corpus and seed give the same result.
    """
    told = progress or _tell_nobody
    space = learn_space(corpus, seed)
    told(0.1)
    known = np.flatnonzero(space.known)
    if len(known) < max(FEWEST_TEXTS, count or 0):
        return space, _no_levels(len(space.known))
    grain = find_grain(space.own[known], seed)
    fine = count or grain.count
    if not count and (fine < 2 or not has_structure(corpus.rows(known), fine, seed)):
        return space, _no_levels(len(space.known))
    told(0.3)
    found = cut_twice(
        corpus.rows(known), space.drawn[known], fine, seed, runs, lambda at: told(0.3 + 0.7 * at)
    )
    spread = np.full((2, len(space.known)), NONE)
    spread[0, known], spread[1, known] = found.themes, found.parts
    return space, replace(found, themes=spread[0], parts=spread[1], agreement=grain.agreement)


def cut_twice(
    corpus: Corpus,
    points: Floats,
    fine: int,
    seed: int,
    runs: int = RUNS,
    told: Callable[[float], None] = _tell_nobody,
) -> Levels:
    """Cut texts of which all is known into themes and into so many parts; `agreement` stays 0."""
    counts = (*range(min(fine, FEWEST_THEMES), min(fine, MOST_THEMES) + 1), fine)
    cuts = grouped_at(points, counts, seed)
    stability = [np.zeros(size) for size in counts]
    for run in range(runs):
        again = found_again(corpus, cuts, seed + 1 + run)
        stability = [sofar + found / runs for sofar, found in zip(stability, again, strict=True)]
        told((run + 1) / runs)
    best = _firmest(cuts[:-1], stability[:-1])
    return _levels(nested(points, cuts[best], cuts[-1]), (stability[best], stability[-1]))


def _firmest(cuts: Sequence[Numbers], stability: Sequence[NDArray[np.float64]]) -> int:
    """Choose the cut whose texts are mostly in groups found again; the finer of near equals."""
    firm = [float(found[labels].mean()) for labels, found in zip(cuts, stability, strict=True)]
    return max(at for at, share in enumerate(firm) if share >= max(firm) - NEARLY)


def _levels(
    nest: tuple[Numbers, Numbers], stability: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> Levels:
    """Number themes and parts by size; parts that are not found again are none."""
    themes, parts = nest
    theme_order = _by_size(themes, len(stability[0]))
    ranked = _renumbered(themes, theme_order)
    sizes = np.bincount(parts[parts >= 0], minlength=len(stability[1]))
    owner = np.full(len(stability[1]), NONE)
    owner[parts[parts >= 0]] = ranked[parts >= 0]
    kept = np.flatnonzero((stability[1] >= FOUND_IN) & (sizes >= SMALLEST_PART))
    kept = kept[np.lexsort((kept, -sizes[kept], owner[kept]))]
    return Levels(
        themes=ranked,
        parts=_renumbered(parts, kept),
        theme_of=owner[kept],
        theme_stability=stability[0][theme_order],
        part_stability=stability[1][kept],
        agreement=0.0,
    )


def _by_size(labels: Numbers, count: int) -> Numbers:
    return np.argsort(-np.bincount(labels, minlength=count), kind="stable")


def _renumbered(labels: Numbers, order: Numbers) -> Numbers:
    """Number groups by their place in an order; those that are not in it are none."""
    rank = np.full(max(labels.max(initial=0), order.max(initial=0)) + 2, NONE)
    rank[order] = np.arange(len(order))
    return rank[labels]


def _no_levels(size: int) -> Levels:
    none, nothing = np.full(size, NONE), np.zeros(0)
    return Levels(none, none, none[:0], nothing, nothing, 0.0)
