"""How often statements that come late are seen, by different ways to choose the next one.

People arrive one after the other, each answers some statements and leaves; new statements join
meanwhile. Nobody comes back, and everybody answers what is shown.
"""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from participa.bench.measuring import Result
from participa.opinion.routing import NEEDED, is_equal_turn, next_statement

PEOPLE, EARLY, ANSWERS = 400, 30, 12
SEEDS = (1, 2, 3)
# An opinion is agreement or not to this share, else it is a pass.
_DECIDED = 0.85


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is to be shown a statement: whose number it is, and how many were answered."""

    name: str
    answered: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a statement: its id and the votes on it."""

    id: int
    views: int
    agrees: int
    disagrees: int


Way = Callable[[random.Random, Reader, Sequence[Seen]], int]


@dataclass(frozen=True, slots=True)
class Course:
    """So many statements join; `joins` gives when each does, as a share of the people."""

    late: int
    joins: Callable[[int], float]
    at_once: bool = True


COURSES = {
    "half": Course(8, lambda _n: 0.5),
    "fifth": Course(8, lambda _n: 0.8),
    "trickle": Course(60, lambda n: n / 60, at_once=False),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    `ratio`: views of a late statement to those of an early one. `least`: the fewest views of
    a late one. `reach`: of the people who come after a late one joins, the share that sees it.
    `only_new`: of those who answer five or more after all joined, the share that sees no other.
    """

    ratio: float
    least: int
    reach: float
    only_new: float


def ours(_chance: random.Random, reader: Reader, unseen: Sequence[Seen]) -> int:
    """Choose as the site does."""
    equally = is_equal_turn(reader.answered)
    by_need = sorted(unseen, key=lambda each: (each.views, each.id))
    few = unseen if equally else by_need[:NEEDED]
    chosen = next_statement(reader.name, ((each.id, each.views) for each in few), equally=equally)
    return unseen[0].id if chosen is None else chosen


def _weighted(weight: Callable[[Seen], float]) -> Way:
    def draw(chance: random.Random, _reader: Reader, unseen: Sequence[Seen]) -> int:
        keys = ((math.log(chance.random()) / weight(each), each.id) for each in unseen)
        return max(keys)[1]

    return draw


def _least_seen(chance: random.Random, _reader: Reader, unseen: Sequence[Seen]) -> int:
    return min((each.views, chance.random(), each.id) for each in unseen)[2]


def _as_polis(seen: Seen) -> float:
    """Weigh by few passes, much agreement and a bonus for what is new, as Polis does.

    How far from the middle a statement lies is left out: in invented votes all lie alike.
    """
    passes = seen.views - seen.agrees - seen.disagrees
    pass_rate, agree_rate = ((n + 1) / (seen.views + 2) for n in (passes, seen.agrees))
    return ((1 - pass_rate) * agree_rate * (1 + 8 * 2 ** (-seen.views / 5))) ** 2


def _informative(seen: Seen) -> float:
    """Weigh by how much one more vote would narrow what is known of the agreement."""
    share = (seen.agrees + 1) / (seen.views + 2)
    return share * (1 - share) / ((seen.views + 2) * (seen.views + 3))


WAYS: dict[str, Way] = {
    "equal": _weighted(lambda _seen: 1.0),
    "polis": _weighted(_as_polis),
    "square": _weighted(lambda seen: (1 + seen.views) ** -2.0),
    "informative": _weighted(_informative),
    "ours": ours,
    "least_seen": _least_seen,
}


def simulate(way: Way, course: Course, seed: int, people: int = PEOPLE) -> Outcome:
    """Let people come and go; the same seed gives the same people and statements."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    born = [0] * EARLY + [int(people * course.joins(n)) for n in range(course.late)]
    likes = [[chance.random() for _statement in born] for _kind in range(2)]
    counts = [[0, 0, 0] for _statement in born]
    only_new = []
    for person in range(people):
        here = [n for n, since in enumerate(born) if since <= person]
        said = _visit(chance, way, f"{seed}:{person}", here, counts, likes[person % 2])
        if person >= max(born) and len(said) >= 5:
            only_new.append(all(n >= EARLY for n in said))
    views = [sum(each) for each in counts]
    late = range(EARLY, len(born))
    return Outcome(
        ratio=mean(views[n] for n in late) / mean(views[:EARLY]),
        least=min(views[n] for n in late),
        reach=mean(views[n] / (people - born[n]) for n in late),
        only_new=mean(only_new) if only_new else 0.0,
    )


def _visit(
    chance: random.Random,
    way: Way,
    name: str,
    here: Iterable[int],
    counts: list[list[int]],
    likes: Sequence[float],
) -> list[int]:
    """Let one person answer some statements, and give which."""
    left, said = set(here), list[int]()
    for _turn in range(min(len(left), 1 + int(chance.expovariate(1 / ANSWERS)))):
        unseen = [Seen(n, sum(counts[n]), counts[n][0], counts[n][1]) for n in sorted(left)]
        shown = way(chance, Reader(name, len(said)), unseen)
        left.remove(shown)
        said.append(shown)
        drawn = chance.random()
        agree = likes[shown] * _DECIDED
        counts[shown][0 if drawn < agree else 1 if drawn < _DECIDED else 2] += 1
    return said


def bench_routing() -> Result:
    """Simulate every way in every course: means of three seeds."""
    figures: dict[str, object] = {}
    for course_name, course in COURSES.items():
        for way_name, way in WAYS.items():
            found = [simulate(way, course, seed) for seed in SEEDS]
            name = f"{course_name}_{way_name}"
            figures[f"{name}_ratio"] = mean(each.ratio for each in found)
            figures[f"{name}_reach"] = mean(each.reach for each in found)
            figures[f"{name}_least"] = min(each.least for each in found)
            if course.at_once:
                figures[f"{name}_only_new"] = mean(each.only_new for each in found)
    return Result("routing", figures, ())
