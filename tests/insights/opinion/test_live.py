"""One more vote: counts stay right to the vote, and whoever changes their mind changes sides."""

import numpy as np

from participa.insights.opinion.analysis import Options, analyse
from participa.insights.opinion.live import LiveVotes
from participa.insights.opinion.votes import count, gather
from tests.insights.opinion.planted import planted


def test_counts_after_new_and_changed_votes_are_those_of_a_fresh_count() -> None:
    """New votes, changed votes and new people: each group's counts are what a count says."""
    votes, _truth = planted(80, 20, 2)
    found = analyse(votes, np.ones(20, dtype=bool), Options(runs=2))
    assert found.chosen is not None
    live = LiveVotes(votes, found.components, found.chosen)
    all_votes = {
        (int(p), int(s)): int(v)
        for p, s, v in zip(votes.owners(), votes.columns, votes.choices, strict=True)
    }
    random = np.random.default_rng(5)
    for _vote in range(400):
        person, statement, choice = (int(random.integers(*each))
                                     for each in ((0, 90), (0, 20), (-1, 2)))  # fmt: skip
        all_votes[person, statement] = choice
        live.vote(person, statement, choice)
    people, statements = zip(*all_votes, strict=True)
    whole = gather(people, statements, list(all_votes.values()), (90, 20))
    groups = np.array([live.group_of(person) for person in range(90)])
    again = count(whole, groups, found.chosen.number)
    counts = live.counts()
    assert (counts.agree == again.agree).all()
    assert (counts.disagree == again.disagree).all()
    assert (counts.seen == again.seen).all()
    assert live.drift == 400 / len(votes.columns)


def test_whoever_votes_like_the_others_joins_them() -> None:
    """Somebody who turns every vote into that of the other group is in that group."""
    votes, _truth = planted(80, 20, 2, seen=1.0)
    found = analyse(votes, np.ones(20, dtype=bool), Options(runs=2))
    assert found.chosen is not None
    live = LiveVotes(votes, found.components, found.chosen)
    one = int(np.flatnonzero(found.chosen.groups == 0)[0])
    other = int(np.flatnonzero(found.chosen.groups == 1)[0])
    own = slice(int(votes.starts[other]), int(votes.starts[other + 1]))
    for statement, choice in zip(votes.columns[own], votes.choices[own], strict=True):
        live.vote(one, int(statement), int(choice))
    assert live.group_of(one) == 1
    newcomer = 80
    for statement in range(6):
        assert live.vote(newcomer, statement, 1) == -1
    assert live.vote(newcomer, 6, 1) >= 0
