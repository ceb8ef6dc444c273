"""What the parser gives back, and how it refuses."""

from dataclasses import dataclass, field, replace
from typing import Literal

from participa.i18n import Text, _

Kind = Literal[
    "eje",
    "programa",
    "subprograma",
    "meta",
    "titulo",
    "capitulo",
    "articulo",
    "apartado",
    "preambulo",
]
MAX_TITLE = 300
PREAMBLE_RANK = 99


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A section as found; `label` is its designation as written ("ARTÍCULO CUARTO", "1.1.")."""

    kind: Kind
    number: str
    title: str
    body: str
    depth: int
    key: str
    parent: int | None
    label: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - Warning is Python's own
    """Something the official should look at; line 0 speaks of the whole document."""

    line: int
    code: str
    params: dict[str, str | int] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        """Say it in words for the official."""
        return replace(_TEXTS[self.code], params={**self.params})


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line left out of the sections, so that the official can see it was only furniture."""

    line: int
    text: str
    reason: Literal["page_number", "page_header", "letterhead", "cover"]


@dataclass(frozen=True, slots=True)
class ParsedPlan:
    """The tree of a document, with what deserves a look and what was left out."""

    title: str | None
    sections: tuple[ParsedSection, ...]
    warnings: tuple[Warning_, ...]
    dropped: tuple[DroppedLine, ...] = ()


@dataclass(slots=True)
class Draft:
    """A section before it has a place in the tree: the smaller the rank, the higher it stands."""

    kind: Kind
    rank: int
    line: int
    label: str = ""
    number: str = ""
    title: str = ""
    body: str = ""


@dataclass(slots=True)
class Reading:
    """What reading one form of document gives, before the tree is built."""

    drafts: list[Draft]
    title: str | None = None
    by_number: bool = False
    warnings: list[Warning_] = field(default_factory=list)
    dropped: list[DroppedLine] = field(default_factory=list)

    @property
    def has_headings(self) -> bool:
        """Whether anything but loose text was found."""
        return any(draft.kind != "preambulo" for draft in self.drafts)


class PlanUnreadable(ValueError):
    """A source that cannot be read as a plan: `code` is empty, binary or too_large."""

    def __init__(self, code: Literal["empty", "binary", "too_large"]) -> None:
        self.code = code
        self.text = _REFUSALS[code]
        super().__init__(str(self.text))


_REFUSALS = {
    "empty": _("El documento no tiene texto."),
    "binary": _("Esto no es texto: parece un archivo. Copie el texto del documento y péguelo."),
    "too_large": _("El documento es demasiado largo. Divídalo en partes y cárguelas por separado."),
}
_TEXTS = {
    "no_headings": _("No se reconoció ningún título: el texto quedó en un solo apartado."),
    "furniture_dropped": _(
        "Líneas de encabezado, pie y número de página que se dejaron por fuera: {count}."
    ),
    "letterhead_dropped": _("Líneas de membrete que se dejaron por fuera: {count}."),
    "cover_dropped": _("Líneas de portadilla que repetían el título siguiente: {count}."),
    "broken_characters": _("Caracteres que llegaron dañados: {count}. Revise las tildes."),
    "control_characters": _("Caracteres invisibles que se quitaron: {count}."),
    "level_skipped": _("El título baja del nivel {above} al {level}: se tomó como el siguiente."),
    "number_jump": _("Después del {before} viene el {number}: puede faltar un apartado."),
    "number_repeated": _("El número {number} se repite."),
    "number_misplaced": _(
        "El número {number} no corresponde al apartado {parent} que lo contiene."
    ),
    "long_title": _("El título era muy largo: la parte final pasó al texto del apartado."),
    "ends_abruptly": _("El documento parece terminar a mitad de una frase."),
}
