"""What keeps a questionnaire from being asked: each problem with the item it is about. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from participa.i18n import Text, _
from participa.surveys.conditions import unreachable
from participa.surveys.questionnaire import (
    IN_NUMBERS,
    IN_WORDS,
    ONE_CHOICE,
    WITH_OPTIONS,
    Check,
    Condition,
    Item,
    Kind,
    Option,
    OptionRole,
    Page,
    Questionnaire,
    Row,
    Words,
    in_language,
)

MAX_ITEMS = 200
MAX_OPTIONS = 30
MAX_TEXT = 500
# A page is one form, and what arrives in one request has at most 200 fields.
MAX_FIELDS = 180
_NUMBERED = IN_NUMBERS | {Kind.SCALE}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, in words for officials; without an item it is about the whole."""

    text: Text
    item: str = ""


def problems_of(questionnaire: Questionnaire) -> list[Problem]:
    """List what is wrong with a questionnaire, in the order of its items."""
    items = list(questionnaire.items)
    found = [*_of_the_whole(questionnaire, items)]
    for number, item in enumerate(items):
        texts = _of_item(item, questionnaire.languages)
        found += [Problem(text, item.code) for text in texts]
        found += [Problem(text, item.code) for text in _of_conditions(item, items[:number])]
    if not found:
        text = _("Ninguna respuesta anterior lleva hasta aquí: nadie verá esta pregunta.")
        found = [Problem(text, item.code) for item in unreachable(items)]
    return found


def _of_the_whole(questionnaire: Questionnaire, items: Sequence[Item]) -> Iterator[Problem]:
    asked = sum(item.is_asked for item in items)
    if not asked or len(items) > MAX_ITEMS:
        yield Problem(_("Una encuesta tiene de 1 a {most} preguntas.", most=MAX_ITEMS))
    if not questionnaire.languages:
        yield Problem(_("Diga en qué idioma están los textos."))
    for code, times in Counter(item.code for item in items).items():
        if times > 1:
            yield Problem(_("Dos preguntas tienen el mismo código «{code}».", code=code), code)
    for number, page in enumerate(questionnaire.pages, 1):
        yield from _of_page(number, page)


def _of_page(number: int, page: Page) -> Iterator[Problem]:
    if not page.items:
        yield Problem(_("La página {number} está vacía.", number=number))
    if sum(map(field_count, page.items)) > MAX_FIELDS:
        text = _("La página {number} tiene demasiadas opciones: pase preguntas a otra.",
                 number=number)  # fmt: skip
        yield Problem(text)


def field_count(item: Item) -> int:
    """Count the form fields that an item takes."""
    if item.kind in {Kind.MULTIPLE, Kind.RANKING}:
        return len(item.options) + 1
    if item.kind is Kind.MATRIX:
        return len(item.rows)
    return 2 if item.is_asked else 0


def _of_item(item: Item, languages: Sequence[str]) -> Iterator[Text]:
    first = next(iter(languages), "")
    if not 1 <= len(item.text.get(first, "").strip()) <= MAX_TEXT:
        yield _("Cada pregunta tiene de 1 a {most} caracteres.", most=MAX_TEXT)
    takes_options = item.kind in WITH_OPTIONS
    if item.options and not takes_options:
        yield _("Este tipo de pregunta no lleva opciones.")
    if takes_options and not 2 <= len(item.options) <= MAX_OPTIONS:
        yield _("Necesita de 2 a {most} opciones.", most=MAX_OPTIONS)
    if _blank_or_repeated(item.options, first):
        yield _("Tiene opciones vacías o repetidas.")
    if (item.kind is Kind.MATRIX) != bool(item.rows):
        yield _("Una tabla de escalas lleva filas, y las demás preguntas no.")
    if _blank_or_repeated(item.rows, first):
        yield _("Tiene filas vacías o repetidas.")
    yield from _of_roles(item)
    yield from _of_bounds(item)
    yield from _untranslated(item, languages[1:])


