"""Who took part against who lives here: the census by area, sex and age. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter

from participa.entities.census import DIMENSIONS, Dimension, Population
from participa.i18n import Text
from participa.insights.rules import FEWEST_PEOPLE
from participa.kit.names import slugify


@dataclass(frozen=True, slots=True)
class CensusRow:
    """A group of people: how many live here, and how many of them took part.

    `heard` is None where so few took part that a number would point at them.
    """

    label: str
    people: int
    share: float
    heard: int | None
    heard_share: float | None


@dataclass(frozen=True, slots=True)
class CensusTable:
    """The census by one dimension; `untold` is how many took part and did not say."""

    dimension: str
    source: str
    rows: tuple[CensusRow, ...]
    untold: int

    @property
    def title(self) -> Text:
        """What it counts people by, in words."""
        return DIMENSIONS[Dimension(self.dimension)]


_STORED = TypeAdapter(tuple[CensusTable, ...])


def compared(
    dimension: str, source: str, census: Sequence[tuple[str, int]], heard: Mapping[str, int]
) -> CensusTable:
    """Set those who took part, by label, against the census; other labels count as untold.

    Shares are of those who told. Where one group alone would be withheld, so is the next
    smallest, else the total would tell it.
    """
    told = {label: heard.get(label, 0) for label, _people in census}
    hidden = {label for label, count in told.items() if 0 < count < FEWEST_PEOPLE}
    shown = sorted((count, label) for label, count in told.items() if label not in hidden and count)
    if len(hidden) == 1 and shown:
        hidden.add(shown[0][1])
    everybody, everybody_told = sum(people for _label, people in census), sum(told.values())
    rows = [
        CensusRow(
            label=label,
            people=people,
            share=people / everybody if everybody else 0.0,
            heard=None if label in hidden else told[label],
            heard_share=(
                None if label in hidden or not everybody_told else told[label] / everybody_told
            ),
        )
        for label, people in census
    ]
    return CensusTable(dimension, source, tuple(rows), sum(heard.values()) - everybody_told)


def by_area(population: Population, heard: Mapping[str, int]) -> list[CensusTable]:
    """Set who took part, by the name of the area they live in, against the census by place.

    Nothing where the census has none of those areas: people say no age or sex to take part.
    """
    places = {slugify(place): place for (place,) in population.by(Dimension.AREA)}
    if not places.keys() & set(map(slugify, heard)):
        return []
    told: dict[str, int] = {}
    for area, people in heard.items():
        name = places.get(slugify(area), "")
        told[name] = told.get(name, 0) + people
    census = [(place, people) for (place,), people in population.by(Dimension.AREA).items()]
    return [compared(Dimension.AREA, population.source, census, told)]


def as_json(tables: Sequence[CensusTable]) -> list[dict[str, object]]:
    """Give the tables as they are stored."""
    return [asdict(table) for table in tables]


def stored_tables(json: Sequence[Mapping[str, Any]] | None) -> tuple[CensusTable, ...]:
    """Read the tables back; a report built without a census has none."""
    return _STORED.validate_python(json or ())
