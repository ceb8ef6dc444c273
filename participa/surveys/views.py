"""Questions as pages show them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2s
from typing import Any

from participa.i18n import Number, Text, _
from participa.surveys.answered import NO_CHOICE, Answered
from participa.surveys.forms import (
    field_name,
    fields_of,
    has_other,
    other_field,
    read_all,
)
from participa.surveys.models import Question
from participa.surveys.questionnaire import Item, Kind, OptionRole, in_language
from participa.territory.picking import by_kind
from participa.territory.queries import Place


def question_view(
    question: Question, areas: Sequence[Place], language: str, *, seed: str = ""
) -> dict[str, Any]:
    """Give a question's fields and words; `areas` are those a place is chosen from.

    Options in another order for each person stand in that of the `seed`; without one, as written.
    """
    item = question.asked
    labels = [in_language(option.label, language) for option in item.options]
    names = fields_of(question, item)
    numbered = [(str(number), label) for number, label in enumerate(labels)]
    has_boxes = item.kind in {Kind.MULTIPLE, Kind.RANKING}
    seed = seed if item.shuffled else ""
    offered = list(zip(names, labels, strict=False)) if has_boxes else numbered
    last = [option.role is not OptionRole.PLAIN for option in item.options]
    rows = [
        (name, in_language(row.label, language))
        for name, row in zip(names, item.rows, strict=False)
    ]
    is_ordered = item.kind in {Kind.SCALE, Kind.YES_NO, Kind.MATRIX}
    return {
        "number": question.position + 1,
        "name": field_name(question),
        "kind": item.kind,
        "text": in_language(item.text, language),
        "help": in_language(item.help, language),
        "unit": in_language(item.unit, language),
        "is_optional": not item.required,
        "options": offered if is_ordered else in_own_order(offered, last, seed),
        "rows": in_own_order(rows, [False] * len(rows), seed),
        "other": other_field(question) if has_other(item) else "",
        "areas": by_kind(areas) if item.kind is Kind.PLACE else [],
    }


def in_own_order(
    parts: Sequence[tuple[str, str]], last: Sequence[bool], seed: str
) -> list[tuple[str, str]]:
    """Put fields with their words in a person's own order; those that come last stay there."""
    if not seed:
        return list(parts)
    drawn = [blake2s(f"{seed}:{name}:{words}".encode()).digest() for name, words in parts]
    order = sorted(range(len(parts)), key=lambda n: (last[n], b"" if last[n] else drawn[n]))
    return [parts[n] for n in order]


def answer_lines(
    question: Question, typed: Mapping[str, str], areas: Mapping[int, str], language: str
) -> dict[str, Any]:
    """Give a question with what was answered to it, line by line; none where nothing was."""
    item = question.asked
    answered = read_all(typed, [question])[item.code]
    return {
        "text": in_language(item.text, language),
        "lines": list(_lines(item, answered, areas, language)),
    }


def _lines(
    item: Item, answered: Answered, areas: Mapping[int, str], language: str
) -> Iterator[str | Text]:
    labels = [in_language(option.label, language) for option in item.options]
    chosen = [labels[c] if 0 <= c < len(labels) else "" for c in answered.choices]
    if item.kind is Kind.MATRIX:
        rows = [in_language(row.label, language) for row in item.rows]
        for row, label, choice in zip(rows, chosen, answered.choices, strict=True):
            if choice != NO_CHOICE:
                yield f"{row}: {label}"
    elif item.kind is Kind.RANKING:
        yield from (f"{place}. {label}" for place, label in enumerate(chosen, 1))
    else:
        yield from chosen
    if answered.words:
        yield answered.words
    if answered.number is not None:
        yield _number_words(item, answered, areas, language)


def _number_words(
    item: Item, answered: Answered, areas: Mapping[int, str], language: str
) -> str | Text:
    number = answered.number or 0
    if item.kind is Kind.PLACE:
        return areas.get(int(number), "")
    if item.kind is Kind.DATE:
        return date.fromordinal(int(number)).isoformat()
    if item.kind is Kind.MONEY:
        return _("$ {number}", number=Number(float(number)))
    unit = in_language(item.unit, language)
    return _("{number} {unit}", number=Number(float(number)), unit=unit)
