"""The demonstration's evaluation of the hearing that was held."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict

from participa.accountability.models import AccountabilitySession
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.portal.evaluating import SCALES, open_evaluation, survey_id_of
from participa.surveys.answered import Answered
from participa.surveys.models import Survey
from participa.surveys.queries import questions_of
from participa.surveys.service import answer_survey


class EvaluationFile(BaseModel):
    """The file of the evaluation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opened_after_hours: int
    scores: tuple[str, ...]


async def held_session(cast: Cast) -> AccountabilitySession:
    """Give the hearing that was held."""
    rows = AccountabilitySession.of(cast.entity.id).filter(ended_at__isnull=False)
    session = await rows.order_by("id").first()
    if session is None:
        raise LookupError("the demonstration holds no hearing")
    return session


async def load_evaluation(cast: Cast) -> None:
    """Open the survey after the hearing, and let some of the cast answer it in the days after."""
    file = content(EvaluationFile, "evaluation.toml")
    session = await held_session(cast)
    at = session.held_at + timedelta(hours=file.opened_after_hours)
    await open_evaluation(cast.staff["official"], session.id, now=at)
    session = await held_session(cast)
    survey = await Survey.of(cast.entity.id).get(id=survey_id_of(session))
    people = [each for each in cast.people.values() if not each.is_anonymous]
    for number, (person, scores) in enumerate(zip(people, file.scores, strict=False)):
        answers = await _answers(survey, scores)
        await answer_survey(person, survey.id, answers, at + timedelta(hours=7 * number))


async def _answers(survey: Survey, scores: str) -> dict[int, Answered]:
    """Fill in the questionnaire: who gave these scores was there and did not ask."""
    given = {
        SCALES: Answered(tuple(int(score) - 1 for score in scores)),
        "asistio": Answered((0,)),
        "pregunto": Answered((1,)),
    }
    questions = await questions_of(survey)
    return {each.id: given[each.asked.code] for each in questions if each.asked.code in given}
