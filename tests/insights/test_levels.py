"""Two levels: themes that are found again, their parts inside them, nothing where nothing is."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from participa.insights.levels import Levels, find_levels
from participa.insights.space import read_corpus
from participa.insights.trees import NONE, grouped_at, nested
from participa.insights.words import read_words
from tests.insights.groups_of_texts import THEMES, planted, shuffled

pytestmark = pytest.mark.usefixtures("one_thread")


def levels_of(texts: list[str], runs: int = 2) -> Levels:
    return find_levels(read_corpus(read_words(texts)), 5, runs=runs)[1]


def two_levels(size: int, seed: int = 1) -> tuple[list[str], list[int], list[int]]:
    """Give texts of four invented themes of four parts each, with the theme and part of each."""
    random = np.random.RandomState(seed)
    texts, themes, parts = [], [], []
    for _text in range(size):
        theme, part = random.randint(4), random.randint(4)
        of_theme = [f"tema{'abcd'[theme]}{'klmnopqrst'[n]}o" for n in random.randint(10, size=5)]
        of_part = [
            f"parte{'abcd'[theme]}{'wxyz'[part]}{'efghij'[n]}a" for n in random.randint(6, size=4)
        ]
        texts.append(" ".join(random.permutation(of_theme + of_part)))
        themes.append(theme)
        parts.append(4 * theme + part)
    return texts, themes, parts


def test_parts_lie_within_themes() -> None:
    """Points of four wide heaps with four narrow ones in each come out so, one in the other."""
    random = np.random.RandomState(3)
    wide = random.normal(size=(4, 12))
    narrow = wide[:, None] + 0.45 * random.normal(size=(4, 4, 12))
    labels = random.randint(16, size=600)
    points = narrow.reshape(16, 12)[labels] + 0.05 * random.normal(size=(600, 12))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    broad, fine = grouped_at(points.astype(np.float32), (4, 16), 1)
    themes, parts = nested(points.astype(np.float32), broad, fine)
    assert adjusted_mutual_info_score(labels // 4, themes) > 0.95
    assert adjusted_mutual_info_score(labels, parts) > 0.95
    assert all(len(set(themes[parts == part])) == 1 for part in set(parts))


def test_every_text_has_a_theme_and_the_levels_agree() -> None:
    """Themes and parts are told by size; a part belongs to one theme, which is its texts' own."""
    texts, _themes, parts = two_levels(400)
    found = levels_of([*texts, "xyzzy"])
    assert found.themes[-1] == found.parts[-1] == NONE
    assert (found.themes[:-1] >= 0).all()
    assert adjusted_mutual_info_score(parts, _finest(found)[:-1]) > 0.6
    placed = np.flatnonzero(found.parts >= 0)
    assert (found.theme_of[found.parts[placed]] == found.themes[placed]).all()
    sizes = np.bincount(found.themes[:-1])
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    assert len(found.theme_stability) == len(sizes) <= 10
    assert len(found.part_stability) == len(found.theme_of)
    assert (found.part_stability >= 0.5).all()


def _finest(found: Levels) -> np.ndarray:
    return np.where(found.parts >= 0, found.parts, -2 - found.themes)


def test_few_groups_are_themes_without_parts() -> None:
    """Where texts fall into five groups these are the themes."""
    texts, themes = planted(200)
    found = levels_of(texts)
    assert len(found.theme_stability) == len(THEMES)
    assert adjusted_mutual_info_score(themes, found.themes) > 0.9
    assert (found.parts == NONE).all()
    assert found.agreement > 0.9


def test_words_thrown_together_have_no_levels() -> None:
    """Without company of words there is no theme, and so no part of one; none of none either."""
    for texts in (shuffled(150, 2), planted(6)[0], []):
        found = levels_of(texts)
        assert found.themes.tolist() == found.parts.tolist() == [NONE] * len(texts)
        assert len(found.theme_of) == 0


def test_the_same_seed_gives_the_same_levels() -> None:
    """Twice is once."""
    texts = two_levels(200)[0]
    one, again = levels_of(texts), levels_of(texts)
    assert (one.themes == again.themes).all()
    assert (one.parts == again.parts).all()
