"""What is published of an analysis: groups, what they say, what unites and what divides. Pure.

Plain values, to be stored and shown by a process without numpy. Nobody is in it: shares of a
group's votes are rounded to 5 %, none is given of fewer than ten votes, and statements are
named by their column.
"""

import math
from typing import TypedDict

import numpy as np

from participa.insights.opinion.analysis import Analysis, Division, Portrait
from participa.insights.opinion.statistics import compare
from participa.insights.opinion.votes import Floats, Numbers

FEWEST_SHOWN, STEP = 10, 5
MOST_SAYINGS, MOST_COMMON, MOST_BRIDGES, MOST_DIVIDING = 5, 10, 5, 5


class Said(TypedDict):
    """A statement and the side that is meant."""

    statement: int
    agrees: bool


class Group(TypedDict):
    """A group: how many people, where it stands between 0 and 1, and what it says."""

    people: int
    x: float
    y: float
    says: list[Said]


class Shares(TypedDict):
    """Percent of a group that agree and disagree with a statement."""

    agree: int
    disagree: int


class Summary(TypedDict):
    """`shares` gives for each named statement those of each group, None where votes are few.

    `explained` is the share of differences that the map shows; `voters` counts all who voted,
    `grouped` those near enough to be grouped. Without stable groups all lists are empty.
    """

    voters: int
    grouped: int
    explained: float
    groups: list[Group]
    common: list[Said]
    bridges: list[Said]
    dividing: list[int]
    shares: dict[str, list[Shares | None]]


def summarise(found: Analysis) -> Summary:
    """Choose what is shown."""
    summary = Summary(
        voters=len(found.places),
        grouped=int(found.grouped.sum()),
        explained=round(found.components.explained, 3),
        groups=[],
        common=[],
        bridges=[],
        dividing=[],
        shares={},
    )
    if found.has_groups and found.chosen is not None and found.portrait is not None:
        _describe(summary, found.chosen, found.portrait)
    return summary


def _describe(summary: Summary, chosen: Division, portrait: Portrait) -> None:
    telling = portrait.telling
    sayings = _sayings(portrait)
    for group, (x, y) in enumerate(_within_one(chosen.centres).tolist()):
        people = int(chosen.sizes[group])
        summary["groups"].append(Group(people=people, x=x, y=y, says=sayings[group]))
    summary["common"] = [_said(*each) for each in telling.common[:MOST_COMMON]]
    summary["bridges"] = [_said(*each) for each in telling.bridges[:MOST_BRIDGES]]
    summary["dividing"] = list(telling.dividing[:MOST_DIVIDING])
    named = {each["statement"] for each in (*summary["common"], *summary["bridges"])}
    named |= {each["statement"] for group in sayings for each in group}
    for statement in sorted(named | set(summary["dividing"])):
        summary["shares"][str(statement)] = _shares(portrait, statement)


def _said(statement: int, agrees: bool) -> Said:
    return Said(statement=statement, agrees=agrees)


def _within_one(centres: Floats) -> Floats:
    """Fit the centres into a square without distorting it; alone on an axis is in the middle."""
    low, high = centres.min(0), centres.max(0)
    widest = max(float((high - low).max()), 1e-12)
    return np.asarray(np.round((centres - (low + high) / 2) / widest + 0.5, 3))


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
        Shares(agree=_percent(agree, seen), disagree=_percent(disagree, seen))
        if seen >= FEWEST_SHOWN
        else None
        for agree, disagree, seen in zip(
            counts.agree[:, statement].tolist(),
            counts.disagree[:, statement].tolist(),
            counts.seen[:, statement].tolist(),
            strict=True,
        )
    ]


def _percent(part: int, whole: int) -> int:
    return STEP * math.floor(100 * part / whole / STEP + 0.5)
