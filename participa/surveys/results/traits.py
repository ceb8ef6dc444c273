"""Which of the census's groups everybody who answered is in, from what they answered. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan

from participa.entities.census import DIMENSIONS, Dimension, Population, age_band
from participa.i18n import Text, _
from participa.kit.names import slugify
from participa.surveys.questionnaire import IN_NUMBERS, ONE_CHOICE, Item, Kind
from participa.surveys.results.columns import NONE
from participa.surveys.results.lines import Asked, Label, Line
from participa.surveys.results.weighing import Trait

ELSE = _("Otro")
_SEXES = {
    "f": "mujer", "femenino": "mujer", "mujeres": "mujer", "female": "mujer", "woman": "mujer",
    "m": "hombre", "masculino": "hombre", "hombres": "hombre", "male": "hombre", "man": "hombre",
}  # fmt: skip
KINDS_OF: dict[Dimension, frozenset[Kind]] = {
    Dimension.AGE: ONE_CHOICE | IN_NUMBERS,
    Dimension.SEX: ONE_CHOICE,
    Dimension.AREA: ONE_CHOICE | {Kind.PLACE},
}
"""What kinds of questions can tell a dimension."""


def tells(dimension: Dimension, item: Item) -> bool:
    """Whether a question's kind can say which of the census's groups somebody is in."""
    return item.kind in KINDS_OF[dimension]


@dataclass(frozen=True, slots=True)
class Told:
    """A question that tells the census's groups: everybody's group, and each category's.

    `groups` has a group for each category of the question as it is shown, NONE where it is in
    no group.
    """

    asked: Asked
    line: Line
    groups: tuple[int, ...]


def grouped(
    asked: Sequence[Asked],
    chosen: Mapping[str, str],
    population: Population,
    areas: Mapping[int, Sequence[str]],
) -> tuple[list[Asked], dict[Dimension, Told]]:
    """Find everybody's groups by the questions that were chosen to tell them, by item code.

    A question of numbers or places is then shown by the census's groups too: two ways of
    cutting the same answers would give away what each hides. `areas` has the names of each area
    and of what it is part of.
    """
    found = list(asked)
    told: dict[Dimension, Told] = {}
    for dimension in Dimension:
        labels = [key[0] for key in population.by(dimension)]
        at = next((n for n, a in enumerate(asked) if a.item.code == chosen.get(dimension)), None)
        if at is None or not labels or not tells(dimension, asked[at].item):
            continue
        if asked[at].item.kind in ONE_CHOICE:
            told[dimension] = _by_option(dimension, asked[at], labels)
        else:
            told[dimension] = _by_number(asked[at], labels, areas)
            found[at] = told[dimension].asked
    return found, told


def _by_option(dimension: Dimension, asked: Asked, labels: Sequence[str]) -> Told:
    line = asked.lines[0]
    wanted = [_key(dimension, label) for label in labels]
    keys = [_key(dimension, str(label)) for label in line.labels]
    groups = [wanted.index(key) if key in wanted else NONE for key in keys]
    values = line.values.translate(bytes([*groups, *([NONE] * (256 - len(groups)))]))
    return Told(asked, Line(line.name, "", tuple(labels), values), tuple(groups))


def _by_number(asked: Asked, labels: Sequence[str], areas: Mapping[int, Sequence[str]]) -> Told:
    if asked.item.kind is Kind.PLACE:
        values = _by_area(asked.numbers, labels, areas)
    else:
        values = _by_age(asked.numbers, labels)
    line = Line(asked.lines[0].name, "", tuple(labels), values)
    shown = _with_else(line, asked.numbers)
    groups = tuple(at if at < len(labels) else NONE for at in range(shown.width))
    return Told(replace(asked, lines=(shown,)), line, groups)


def _by_area(
    numbers: Sequence[float], labels: Sequence[str], areas: Mapping[int, Sequence[str]]
) -> bytes:
    by_name = {slugify(label): at for at, label in enumerate(labels)}
    code: dict[float, int] = {}
    for area, names in areas.items():
        known = [by_name[name] for name in map(slugify, names) if name in by_name]
        code[float(area)] = known[0] if known else NONE
    return bytes(code.get(number, NONE) for number in numbers)


def _key(dimension: Dimension, label: str) -> object:
    if dimension is Dimension.AGE and (band := age_band(label)):
        return band
    name = slugify(label)
    return _SEXES.get(name, name) if dimension is Dimension.SEX else name


def _by_age(numbers: Sequence[float], labels: Sequence[str]) -> bytes:
    bands = sorted((*band, at) for at, label in enumerate(labels) if (band := age_band(label)))
    edges = [low for low, _high, _at in bands]

    def code(age: float) -> int:
        place = -1 if isnan(age) else bisect_right(edges, age) - 1
        if place < 0 or age >= bands[place][1] + 1:
            return NONE
        return bands[place][2]

    return bytes(map(code, numbers))


def _with_else(line: Line, numbers: Sequence[float]) -> Line:
    """Put those in a category of their own who answered and are in none of the groups."""
    values = bytes(
        line.width if value == NONE and not isnan(number) else value
        for value, number in zip(line.values, numbers, strict=True)
    )
    labels: tuple[Label, ...] = line.labels
    return replace(line, labels=(*labels, ELSE) if line.width in values else labels, values=values)


def traits_of(told: Mapping[Dimension, Told], population: Population) -> list[Trait]:
    """Give the margins to weight by: age with sex where the census has both, and place."""
    lines = {dimension: each.line for dimension, each in told.items()}
    age, sex = lines.get(Dimension.AGE), lines.get(Dimension.SEX)
    both = population.by(Dimension.AGE, Dimension.SEX)
    traits: list[Trait] = []
    if age is not None and sex is not None and both:
        traits.append(_joint(age, sex, both))
    else:
        traits += [
            _single(dimension, lines[dimension], population)
            for dimension in (Dimension.AGE, Dimension.SEX)
            if dimension in lines
        ]
    if Dimension.AREA in lines:
        traits.append(_single(Dimension.AREA, lines[Dimension.AREA], population))
    return traits


def _single(dimension: Dimension, line: Line, population: Population) -> Trait:
    people = tuple(population.by(dimension).values())
    return Trait(DIMENSIONS[dimension], line.labels, people, line.values)


def _joint(age: Line, sex: Line, both: Mapping[tuple[str, ...], int]) -> Trait:
    keys = list(both)
    code = {
        (at, sex.labels.index(key[1])): number
        for number, key in enumerate(keys)
        for at, label in enumerate(age.labels)
        if label == key[0]
    }
    values = bytes(
        code.get((one, other), NONE) for one, other in zip(age.values, sex.values, strict=True)
    )
    labels: tuple[Text, ...] = tuple(_("{sex}, {age}", sex=key[1], age=key[0]) for key in keys)
    return Trait(_("Edad y sexo"), labels, tuple(both.values()), values)
