"""What is published of an analysis: groups, what they say, what unites and what divides. Pure.

Plain values, to be stored and shown by a process without numpy. Nobody is in it: shares of a
group's votes are rounded to 5 %, none is given of fewer than ten votes, and statements are
named by their column.
"""

import math
from typing import TypedDict

import numpy as np

from participa.insights.opinion.analysis import Analysis, Division, Portrait, Without
from participa.insights.opinion.blocks import most_at_once
from participa.insights.opinion.dots import Dot, dots_of
from participa.insights.opinion.statistics import Consensus, compare
from participa.insights.opinion.votes import Flags, Floats, Numbers

FEWEST_SHOWN, STEP = 10, 5
MOST_SAYINGS, MOST_COMMON, MOST_BRIDGES, MOST_DIVIDING = 5, 10, 5, 5


class Said(TypedDict):
    """A statement and the side that is meant."""

    statement: int
    agrees: bool


class Group(TypedDict):
    """A group: how many people, where it stands between 0 and 1, and what it says.

    `dots` are places of five people or more each, in the same square.
    """

    people: int
    x: float
    y: float
    dots: list[Dot]
    says: list[Said]


class Shares(TypedDict):
    """Percent of a group that agree and disagree with a statement."""

    agree: int
    disagree: int


class Alike(TypedDict):
    """People who cast the same votes: how many, on how many statements each.

    `at_once` is how many of them began within one hour of one another; 0 where nobody knows.
    """

    people: int
    votes: int
    at_once: int


class Once(TypedDict):
    """What changes where people who voted alike count once.

    `groups` is how many there are then, `same` the percent of all others who stay together, if
    it can be told; `lost` and `gained` are what most people say and said.
    """

    groups: int
    same: int | None
    lost: list[Said]
    gained: list[Said]


class Summary(TypedDict):
    """`shares` gives for each statement those of each group, None where votes are few.

    `aware` is the group-aware consensus in percent (the product over groups of the share that
    agrees, rounded like the others), of statements on which no group's votes are few.
    `explained` is the share of differences that the map shows; `voters` counts all who voted,
    `grouped` those near enough to be grouped. Without stable groups all lists of them are empty.
    """

    voters: int
    grouped: int
    explained: float
    groups: list[Group]
    common: list[Said]
    bridges: list[Said]
    dividing: list[int]
    shares: dict[str, list[Shares | None]]
    aware: dict[str, int]
    alike: list[Alike]
    once: Once | None


def summarise(found: Analysis, kept: Flags, began: Floats) -> Summary:
    """Choose what is shown.

    `kept` are the statements not taken out, `began` the moment of each person's first vote, in
    seconds.
    """
    summary = Summary(
        voters=len(found.places),
        grouped=int(found.grouped.sum()),
        explained=round(found.components.explained, 3),
        groups=[],
        common=[],
        bridges=[],
        dividing=[],
        shares={},
        aware={},
        alike=[
            Alike(
                people=len(block.people),
                votes=block.votes,
                # Votes that were typed in have one moment, which says nothing.
                at_once=most_at_once(began[block.people]) if np.ptp(began) else 0,
            )
            for block in found.blocks
        ],
        once=None if found.without is None else _once(found.consensus, found.without),
    )
    if found.has_groups and found.chosen is not None and found.portrait is not None:
        summary["groups"] = _groups(found.places, found.chosen, _sayings(found.portrait))
        _describe(summary, found.portrait, kept)
    return summary


def _once(consensus: Consensus, without: Without) -> Once:
    before, after = _sides(consensus), _sides(without.consensus)
    return Once(
        groups=without.groups,
        same=None if without.same is None else _percent(without.same),
        lost=[_said(*each) for each in before if each not in after],
        gained=[_said(*each) for each in after if each not in before],
    )


def _sides(consensus: Consensus) -> list[tuple[int, bool]]:
    return [(each.statement, each.agrees) for each in (*consensus.agreed, *consensus.disagreed)]


def _groups(places: Floats, chosen: Division, sayings: list[list[Said]]) -> list[Group]:
    grouped = int(chosen.sizes.sum())
    dots = [dots_of(places[chosen.groups == n], grouped) for n in range(chosen.number)]
    fitted = _within_one(np.concatenate([chosen.centres, *(_xy(each) for each in dots)]))
    corners = iter(fitted[chosen.number :].tolist())
    return [
        Group(
            people=int(chosen.sizes[group]),
            x=x,
            y=y,
            dots=[(*next(corners), people) for _x, _y, people in dots[group]],
            says=sayings[group],
        )
        for group, (x, y) in enumerate(fitted[: chosen.number].tolist())
    ]


def _xy(dots: list[Dot]) -> Floats:
    return np.array([dot[:2] for dot in dots]).reshape(-1, 2)


def _describe(summary: Summary, portrait: Portrait, kept: Flags) -> None:
    telling = portrait.telling
    summary["common"] = [_said(*each) for each in telling.common[:MOST_COMMON]]
    summary["bridges"] = [_said(*each) for each in telling.bridges[:MOST_BRIDGES]]
    summary["dividing"] = list(telling.dividing[:MOST_DIVIDING])
    for statement in np.flatnonzero(kept).tolist():
        summary["shares"][str(statement)] = _shares(portrait, statement)
        if portrait.counts.seen[:, statement].min() >= FEWEST_SHOWN:
            summary["aware"][str(statement)] = _percent(float(portrait.group_aware[statement]))


def _said(statement: int, agrees: bool) -> Said:
    return Said(statement=statement, agrees=agrees)


def _within_one(points: Floats) -> Floats:
    """Fit points into a square without distorting it; alone on an axis is in the middle."""
    low, high = points.min(0), points.max(0)
    widest = max(float((high - low).max()), 1e-12)
    return np.asarray(np.round((points - (low + high) / 2) / widest + 0.5, 3))


def _sayings(portrait: Portrait) -> list[list[Said]]:
    """Give what each group says more than others, the strongest first, where it is no chance."""
    agreed, against = compare(portrait.counts, agrees=True), compare(portrait.counts, agrees=False)
    shown = portrait.counts.seen >= FEWEST_SHOWN
    said_for = np.where(portrait.telling.agreed & shown, agreed.strength, 0)
    said_against = np.where(portrait.telling.disagreed & shown, against.strength, 0)
    return [_strongest(*pair) for pair in zip(said_for, said_against, strict=True)]


def _strongest(said_for: Floats, said_against: Floats) -> list[Said]:
    strength = np.maximum(said_for, said_against)
    order: Numbers = np.argsort(-strength, kind="stable")[:MOST_SAYINGS]
    return [_said(int(n), bool(said_for[n] >= said_against[n])) for n in order if strength[n] > 0]


def _shares(portrait: Portrait, statement: int) -> list[Shares | None]:
    counts = portrait.counts
    return [
        Shares(agree=_percent(agree / seen), disagree=_percent(disagree / seen))
        if seen >= FEWEST_SHOWN
        else None
        for agree, disagree, seen in zip(
            counts.agree[:, statement].tolist(),
            counts.disagree[:, statement].tolist(),
            counts.seen[:, statement].tolist(),
            strict=True,
        )
    ]


def _percent(share: float) -> int:
    return STEP * math.floor(100 * share / STEP + 0.5)
