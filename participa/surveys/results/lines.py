"""The lines of a version in words: what each category of an answer is called. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, isnan, log10

from participa.i18n import Number, Text, _
from participa.surveys.questionnaire import Item, Kind, in_language
from participa.surveys.results.columns import NONE, Columns, known, line_names

Label = str | Text
MOST_BINS, MOST_MONTHS = 8, 13
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Line:
    """An answer that falls into categories: its name, words and what everybody answered.

    A line that `marks` is an option of several: its categories are not chosen and chosen.
    """

    name: str
    row: Label
    labels: tuple[Label, ...]
    values: bytes
    marks: bool = False

    @property
    def width(self) -> int:
        """How many categories it has."""
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its lines; `number` counts as the questionnaire does."""

    number: int
    item: Item
    text: str
    lines: tuple[Line, ...]
    numbers: Sequence[float] = ()

    @property
    def may_cross(self) -> bool:
        """Whether others can be set against it: everybody is in one category of it."""
        return len(self.lines) == 1 and len(self.lines[0].labels) > 1


NOT_CHOSEN, CHOSEN = _("No la marcó"), _("La marcó")
LEFT_OUT = _("Sin puesto")
WRITTEN = _("Escribió algo")


def asked_lines(
    items: Sequence[tuple[int, Item]],
    columns: Columns,
    places: Mapping[int, str],
    language: str,
) -> list[Asked]:
    """Give all questions, each with its place, and their lines in a language.

    `places` are the names of areas by id, in the order to be shown.
    """
    return [
        Asked(
            position + 1,
            item,
            in_language(item.text, language),
            tuple(_lines(position, item, columns, places, language)),
            columns.numbers.get(str(position), ()),
        )
        for position, item in items
        if item.is_asked
    ]


def _lines(
    position: int, item: Item, columns: Columns, places: Mapping[int, str], language: str
) -> Iterator[Line]:
    options = tuple(in_language(option.label, language) for option in item.options)
    names = line_names(position, item)
    if item.kind is Kind.PLACE:
        yield _place_line(names[0], columns.numbers[names[0]], places)
    elif item.kind is Kind.DATE:
        yield _binned(names[0], columns.numbers[names[0]], *_days(columns.numbers[names[0]]))
    elif names[0] in columns.numbers:
        yield _binned(names[0], columns.numbers[names[0]], *_bins(columns.numbers[names[0]]))
    else:
        rows = [in_language(row.label, language) for row in item.rows]
        for at, name in enumerate(names):
            yield _line(item.kind, name, at, options, rows, columns.choices[name])


def _line(
    kind: Kind, name: str, at: int, options: tuple[str, ...], rows: Sequence[str], values: bytes
) -> Line:
    if kind is Kind.MULTIPLE:
        return Line(name, options[at], (NOT_CHOSEN, CHOSEN), values, marks=True)
    if kind is Kind.RANKING:
        places = tuple(_("{n}.º", n=place + 1) for place in range(len(options)))
        out = len(options)
        codes = bytes([*range(out), *([out] * (NONE - out)), NONE])
        return Line(name, options[at], (*places, LEFT_OUT), values.translate(codes))
    if kind is Kind.MATRIX:
        return Line(name, rows[at], options, values)
    return Line(name, "", options or (WRITTEN,), values)


def _place_line(name: str, numbers: Sequence[float], places: Mapping[int, str]) -> Line:
    there = {int(number) for number in numbers if not isnan(number)}
    order = [area for area in places if area in there][:NONE]
    at = {float(area): code for code, area in enumerate(order)}
    values = bytes(at.get(number, NONE) for number in numbers)
    return Line(name, "", tuple(places[area] for area in order), values)


def _binned(
    name: str, numbers: Sequence[float], edges: Sequence[float], labels: Sequence[Label]
) -> Line:
    """Put numbers into bins, each from its edge on to the next."""
    values = bytes(
        NONE if isnan(number) else max(bisect_right(edges, number) - 1, 0) for number in numbers
    )
    return Line(name, "", tuple(labels), values)


def _bins(numbers: Sequence[float]) -> tuple[list[float], list[Label]]:
    """Choose a few bins of a round width, from the 2 % smallest to the 2 % largest."""
    found = known(numbers)
    if not found:
        return [0.0], [_("Sin respuestas")]
    values = sorted(set(found))
    if len(values) <= MOST_BINS:
        return values, [_("{n}", n=Number(value)) for value in values]
    low, high = found[len(found) // 50], found[-1 - len(found) // 50]
    step = _round_step(max(high - low, 1e-9) / MOST_BINS)
    first = floor(low / step)
    edges = [at * step for at in range(first, max(ceil(high / step), first + 1))]
    labels: list[Label] = [
        _("De {low} a menos de {high}", low=Number(edge), high=Number(edge + step))
        for edge in edges
    ]
    labels[0] = _("Menos de {high}", high=Number(edges[0] + step))
    labels[-1] = _("{low} o más", low=Number(edges[-1]))
    return edges, labels


def _round_step(least: float) -> float:
    unit = 10.0 ** floor(log10(least))
    return next(step * unit for step in _STEPS if step * unit >= least)


def _days(numbers: Sequence[float]) -> tuple[list[float], list[Label]]:
    """Choose bins for days: months, or years where they are many."""
    found = known(numbers)
    if not found:
        return [0.0], [_("Sin respuestas")]
    first, last = (date.fromordinal(int(found[at])) for at in (0, -1))
    if (last.year - first.year) * 12 + last.month - first.month < MOST_MONTHS:
        months = [
            date(at // 12, at % 12 + 1, 1)
            for at in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        ]
        return [float(m.toordinal()) for m in months], [f"{m.year}-{m.month:02}" for m in months]
    step = ceil((last.year - first.year + 1) / MOST_BINS)
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1, step)]
    labels = [str(y.year) if step == 1 else f"{y.year}–{y.year + step - 1}" for y in years]
    return [float(y.toordinal()) for y in years], list(labels)
