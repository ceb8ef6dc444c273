"""The form of a survey: each kind of question knows its fields and how to read them."""

import re
from collections.abc import Callable, Mapping, Sequence

from starlette.datastructures import FormData

from participa.i18n import Text, _
from participa.surveys.models import Question
from participa.surveys.rules import NOTHING_ANSWERED, Answered, Kind, answer_problem
from participa.surveys.service import QuestionsChanged
from participa.web.forms import ALWAYS, Form

Data = FormData | Mapping[str, str] | None
Answers = dict[int, Answered]
NO_OPTION = -1
_OURS = re.compile(r"p[0-9]+(_[0-9]+)?")


def field_name(question: Question) -> str:
    """Name the field of a question; its message stands beside it under the same name."""
    return f"p{question.id}"


def option_fields(question: Question) -> list[str]:
    """Name the boxes of a question that takes several options."""
    return [f"{field_name(question)}_{option}" for option in range(len(question.options))]


def survey_fields(questions: Sequence[Question]) -> tuple[str, ...]:
    """Name all fields of a survey."""
    return tuple(name for question in questions for name in _fields(question))


def _fields(question: Question) -> list[str]:
    if question.kind == Kind.MULTIPLE:
        return option_fields(question)
    return [field_name(question)]


def read_answers(data: Data, questions: Sequence[Question]) -> tuple[Answers | None, Form]:
    """Read what somebody answered; None with the messages when something needs mending.

    Refuses with QuestionsChanged what answers the questions of an earlier form.
    """
    fields = survey_fields(questions)
    if any(_OURS.fullmatch(name) for name in set(data or ()) - set(fields) - ALWAYS):
        raise QuestionsChanged
    form = Form(data, fields=fields)
    answers = {question.id: _READ[Kind(question.kind)](form, question) for question in questions}
    for question in questions:
        problem = answer_problem(question, answers[question.id])
        if problem is not None:
            _fail(form, question, problem)
    if questions and all(answered.is_empty for answered in answers.values()):
        _fail(form, questions[0], NOTHING_ANSWERED)
    return (None if form.has_errors else answers), form


def _fail(form: Form, question: Question, problem: Text) -> None:
    words = _("Pregunta {number}. {problem}", number=question.position + 1, problem=problem)
    form.fail(field_name(question), words)


def _read_choice(form: Form, question: Question) -> Answered:
    value = form.values[field_name(question)]
    options = [str(option) for option in range(len(question.options))]
    if not value:
        return Answered()
    return Answered((options.index(value) if value in options else NO_OPTION,))


def _read_choices(form: Form, question: Question) -> Answered:
    boxes = enumerate(option_fields(question))
    return Answered(tuple(option for option, name in boxes if form.checked(name)))


def _read_words(form: Form, question: Question) -> Answered:
    return Answered(words=form.values[field_name(question)].strip())


_READ: dict[Kind, Callable[[Form, Question], Answered]] = {
    Kind.SINGLE: _read_choice,
    Kind.SCALE: _read_choice,
    Kind.MULTIPLE: _read_choices,
    Kind.TEXT: _read_words,
}
