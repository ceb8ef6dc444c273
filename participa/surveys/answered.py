"""What somebody answered to an item, and why it may not be its answer. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from participa.i18n import Number, Text, _, n_
from participa.surveys.questionnaire import Item, Kind, OptionRole

MAX_WORDS = 2000
MAX_SHORT = 200
NOTHING_ANSWERED = _("No respondió ninguna pregunta: responda al menos una.")
LARGEST_NUMBER = Decimal(10) ** 15
NO_CHOICE = -1
_NOT_OFFERED = _("Elija entre las opciones que se ofrecen.")


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: what is used of it depends on the item's kind.

    `choices` count the item's options from 0: of a ranking from the most to the least wanted, of
    a matrix one for each row, `NO_CHOICE` where none was marked. `words` are an open answer, or
    which other option. `number` also carries a date as its ordinal day and a place as the id of
    its area.
    """

    choices: tuple[int, ...] = ()
    words: str = ""
    number: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing was chosen or written."""
        chosen = any(choice != NO_CHOICE for choice in self.choices)
        return not chosen and not self.words and self.number is None


def answer_problem(item: Item, answered: Answered) -> Text | None:
    """Say why something cannot be the answer to an item, in words for who answers."""
    if answered.is_empty and not item.required:
        return None
    return _PROBLEM[item.kind](item, answered)


def answers_problem(items: Sequence[Item], answers: Mapping[str, Answered]) -> Text | None:
    """Say why answers, by item code, do not fill in the items shown; a missing one is empty."""
    if all(answered.is_empty for answered in answers.values()):
        return NOTHING_ANSWERED
    problems = (answer_problem(item, answers.get(item.code, Answered())) for item in items)
    return next((problem for problem in problems if problem is not None), None)


def _one_choice(item: Item, answered: Answered) -> Text | None:
    if not answered.choices:
        return _("Elija una opción.")
    if not _offered(item, answered.choices):
        return _NOT_OFFERED
    if len(answered.choices) > 1:
        return _("Elija una sola opción.")
    return _other_problem(item, answered)


def _choices(item: Item, answered: Answered) -> Text | None:
    chosen = answered.choices
    if not chosen:
        return _("Marque al menos una opción.")
    if not _offered(item, chosen):
        return _NOT_OFFERED
    alone = [c for c in chosen if item.options[c].role is OptionRole.ALONE]
    if alone and len(chosen) > 1:
        label = next(iter(item.options[alone[0]].label.values()))
        return _("«{option}» va sola: desmarque las demás o quite esa.", option=label)
    return _too_few_or_many(item, len(chosen)) if not alone else None


def _too_few_or_many(item: Item, count: int) -> Text | None:
    if item.least is not None and count < item.least:
        least = int(item.least)
        return n_("Marque al menos {n} opción.", "Marque al menos {n} opciones.", least, n=least)
    if item.most is not None and count > item.most:
        most = int(item.most)
        return n_(
            "Marque {n} opción como máximo.", "Marque {n} opciones como máximo.", most, n=most
        )
    return None


def _offered(item: Item, choices: tuple[int, ...]) -> bool:
    return set(choices) <= set(range(len(item.options))) and len(set(choices)) == len(choices)


def _other_problem(item: Item, answered: Answered) -> Text | None:
    is_other = any(item.options[c].role is OptionRole.OTHER for c in answered.choices)
    if answered.words and not is_other:
        return _NOT_OFFERED
    return _longest(answered.words, MAX_SHORT)


def _several(item: Item, answered: Answered) -> Text | None:
    return _choices(item, answered) or _other_problem(item, answered)


def _matrix(item: Item, answered: Answered) -> Text | None:
    if len(answered.choices) != len(item.rows):
        return _("Responda cada fila de la tabla.")
    marked = [choice for choice in answered.choices if choice != NO_CHOICE]
    if not set(marked) <= set(range(len(item.options))):
        return _NOT_OFFERED
    if item.required and len(marked) < len(item.rows):
        left = len(item.rows) - len(marked)
        return n_("Falta {n} fila por responder.", "Faltan {n} filas por responder.", left, n=left)
    return None


def _ranking(item: Item, answered: Answered) -> Text | None:
    ranked = answered.choices
    if len(set(ranked)) < len(ranked):
        return _("Dos opciones tienen el mismo puesto: cada puesto es de una sola.")
    if not _offered(item, ranked):
        return _NOT_OFFERED
    wanted = int(item.least or len(item.options)) if item.required else int(item.least or 1)
    if len(ranked) < wanted:
        return n_("Ordene al menos {n} opción.", "Ordene al menos {n} opciones.", wanted, n=wanted)
    return _too_few_or_many(item, len(ranked))


def _number(item: Item, answered: Answered) -> Text | None:
    value = answered.number
    if value is None:
        return _("Escriba un número.")
    low = -LARGEST_NUMBER if item.least is None else item.least
    high = LARGEST_NUMBER if item.most is None else item.most
    if low <= value <= high:
        return None
    if item.least is None:
        return _("Escriba un número de {high} o menos.", high=Number(float(high)))
    if item.most is None:
        return _("Escriba un número de {low} o más.", low=Number(float(low)))
    return _(
        "Escriba un número entre {low} y {high}.", low=Number(float(low)), high=Number(float(high))
    )


def _day(item: Item, answered: Answered) -> Text | None:
    value = answered.number
    if value is None or not 1 <= value <= date.max.toordinal():
        return _("Escriba una fecha, como 2026-05-31.")
    if item.least is not None and value < item.least:
        return _("Escriba una fecha desde el {day}.", day=_iso(item.least))
    if item.most is not None and value > item.most:
        return _("Escriba una fecha hasta el {day}.", day=_iso(item.most))
    return None


def _iso(ordinal: Decimal) -> str:
    return date.fromordinal(int(ordinal)).isoformat()


def _words(item: Item, answered: Answered) -> Text | None:
    if not answered.words:
        return _("Escriba su respuesta.")
    if item.least is not None and len(answered.words) < item.least:
        return _("Escriba un poco más: al menos {n} caracteres.", n=int(item.least))
    longest = MAX_SHORT if item.kind is Kind.SHORT else MAX_WORDS
    return _longest(answered.words, longest if item.most is None else int(item.most))


def _longest(words: str, longest: int) -> Text | None:
    if len(words) <= longest:
        return None
    return _("Son {count} caracteres y caben {longest}. Acorte el texto.",
             count=len(words), longest=longest)  # fmt: skip


def _place(_item: Item, answered: Answered) -> Text | None:
    return _("Elija un lugar.") if answered.number is None else None


def _nothing(_item: Item, answered: Answered) -> Text | None:
    return None if answered.is_empty else _NOT_OFFERED


_PROBLEM: dict[Kind, Callable[[Item, Answered], Text | None]] = {
    Kind.SINGLE: _one_choice,
    Kind.YES_NO: _one_choice,
    Kind.SCALE: _one_choice,
    Kind.MULTIPLE: _several,
    Kind.MATRIX: _matrix,
    Kind.RANKING: _ranking,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _day,
    Kind.SHORT: _words,
    Kind.LONG: _words,
    Kind.PLACE: _place,
    Kind.SECTION: _nothing,
}
