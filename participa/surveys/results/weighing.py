"""Weighting a survey to the census: when it may be done, with what, and what it gives. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from participa.i18n import Number, Text, _
from participa.kit.intervals import logit_interval
from participa.surveys.results.columns import NONE
from participa.surveys.results.figures import Weighted
from participa.surveys.results.lines import Label, Line
from participa.surveys.statistics.precision import (
    design_effect,
    effective_size,
    share_variance,
    weighted_share,
)
from participa.surveys.statistics.raking import Cell, Raked, merging, rake

FEWEST_IN_GROUP = 10
"""A group of the census with fewer answers is weighted together with others."""
FEWEST_EFFECTIVE = 100
"""Below so many effective answers weighted figures are refused: 10 points either way."""
MOST_OFF = 0.02
"""So far, as a share, may a group stay from the census once heavy weights are cut."""


@dataclass(frozen=True, slots=True)
class Trait:
    """What the census counts people by: groups with their people, and everybody's group.

    `values` has a byte for each person who answered, NONE where they did not say.
    """

    title: Label
    labels: tuple[Label, ...]
    people: tuple[int, ...]
    values: bytes

    @property
    def heard(self) -> list[int]:
        """How many of each group answered."""
        found = Counter(self.values)
        return [found[group] for group in range(len(self.labels))]


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of those who answered, or why there are none.

    `told` is how many said everything that the weights need: only they are weighted.
    `joined` names the groups weighted together because few of them answered.
    """

    traits: tuple[Trait, ...]
    told: int = 0
    effective: float = 0.0
    effect: float = 1.0
    raked: Raked | None = None
    joined: tuple[Label, ...] = ()
    refusal: Text | None = None
    _cells: Sequence[Cell] = ()
    _members: bytes | Sequence[int] = b""
    _kept: dict[str, tuple[Counter[tuple[int, int]], Counter[int]]] = field(default_factory=dict)

    @property
    def titles(self) -> list[Label]:
        """What the weights go by."""
        return [trait.title for trait in self.traits]

    def weighted(self, line: Line, category: int) -> Weighted | None:
        """Give a category's share of those who answered a line, weighted, with its interval."""
        if self.raked is None or self.refusal is not None:
            return None
        chosen, answered = self._counts(line)
        there = sorted(answered)
        cells = [self._cells[at] for at in there]
        counts = [answered[at] for at in there]
        weights = [self.raked.weights[at] for at in there]
        marked = [chosen[at, category] for at in there]
        if effective_size(weights, counts) < FEWEST_EFFECTIVE:
            return None
        share = weighted_share(weights, counts, marked)
        variance = share_variance(cells, counts, weights, marked)
        return Weighted(share, *logit_interval(share, variance, sum(counts) - 1))

    def _counts(self, line: Line) -> tuple[Counter[tuple[int, int]], Counter[int]]:
        if line.name not in self._kept:
            pairs = Counter(zip(self._members, line.values, strict=True))
            chosen = Counter(
                {pair: n for pair, n in pairs.items() if pair[0] != NOBODY and pair[1] != NONE}
            )
            answered: Counter[int] = Counter()
            for (cell, _category), count in chosen.items():
                answered[cell] += count
            self._kept[line.name] = chosen, answered
        return self._kept[line.name]


NOBODY = -1


def weigh(traits: Sequence[Trait]) -> Weighing:
    """Weight those who answered to the census, or say why that would not be honest."""
    if not traits:
        return Weighing((), refusal=_("La entidad no ha dicho cuántas personas viven aquí, por "
                                      "edad y sexo o por lugar."))  # fmt: skip
    groupings = [merging(trait.heard, FEWEST_IN_GROUP) for trait in traits]
    grouped = [
        trait.values.translate(bytes([*groups, *([NONE] * (256 - len(groups)))]))
        for trait, groups in zip(traits, groupings, strict=True)
    ]
    people = Counter(zip(*grouped, strict=True))
    cells = sorted(cell for cell in people if NONE not in cell)
    counts = [people[cell] for cell in cells]
    joined = tuple(
        label
        for trait, groups in zip(traits, groupings, strict=True)
        for label, group in zip(trait.labels, groups, strict=True)
        if groups.count(group) > 1
    )
    if sum(counts) < FEWEST_EFFECTIVE:
        return Weighing(tuple(traits), told=sum(counts), refusal=_too_few(sum(counts)))
    raked = rake(cells, counts, [_margin(t, g) for t, g in zip(traits, groupings, strict=True)])
    effective = effective_size(raked.weights, counts)
    number = {cell: at for at, cell in enumerate(cells)}
    return Weighing(
        traits=tuple(traits),
        told=sum(counts),
        effective=effective,
        effect=design_effect(raked.weights, counts),
        raked=raked,
        joined=joined,
        refusal=_refusal(raked, effective),
        _cells=cells,
        _members=[number.get(cell, NOBODY) for cell in zip(*grouped, strict=True)],
    )


def _margin(trait: Trait, groups: Sequence[int]) -> list[float]:
    sums = [0.0] * (max(groups) + 1)
    for people, group in zip(trait.people, groups, strict=True):
        sums[group] += people / sum(trait.people)
    return sums


def _refusal(raked: Raked, effective: float) -> Text | None:
    if effective < FEWEST_EFFECTIVE:
        return _too_few(effective)
    if raked.off > MOST_OFF:
        return _("Quienes respondieron se parecen tan poco al municipio que ni con pesos de hasta "
                 "cinco se llega a sus proporciones.")  # fmt: skip
    return None


def _too_few(effective: float) -> Text:
    margin = round(100 / sqrt(effective)) if effective else 100
    return _("Serían cifras de unas {n} respuestas efectivas, con un margen de {margin} puntos: "
             "hacen falta {least}.", n=Number(round(effective, -1)), margin=margin,
             least=FEWEST_EFFECTIVE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """A group of the census beside its part of those who answered, None where they are few.

    `ratio` sets one share beside the other: 0.5 is half as many as there should be.
    """

    label: Label
    people: int
    share: float
    heard: int | None
    heard_share: float | None

    @property
    def ratio(self) -> float | None:
        """How many answered for each one who would if all groups did alike."""
        return None if self.heard_share is None or not self.share else self.heard_share / self.share
