"""The demonstration's survey: its questions, and what the cast answered.

`load_survey` needs a process with a phase that opens "surveys.answer" while people answer.
"""

from collections.abc import Sequence
from datetime import datetime, time

from pydantic import BaseModel, ConfigDict

from participa.accounts.permissions import Actor
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.processes.models import Process
from participa.surveys.answered import Answered
from participa.surveys.models import Question, Survey
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.service import answer_survey, create_survey

Given = int | tuple[int, ...] | str


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SurveyPart(_Part):
    """What the survey is called and what for."""

    title: str
    introduction: str


class QuestionPart(_Part):
    """A question."""

    kind: Kind
    text: str
    help: str = ""
    required: bool = True
    options: tuple[str, ...] = ()


class ResponsePart(_Part):
    """What one of the cast answered on a day: option numbers from 1, words at the end."""

    days_ago: int
    at: time
    answers: tuple[Given, ...]


class SurveyFile(_Part):
    """The file of the survey; responses stand under who gave them."""

    survey: SurveyPart
    question: tuple[QuestionPart, ...]
    responses: dict[str, ResponsePart]


async def load_survey(cast: Cast, process: Process, calendar: Calendar) -> Survey:
    """Create the survey in a process and let the cast answer, each on their day.

    Refuses with PhaseClosed where the process does not open surveys on those days.
    """
    part = content(SurveyFile, "survey.toml")
    survey = await asked(process, part.survey, part.question)
    questions = await questions_of(survey)
    for at, actor, answers in _in_order(cast, calendar, part):
        await answer_survey(actor, survey.id, given_to(questions, answers), at)
    return survey


async def asked(process: Process, part: SurveyPart, questions: Sequence[QuestionPart]) -> Survey:
    """Create a survey in a process, its questions on one page."""
    return await create_survey(
        entity_id=process.entity_id,
        process_id=process.id,
        title=part.title,
        introduction=part.introduction.strip(),
        questionnaire=on_one_page(
            plain_item(
                f"p{number}",
                each.kind,
                each.text,
                each.options,
                help=each.help,
                required=each.required,
            )
            for number, each in enumerate(questions, 1)
        ),
    )


def given_to(questions: Sequence[Question], answers: Sequence[Given]) -> dict[int, Answered]:
    """Match what was answered to the questions, in their order."""
    return {
        question.id: _answered(answer) for question, answer in zip(questions, answers, strict=False)
    }


def _in_order(
    cast: Cast, calendar: Calendar, part: SurveyFile
) -> list[tuple[datetime, Actor, tuple[Given, ...]]]:
    responses = [
        (calendar.ago(each.days_ago, each.at), cast.people[author], each.answers)
        for author, each in part.responses.items()
    ]
    return sorted(responses, key=lambda response: response[0])


def _answered(answer: Given) -> Answered:
    if isinstance(answer, str):
        return Answered(words=answer)
    numbers = answer if isinstance(answer, tuple) else (answer,)
    return Answered(tuple(number - 1 for number in numbers))