def _blank_or_repeated(parts: Sequence[Option] | Sequence[Row], language: str) -> bool:
    labels = [part.label.get(language, "").strip() for part in parts]
    codes = [part.code for part in parts]
    return not all(labels) or len(set(labels)) < len(labels) or len(set(codes)) < len(codes)


def _of_roles(item: Item) -> Iterator[Text]:
    roles = Counter(option.role for option in item.options)
    if roles[OptionRole.OTHER] > 1:
        yield _("Solo una opción puede ser «otra, ¿cuál?».")
    if roles[OptionRole.OTHER] and item.kind not in {Kind.SINGLE, Kind.MULTIPLE}:
        yield _("Este tipo de pregunta no lleva «otra, ¿cuál?».")
    if roles[OptionRole.ALONE] and item.kind is not Kind.MULTIPLE:
        yield _("Solo donde se marcan varias hay una opción que va sola.")


def _of_bounds(item: Item) -> Iterator[Text]:
    least, most = item.least, item.most
    if least is None and most is None:
        return
    if item.kind in ONE_CHOICE | {Kind.MATRIX, Kind.PLACE, Kind.SECTION}:
        yield _("Este tipo de pregunta no lleva mínimo ni máximo.")
    if least is not None and most is not None and least > most:
        yield _("El mínimo es mayor que el máximo.")
    if item.kind in {Kind.MULTIPLE, Kind.RANKING}:
        offered = len(item.options)
        if any(not 1 <= bound <= offered for bound in (least, most) if bound is not None):
            yield _("El mínimo y el máximo cuentan opciones: de 1 a {most}.", most=offered)
    if item.kind in IN_WORDS and any(b is not None and b < 0 for b in (least, most)):
        yield _("El mínimo y el máximo cuentan caracteres.")


def _untranslated(item: Item, languages: Sequence[str]) -> Iterator[Text]:
    parts: list[Words] = [item.text, *(option.label for option in item.options)]
    parts += [row.label for row in item.rows]
    parts += [words for words in (item.help, item.unit) if words]
    for language in languages:
        missing = next((words for words in parts if not words.get(language, "").strip()), None)
        if missing is not None:
            yield _("Falta en «{language}»: «{words}».",
                    language=language, words=in_language(missing, ""))  # fmt: skip


def _of_conditions(item: Item, earlier: Sequence[Item]) -> Iterator[Text]:
    if item.show_if is None:
        return
    if not item.show_if.conditions:
        yield _("La condición para mostrarla está vacía.")
    by_code = {each.code: each for each in earlier}
    for condition in item.show_if.conditions:
        named = by_code.get(condition.item)
        if named is None or not named.is_asked:
            yield _("Su condición nombra una pregunta que no está antes: «{code}».",
                    code=condition.item)  # fmt: skip
        elif not _makes_sense(condition, named):
            yield _("Su condición no se puede comprobar en «{question}».",
                    question=in_language(named.text, ""))  # fmt: skip


def _makes_sense(condition: Condition, named: Item) -> bool:
    return _SENSE[condition.check](condition.value, named)


def _is_value(value: str, item: Item) -> bool:
    if item.kind in IN_NUMBERS:
        return _is_number(value)
    return item.kind not in {Kind.MATRIX, Kind.RANKING} and value in {
        option.code for option in item.options
    }


def _is_number(value: str) -> bool:
    sign = value[:1] in {"-", "+"}
    whole, _dot, part = value[sign:].partition(".")
    return (whole + part).isascii() and (whole + part).isdigit()


_SENSE: dict[Check, Callable[[str, Item], bool]] = {
    Check.IS: _is_value,
    Check.IS_NOT: _is_value,
    Check.AT_LEAST: lambda value, item: item.kind in _NUMBERED and _is_number(value),
    Check.AT_MOST: lambda value, item: item.kind in _NUMBERED and _is_number(value),
    Check.ANSWERED: lambda _value, _item: True,
    Check.NOT_ANSWERED: lambda _value, _item: True,
}
