"""What a survey may ask, what answers it, and when its results may be read. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Protocol

from participa.i18n import Text, _

ACTIVITY = "surveys.answer"
MAX_QUESTIONS = 60
MAX_OPTIONS = 20
# All questions stand in one form; what arrives in one request has at most 200 fields.
MAX_FIELDS = 180
MAX_QUESTION = 300
MAX_WORDS = 2000


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    TEXT = "text"


KINDS: dict[Kind, Text] = {
    Kind.SINGLE: _("Una sola opción"),
    Kind.MULTIPLE: _("Varias opciones"),
    Kind.SCALE: _("Escala"),
    Kind.TEXT: _("Respuesta abierta"),
}
NOTHING_ANSWERED = _("No respondió ninguna pregunta: responda al menos una.")
_SECONDS = {Kind.SINGLE: 15, Kind.MULTIPLE: 25, Kind.SCALE: 15, Kind.TEXT: 60}


class QuestionLike(Protocol):
    """The part of a question its rules look at."""

    @property
    def kind(self) -> str:
        """How it is answered."""
        ...

    @property
    def required(self) -> bool:
        """Whether it must be."""
        ...

    @property
    def options(self) -> Sequence[str]:
        """What may be chosen."""
        ...


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """A question to be."""

    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    help: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered to one question: the options chosen, counted from 0, or words."""

    choices: tuple[int, ...] = ()
    words: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was chosen or written."""
        return not self.choices and not self.words


def questions_problem(questions: Sequence[QuestionPlan]) -> Text | None:
    """Say what is wrong with the questions of a survey, if anything is."""
    if not 1 <= len(questions) <= MAX_QUESTIONS:
        return _("Una encuesta tiene de 1 a {most} preguntas.", most=MAX_QUESTIONS)
    if sum(_fields(question) for question in questions) > MAX_FIELDS:
        return _("Son demasiadas opciones para una sola página.")
    problems = (_question_problem(question) for question in questions)
    return next((problem for problem in problems if problem is not None), None)


def _fields(question: QuestionPlan) -> int:
    return len(question.options) if question.kind is Kind.MULTIPLE else 1


def _question_problem(question: QuestionPlan) -> Text | None:
    if not 1 <= len(question.text.strip()) <= MAX_QUESTION:
        return _("Cada pregunta tiene de 1 a {most} caracteres.", most=MAX_QUESTION)
    options = question.options
    if question.kind is Kind.TEXT:
        return _("«{text}» es abierta: no lleva opciones.", text=question.text) if options else None
    if not 2 <= len(options) <= MAX_OPTIONS:
        return _("«{text}» necesita de 2 a {most} opciones.", text=question.text, most=MAX_OPTIONS)
    if not all(map(str.strip, options)) or len(set(options)) < len(options):
        return _("«{text}» tiene opciones vacías o repetidas.", text=question.text)
    return None


def answer_problem(question: QuestionLike, answered: Answered) -> Text | None:
    """Say why something cannot be the answer to a question, in words for who answers."""
    kind = Kind(question.kind)
    if kind is Kind.TEXT:
        return _words_problem(answered, required=question.required)
    chosen = answered.choices
    offered = set(range(len(question.options)))
    most = len(offered) if kind is Kind.MULTIPLE else 1
    if answered.words or not set(chosen) <= offered or len(set(chosen)) < len(chosen):
        return _("Elija entre las opciones que se ofrecen.")
    if len(chosen) > most:
        return _("Elija una sola opción.")
    if question.required and not chosen:
        return _("Marque al menos una opción.") if most > 1 else _("Elija una opción.")
    return None


def _words_problem(answered: Answered, *, required: bool) -> Text | None:
    if answered.choices:
        return _("Escriba su respuesta.")
    if len(answered.words) > MAX_WORDS:
        count = len(answered.words)
        return _("Son {count} caracteres y caben {longest}. Acorte el texto.",
                 count=count, longest=MAX_WORDS)  # fmt: skip
    return _("Escriba su respuesta.") if required and not answered.words else None


def response_problem(
    questions: Mapping[int, QuestionLike], answers: Mapping[int, Answered]
) -> Text | None:
    """Say why these answers do not fill in these questions; a missing one counts as empty."""
    if all(answered.is_empty for answered in answers.values()):
        return NOTHING_ANSWERED
    problems = (
        answer_problem(question, answers.get(key, Answered()))
        for key, question in questions.items()
    )
    return next((problem for problem in problems if problem is not None), None)


def minutes_to_answer(questions: Sequence[QuestionLike]) -> int:
    """Estimate how long answering takes, from the kinds of questions."""
    return max(1, ceil(sum(_SECONDS[Kind(question.kind)] for question in questions) / 60))
