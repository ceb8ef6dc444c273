"""The demonstration's survey by letters: a roll with codes, quotas, and answers by every channel.

`load_roll_survey` needs a process with a phase that opens "surveys.answer" on those days.
"""

from datetime import time

from pydantic import BaseModel, ConfigDict

from participa.accounts.permissions import Actor
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.demo.surveys import Given, QuestionPart, SurveyPart, asked, given_to
from participa.processes.models import Process
from participa.surveys.audiences import Rules, set_quotas, set_rules
from participa.surveys.models import Survey
from participa.surveys.queries import questions_of
from participa.surveys.rolls import add_people, make_letters
from participa.surveys.rules import WEB, Audience
from participa.surveys.service import answer_survey
from participa.surveys.who import Answerer, answerer_of, participant_interviewed

_PREPARED_DAYS, _PREPARED_AT = 12, time(15, 20)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RollPart(_Part):
    """Who got a letter, by name and address or blank, and how many of each group are wanted."""

    divides: str
    wanted: tuple[int, ...]
    blank: int
    people: tuple[tuple[str, str], ...]


class RollResponse(_Part):
    """What somebody of the roll answered on a day, and by which channel."""

    number: int
    channel: str = WEB
    days_ago: int
    at: time
    answers: tuple[Given, ...]


class RollSurveyFile(_Part):
    """The file of the survey."""

    survey: SurveyPart
    question: tuple[QuestionPart, ...]
    roll: RollPart
    response: tuple[RollResponse, ...]


async def load_roll_survey(cast: Cast, process: Process, calendar: Calendar) -> Survey:
    """Create the survey with its roll, make the letters, and let some of the roll answer."""
    part = content(RollSurveyFile, "roll_survey.toml")
    official, at = cast.staff["official"], calendar.ago(_PREPARED_DAYS, _PREPARED_AT)
    survey = await asked(process, part.survey, part.question)
    survey = await set_rules(official, survey.id, Rules(Audience.ROLL, may_change=True), at)
    wanted = {
        f"{part.roll.divides}={number}": count for number, count in enumerate(part.roll.wanted, 1)
    }
    await set_quotas(official, survey.id, [part.roll.divides], wanted, at)
    people = [*part.roll.people, *[("", "")] * part.roll.blank]
    await add_people(official, survey.id, people, at)
    letters = await make_letters(official, survey.id, at, calendar.day_of(at))
    codes = {letter.number: letter.code for letter in letters}
    questions = await questions_of(survey)
    for each in part.response:
        who = await _who(survey, official, each, codes[each.number])
        actor = Actor(survey.entity_id) if each.channel == WEB else official
        given = given_to(questions, each.answers)
        await answer_survey(actor, survey.id, given, calendar.ago(each.days_ago, each.at), who=who)
    return survey


async def _who(survey: Survey, official: Actor, part: RollResponse, code: str) -> Answerer:
    if part.channel == WEB:
        return await answerer_of(Actor(survey.entity_id), survey, code)
    participant = await participant_interviewed(survey, "", part.number)
    return Answerer(participant, None, part.channel, official.person_id)
