"""The opinion groups of a round as its page of results shows them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from participa.i18n import Text, _
from participa.opinion.group_files import leaning
from participa.opinion.lens import Lens
from participa.opinion.models import NEVER, Round, RoundGroups, Statement
from participa.opinion.queries import published
from participa.opinion.rules import CHOICES, LETTERS, NEARLY_ALL, Choice

# The drawing: its width, how far apart dots may be, what is left around.
WIDTH, SPAN, MARGIN = 160, 136, 12
# A dot's area is by its people; the largest has this radius.
RADIUS = 3.2
_AROUND = ((-6, -3), (-6, 3), (6, -3), (6, 3), (-3, -6), (3, -6), (-3, 6), (3, 6))


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
    """A group: how many people, the statements that set it apart, and its part of the drawing.

    The letter stands at `x` and `y`; `dots` have place and radius, `hull` the corners around
    them as SVG writes points.
    """

    name: Text
    letter: str
    people: int
    share: float
    x: float
    y: float
    dots: tuple[tuple[float, float, float], ...]
    hull: str
    says: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """People who voted alike: how many on the whole, in how many blocks, and each block.

    Where each block counts once there are `groups` groups, `same` is in words how many of the
    others stay together, and `lost` and `gained` are statements with the side most were on.
    """

    people: int
    blocks: tuple[Mapping[str, int], ...]
    groups: int
    same: Text | str
    lost: tuple[tuple[str, Text], ...]
    gained: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class GroupsShown:
    """What the page shows; without stable groups `groups` is empty.

    `explained` is the share of differences in the drawing, `alone` how many voted too little
    to be in a group, `aware` the group-aware consensus by number of statement, in percent.
    """

    groups: tuple[Drawn, ...]
    common: tuple[Line, ...]
    bridges: tuple[Line, ...]
    dividing: tuple[Line, ...]
    voters: int
    alone: int
    explained: float
    height: float
    alike: Alike | None
    aware: Mapping[int, int]
    found_at: datetime
    width: float = WIDTH


async def kept_groups(found: Round) -> RoundGroups | None:
    """Read what is kept of a round's groups; None until they are found."""
    rows = RoundGroups.of(found.entity_id).filter(round_id=found.id, found_at__gt=NEVER)
    return await rows.first()


def lens_of(kept: RoundGroups | None) -> Lens | None:
    """Give what places somebody among the groups, where there are any."""
    return None if kept is None else cast("Lens | None", kept.lens)


async def groups_of(found: Round) -> GroupsShown | None:
    """Read the groups of a round, in two statements; None until they are found."""
    kept = await kept_groups(found)
    return None if kept is None else shown(kept, await published(found))


def shown(kept: RoundGroups, statements: Sequence[Statement]) -> GroupsShown:
    """Put what is kept into the words of the page."""
    summary = kept.summary
    texts = {each.number: each.text for each in statements}
    shares: Mapping[str, Sequence[Mapping[str, int] | None]] = summary["shares"]

    def lines(numbers: Sequence[int]) -> tuple[Line, ...]:
        return tuple(Line(texts[n], _cells(shares[str(n)])) for n in numbers)

    def of_said(said: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
        return lines([each["statement"] for each in said])

    drawing = _Drawing(summary["groups"])
    return GroupsShown(
        groups=tuple(
            drawing.group(place, group, summary["grouped"], of_said(group["says"]))
            for place, group in enumerate(summary["groups"])
        ),
        common=of_said(summary["common"]),
        bridges=of_said(summary["bridges"]),
        dividing=lines(summary["dividing"]),
        voters=summary["voters"],
        alone=summary["voters"] - summary["grouped"],
        explained=summary["explained"],
        height=drawing.height,
        alike=_alike(summary, texts),
        aware={int(number): percent for number, percent in summary["aware"].items()},
        found_at=kept.found_at,
    )


class _Drawing:
    """Where things stand in the drawing, upright as the axes are."""

    def __init__(self, groups: Sequence[Mapping[str, Any]]) -> None:
        dots = [dot for group in groups for dot in group["dots"]]
        self._top = max((dot[1] for dot in dots), default=0)
        self._largest = max((dot[2] for dot in dots), default=1)
        lowest = min((dot[1] for dot in dots), default=0)
        self.height = round(2 * MARGIN + SPAN * (self._top - lowest), 1)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return round(MARGIN + SPAN * x, 1), round(MARGIN + SPAN * (self._top - y), 1)

    def _dot(self, dot: Sequence[float]) -> tuple[float, float, float]:
        return *self._at(dot[0], dot[1]), round(RADIUS * math.sqrt(dot[2] / self._largest), 1)

    def group(
        self, place: int, group: Mapping[str, Any], grouped: int, says: tuple[Line, ...]
    ) -> Drawn:
        x, y = self._at(group["x"], group["y"])
        dots = tuple(self._dot(dot) for dot in group["dots"])
        return Drawn(
            name=group_name(place),
            letter=LETTERS[place],
            people=group["people"],
            share=group["people"] / grouped,
            x=x,
            y=y,
            dots=dots,
            hull=" ".join(f"{x:g},{y:g}" for x, y in _hull([dot[:2] for dot in dots])),
            says=says,
        )


def _hull(dots: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Give the corners around dots, each widened a little (Andrew's monotone chain, 1979)."""
    widened = ((x + h, y + v) for x, y in dots for h, v in _AROUND)
    ordered = sorted({(round(x, 1), round(y, 1)) for x, y in widened})
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(ordered: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for point in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _alike(summary: Mapping[str, Any], texts: Mapping[int, str]) -> Alike | None:
    once = summary["once"]
    if once is None:
        return None

    def sides(said: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, Text], ...]:
        choices = (Choice.AGREE if each["agrees"] else Choice.DISAGREE for each in said)
        return tuple(
            (texts[each["statement"]], CHOICES[choice])
            for each, choice in zip(said, choices, strict=True)
        )

    return Alike(
        people=sum(block["people"] for block in summary["alike"]),
        blocks=tuple(summary["alike"]),
        groups=once["groups"],
        same="" if once["same"] is None else at_most_nearly_all(once["same"]),
        lost=sides(once["lost"]),
        gained=sides(once["gained"]),
    )


def at_most_nearly_all(percent: int) -> Text:
    """Write a share so that it never says "all"."""
    if percent >= NEARLY_ALL:
        return _("{n} % o más", n=NEARLY_ALL)
    return _("{n} %", n=percent)


def group_name(place: int) -> Text:
    """Call groups by letters, the largest A: what they are is not for the platform to say."""
    return _("Grupo {letter}", letter=LETTERS[place])


def _cells(shares: Sequence[Mapping[str, int] | None]) -> tuple[Cell, ...]:
    return tuple(Cell(group_name(place), _words(share)) for place, share in enumerate(shares))


def _words(share: Mapping[str, int] | None) -> Text | str:
    part = leaning(share)
    if part is None:
        return ""
    agrees, percent = part
    if agrees:
        if percent >= NEARLY_ALL:
            return _("{n} % o más de acuerdo", n=NEARLY_ALL)
        return _("{n} % de acuerdo", n=percent)
    if percent >= NEARLY_ALL:
        return _("{n} % o más en desacuerdo", n=NEARLY_ALL)
    return _("{n} % en desacuerdo", n=percent)
