"""Everything that is found in the votes of a conversation, in one object. Pure.

The same votes, options and seed give the same result.
"""

from dataclasses import dataclass, replace

import numpy as np

from participa.insights.opinion.blocks import Block, find_blocks
from participa.insights.opinion.bridges import Telling, blind_counts, find_telling
from participa.insights.opinion.components import Components, find_components, project
from participa.insights.opinion.grouping import (
    Bases,
    Grouping,
    gather_bases,
    groupings,
    in_conversation,
)
from participa.insights.opinion.honesty import (
    RUNS,
    Chance,
    against_chance,
    found_again,
    is_stable,
    judges,
)
from participa.insights.opinion.statistics import (
    Chosen,
    Consensus,
    find_consensus,
    group_aware_consensus,
    representative,
)
from participa.insights.opinion.votes import Counts, Flags, Floats, Numbers, Votes, count

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Options:
    """How votes are read.

    `moderated_as_cast`: as in Polis, a statement that was taken out counts as cast by
    everybody when people are placed, instead of not counting at all. `seed` and `runs` are
    those of the judgement on groups.
    """

    moderated_as_cast: bool = False
    seed: int = 2026
    runs: int = RUNS


@dataclass(frozen=True, slots=True)
class Division:
    """A way to divide people into groups, with the group of each person; -1 is not grouped.

    `stability` says of each group how well it is found again; `separation` how clear borders
    are (silhouette); `centres` where the groups are.
    """

    groups: Numbers
    centres: Floats
    sizes: Numbers
    separation: float
    stability: tuple[float, ...]
    is_stable: bool

    @property
    def number(self) -> int:
        """How many groups there are."""
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the groups of a division say."""

    counts: Counts
    representative: list[list[Chosen]]
    group_aware: Floats
    telling: Telling


@dataclass(frozen=True, slots=True)
class Without:
    """What is found when each block of identical votes counts once.

    `same` is the share of the other people who stay together in their groups, None where
    there is one grouping or none to compare; `consensus` is what most agree on then.
    """

    groups: int
    same: float | None
    consensus: Consensus


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result. `places` are people on two axes, `grouped` who is near enough to be grouped.

    `divisions` are all that were tried and `chosen` is the one of them to show: stable if
    there is a stable one, else the best separated, and then `has_groups` is False.
    """

    components: Components
    places: Floats
    grouped: Flags
    chance: Chance
    divisions: tuple[Division, ...]
    chosen: Division | None
    portrait: Portrait | None
    consensus: Consensus
    blocks: tuple[Block, ...]
    without: Without | None

    @property
    def has_groups(self) -> bool:
        """There are groups that beat chance and are found again."""
        return self.chosen is not None and self.chosen.is_stable


def analyse(votes: Votes, kept: Flags, options: Options | None = None) -> Analysis:
    """Find components, groups and what they say; `kept` are the statements not taken out."""
    options = options or Options()
    found = _analyse(votes, kept, options)
    blocks = find_blocks(votes)
    without = _without(votes, kept, options, found, blocks) if blocks else None
    return replace(found, blocks=tuple(blocks), without=without)


def _analyse(votes: Votes, kept: Flags, options: Options) -> Analysis:
    counted = votes.on(kept)
    left_out = int((~kept).sum())
    granted = left_out if options.moderated_as_cast else 0
    statements = votes.statements - left_out + granted
    found = find_components(counted)
    places = project(counted, found, statements=statements, granted=granted)
    grouped = in_conversation(votes.cast, votes.statements)
    factors = np.sqrt(statements / np.maximum(counted.cast + granted, 1))
    chance, divisions = _divide(counted, found, places, factors, grouped, options)
    chosen = _best(divisions)
    number = 0 if chosen is None else chosen.number
    groups = np.full(votes.people, NOBODY) if chosen is None else chosen.groups
    # In one pass; the last row is of those in no group.
    counts = count(votes, np.where(groups == NOBODY, number, groups), number + 1)
    consensus = find_consensus(counts.together(), kept)
    portrait = None
    if chosen is not None:
        blind = blind_counts(counted, found, chosen.centres, grouped, statements, granted)
        counts = counts.first(number)
        portrait = Portrait(
            counts, representative(counts, kept), group_aware_consensus(counts),
            find_telling(blind, kept),
        )  # fmt: skip
    return Analysis(
        found, places, grouped, chance, divisions, chosen, portrait, consensus, (), None
    )


def _divide(
    votes: Votes,
    found: Components,
    places: Floats,
    factors: Floats,
    grouped: Flags,
    options: Options,
) -> tuple[Chance, tuple[Division, ...]]:
    """Divide people in every number of groups and judge each division."""
    random = np.random.default_rng(options.seed)
    people = np.flatnonzero(grouped)
    bases = gather_bases(places[people])
    tried = groupings(bases)
    groups = [_groups(each, bases, people, votes.people) for each in tried]
    panel = judges(votes, people, random)
    some = votes.of(panel)
    chance = against_chance(some, random, options.runs)
    labels = {each.number: own[panel] for each, own in zip(tried, groups, strict=True)}
    again = found_again(some, labels, found, factors[panel], random, options.runs)
    divisions = (
        Division(own, each.centres, each.sizes, each.separation, again[each.number],
                 chance.is_beaten and is_stable(each, again[each.number]))
        for each, own in zip(tried, groups, strict=True)
    )  # fmt: skip
    return chance, tuple(divisions)


def _groups(division: Grouping, bases: Bases, people: Numbers, number: int) -> Numbers:
    groups = np.full(number, NOBODY)
    groups[people] = division.of_base[bases.members]
    return groups


def _best(divisions: tuple[Division, ...]) -> Division | None:
    return max(divisions, key=lambda each: (each.is_stable, each.separation), default=None)


def _without(
    votes: Votes, kept: Flags, options: Options, found: Analysis, blocks: list[Block]
) -> Without:
    once = np.ones(votes.people, dtype=bool)
    for block in blocks:
        once[block.people[1:]] = False
    people = np.flatnonzero(once)
    again = _analyse(votes.of(people), kept, options)
    number = again.chosen.number if again.chosen is not None and again.has_groups else 0
    return Without(number, _same(found, again, people), again.consensus)


def _same(found: Analysis, again: Analysis, people: Numbers) -> float | None:
    """Give the share of people in the pairing of groups that keeps most of them together."""
    if found.chosen is None or again.chosen is None:
        return None
    ones, others = found.chosen.groups[people], again.chosen.groups
    both = (ones >= 0) & (others >= 0)
    number = max(found.chosen.number, again.chosen.number)
    table = np.bincount(ones[both] * number + others[both], minlength=number * number)
    return float(table.reshape(number, number).max(1).sum() / max(int(both.sum()), 1))
