"""How the columns of somebody's CSV become contributions: the mapping file, checked.

It is TOML, so that an official can read and change it, and what is wrong with it is said in
Spanish.
"""

import re
import tomllib
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from participa.i18n import Text, _

Stance = Literal["in_favour", "against", "neutral"]
Channel = Literal["web", "telephone", "paper", "workshop"]
ThreadKind = Literal[
    "forums.topic",
    "consultations.proposal",
    "consultations.section",
    "accountability.question",
]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("timezone", "unknown time zone")
    return name


def _as_tuple(value: object) -> object:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


# A namespace of keys: they are stored as "namespace:id", so it holds no colon.
Namespace = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,59}$")]
Column = Annotated[str, StringConstraints(min_length=1)]
OneOrMore = Annotated[tuple[Column, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
Zone = Annotated[str, AfterValidator(_known_zone)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Source(_Table):
    """Where the data come from and what is owed to those who made them.

    `name` is the namespace of its rows' keys, so that importing twice makes no doubles;
    `people` that of its authors, for files that share their pseudonyms.
    """

    name: Namespace
    people: Namespace | None = None
    language: str = "es"
    licence: str = ""
    attribution: str = ""


class ThreadTable(_Table):
    """Which conversation a row belongs to: one that it opens, or one named in a column.

    `place` is the title of the forum or consultation to open threads in, created if missing;
    `prefix` the source name of the mapping whose rows opened the threads that `in` names.
    """

    kind: ThreadKind
    place: str | None = Field(None, min_length=1, max_length=160)
    opens: bool = False
    in_: Column | None = Field(None, alias="in")
    prefix: Namespace | None = None

    @model_validator(mode="after")
    def _opens_or_joins(self) -> Self:
        if self.opens == (self.in_ is not None):
            raise PydanticCustomError("opens_or_in", "either opens or in")
        if self.opens and self.place is None:
            raise PydanticCustomError("place_missing", "place is missing")
        if self.in_ is not None and self.prefix is None:
            raise PydanticCustomError("prefix_missing", "prefix is missing")
        return self


class Columns(_Table):
    """Which column holds what; `text` may be several, joined by an empty line."""

    id: Column
    text: OneOrMore
    title: Column | None = None
    author: Column | None = None
    date: Column | None = None
    parent: Column | None = None
    stance: Column | None = None
    supports: Column | None = None
    channel: Column | None = None
    category: Column | None = None
    place: Column | None = None
    official: Column | None = None
    status: Column | None = None


class Values(_Table):
    """What the source's values mean, for the columns where we have words of our own.

    A column without its table must hold our words already.
    """

    stance: dict[str, Stance | Literal[""]] = {}
    channel: dict[str, Channel] = {}
    official: dict[str, bool] = {}


class Format(_Table):
    """How dates and texts are written; naive dates are read in `timezone`.

    With `drop_empty` a row without text is left out. Otherwise it is kept as a removed
    contribution, because the replies to it need their place.
    """

    date: OneOrMore = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S")
    timezone: Zone = "America/Bogota"
    html: bool = False
    drop_empty: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the source's clock."""
        return ZoneInfo(self.timezone)


class Mapping(_Table):
    """A whole mapping file."""

    source: Source
    thread: ThreadTable
    columns: Columns
    values: Values = Values()
    format: Format = Format()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.thread.opens and self.columns.title is None:
            raise PydanticCustomError("title_missing", "title is missing")
        if self.thread.opens and self.columns.parent is not None:
            raise PydanticCustomError("parent_of_opening", "openings have no parent")
        return self

    def used_columns(self) -> tuple[str, ...]:
        """List every column of the file that the mapping speaks of."""
        single = self.columns.model_dump(exclude={"text"}, exclude_none=True).values()
        joined = (self.thread.in_,) if self.thread.in_ else ()
        return tuple(dict.fromkeys((*single, *self.columns.text, *joined)))


class MappingError(ValueError):
    """A mapping file that cannot be used; `problems` says all that is wrong with it."""

    def __init__(self, *problems: Text) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load_mapping(content: str) -> Mapping:
    """Read a mapping file.

    Refuses with MappingError, all problems at once, what is not TOML, keys that are unknown or
    missing, and values that have no meaning here.
    """
    try:
        return Mapping.model_validate(tomllib.loads(content))
    except ValidationError as error:
        raise MappingError(*map(_problem, error.errors())) from error
    except (ValueError, RecursionError) as error:
        # Not TOML, or TOML nested or numbered beyond what can be read.
        raise MappingError(_toml_problem(str(error))) from error


def _toml_problem(words: str) -> Text:
    place = re.search(r"line (\d+), column (\d+)", words)
    if place is None:
        return _("El archivo de correspondencias no es TOML válido: está incompleto.")
    return _(
        "El archivo de correspondencias no es TOML válido: revise la línea {line}, columna "
        "{column}.",
        line=place[1],
        column=place[2],
    )


_PROBLEMS = {
    "extra_forbidden": _("«{key}» no es una clave conocida."),
    "missing": _("Falta «{key}»."),
    "opens_or_in": _('En «{key}» escriba «opens = true» o «in = "columna"», una de las dos.'),
    "place_missing": _("En «{key}» falta «place»: el título del foro o de la consulta."),
    "prefix_missing": _("En «{key}» falta «prefix»: el nombre de la fuente que abrió los hilos."),
    "title_missing": _("Si cada fila abre un hilo, falta «columns.title»."),
    "parent_of_opening": _("Una fila que abre un hilo no responde a otra: quite «columns.parent»."),
    "timezone": _("«{key}»: la zona horaria no existe; por ejemplo, America/Bogota."),
    "string_pattern_mismatch": _(
        "«{key}»: use de 1 a 60 letras minúsculas sin tilde, números, puntos y guiones."
    ),
    "string_type": _("«{key}» debe ser un texto entre comillas."),
    "bool_type": _("«{key}» debe ser true o false."),
    "too_short": _("«{key}» está vacío."),
    "string_too_short": _("«{key}» está vacío."),
}


def _problem(error: ErrorDetails) -> Text:
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "literal_error":
        options = str(error["ctx"]["expected"]).replace(" or ", ", ")
        return _("«{key}» debe ser una de estas: {options}.", key=key, options=options)
    message = _PROBLEMS.get(error["type"], _("«{key}» no tiene un valor válido."))
    return Text(message.message, params={"key": key})
