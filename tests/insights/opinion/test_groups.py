"""Groups are found where they were planted, and only there."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from participa.insights.opinion.analysis import Analysis, Options, analyse
from participa.insights.opinion.blocks import find_blocks
from participa.insights.opinion.bridges import discoveries
from participa.insights.opinion.components import centred, find_components, means, project
from participa.insights.opinion.grouping import gather_bases, groupings, in_conversation
from participa.insights.opinion.honesty import shuffles
from participa.insights.opinion.votes import Votes, count, gather
from tests.insights.opinion.planted import planted


def _analysed(votes: Votes) -> Analysis:
    return analyse(votes, np.ones(votes.statements, dtype=bool), Options(runs=10))


@pytest.mark.parametrize("groups", [2, 3])
def test_planted_groups_are_found(groups: int) -> None:
    """As many stable groups come out as went in, with nearly the same people."""
    votes, truth = planted(300, 60, groups)
    found = _analysed(votes)
    assert found.has_groups
    assert found.chosen is not None
    assert found.chosen.number == groups
    assert adjusted_rand_score(truth, found.chosen.groups) > 0.9


@pytest.mark.parametrize("seed", range(6))
def test_no_groups_without_structure(seed: int) -> None:
    """Votes that have nothing to do with each other make no stable groups."""
    votes, _truth = planted(200, 30, 1, seed)
    assert not _analysed(votes).has_groups


@pytest.mark.long
def test_shuffled_votes_make_no_groups_in_200_runs() -> None:
    """Of 200 conversations without structure at most one in twenty is said to have groups."""
    claimed = sum(_analysed(planted(200, 30, 1, seed)[0]).has_groups for seed in range(200))
    assert claimed <= 10


def test_small_groups_are_never_shown() -> None:
    """Four people of another mind are no group: it would be known who they are."""
    votes, _truth = planted(120, 40, 1)
    choices = votes.choices.copy()
    for person in range(4):
        choices[votes.starts[person] : votes.starts[person + 1]] = -1
    choices[votes.starts[4] :] = np.where(choices[votes.starts[4] :] == -1, 1, 1)
    found = _analysed(replace(votes, choices=choices))
    assert not found.has_groups


def test_the_same_votes_in_any_order_give_the_same() -> None:
    """Votes are sorted by person; their order in the file changes nothing but rounding."""
    votes, _truth = planted(150, 40, 3)
    order = np.random.default_rng(3).permutation(len(votes.columns))
    again = gather(votes.owners()[order], votes.columns[order], votes.choices[order], (150, 40))
    one, other = _analysed(votes), _analysed(again)
    np.testing.assert_allclose(one.places, other.places, atol=1e-9)
    assert one.chosen is not None
    assert other.chosen is not None
    assert (one.chosen.groups == other.chosen.groups).all()


def test_components_are_those_of_the_filled_table() -> None:
    """The sparse search gives what a full decomposition of the filled table gives."""
    votes, _truth = planted(90, 70, 3)
    full = np.full((90, 70), np.nan)
    full[votes.owners(), votes.columns] = votes.choices
    centre = np.nanmean(full, axis=0)
    _left, _values, axes = np.linalg.svd(np.where(np.isnan(full), 0, full - centre))
    found = find_components(votes)
    np.testing.assert_allclose(np.abs(found.axes), np.abs(axes[:2]), atol=1e-9)


def test_people_are_gathered_into_a_hundred_bases() -> None:
    """Each of many people is in one base cluster, whose size counts them all."""
    votes, truth = planted(900, 40, 2)
    places = project(votes, find_components(votes), statements=40)
    bases = gather_bases(places)
    assert len(bases.centres) <= 100
    assert (np.bincount(bases.members) == bases.sizes).all()
    two = groupings(bases)[0]
    assert adjusted_rand_score(truth, two.of_base[bases.members]) > 0.9


def test_few_people_are_filled_up_to_fifteen() -> None:
    """Where too few cast seven votes, the most active of the others are grouped too."""
    cast = np.array([9, 1, 8, 0, *[3] * 20])
    chosen = in_conversation(cast, 30)
    assert chosen.sum() == 15
    assert chosen[[0, 2]].all()
    assert not chosen[[1, 3]].any()


def test_counts_are_those_of_each_group() -> None:
    """Agreement, disagreement and passes are counted by group, and nobody's votes left out."""
    votes = gather([0, 0, 1, 2, 2], [0, 1, 0, 0, 1], [1, 0, -1, 1, 1], (3, 2))
    counts = count(votes, np.array([0, 1, -1]), 2)
    assert counts.agree.tolist() == [[1, 0], [0, 0]]
    assert counts.disagree.tolist() == [[0, 0], [1, 0]]
    assert counts.seen.tolist() == [[1, 1], [1, 0]]


