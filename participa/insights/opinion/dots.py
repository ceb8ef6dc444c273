"""Dots for a map of opinions on which nobody can be found. Pure.

A dot stands in the middle of five people or more of one group who stand near one another. So
the map shows how a group is spread, and no place of a single person.
"""

import numpy as np

from participa.insights.opinion.votes import Floats

FEWEST_PEOPLE, MOST_DOTS = 5, 60

Dot = tuple[float, float, int]


def dots_of(places: Floats, everybody: int) -> list[Dot]:
    """Give the dots of a group, with how many people each stands for.

    `places` are the group's, one row a person; `everybody` is how many people all groups have,
    who share about sixty dots. The same places in any order give the same dots.
    """
    number = len(places)
    wanted = min(number // FEWEST_PEOPLE, MOST_DOTS * number // max(everybody, 1))
    strips = max(int(np.sqrt(wanted)), 1)
    each = max(wanted // strips, 1)
    dots = []
    along = places[np.lexsort((places[:, 1], places[:, 0]))]
    for strip in np.array_split(along, strips):
        down = strip[np.lexsort((strip[:, 0], strip[:, 1]))]
        dots += [_dot(part) for part in np.array_split(down, each)]
    return dots


def _dot(part: Floats) -> Dot:
    x, y = part.mean(0).tolist()
    return x, y, len(part)
