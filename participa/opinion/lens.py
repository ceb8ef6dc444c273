"""Near which group one person's votes are: places somebody as the analysis did. Pure.

Needs no numpy, so a page can do it: nobody's place is kept anywhere.
"""

import math
from collections.abc import Mapping
from typing import TypedDict


class Lens(TypedDict):
    """What a place is made of.

    Lists are by statement, whose numbers in the round are `statements`.

    `centre` is the mean vote, `axes` the two directions, `groups` the middles of the groups in
    the order of their letters. Who cast fewer than `fewest` votes has no place.
    """

    statements: list[int]
    centre: list[float]
    axes: list[list[float]]
    groups: list[list[float]]
    fewest: int


def nearest_group(lens: Lens, votes: Mapping[int, int]) -> int | None:
    """Say near which group votes by statement number are; None of too few votes."""
    rows = zip(lens["statements"], lens["centre"], *lens["axes"], strict=True)
    counted = [(votes[key] - mean, x, y) for key, mean, x, y in rows if key in votes]
    if len(votes) < lens["fewest"] or not counted:
        return None
    # As in participa/insights/opinion/components.py: who voted little is moved outwards.
    factor = math.sqrt(len(lens["statements"]) / len(counted))
    place = [factor * sum(vote[0] * vote[axis] for vote in counted) for axis in (1, 2)]
    apart = [math.dist(place, group) for group in lens["groups"]]
    return apart.index(min(apart))