def test_false_discoveries_stay_few_although_groups_come_from_the_same_votes() -> None:
    """Among votes without structure, groups cut by force are hardly ever said to differ."""
    told = tests = 0
    for seed in range(10):
        found = _analysed(planted(200, 30, 1, seed)[0])
        assert found.portrait is not None
        telling = found.portrait.telling
        told += int(telling.agreed.sum() + telling.disagreed.sum()) + len(telling.dividing)
        tests += telling.agreed.size
    assert told <= tests * 0.02


def test_what_unites_and_what_divides() -> None:
    """A statement all agree with is common; one that splits the groups divides."""
    votes, truth = planted(300, 40, 2)
    choices = votes.choices.copy()
    choices[votes.columns == 0] = 1
    against = np.where(truth == 0, 1, -1)[votes.owners()]
    choices[votes.columns == 1] = against[votes.columns == 1]
    found = _analysed(replace(votes, choices=choices))
    assert found.portrait is not None
    telling = found.portrait.telling
    assert (0, True) in telling.common
    assert 1 in telling.dividing
    assert 0 not in telling.dividing


def test_discoveries_are_benjamini_and_hochbergs() -> None:
    """The example of their paper of 1995: of fifteen tests the first four stand."""
    chances = np.array([
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ])  # fmt: skip
    assert discoveries(chances).tolist() == [True] * 4 + [False] * 11


def test_identical_votes_are_told_and_counted_once() -> None:
    """Thirty copies of one person are found, in whatever order they voted, and set aside."""
    votes, _truth = planted(150, 40, 2)
    owners, columns, choices = votes.owners(), votes.columns, votes.choices
    own = slice(int(votes.starts[0]), int(votes.starts[1]))
    copies = range(150, 180)
    who = np.concatenate([owners, *(np.full(own.stop - own.start, n) for n in copies)])
    what = np.concatenate([columns, *(columns[own][:: (-1) ** n] for n in copies)])
    said = np.concatenate([choices, *(choices[own][:: (-1) ** n] for n in copies)])
    more = gather(who, what, said, (180, 40))
    assert find_blocks(votes) == []
    (block,) = find_blocks(more)
    assert block.people.tolist() == [0, *copies]
    found = _analysed(more)
    assert found.without is not None
    assert found.without.groups == 2
    assert found.without.same is not None
    assert found.without.same > 0.95


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (1, 1), (2, 3), (4, 1), (9, 60)])
def test_hardly_any_votes(shape: tuple[int, int]) -> None:
    """Conversations of nobody, of one statement, of a few votes have no groups and no error."""
    people, statements = shape
    who = np.repeat(np.arange(people), statements)
    what = np.tile(np.arange(statements), people)
    votes = gather(who, what, np.ones(len(who)), (people, statements))
    assert not _analysed(votes).has_groups


def test_shuffling_keeps_who_voted_and_every_count() -> None:
    """Votes change hands within a statement only: its totals and who voted on it stay."""
    votes, _truth = planted(80, 12, 2)
    centre = means(votes)
    table = next(shuffles(votes, centre, np.random.default_rng(1)))
    before = centred(votes, centre)
    assert (table.tocsr().indptr == before.indptr).all()
    np.testing.assert_allclose(table.sum(0), before.sum(0), atol=1e-9)
    np.testing.assert_allclose((table**2).sum(0), (before**2).sum(0), atol=1e-9)
    assert 0.2 < np.count_nonzero((table - before).toarray()) / len(votes.columns) < 0.8
