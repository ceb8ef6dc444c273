"""The form in which an official writes an item, and what it makes of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from starlette.datastructures import FormData

from participa.i18n import Text, _
from participa.surveys.questionnaire import (
    IN_WORDS,
    KINDS,
    WITH_OPTIONS,
    YES_OR_NO,
    Check,
    Condition,
    Item,
    Kind,
    Option,
    OptionRole,
    Questionnaire,
    Row,
    ShowIf,
    Words,
    in_language,
)
from participa.web.forms import Form

CONDITIONS = 3
CHECKS: dict[Check, Text] = {
    Check.IS: _("es"),
    Check.IS_NOT: _("no es"),
    Check.ANSWERED: _("tiene respuesta"),
    Check.NOT_ANSWERED: _("no tiene respuesta"),
    Check.AT_LEAST: _("es al menos"),
    Check.AT_MOST: _("es como máximo"),
}
_BY_LANGUAGE = ("text", "help", "unit", "options", "other", "alone", "rows")
_ONCE = ("kind", "required", "shuffled", "least", "most", "every")
_BY_CONDITION = ("what", "check", "value")


def item_fields(languages: Sequence[str]) -> tuple[str, ...]:
    """Name the fields of the form."""
    return (
        "do", "revision", "after", *_ONCE,
        *(f"{name}_{language}" for name in _BY_LANGUAGE for language in languages),
        *(f"{name}{n}" for n in range(CONDITIONS) for name in _BY_CONDITION),
    )  # fmt: skip


def item_values(item: Item, asked: Questionnaire) -> dict[str, str]:
    """Give the fields of an item of a questionnaire as it is."""
    values = {
        "kind": item.kind,
        "required": "1" if item.required else "",
        "shuffled": "1" if item.shuffled else "",
        "least": _bound_words(item.kind, item.least),
        "most": _bound_words(item.kind, item.most),
    }
    plain = [o for o in item.options if o.role is OptionRole.PLAIN]
    for language in asked.languages:
        values[f"text_{language}"] = item.text.get(language, "")
        values[f"help_{language}"] = item.help.get(language, "")
        values[f"unit_{language}"] = item.unit.get(language, "")
        values[f"options_{language}"] = _lines((option.label for option in plain), language)
        values[f"rows_{language}"] = _lines((row.label for row in item.rows), language)
        for option in item.options:
            if option.role is not OptionRole.PLAIN:
                values[f"{option.role}_{language}"] = option.label.get(language, "")
    return values | _condition_values(item.show_if, asked)


def _lines(labels: Iterable[Words], language: str) -> str:
    return "\n".join(label.get(language, "") for label in labels)


def _bound_words(kind: Kind, bound: Decimal | None) -> str:
    if bound is None:
        return ""
    return date.fromordinal(int(bound)).isoformat() if kind is Kind.DATE else f"{bound:f}"


def _condition_values(show_if: ShowIf | None, asked: Questionnaire) -> dict[str, str]:
    if show_if is None:
        return {}
    with_options = {item.code for item in asked.items if item.options}
    values = {"every": "" if show_if.every else "any"}
    for number, condition in enumerate(show_if.conditions[:CONDITIONS]):
        is_option = condition.item in with_options and condition.check in {Check.IS, Check.IS_NOT}
        values[f"what{number}"] = condition.item + (f":{condition.value}" if is_option else "")
        values[f"check{number}"] = condition.check
        values[f"value{number}"] = "" if is_option else condition.value
    return values


def read_item(
    data: FormData | Mapping[str, str], asked: Questionnaire, old: Item | None
) -> tuple[Item | None, Form]:
    """Read an item as it was written; None with the messages when it cannot be read.

    An option that is called as before keeps its code, so that conditions and data still know it.
    """
    form = Form(data, fields=item_fields(asked.languages))
    kind = form.choice("kind", tuple(Kind), required=_("Elija cómo se responde."))
    first = asked.languages[0]
    form.text(f"text_{first}", required=_("Escriba la pregunta."), longest=500)
    if kind is None or form.has_errors:
        return None, form
    item = Item(
        code=old.code if old else "",
        kind=kind,
        text=_words(form, "text", asked.languages),
        help=_words(form, "help", asked.languages),
        unit=_words(form, "unit", asked.languages) if kind is Kind.NUMBER else {},
        required=form.checked("required"),
        shuffled=form.checked("shuffled") and kind in WITH_OPTIONS,
        options=_options(form, kind, asked.languages, old),
        rows=_rows(form, asked.languages, old) if kind is Kind.MATRIX else (),
        least=_bound(form, kind, "least"),
        most=_bound(form, kind, "most"),
        show_if=_show_if(form, asked),
    )
    return (None if form.has_errors else item), form


def _words(form: Form, name: str, languages: Sequence[str]) -> Words:
    given = ((language, form.values[f"{name}_{language}"].strip()) for language in languages)
    return {language: words for language, words in given if words}


def _options(
    form: Form, kind: Kind, languages: Sequence[str], old: Item | None
) -> tuple[Option, ...]:
    if kind is Kind.YES_NO:
        return YES_OR_NO
    if kind not in WITH_OPTIONS:
        return ()
    labels = [(label, OptionRole.PLAIN) for label in _labels(form, "options", languages)]
    if kind in {Kind.SINGLE, Kind.MULTIPLE} and (other := _words(form, "other", languages)):
        labels.append((other, OptionRole.OTHER))
    if kind is Kind.MULTIPLE and (alone := _words(form, "alone", languages)):
        labels.append((alone, OptionRole.ALONE))
    codes = _codes([label for label, _role in labels], old.options if old else (), languages[0])
    return tuple(
        Option(code=code, label=label, role=role)
        for code, (label, role) in zip(codes, labels, strict=True)
    )


def _rows(form: Form, languages: Sequence[str], old: Item | None) -> tuple[Row, ...]:
    labels = _labels(form, "rows", languages)
    codes = _codes(labels, old.rows if old else (), languages[0])
    return tuple(Row(code=code, label=label) for code, label in zip(codes, labels, strict=True))


def _labels(form: Form, name: str, languages: Sequence[str]) -> list[Words]:
    """Read a label from each line; the same line of another language is its translation."""
    lines = {
        language: [line.strip() for line in form.values[f"{name}_{language}"].splitlines()]
        for language in languages
    }
    count = len(lines[languages[0]])
    labels = [
        {language: texts[n] for language, texts in lines.items() if n < len(texts) and texts[n]}
        for n in range(count)
    ]
    return [label for label in labels if label]


def _codes(
    labels: Sequence[Words], old: Sequence[Option] | Sequence[Row], language: str
) -> Iterator[str]:
    known = {part.label.get(language, ""): part.code for part in old}
    taken, number = set(known.values()), 0
    for label in labels:
        code = known.pop(label.get(language, ""), "")
        while not code:
            number += 1
            code = "" if str(number) in taken else str(number)
        taken.add(code)
        yield code


def _bound(form: Form, kind: Kind, name: str) -> Decimal | None:
    written = form.values[name].strip()
    if not written or not _is_bounded(kind):
        return None
    try:
        if kind is Kind.DATE:
            return Decimal(date.fromisoformat(written).toordinal())
        number = Decimal(written.replace(",", "."))
    except (InvalidOperation, ValueError):
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**15:
        wanted = _("Escriba una fecha, como 2026-05-31.") if kind is Kind.DATE else None
        form.fail(name, wanted or _("Escriba un número."))
        return None
    return number


def _is_bounded(kind: Kind) -> bool:
    return kind in IN_WORDS | {
        Kind.MULTIPLE, Kind.RANKING, Kind.NUMBER, Kind.MONEY, Kind.DATE,
    }  # fmt: skip


def _show_if(form: Form, asked: Questionnaire) -> ShowIf | None:
    offered = {value for _label, group in condition_options(asked, "") for value, _words in group}
    conditions = []
    for number in range(CONDITIONS):
        what = form.choice(f"what{number}", offered)
        check = form.choice(f"check{number}", tuple(Check))
        if what and check:
            item, _colon, option = what.partition(":")
            value = option or form.values[f"value{number}"].strip().replace(",", ".")
            conditions.append(Condition(item=item, check=check, value=value))
    every = form.values["every"] != "any"
    return ShowIf(every=every, conditions=tuple(conditions)) if conditions else None


def condition_options(
    asked: Questionnaire, language: str, before: str = ""
) -> list[tuple[str, list[tuple[str, str]]]]:
    """List what a condition may be about: each earlier question, and each of its options."""
    groups = []
    for number, item in enumerate(asked.items, 1):
        if item.code == before:
            break
        label = item_label(number, item, language)
        options = [
            (f"{item.code}:{option.code}", in_language(option.label, language))
            for option in item.options
        ]
        if item.is_asked:
            groups.append((label, [(item.code, label), *options]))
    return groups


def kind_options() -> list[tuple[str, Text]]:
    """List the kinds to choose from."""
    return [(kind, label) for kind, label in KINDS.items()]


def item_label(number: int, item: Item, language: str) -> str:
    """Name an item in a list, such as «3. ¿Usa el bus?»."""
    return f"{number}. {in_language(item.text, language)}"
