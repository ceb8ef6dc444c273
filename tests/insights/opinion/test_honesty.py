"""Each of the conditions for showing groups holds alone."""

import numpy as np
import pytest

from participa.insights.opinion.components import find_components, project
from participa.insights.opinion.grouping import Grouping, gather_bases, groupings
from participa.insights.opinion.honesty import (
    Chance,
    against_chance,
    found_again,
    is_stable,
    jaccard,
    judges,
)
from participa.insights.opinion.votes import Votes, gather
from tests.insights.opinion.planted import planted


def _random() -> np.random.Generator:
    return np.random.default_rng(4)


def test_only_votes_that_hang_together_beat_shuffled_ones() -> None:
    """Planted groups beat chance; of twenty crowds without structure at most one does."""
    assert against_chance(planted(200, 30, 2)[0], _random()).is_beaten
    crowds = (planted(200, 30, 1, seed)[0] for seed in range(20))
    assert sum(against_chance(crowd, _random()).is_beaten for crowd in crowds) <= 1


def test_all_shuffled_votes_must_be_beaten_and_clearly() -> None:
    """Above the mean is not enough: above all of them, and by three deviations."""
    assert Chance(0.30, (0.20, 0.21, 0.22)).is_beaten
    assert not Chance(0.225, (0.20, 0.21, 0.22)).is_beaten
    assert not Chance(0.30, (0.10, 0.10, 0.10, 0.10, 0.31)).is_beaten
    assert not Chance(0.30, ()).is_beaten


def test_one_unstable_or_small_group_spoils_a_division() -> None:
    """Every group must be found again, and none may have fewer than five people."""

    def division(*sizes: int) -> Grouping:
        return Grouping(np.zeros((2, 2)), np.zeros(2, dtype=np.int64), np.array(sizes), 0.9)

    assert is_stable(division(30, 5), (0.9, 0.6))
    assert not is_stable(division(30, 5), (0.9, 0.59))
    assert not is_stable(division(30, 4), (0.9, 0.9))


def _stability(votes: Votes) -> dict[int, tuple[float, ...]]:
    found = find_components(votes)
    bases = gather_bases(project(votes, found, statements=votes.statements))
    labels = {each.number: each.of_base[bases.members] for each in groupings(bases)}
    factors = np.sqrt(votes.statements / np.maximum(votes.cast, 1))
    return found_again(votes, labels, found, factors, _random())


def test_planted_groups_are_found_again_and_invented_ones_are_not() -> None:
    """Two planted groups come back in people drawn anew; five cut out of a crowd do not."""
    assert min(_stability(planted(200, 30, 2)[0])[2]) > 0.95
    assert min(_stability(planted(200, 30, 1)[0])[5]) < 0.6


def test_how_alike_groups_are() -> None:
    """Each group is compared with the most similar one, everybody counted by their weight."""
    ones, others = np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0])
    even = jaccard(ones, others, np.ones(4), 2)
    assert even.tolist() == pytest.approx([2 / 3, 1 / 2])
    heavy = jaccard(ones, others, np.array([1.0, 1.0, 0.0, 1.0]), 2)
    assert heavy.tolist() == [1.0, 1.0]


def test_few_judge_for_many() -> None:
    """Of very many people a thousand or more are drawn, all different, only grouped ones."""
    people = 6_000
    votes = gather(np.repeat(np.arange(people), 50), np.tile(np.arange(50), people),
                   np.ones(people * 50), (people, 50))  # fmt: skip
    grouped = np.arange(0, people, 2)
    panel = judges(votes, grouped, _random())
    assert len(panel) == len(set(panel.tolist())) == 2_400
    assert set(panel.tolist()) <= set(grouped.tolist())
    assert judges(votes, grouped[:900], _random()).tolist() == grouped[:900].tolist()
