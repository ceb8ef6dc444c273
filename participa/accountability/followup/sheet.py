"""A planning sheet's rows as goals, by a mapping, with what is wrong line by line. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from participa.accountability.followup.figures import (
    FUND_FIELDS,
    MAX_PESOS,
    MONEY,
    PERIOD_FIELDS,
    YEAR_FIELDS,
    FundFigures,
    GoalFigures,
    PeriodFigures,
    YearFigures,
    problems,
)
from participa.accountability.followup.mapping import (
    AUTO,
    COLUMN_WORDS,
    NEEDED,
    Mapping,
)
from participa.accountability.followup.numbers import NotANumber, read_number
from participa.accountability.followup.titles import MONTH_NAMES, Titles, header_row, read_titles
from participa.accountability.rules import Direction
from participa.i18n import Text, _
from participa.kit.names import slugify
from participa.web.problems import Problem

MAX_ROWS = 5_000
_NEAR = 1e-6
# The words of the planning sheets of municipalities, and those of our own files.
_USUAL_DIRECTIONS: dict[str, str] = {
    "i": AUTO, "incremento": AUTO, "creciente": AUTO, "aumento": AUTO,
    "m": Direction.EACH_YEAR, "mantenimiento": Direction.EACH_YEAR,
    "constante": Direction.EACH_YEAR,
    "r": Direction.LOWER_IS_BETTER, "reduccion": Direction.LOWER_IS_BETTER,
    "decreciente": Direction.LOWER_IS_BETTER,
    **{slugify(each): each for each in Direction},
}  # fmt: skip
Row = Sequence[str]
# A year, and within it a quarter, a month or a source of money.
Key = tuple[int] | tuple[int, str]
Places = dict[str, int]


@dataclass(slots=True)
class Reading:
    """The goals of a sheet that can be stored, and what is to be looked at.

    A `fatal` problem keeps its row, or the whole sheet, from being stored; a `notice` is told
    and the rest of its row is stored.
    """

    goals: list[GoalFigures] = field(default_factory=list)
    fatal: list[Problem] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    row_count: int = 0


def read_goals(
    rows: Sequence[Row], mapping: Mapping, *, above: int = 0, areas: Sequence[str] = ()
) -> Reading:
    """Read the goals; `above` lines stand before the rows, `areas` are the entity's names.

    Lines are counted from 1, as a sheet shows them.
    """
    reading = Reading()
    at = header_row(rows)
    titles = read_titles(rows[at]) if rows else Titles({}, ())
    missing = [name for name in NEEDED if titles.place(getattr(mapping.columns, name)) is None]
    for name in missing:
        words = _("Falta la columna «{name}»: diga cómo se llama.", name=COLUMN_WORDS[name])
        reading.fatal.append(Problem(None, words))
    if len(rows) - at - 1 > MAX_ROWS:
        words = _("La hoja tiene más de {most} filas.", most=MAX_ROWS)
        reading.fatal.append(Problem(None, words))
    if reading.fatal:
        return reading
    reader = _Reader(titles, mapping, reading, {slugify(name): name for name in areas})
    for place, row in enumerate(rows[at + 1 :], above + at + 2):
        if any(cell.strip() for cell in row):
            reading.row_count += 1
            reader.take(place, row)
    return reading


def _year_places(titles: Titles, mapping: Mapping) -> Iterator[tuple[Key, Places]]:
    for year in titles.years:
        if found := _places(titles, mapping.years, YEAR_FIELDS, year=year):
            yield (year,), found


def _period_places(titles: Titles, mapping: Mapping) -> Iterator[tuple[Key, Places]]:
    for year in titles.years:
        for number in range(1, 5):
            values: dict[str, object] = {"year": year, "quarter": number}
            if found := _places(titles, mapping.periods, PERIOD_FIELDS, **values):
                yield (year, f"T{number}"), found
        for month, name in MONTH_NAMES.items():
            values = {"year": year, "month": name}
            if found := _places(titles, mapping.periods, PERIOD_FIELDS, **values):
                yield (year, f"M{month:02}"), found


def _fund_places(titles: Titles, mapping: Mapping) -> Iterator[tuple[Key, Places]]:
    for year in titles.years:
        for source, fund in mapping.funds.items():
            if found := _places(titles, fund, FUND_FIELDS, year=year):
                yield (year, source), found


def _places(titles: Titles, table: object, names: Sequence[str], **values: object) -> Places:
    found = {name: titles.place(getattr(table, name), **values) for name in names}
    return {name: place for name, place in found.items() if place is not None}


class _Reader:
    """Reads one row after another of a sheet whose columns were found."""

    def __init__(
        self, titles: Titles, mapping: Mapping, reading: Reading, areas: dict[str, str]
    ) -> None:
        self._titles, self._mapping = titles, mapping
        self._reading, self._areas = reading, areas
        self._columns = {
            name: [
                place
                for title in getattr(mapping.columns, name)
                if (place := titles.place((title,))) is not None
            ]
            for name in COLUMN_WORDS
        }
        self._years = dict(_year_places(titles, mapping))
        self._periods = dict(_period_places(titles, mapping))
        self._funds = dict(_fund_places(titles, mapping))
        self._directions = dict(_USUAL_DIRECTIONS)
        for word, meaning in mapping.values.direction.items():
            self._directions[slugify(word)] = meaning
        self._seen: dict[str, int] = {}
        self._line = 0
        self._row: Row = ()

    def take(self, line: int, row: Row) -> None:
        """Read one row into the goals, or into what is wrong."""
        self._line, self._row = line, row
        goal = self._goal()
        before = self._seen.setdefault(goal.number, line)
        if before != line:
            words = _(
                "La meta {number} ya está en la línea {line}.", number=goal.number, line=before
            )
            self._reading.fatal.append(Problem(line, words))
            return
        if found := list(problems(goal)):
            self._reading.fatal += [Problem(line, words) for words in found]
            return
        self._reading.goals.append(goal)

    def _goal(self) -> GoalFigures:
        years = tuple(self._parts(YearFigures, self._years, YEAR_FIELDS))
        base, base_words = self._base()
        return GoalFigures(
            axis=self._text("axis"),
            programme=self._text("programme"),
            subprogramme=self._text("subprogramme"),
            number=self._text("number"),
            title=self._text("title"),
            indicator=self._text("indicator"),
            unit=self._text("unit"),
            direction=self._direction(years),
            base_line=base,
            base_words=base_words,
            office=self._text("office"),
            result=self._text("result"),
            project=" · ".join(self._texts("project")),
            note=self._text("note"),
            years=years,
            periods=tuple(self._parts(PeriodFigures, self._periods, PERIOD_FIELDS)),
            funds=tuple(self._parts(FundFigures, self._funds, FUND_FIELDS)),
            areas=tuple(self._named_areas()),
        )

    def _cell(self, place: int) -> str:
        return " ".join(self._row[place].split()) if place < len(self._row) else ""

    def _texts(self, name: str) -> list[str]:
        return [cell for place in self._columns[name] if (cell := self._cell(place))]

    def _text(self, name: str) -> str:
        return self._texts(name)[0] if self._texts(name) else ""

    def _tell(self, words: Text, excerpt: str) -> None:
        self._reading.notices.append(Problem(self._line, words, excerpt[:80]))

    def _number(self, place: int, name: Text | str) -> float | None:
        cell = self._cell(place)
        try:
            return read_number(cell, self._mapping.format.decimal)
        except NotANumber:
            self._tell(_("No es un número y queda sin dato: {name}.", name=name), cell)
            return None

    def _base(self) -> tuple[float | None, str]:
        """Give the base line, or the words that stand for it."""
        cell = self._text("base_line")
        try:
            return read_number(cell, self._mapping.format.decimal), ""
        except NotANumber:
            return None, cell

    def _direction(self, years: Sequence[YearFigures]) -> str:
        word = self._text("direction")
        meaning = self._directions.get(slugify(word), "" if word else AUTO)
        if meaning == "":
            self._tell(_("No se sabe qué quiere decir esa tendencia: se suman los años."), word)
            return Direction.SUM
        return self._compared(years) if meaning == AUTO else str(meaning)

    def _compared(self, years: Sequence[YearFigures]) -> str:
        """Say how years are read by what they come to."""
        cell = self._text("total")
        try:
            total = read_number(cell, self._mapping.format.decimal)
        except NotANumber:
            total = None
        programmed = [year.programmed for year in years]
        if total is None or not programmed or abs(sum(programmed) - total) < _NEAR:
            return Direction.SUM
        if abs(max(programmed) - total) < _NEAR:
            return Direction.LEVEL
        self._tell(_("Los años no suman el total del cuatrienio: se suman como están."), cell)
        return Direction.SUM

    def _parts(self, make: Any, places: dict[Key, Places], names: Sequence[str]) -> Iterator[Any]:
        for key, columns in places.items():
            found = {name: self._figure(name, columns[name]) for name in names if name in columns}
            if all(value is None for value in found.values()):
                continue
            if make is YearFigures and found.get("programmed") is None:
                found["programmed"] = 0.0
            yield make(*key, **found)

    def _figure(self, name: str, place: int) -> float | int | None:
        number = self._number(place, self._title(place))
        if number is None or name not in MONEY:
            return number
        pesos = number * self._mapping.format.money
        return round(pesos) if abs(pesos) <= MAX_PESOS else MAX_PESOS + 1

    def _title(self, place: int) -> str:
        return self._titles.written[place]

    def _named_areas(self) -> Iterator[str]:
        for word in self._text("areas").replace(",", ";").split(";"):
            name = self._areas.get(slugify(word))
            if name is not None:
                yield name
            elif word.strip():
                self._tell(_("No hay un barrio o vereda con ese nombre."), word.strip())
