"""Who lives here, by age, sex and place: read from a list, kept for the whole entity.

Reports and surveys are told beside it. The list is the entity's own, say from the DANE.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from participa.db import transaction
from participa.entities.models import Census, CensusGroup
from participa.i18n import Text, _
from participa.kit.csvs import CsvError, read_rows
from participa.kit.names import slugify

COLUMNS = ("edad", "sexo", "lugar", "personas")
MAX_GROUPS = 250
MAX_SOURCE = 160
LARGEST = 2_000_000_000
OLDEST = 150
_BAND = re.compile(r"\d+")


class Dimension(StrEnum):
    """What the census counts people by."""

    AREA = "area"
    SEX = "sex"
    AGE = "age"


DIMENSIONS: dict[Dimension, Text] = {
    Dimension.AGE: _("Edad"),
    Dimension.SEX: _("Sexo"),
    Dimension.AREA: _("Lugar"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the list."""

    age: str = ""
    sex: str = ""
    area: str = ""
    people: int = 0

    def of(self, dimension: Dimension) -> str:
        """Give its word for a dimension; empty where it says none."""
        return {Dimension.AGE: self.age, Dimension.SEX: self.sex, Dimension.AREA: self.area}[
            dimension
        ]


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody who lives here, as the list says; `revision` changes with it."""

    source: str
    updated_on: date | None
    revision: int
    groups: tuple[Group, ...]

    def by(self, *dimensions: Dimension) -> dict[tuple[str, ...], int]:
        """Count people by one dimension or several, in the order of the list."""
        counts: dict[tuple[str, ...], int] = {}
        for group in self.groups:
            key = tuple(group.of(each) for each in dimensions)
            if all(key):
                counts[key] = counts.get(key, 0) + group.people
        return counts


NOBODY_COUNTED = Population("", None, 0, ())


@dataclass(frozen=True, slots=True)
class CensusProblem:
    """A line of the list that cannot be used, counted from 1; 0 is the whole list."""

    line: int
    text: Text


def age_band(label: str) -> tuple[int, int] | None:
    """Read from which to which age a label speaks: «18 a 28», «60 o más», «menores de 14»."""
    numbers = [int(found) for found in _BAND.findall(label)][:2]
    if not numbers:
        return None
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    is_below = slugify(label).startswith(("menor", "menos", "hasta"))
    return (0, numbers[0] - 1) if is_below else (numbers[0], OLDEST)


def read_census(text: str) -> tuple[list[Group], list[CensusProblem]]:
    """Read the list as CSV with the columns age, sex, place and people, and what is wrong in it."""
    groups: list[Group] = []
    problems: list[CensusProblem] = []
    try:
        for line, row in read_rows(io.BytesIO(text.encode())):
            found = _group(row) if isinstance(row, dict) else _("La fila no tiene las columnas.")
            if isinstance(found, Text):
                problems.append(CensusProblem(line, found))
            else:
                groups.append(found)
    except CsvError as error:
        problems.append(CensusProblem(error.line, _("El archivo no es un CSV en UTF-8.")))
    return groups, problems or list(_of_the_whole(groups))


def _group(row: dict[str, str]) -> Group | Text:
    age, sex, area, number = (row.get(column, "").strip() for column in COLUMNS)
    digits = re.sub(r"[.\s]", "", number)
    if not digits.isascii() or not digits.isdigit() or not 0 <= int(digits) <= LARGEST:
        return _("«{number}» no es un número de personas.", number=number[:40])
    if bool(area) == bool(age or sex):
        return _("Diga la edad y el sexo, o el lugar, pero no los dos.")
    if max(len(age), len(sex)) > 40 or len(area) > 80:
        return _("El nombre del grupo es demasiado largo.")
    return Group(age, sex, area, int(digits))


def _of_the_whole(groups: Sequence[Group]) -> Iterator[CensusProblem]:
    if not 2 <= len(groups) <= MAX_GROUPS:
        yield CensusProblem(0, _("La lista tiene de 2 a {most} grupos.", most=MAX_GROUPS))
    names = [(each.age, each.sex, each.area) for each in groups]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        yield CensusProblem(0, _("Un grupo está dos veces: «{group}».",
                                 group=" ".join(filter(None, repeated))))  # fmt: skip
    if any(bool(each.age) != bool(each.sex) for each in groups if not each.area) and any(
        each.age and each.sex for each in groups
    ):
        yield CensusProblem(0, _("Unos grupos dicen edad y sexo y otros solo uno de los dos."))
    if groups and not sum(each.people for each in groups):
        yield CensusProblem(0, _("La lista no cuenta a nadie."))


async def population_of(entity_id: int) -> Population:
    """Give who lives here, in two statements; nobody where the entity has not said."""
    census = await Census.of(entity_id).first()
    if census is None:
        return NOBODY_COUNTED
    rows = await CensusGroup.of(entity_id).order_by("position")
    groups = tuple(Group(row.age, row.sex, row.area, row.people) for row in rows)
    return Population(census.source, census.updated_on, census.revision, groups)


async def save_population(
    entity_id: int, source: str, groups: Sequence[Group], today: date
) -> None:
    """Put a list in the place of the present one."""
    async with transaction():
        census = await Census.of(entity_id).select_for_update().first()
        if census is None:
            await Census.create(entity_id=entity_id, source=source, updated_on=today)
        else:
            census.source, census.updated_on = source, today
            census.revision += 1
            await census.save(update_fields=["source", "updated_on", "revision"])
        await CensusGroup.of(entity_id).delete()
        await CensusGroup.bulk_create(
            CensusGroup(entity_id=entity_id, position=position, age=each.age, sex=each.sex,
                        area=each.area, people=each.people)
            for position, each in enumerate(groups)
        )  # fmt: skip
