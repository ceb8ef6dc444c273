"""One person's place, found without numpy, is the one the analysis gives."""

import numpy as np

from participa.insights.opinion.analysis import analyse
from participa.insights.opinion.blocks import most_at_once
from participa.insights.opinion.dots import FEWEST_PEOPLE, MOST_DOTS, dots_of
from participa.insights.opinion.grouping import nearest
from participa.opinion.grouping import lens_of_analysis
from participa.opinion.lens import Lens, nearest_group
from tests.insights.opinion.planted import planted

LENS = Lens(
    statements=[3, 5], centre=[0.0, 0.5], axes=[[1.0, 0.0], [0.0, 1.0]],
    groups=[[-1.0, 0.0], [1.0, 0.0]], fewest=2,
)  # fmt: skip


def test_everybody_is_where_the_analysis_puts_them() -> None:
    """For each person of a conversation, with statements taken out and votes on them."""
    votes, _truth = planted(120, 40, 2)
    kept = np.arange(40) != 7
    found = analyse(votes, kept)
    assert found.chosen is not None
    assert found.has_groups
    lens = lens_of_analysis(found, kept, [number + 100 for number in range(40)])
    assert lens is not None
    expected = nearest(found.places, found.chosen.centres)
    for person in np.flatnonzero(found.grouped):
        part = slice(votes.starts[person], votes.starts[person + 1])
        columns, choices = votes.columns[part].tolist(), votes.choices[part].tolist()
        own = {column + 100: choice for column, choice in zip(columns, choices, strict=True)}
        assert nearest_group(lens, own) == expected[person]


def test_few_votes_are_near_nothing() -> None:
    """With fewer votes than the analysis asks for, or none that counts, no group is named."""
    assert nearest_group(LENS, {3: 1}) is None
    assert nearest_group(LENS, {7: 1, 8: 1}) is None
    assert nearest_group(LENS, {3: 1, 5: 1}) == 1
    assert nearest_group(LENS, {3: -1, 5: 1}) == 0


def test_a_dot_is_five_people_or_more() -> None:
    """All people are in dots, none alone, in whatever order; a large group has few dots."""
    random = np.random.default_rng(4)
    for number in (5, 6, 9, 31, 200, 5_000):
        places = random.normal(size=(number, 2))
        dots = dots_of(places, number)
        assert sum(people for _x, _y, people in dots) == number
        assert min(people for _x, _y, people in dots) >= FEWEST_PEOPLE
        assert len(dots) <= MOST_DOTS
        assert dots_of(places[::-1], number) == dots


def test_a_burst_is_counted_by_the_hour() -> None:
    """The most moments within an hour, wherever the hour begins."""
    assert most_at_once(np.array([0.0, 3_599.0, 3_601.0, 7_000.0, 90_000.0])) == 3
    assert most_at_once(np.array([])) == 0
