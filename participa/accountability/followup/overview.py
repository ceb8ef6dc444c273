"""A plan's follow-up as one page shows it: the whole, its parts, and a page of goals. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from participa.accountability.followup.curve import Drawing, Followed, Mark, curve, drawing
from participa.accountability.followup.figures import MONEY
from participa.accountability.followup.queries import Plan, followup_url
from participa.accountability.followup.views import (
    GoalView,
    goal_view,
    light_counts,
    measured,
    millions,
)
from participa.accountability.models import Goal
from participa.accountability.rules import LIGHTS, Light, Progress
from participa.i18n import Text, _
from participa.kit.names import slugify
from participa.processes.views import Pill
from participa.web.navigation import with_query

PAGE_SIZE = 25
ASKED = ("eje", "programa", "subprograma", "dependencia", "anio", "lugar", "estado", "q", "desde")
_STATES = {"al-dia": Light.ON_TRACK, "con-rezago": Light.BEHIND, "atrasadas": Light.LATE,
           "sin-cifras": Light.UNKNOWN}  # fmt: skip
_LIGHT_NAMES = {light: name for name, light in _STATES.items()}


@dataclass(frozen=True, slots=True)
class Group:
    """Goals that share an axis, an office or a place: how many, how far on average, how."""

    title: str
    url: str
    count: int
    share: float | None
    lights: tuple[tuple[Pill, int], ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class MoneyYear:
    """The money of a year, in millions of pesos; None where no goal has a figure."""

    year: int
    planned: float | None
    appropriated: float | None
    committed: float | None
    paid: float | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Goals of a list that stand under the same axis, programme and subprogramme."""

    axis: str
    programme: str
    subprogramme: str
    goals: tuple[GoalView, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The page of a plan's follow-up.

    Everything speaks of the goals that were asked for: `goal_count` of `all_count`. `until` is
    the last year with figures; `share` the average of what can be compared.
    """

    goal_count: int
    all_count: int
    is_filtered: bool
    share: float | None
    until: int | None
    lights: tuple[tuple[Pill, int, str], ...]
    money: tuple[MoneyYear, ...]
    marks: Sequence[Mark]
    drawing: Drawing | None
    tree: tuple[Group, ...]
    offices: tuple[Group, ...]
    places: tuple[Group, ...]
    chapters: tuple[Chapter, ...]
    options: Mapping[str, Sequence[tuple[str, str | Text]]]
    values: Mapping[str, str]
    next_url: str | None
    first_url: str | None


def overview(plan: Plan, asked: Mapping[str, str], this_year: int) -> Overview:
    """Show the goals asked for; what is not known in a question means all.

    Goals are measured by the years before this one.
    """
    options = _options(plan)
    values = _values(asked, options)
    year = int(values["anio"]) if values["anio"] else None
    progress = {
        goal.id: measured(goal, plan.years.get(goal.id, ()), before=this_year, only=year)
        for goal in plan.goals
    }
    shown = [goal for goal in plan.goals if _fits(plan, goal, progress[goal.id], values)]
    marks = curve([_followed(plan, goal, year) for goal in shown])
    grouped = _Grouping(followup_url(plan.process.slug), values, progress)
    start = _start(asked.get("desde", ""), len(shown))
    return Overview(
        goal_count=len(shown),
        all_count=len(plan.goals),
        is_filtered=any(values.values()),
        share=_mean(progress[goal.id] for goal in shown),
        until=max((progress[goal.id].until or 0 for goal in shown), default=0) or None,
        lights=tuple(grouped.light_links(shown)),
        money=tuple(_money(plan, shown, year)),
        marks=marks,
        drawing=drawing(marks) if marks else None,
        tree=tuple(grouped.tree(shown)),
        offices=tuple(grouped.by("dependencia", shown, lambda goal: [(goal.office,) * 2])),
        places=tuple(grouped.by("lugar", shown, lambda goal: _places(plan, goal))),
        chapters=tuple(_chapters(shown[start : start + PAGE_SIZE], progress)),
        options=options,
        values=values,
        next_url=grouped.page_url(start + PAGE_SIZE) if len(shown) > start + PAGE_SIZE else None,
        first_url=grouped.page_url(0) if start else None,
    )  # fmt: skip


def _options(plan: Plan) -> dict[str, list[tuple[str, str | Text]]]:
    """Give what each filter offers, all first."""
    years = sorted({row.year for rows in plan.years.values() for row in rows})
    places = {key: name for found in plan.areas.values() for key, name in found.items()}
    states = [(name, LIGHTS[light]) for name, light in _STATES.items()]
    return {
        "eje": [("", _("Todos")), *_named(goal.axis for goal in plan.goals)],
        "dependencia": [("", _("Todas")), *sorted(_named(goal.office for goal in plan.goals))],
        "anio": [("", _("Todos")), *((str(year), str(year)) for year in years)],
        "lugar": [("", _("Todos")), *sorted(((str(key), name) for key, name in places.items()),
                                            key=lambda each: each[1])],
        "estado": [("", _("Todos")), *states],
    }  # fmt: skip


def _named(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in dict.fromkeys(names) if name]


def _values(
    asked: Mapping[str, str], options: Mapping[str, Sequence[tuple[str, str | Text]]]
) -> dict[str, str]:
    values = {name: " ".join(asked.get(name, "").split())[:300] for name in ASKED[:-1]}
    for name, offered in options.items():
        if values[name] not in {value for value, _words in offered}:
            values[name] = ""
    return values


def _fits(plan: Plan, goal: Goal, measured: Progress, values: Mapping[str, str]) -> bool:
    pairs = (
        ("eje", goal.axis), ("programa", goal.programme), ("subprograma", goal.subprogramme),
        ("dependencia", goal.office), ("estado", _LIGHT_NAMES[measured.light]),
    )  # fmt: skip
    if any(values[name] and values[name] != own for name, own in pairs):
        return False
    if values["lugar"] and int(values["lugar"]) not in plan.areas.get(goal.id, {}):
        return False
    return not values["q"] or _says(goal, values["q"])


def _says(goal: Goal, words: str) -> bool:
    """Whether a goal has all the words, however they are written."""
    text = slugify(f"{goal.number} {goal.title} {goal.indicator} {goal.programme} "
                   f"{goal.subprogramme} {goal.office} {goal.project}", 10_000)  # fmt: skip
    return all(word in text for word in slugify(words).split("-"))


def _followed(plan: Plan, goal: Goal, year: int | None) -> Followed:
    years = [each for each in plan.years.get(goal.id, ()) if year in {None, each.year}]
    return Followed(goal, years, plan.parts.get(goal.id, ()))


def _start(words: str, count: int) -> int:
    start = int(words) if words.isascii() and words.isdigit() and len(words) < 6 else 0
    return start if start < count else 0


def _mean(progress: Iterable[Progress]) -> float | None:
    """Average how far goals have come, none counting for more than whole."""
    shares = [min(each.share, 1.0) for each in progress if each.share is not None]
    return sum(shares) / len(shares) if shares else None


def _money(plan: Plan, goals: Sequence[Goal], year: int | None) -> Iterator[MoneyYear]:
    rows = [row for goal in goals for row in plan.years.get(goal.id, ())]
    for each in sorted({row.year for row in rows if year in {None, row.year}}):
        inside = [row for row in rows if row.year == each]
        totals = {name: _total(getattr(row, name) for row in inside) for name in MONEY}
        if any(total is not None for total in totals.values()):
            yield MoneyYear(each, **totals)


def _total(sums: Iterable[int | None]) -> float | None:
    known = [each for each in sums if each is not None]
    return millions(sum(known)) if known else None


def _places(plan: Plan, goal: Goal) -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in plan.areas.get(goal.id, {}).items()]


def _chapters(goals: Sequence[Goal], progress: Mapping[int, Progress]) -> Iterator[Chapter]:
    for (axis, programme, sub), inside in groupby(goals, key=_chapter):
        views = tuple(goal_view(goal, progress[goal.id]) for goal in inside)
        yield Chapter(axis, programme, sub, views)


def _chapter(goal: Goal) -> tuple[str, str, str]:
    return goal.axis, goal.programme, goal.subprogramme


class _Grouping:
    """Puts goals together, each group with the address that shows it alone."""

    def __init__(
        self, url: str, values: Mapping[str, str], progress: Mapping[int, Progress]
    ) -> None:
        self._url, self._progress = url, progress
        self._values = {name: value for name, value in values.items() if value}

    def _link(self, **values: str | None) -> str:
        kept = {name: value for name, value in (self._values | values).items() if value}
        return with_query(self._url, **kept)

    def page_url(self, start: int) -> str:
        return self._link(desde=str(start) if start else None) + "#metas"

    def light_links(self, goals: Sequence[Goal]) -> Iterator[tuple[Pill, int, str]]:
        for pill, count in light_counts(self._progress[goal.id].light for goal in goals):
            yield pill, count, self._link(estado=_LIGHT_NAMES[Light(pill.kind)]) + "#metas"

    def _group(self, title: str, url: str, goals: Sequence[Goal], level: int = 0) -> Group:
        found = [self._progress[goal.id] for goal in goals]
        lights = light_counts(each.light for each in found)
        return Group(title, f"{url}#metas", len(goals), _mean(found), lights, level)

    def by(
        self, name: str, goals: Sequence[Goal], keys: Callable[[Goal], Sequence[tuple[str, str]]]
    ) -> Iterator[Group]:
        together: dict[tuple[str, str], list[Goal]] = {}
        for goal in goals:
            for key, title in keys(goal):
                together.setdefault((title, key), []).append(goal)
        for (title, key), inside in sorted(together.items(), key=lambda each: each[0]):
            if key:
                yield self._group(title, self._link(**{name: key}), inside)

    def tree(self, goals: Sequence[Goal]) -> Iterator[Group]:
        """Give axes, programmes and subprogrammes, each after what it is part of."""
        for axis, inside in _together(goals, "axis"):
            yield self._group(axis, self._link(eje=axis), inside)
            for programme, among in _together(inside, "programme"):
                own = {"eje": axis, "programa": programme}
                yield self._group(programme, self._link(**own), among, 1)
                for sub, least in _together(among, "subprogramme"):
                    if sub:
                        yield self._group(sub, self._link(**own, subprograma=sub), least, 2)


def _together(goals: Sequence[Goal], name: str) -> list[tuple[str, list[Goal]]]:
    found: dict[str, list[Goal]] = {}
    for goal in goals:
        found.setdefault(getattr(goal, name), []).append(goal)
    return list(found.items())
