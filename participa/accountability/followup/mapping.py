"""Which column of somebody's planning sheet holds what: the mapping, checked. Pure.

It is TOML, so that an official can read and change it. Titles of columns are compared without
accents, case and punctuation; `{year}`, `{quarter}` and `{month}` stand for what changes in
them. Of several titles, the first that has something to say is taken.
"""

import tomllib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from participa.accountability.rules import Direction
from participa.i18n import Text, _

MAX_MAPPING_BYTES = 64 * 1024
AUTO = "auto"


def _as_tuple(value: object) -> object:
    return (
        (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value
    )


Title = Annotated[str, Field(min_length=1, max_length=200)]
Titles = Annotated[tuple[Title, ...], BeforeValidator(_as_tuple)]


def _with(*marks: str) -> AfterValidator:
    """Ask of every title that it has one of these marks: without, one column would be all."""

    def checked(titles: tuple[str, ...]) -> tuple[str, ...]:
        if not all(any(mark in title for mark in marks) for title in titles):
            raise ValueError(marks)
        return titles

    return AfterValidator(checked)


ByYear = Annotated[Titles, _with("{year}")]
ByPeriod = Annotated[Titles, _with("{year}"), _with("{quarter}", "{month}")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Table):
    """Where the sheet comes from and what is owed to who made it."""

    name: str = ""
    licence: str = ""
    attribution: str = ""


class Columns(_Table):
    """The columns that say something once for each goal; `project` may join several."""

    axis: Titles = ()
    programme: Titles = ()
    subprogramme: Titles = ()
    number: Titles = ()
    title: Titles = ()
    indicator: Titles = ()
    unit: Titles = ()
    direction: Titles = ()
    total: Titles = ()
    base_line: Titles = ()
    office: Titles = ()
    result: Titles = ()
    project: Titles = ()
    areas: Titles = ()
    note: Titles = ()


class Years(_Table):
    """The columns of each year, with `{year}` in their titles."""

    programmed: ByYear = ()
    executed: ByYear = ()
    planned: ByYear = ()
    appropriated: ByYear = ()
    committed: ByYear = ()
    paid: ByYear = ()


class Periods(_Table):
    """The columns of each quarter or month, with `{quarter}` or `{month}` in their titles."""

    programmed: ByPeriod = ()
    executed: ByPeriod = ()


class Fund(_Table):
    """The columns of what one source of money gives each year."""

    appropriated: ByYear = ()
    committed: ByYear = ()
    paid: ByYear = ()


class Values(_Table):
    """What the sheet's words for the direction of a goal mean.

    `auto` compares the years with the column `total`: where they add up to it they are summed,
    where the largest is it, a level is reached.
    """

    direction: dict[str, Direction | Literal["auto"]] = {}


class Format(_Table):
    """How numbers are written; `money` is how many pesos a sum of one means."""

    decimal: Literal[".", ","] = "."
    money: int = Field(1, ge=1, le=1_000_000_000)


class Mapping(_Table):
    """A whole mapping."""

    source: Source = Source()
    columns: Columns = Columns()
    years: Years = Years()
    periods: Periods = Periods()
    funds: dict[str, Fund] = {}
    values: Values = Values()
    format: Format = Format()


NEEDED = ("axis", "number", "title")
COLUMN_WORDS: dict[str, Text] = {
    "axis": _("Eje"),
    "programme": _("Programa"),
    "subprogramme": _("Subprograma"),
    "number": _("Código de la meta"),
    "title": _("Meta de producto"),
    "indicator": _("Indicador"),
    "unit": _("Unidad de medida"),
    "direction": _("Tendencia del indicador"),
    "total": _("Valor esperado del cuatrienio"),
    "base_line": _("Línea base"),
    "office": _("Dependencia responsable"),
    "result": _("Meta de resultado"),
    "project": _("Proyecto"),
    "areas": _("Barrios o veredas"),
    "note": _("Nota"),
}
YEAR_WORDS: dict[str, Text] = {
    "programmed": _("Programado del año"),
    "executed": _("Ejecutado del año"),
    "planned": _("Plan financiero del año"),
    "appropriated": _("Apropiación del año"),
    "committed": _("Compromisos del año"),
    "paid": _("Pagos del año"),
}
PERIOD_WORDS: dict[str, Text] = {
    "programmed": _("Programado del trimestre o mes"),
    "executed": _("Ejecutado del trimestre o mes"),
}


class MappingError(ValueError):
    """A mapping that cannot be used; `text` says why, `place` where in it."""

    def __init__(self, text: Text, place: Sequence[str] = ()) -> None:
        super().__init__(str(text))
        self.text = text
        self.place = place


def load_mapping(content: bytes) -> Mapping:
    """Read a mapping file. Refuses with MappingError."""
    if len(content) > MAX_MAPPING_BYTES:
        raise MappingError(_("El archivo de correspondencias es demasiado grande."))
    try:
        return mapping_from(tomllib.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise MappingError(_("El archivo de correspondencias no está en UTF-8.")) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MappingError(_("El archivo de correspondencias no es TOML válido.")) from error


def mapping_from(values: dict[str, Any]) -> Mapping:
    """Check a mapping. Refuses with MappingError, naming the key."""
    try:
        return Mapping.model_validate(values)
    except ValidationError as error:
        place = [str(part) for part in error.errors()[0]["loc"]]
        words = _("«{key}» no se conoce o no tiene un valor válido.", key=".".join(place))
        raise MappingError(words, place) from error
