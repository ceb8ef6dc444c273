"""The demonstration's closed survey: households asked by telephone, told beside the census.

What people answered is drawn from the shares of the file, the same at every loading.
`load_phone_survey` needs a process with a phase that opened "surveys.answer" on those days.
"""

from datetime import timedelta
from random import Random

from pydantic import BaseModel, ConfigDict

from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.demo.surveys import QuestionPart, SurveyPart, asked, given_to
from participa.processes.models import Process
from participa.surveys.audiences import Rules, set_rules
from participa.surveys.models import Survey
from participa.surveys.queries import questions_of
from participa.surveys.results.planning import save_plan
from participa.surveys.results.reading import Sampling
from participa.surveys.rules import Audience
from participa.surveys.service import answer_survey
from participa.surveys.who import Answerer, participant_interviewed

_TELEPHONE = "telephone"
_BETWEEN_CALLS = timedelta(minutes=11)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DrawnQuestion(QuestionPart):
    """A question with the parts, in percent, that answer each option.

    `by` gives other parts to whom answered the first question with that option, from 1.
    """

    parts: tuple[int, ...]
    by: dict[int, tuple[int, ...]] = {}


class CallsPart(_Part):
    """How many were called, from which day on, and which questions tell the census's groups."""

    people: int
    begun_days_ago: int
    days: int
    traits: dict[str, str]


class PhoneSurveyFile(_Part):
    """The file of the survey."""

    survey: SurveyPart
    question: tuple[DrawnQuestion, ...]
    calls: CallsPart


async def load_phone_survey(cast: Cast, process: Process, calendar: Calendar) -> Survey:
    """Create the survey, say how it is told, and write down what each household answered."""
    part = content(PhoneSurveyFile, "phone_survey.toml")
    official, begun = cast.staff["official"], calendar.start_of(-part.calls.begun_days_ago)
    survey = await asked(process, part.survey, part.question)
    survey = await set_rules(official, survey.id, Rules(Audience.OPEN), begun)
    await save_plan(
        official, survey, is_live=False, sampling=Sampling.RANDOM, traits=part.calls.traits,
        now=begun,
    )  # fmt: skip
    questions, random = await questions_of(survey), Random(part.calls.people)  # noqa: S311 - invented answers
    for number in range(part.calls.people):
        day, call = number % part.calls.days, number // part.calls.days
        at = begun + timedelta(days=day, hours=9) + call * _BETWEEN_CALLS
        participant = await participant_interviewed(survey, "", None)
        who = Answerer(participant, None, _TELEPHONE, official.person_id)
        given = given_to(questions, _drawn(part, random))
        await answer_survey(official, survey.id, given, at, who=who)
    return survey


def _drawn(part: PhoneSurveyFile, random: Random) -> tuple[int, ...]:
    answers: list[int] = []
    for question in part.question:
        first = answers[0] if answers else 0
        parts = question.by.get(first, question.parts)
        answers += random.choices(range(1, len(parts) + 1), parts)
    return tuple(answers)
