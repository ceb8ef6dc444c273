"""The words that tell a theme from the others, shown as citizens wrote them."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from participa.insights.lenses import Floats
from participa.insights.words import NO_STEM, WordTable, fold

MOST_WORDS, FEWEST_WORDS = 8, 5
# A word of two texts may be a name: it stands for a theme only where there is no better one.
_FEWEST_TEXTS = 3
_WEAK_PART = 0.2
_ALIKE_LETTERS = 6


def theme_words(
    table: WordTable, counts: csr_array, groups: Sequence[Sequence[int]]
) -> list[tuple[str, ...]]:
    """Choose five to eight words for each theme, the most telling first.

    A stem weighs by the share of the theme's texts it stands in and by how far that exceeds
    its share in the whole corpus: frequent everywhere tells nothing, rare tells little.
    """
    if not groups:
        return []
    weights, spread = _class_weights(counts, groups)
    return [
        _words_of(table, group, weights[theme], spread[theme]) for theme, group in enumerate(groups)
    ]


def _class_weights(counts: csr_array, groups: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
    presence = csr_array(counts > 0, dtype=np.float32)
    everywhere = np.asarray(presence.sum(axis=0)).ravel() / max(1, counts.shape[0])
    spread = np.stack([np.asarray(presence[list(group)].sum(axis=0)).ravel() for group in groups])
    inside = spread / np.array([[len(group)] for group in groups], dtype=np.float32)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.where(inside > 0, np.log(inside / everywhere), 0)
    return (inside * excess).astype(np.float32), spread


def _words_of(
    table: WordTable, group: Sequence[int], weights: Floats, spread: Floats
) -> tuple[str, ...]:
    written = _written_forms(table, group)
    rare = spread < _FEWEST_TEXTS
    order = np.lexsort((-weights, rare))
    bar = _WEAK_PART * weights.max()
    words: list[str] = []
    for stem in order[weights[order] > 0].tolist():
        enough = len(words) >= FEWEST_WORDS
        if len(words) == MOST_WORDS or (enough and weights[stem] < bar):
            break
        if spread[stem] < 2:
            continue
        word = _as_written(table, written[stem])
        if not any(_alike(word, other) for other in words):
            words.append(word)
    return tuple(words)


def _written_forms(table: WordTable, group: Sequence[int]) -> dict[int, Counter[int]]:
    written: defaultdict[int, Counter[int]] = defaultdict(Counter)
    forms = np.concatenate([table.texts[row] for row in group])
    for form, times in zip(*np.unique(forms, return_counts=True), strict=True):
        stem = int(table.stem_of[form])
        if stem != NO_STEM:
            written[stem][int(form)] = int(times)
    return written


def _as_written(table: WordTable, forms: Counter[int]) -> str:
    """Choose the commonest inflection, then its commonest spelling; an accent counts double."""
    inflections: Counter[str] = Counter()
    for form, times in forms.items():
        inflections[table.folded[form]] += times
    best = max(inflections, key=lambda word: (inflections[word], word))
    spellings = {table.forms[f]: n for f, n in forms.items() if table.folded[f] == best}
    return max(spellings, key=lambda word: (spellings[word] * (1 + (word != best)), word))


def _alike(one: str, other: str) -> bool:
    one, other = fold(one), fold(other)
    return one[:_ALIKE_LETTERS] == other[:_ALIKE_LETTERS] and min(len(one), len(other)) >= 4
