"""Who took part against who lives here: the census by area, sex and age. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

from participa.i18n import Text, _
from participa.insights.rules import FEWEST_PEOPLE


class Dimension(StrEnum):
    """What the census counts people by."""

    AREA = "area"
    SEX = "sex"
    AGE = "age"


DIMENSIONS: dict[str, Text] = {
    Dimension.AREA: _("Territorio"),
    Dimension.SEX: _("Sexo"),
    Dimension.AGE: _("Edad"),
}


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
        return DIMENSIONS[self.dimension]


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


def as_json(tables: Sequence[CensusTable]) -> list[dict[str, object]]:
    """Give the tables as they are stored."""
    return [asdict(table) for table in tables]


def stored_tables(json: Sequence[Mapping[str, Any]] | None) -> tuple[CensusTable, ...]:
    """Read the tables back; a report built without a census has none."""
    return _STORED.validate_python(json or ())
