"""Invented votes with as many opinion groups as wanted."""

import numpy as np

from participa.insights.opinion.votes import Numbers, Votes, gather


def planted(
    people: int, statements: int, groups: int, seed: int = 1, seen: float = 0.6
) -> tuple[Votes, Numbers]:
    """Give votes of people who each saw a part of the statements, and their true groups.

    Every group agrees with each statement with a probability of its own; one group is a crowd
    without any structure, whose statements alone have their own probability.
    """
    random = np.random.default_rng(seed)
    group = random.integers(0, groups, people)
    chances = random.choice([0.15, 0.5, 0.85], (groups, statements))
    who, what = np.nonzero(random.random((people, statements)) < seen)
    said = np.where(random.random(len(who)) < chances[group[who], what], 1, -1)
    said[random.random(len(who)) < 0.1] = 0
    order = random.permutation(len(who))
    votes = gather(who[order], what[order], said[order], (people, statements))
    return votes, group
