"""What a survey asks, as data: pages of items, in each of its languages. Pure.

It is stored item by item, exchanged whole as JSON, and never changes once somebody answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from participa.i18n import Text, _

Words = Mapping[str, str]
"""Words by language tag, such as {"es": "Sí", "en": "Yes"}."""


class Kind(StrEnum):
    """How an item is answered; a section is read only."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    YES_NO = "yes_no"
    SCALE = "scale"
    MATRIX = "matrix"
    RANKING = "ranking"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    SHORT = "short"
    LONG = "long"
    PLACE = "place"
    SECTION = "section"


KINDS: dict[Kind, Text] = {
    Kind.SINGLE: _("Una sola opción"),
    Kind.MULTIPLE: _("Varias opciones"),
    Kind.YES_NO: _("Sí o no"),
    Kind.SCALE: _("Escala"),
    Kind.MATRIX: _("Tabla de escalas"),
    Kind.RANKING: _("Orden de preferencia"),
    Kind.NUMBER: _("Número"),
    Kind.MONEY: _("Pesos"),
    Kind.DATE: _("Fecha"),
    Kind.SHORT: _("Respuesta corta"),
    Kind.LONG: _("Respuesta abierta"),
    Kind.PLACE: _("Lugar"),
    Kind.SECTION: _("Texto para leer"),
}
ONE_CHOICE = frozenset({Kind.SINGLE, Kind.YES_NO, Kind.SCALE})
WITH_OPTIONS = ONE_CHOICE | {Kind.MULTIPLE, Kind.MATRIX, Kind.RANKING}
IN_WORDS = frozenset({Kind.SHORT, Kind.LONG})
IN_NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY})


class OptionRole(StrEnum):
    """What choosing an option means for the rest of the answer."""

    PLAIN = "plain"
    OTHER = "other"
    """«Otra», with a box for which one."""
    ALONE = "alone"
    """«Ninguna»: goes with no other option."""


class Check(StrEnum):
    """What a condition asks of an earlier answer."""

    IS = "is"
    IS_NOT = "is_not"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Part):
    """Something that can be chosen; `code` names it in conditions and in exported data."""

    code: str
    label: Words
    role: OptionRole = OptionRole.PLAIN


class Row(_Part):
    """A line of a matrix, answered by itself."""

    code: str
    label: Words


class Condition(_Part):
    """Something that an earlier item's answer must be; `value` is an option's code or a number."""

    item: str
    check: Check
    value: str = ""


class ShowIf(_Part):
    """When an item is asked: if every condition holds, or else any of them."""

    every: bool = True
    conditions: tuple[Condition, ...]


class Item(_Part):
    """A question, or a text between questions.

    `least` and `most` bound the number of options chosen, a number, or the characters of words,
    by kind; a date is bounded by ordinal days (`date.toordinal`).
    """

    code: str
    kind: Kind
    text: Words
    help: Words = {}
    required: bool = True
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    unit: Words = {}
    shuffled: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    show_if: ShowIf | None = None

    @property
    def is_asked(self) -> bool:
        """Somebody answers it."""
        return self.kind is not Kind.SECTION


class Page(_Part):
    """Items shown together."""

    title: Words = {}
    items: tuple[Item, ...]


class Questionnaire(_Part):
    """Everything a survey asks; the first language is the one nothing may be missing in."""

    languages: tuple[str, ...] = ("es",)
    pages: tuple[Page, ...]

    @property
    def items(self) -> Iterator[Item]:
        """Give the items of all pages in their order."""
        return (item for page in self.pages for item in page.items)


def in_language(words: Words, language: str) -> str:
    """Give words in a language, or else in the first that has them; empty where none has."""
    return words.get(language) or next((text for text in words.values() if text), "")


YES_OR_NO = (
    Option(code="si", label={"es": "Sí", "en": "Yes"}),
    Option(code="no", label={"es": "No", "en": "No"}),
)
"""The options of a yes or no item."""


def plain_item(
    code: str,
    kind: Kind,
    text: str,
    options: Sequence[str] = (),
    *,
    help: str = "",  # noqa: A002 - the item's own word
    required: bool = True,
) -> Item:
    """Give an item in Spanish whose options have their numbers, from 1, as codes."""
    return Item(
        code=code,
        kind=kind,
        text={"es": text},
        help={"es": help} if help else {},
        required=required,
        options=tuple(
            Option(code=str(number), label={"es": label}) for number, label in enumerate(options, 1)
        ),
    )


def on_one_page(items: Iterable[Item]) -> Questionnaire:
    """Give items in Spanish as a questionnaire of one page."""
    return Questionnaire(pages=(Page(items=tuple(items)),))
