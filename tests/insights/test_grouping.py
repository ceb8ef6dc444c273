"""Grouping anyone's texts: as finely as they allow, everybody placed, many by a sample."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from participa.insights import grouping
from participa.insights.grain import agreement, find_grain
from participa.insights.grouping import HEARD_ONCE, group_texts
from tests.insights.groups_of_texts import THEMES, planted, shuffled


def test_the_number_of_themes_is_found() -> None:
    """Five planted themes are five groups, and two halves of the texts say so."""
    texts, themes = planted(400)
    found = group_texts(texts)
    assert len(found.groups) == len(THEMES)
    assert found.agreement is not None
    assert found.agreement > 0.9
    assert adjusted_rand_score(themes, found.labels) > 0.95


def test_words_thrown_together_are_no_groups() -> None:
    """Where words keep no company there is no theme: everybody is heard once."""
    runs = [group_texts(shuffled(200, seed), seed=seed) for seed in range(6)]
    assert sum(not run.groups for run in runs) >= 5
    assert all((run.labels == HEARD_ONCE).all() for run in runs if not run.groups)


def test_a_number_that_is_asked_for_is_given() -> None:
    """With a number there are as many groups, the largest first."""
    found = group_texts(planted(200)[0], count=3)
    sizes = [len(group.rows) for group in found.groups]
    assert len(sizes) == 3
    assert sizes == sorted(sizes, reverse=True)
    assert found.agreement is None


def test_everybody_is_in_one_place() -> None:
    """Each text is in one group or heard once; a copy goes with the first; no word, no group."""
    texts = [*planted(120)[0], "", "¡¡!!", "xyzzy"]
    texts.append(texts[7].upper())
    found = group_texts(texts, count=5)
    placed = np.concatenate([group.rows for group in found.groups])
    assert sorted(placed.tolist()) == np.flatnonzero(found.labels != HEARD_ONCE).tolist()
    assert found.labels[120:123].tolist() == [HEARD_ONCE] * 3
    assert found.copies[123] == 7
    assert found.labels[123] == found.labels[7]
    assert found.strength.min() >= 0
    assert found.strength.max() <= 1


def test_quotes_are_exact() -> None:
    """A quote stands in the text of the row it names, which is of its group."""
    texts, _themes = planted(200)
    found = group_texts(texts)
    for number, group in enumerate(found.groups):
        assert group.quotes
        assert all(quote.words in texts[quote.place] for quote in group.quotes)
        assert all(found.labels[quote.place] == number for quote in group.quotes)


def test_many_are_placed_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a sample taught places the others as well as if all had been learned from."""
    monkeypatch.setattr(grouping, "WHOLE", 500)
    monkeypatch.setattr(grouping, "SAMPLE", 400)
    texts, themes = planted(1000)
    found = group_texts(texts)
    assert len(found.groups) == len(THEMES)
    assert adjusted_mutual_info_score(themes, found.labels) > 0.9


def test_the_same_seed_gives_the_same() -> None:
    """Twice is once, to the last bit of strength."""
    texts, _themes = planted(300)
    one, again = group_texts(texts, seed=5), group_texts(texts, seed=5)
    assert (one.labels == again.labels).all()
    assert one.strength.tobytes() == again.strength.tobytes()


def test_few_texts_are_not_grouped() -> None:
    """Nothing can be said of a handful; none at all is no error."""
    assert not group_texts(planted(8)[0]).groups
    assert group_texts([]).labels.tolist() == []


def test_agreement_is_measured_above_chance() -> None:
    """The same grouping under other numbers agrees wholly, a shuffled one not at all."""
    random = np.random.RandomState(1)
    labels = random.randint(0, 6, 2000)
    assert agreement(labels, (labels + 2) % 6, random) == pytest.approx(1)
    assert abs(agreement(labels, random.permutation(labels), random)) < 0.01


def test_a_few_points_have_no_grain() -> None:
    """With too few texts for two halves nothing is claimed."""
    assert find_grain(np.ones((6, 3), dtype=np.float32), 1).count == 1
