"""The form of a survey: each kind of item knows its fields and how to read them."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from starlette.datastructures import FormData

from participa.i18n import Text, _
from participa.surveys.answered import NO_CHOICE, Answered, answer_problem
from participa.surveys.conditions import shown
from participa.surveys.models import Question
from participa.surveys.questionnaire import ONE_CHOICE, Item, Kind, OptionRole
from participa.surveys.storing import QuestionsChanged
from participa.web.forms import ALWAYS, Form

Data = FormData | Mapping[str, str] | None
Answers = dict[int, Answered]
NOT_OFFERED = 10**6
"""Stands for a choice that the form does not have."""
AGE = "age"
"""The field that says for how many milliseconds a page waited on its device."""
_LONGEST_WAIT = 10**11
_OURS = re.compile(r"p[0-9]+(_[a-z0-9]+)?")
_SEPARATORS = re.compile(r"[\s.'’](?=[0-9]{3}(?:[^0-9]|$))")


def field_name(question: Question) -> str:
    """Name the field of a question; its message stands beside it under the same name."""
    return f"p{question.id}"


def fields_of(question: Question, item: Item) -> list[str]:
    """Name the fields that a question takes: in order its options' or its rows', then others."""
    name = field_name(question)
    if item.kind is Kind.MULTIPLE:
        names = [f"{name}_{option}" for option in range(len(item.options))]
    elif item.kind is Kind.RANKING:
        return [f"{name}_{option}" for option in range(len(item.options))]
    elif item.kind is Kind.MATRIX:
        return [f"{name}_{row}" for row in range(len(item.rows))]
    else:
        names = [name] if item.is_asked else []
    return [*names, other_field(question)] if has_other(item) else names


def other_field(question: Question) -> str:
    """Name the box that says which other option."""
    return f"{field_name(question)}_otra"


def has_other(item: Item) -> bool:
    """Whether one of the options is «otra, ¿cuál?»."""
    return any(option.role is OptionRole.OTHER for option in item.options)


def survey_fields(questions: Sequence[Question]) -> tuple[str, ...]:
    """Name all fields of a survey."""
    return tuple(name for each in questions for name in fields_of(each, each.asked))


def read_all(typed: Mapping[str, str], questions: Sequence[Question]) -> dict[str, Answered]:
    """Read what was typed for all questions, by item code; what cannot be read is empty."""
    fields = survey_fields(questions)
    form = Form({name: typed[name] for name in fields if name in typed}, fields=fields)
    return {question.asked.code: read_answer(form, question) for question in questions}


def shown_questions(typed: Mapping[str, str], questions: Sequence[Question]) -> list[Question]:
    """List the questions that are asked after what was typed, in their order."""
    asked = shown((each.asked for each in questions), read_all(typed, questions))
    codes = {item.code for item in asked}
    return [question for question in questions if question.asked.code in codes]


def page_form(data: Data, questions: Sequence[Question]) -> Form:
    """Take what a page sent for its questions.

    Refuses with QuestionsChanged what answers the questions of an earlier form.
    """
    fields = survey_fields(questions)
    if any(_OURS.fullmatch(name) for name in set(data or ()) - set(fields) - ALWAYS):
        raise QuestionsChanged
    return Form(data, fields=(*fields, "do", AGE))


def waited(form: Form) -> timedelta:
    """Give how long a page waited for a connection, by the clock of its device; none if unsaid."""
    said = form.values[AGE]
    is_number = said.isascii() and said.isdigit() and len(said) <= len(str(_LONGEST_WAIT))
    return timedelta(milliseconds=int(said)) if is_number else timedelta()


def check_answers(form: Form, questions: Sequence[Question]) -> Answers:
    """Read the answers to questions that were shown, with a message beside each to be mended."""
    answers = {question.id: read_answer(form, question) for question in questions}
    for question in questions:
        problem = answer_problem(question.asked, answers[question.id])
        if problem is not None:
            fail(form, question, problem)
    return {q.id: answers[q.id] for q in questions if q.asked.is_asked}


def read_answer(form: Form, question: Question) -> Answered:
    """Read what was answered to one question."""
    item = question.asked
    return _READ[item.kind](form, question, item)


def fail(form: Form, question: Question, problem: Text) -> None:
    """Put a message beside a question."""
    words = _("Pregunta {number}. {problem}", number=question.position + 1, problem=problem)
    form.fail(field_name(question), words)


def _read_choice(form: Form, question: Question, item: Item) -> Answered:
    choice = _choice(form.values[field_name(question)], len(item.options))
    if choice == NO_CHOICE:
        return Answered()
    return Answered((choice,), _other_words(form, question, item, (choice,)))


def _choice(value: str, offered: int) -> int:
    if not value:
        return NO_CHOICE
    options = [str(option) for option in range(offered)]
    return options.index(value) if value in options else NOT_OFFERED


def _other_words(form: Form, question: Question, item: Item, chosen: Sequence[int]) -> str:
    """Read which other option, where the other one was chosen; typed beside another it is left."""
    others = {n for n, option in enumerate(item.options) if option.role is OptionRole.OTHER}
    return form.values[other_field(question)].strip() if others & set(chosen) else ""


def _read_choices(form: Form, question: Question, item: Item) -> Answered:
    names = fields_of(question, item)[: len(item.options)]
    chosen = tuple(option for option, name in enumerate(names) if form.checked(name))
    return Answered(chosen, _other_words(form, question, item, chosen))


def _read_matrix(form: Form, question: Question, item: Item) -> Answered:
    names = fields_of(question, item)
    return Answered(tuple(_choice(form.values[name], len(item.options)) for name in names))


def _read_ranking(form: Form, question: Question, item: Item) -> Answered:
    """Read the place given to each option; those without one come to nothing.

    Of options with the same place the first stands for all: one option twice is no ranking.
    """
    places = [form.values[name].strip() for name in fields_of(question, item)]
    placed = [
        (int(place), option)
        for option, place in enumerate(places)
        if place.isdecimal() and len(place) <= 2
    ]
    first: dict[int, int] = {}
    return Answered(tuple(first.setdefault(place, option) for place, option in sorted(placed)))


def _read_number(form: Form, question: Question, _item: Item) -> Answered:
    """Read a number as people write it here: 1.250.000 or 1250000, 2,5 or 2.5."""
    name = field_name(question)
    written = form.values[name].strip().removeprefix("$").strip()
    if not written:
        return Answered()
    try:
        number = Decimal(_SEPARATORS.sub("", written).replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        form.fail(name, _("Pregunta {number}. Escriba solo un número, como 1.250 o 2,5.",
                          number=question.position + 1))  # fmt: skip
        return Answered()
    return Answered(number=number)


def _read_date(form: Form, question: Question, _item: Item) -> Answered:
    name = field_name(question)
    written = form.values[name].strip()
    if not written:
        return Answered()
    try:
        return Answered(number=Decimal(date.fromisoformat(written).toordinal()))
    except ValueError:
        form.fail(name, _("Pregunta {number}. Escriba una fecha, como 2026-05-31.",
                          number=question.position + 1))  # fmt: skip
        return Answered()


def _read_place(form: Form, question: Question, _item: Item) -> Answered:
    area = form.number(field_name(question))
    return Answered() if area is None else Answered(number=Decimal(area))


def _read_words(form: Form, question: Question, _item: Item) -> Answered:
    return Answered(words=form.values[field_name(question)].strip())


def _read_nothing(_form: Form, _question: Question, _item: Item) -> Answered:
    return Answered()


_READ: dict[Kind, Callable[[Form, Question, Item], Answered]] = {
    **dict.fromkeys(ONE_CHOICE, _read_choice),
    Kind.MULTIPLE: _read_choices,
    Kind.MATRIX: _read_matrix,
    Kind.RANKING: _read_ranking,
    Kind.NUMBER: _read_number,
    Kind.MONEY: _read_number,
    Kind.DATE: _read_date,
    Kind.SHORT: _read_words,
    Kind.LONG: _read_words,
    Kind.PLACE: _read_place,
    Kind.SECTION: _read_nothing,
}
