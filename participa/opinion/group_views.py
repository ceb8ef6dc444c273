"""The opinion groups of a round as its page of results shows them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from participa.i18n import Text, _
from participa.opinion.models import Round, RoundGroups, Statement
from participa.opinion.queries import published

_LETTERS = "ABCDE"
# The drawing: its width, how far apart circles may be, the largest radius, what is left around.
WIDTH, SPAN, RADIUS, MARGIN = 160, 80, 20, 4
# Shares are told as "95 % or more" from here on: nobody's vote follows from being in a group.
_NEARLY_ALL = 95


@dataclass(frozen=True, slots=True)
class Cell:
    """What most of a group that say something say; empty words where few of it voted."""

    name: Text
    words: Text | str


@dataclass(frozen=True, slots=True)
class Line:
    """A statement with what each group says of it."""

    text: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group: its circle, how many people, and the statements that set it apart."""

    name: Text
    letter: str
    people: int
    share: float
    x: float
    y: float
    radius: float
    says: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class GroupsShown:
    """What the page shows; without stable groups `groups` is empty.

    `explained` is the share of differences in the drawing, `alone` how many voted too little
    to be in a group.
    """

    groups: tuple[Drawn, ...]
    common: tuple[Line, ...]
    bridges: tuple[Line, ...]
    dividing: tuple[Line, ...]
    voters: int
    alone: int
    explained: float
    height: float
    width: float = WIDTH


async def groups_of(found: Round) -> GroupsShown | None:
    """Read the groups of a round that is over, in two statements; None until they are found."""
    kept = await RoundGroups.of(found.entity_id).filter(round_id=found.id).first()
    return None if kept is None else shown(kept.summary, await published(found))


def shown(summary: Mapping[str, Any], statements: Sequence[Statement]) -> GroupsShown:
    """Put what is kept into the words of the page."""
    texts = {each.number: each.text for each in statements}
    shares: Mapping[str, Sequence[Mapping[str, int] | None]] = summary["shares"]

    def lines(numbers: Sequence[int]) -> tuple[Line, ...]:
        return tuple(Line(texts[n], _cells(shares[str(n)])) for n in numbers)

    def of_said(said: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
        return lines([each["statement"] for each in said])

    groups = summary["groups"]
    largest = max((group["people"] for group in groups), default=1)
    highest = max((group["y"] for group in groups), default=0)
    lowest = min((group["y"] for group in groups), default=0)
    edge = RADIUS + MARGIN
    return GroupsShown(
        groups=tuple(
            Drawn(
                name=group_name(place),
                letter=_LETTERS[place],
                people=group["people"],
                share=group["people"] / summary["grouped"],
                x=round(WIDTH / 2 + SPAN * (group["x"] - 0.5), 1),
                y=round(edge + SPAN * (highest - group["y"]), 1),
                radius=round(RADIUS * math.sqrt(group["people"] / largest), 1),
                says=of_said(group["says"]),
            )
            for place, group in enumerate(groups)
        ),
        common=of_said(summary["common"]),
        bridges=of_said(summary["bridges"]),
        dividing=lines(summary["dividing"]),
        voters=summary["voters"],
        alone=summary["voters"] - summary["grouped"],
        explained=summary["explained"],
        height=round(2 * edge + SPAN * (highest - lowest), 1),
    )


def group_name(place: int) -> Text:
    """Call groups by letters, the largest A: what they are is not for the platform to say."""
    return _("Grupo {letter}", letter=_LETTERS[place])


def _cells(shares: Sequence[Mapping[str, int] | None]) -> tuple[Cell, ...]:
    return tuple(Cell(group_name(place), _words(share)) for place, share in enumerate(shares))


def _words(share: Mapping[str, int] | None) -> Text | str:
    if share is None:
        return ""
    percent = max(share["agree"], share["disagree"])
    if share["agree"] == percent:
        if percent >= _NEARLY_ALL:
            return _("{n} % o más de acuerdo", n=_NEARLY_ALL)
        return _("{n} % de acuerdo", n=percent)
    if percent >= _NEARLY_ALL:
        return _("{n} % o más en desacuerdo", n=_NEARLY_ALL)
    return _("{n} % en desacuerdo", n=percent)
