"""The acts of surveys: asking, changing what is asked, answering."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.receipts import take_receipts
from participa.i18n import Text, _
from participa.processes.queries import schedule_of
from participa.surveys.models import Answer, Question, Response, Survey
from participa.surveys.rules import (
    ACTIVITY,
    Answered,
    QuestionPlan,
    questions_problem,
    response_problem,
)
from participa.web.refusals import BadInput, Conflict, NotFound, SignInNeeded


class AlreadyAnswered(Conflict):
    """This person's answers are stored already; `response` is what was stored."""

    title = _("Usted ya había respondido esta encuesta")
    advice = _("Cuentan las respuestas que envió la primera vez.")

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class QuestionsChanged(Conflict):
    """The form that was filled in asks something else than the survey does now."""

    title = _("Las preguntas cambiaron mientras usted respondía")
    advice = _("Vuelva a abrir la encuesta y respóndala otra vez: lo anterior no se guardó.")


async def create_survey(
    *,
    entity_id: int,
    process_id: int,
    title: str,
    introduction: str,
    questions: Sequence[QuestionPlan],
) -> Survey:
    """Create a survey inside a process, with its questions.

    Refuses with BadInput questions that nobody could answer, and with Conflict a title that
    the process has already.
    """
    _check(questions)
    async with transaction():
        if await Survey.of(entity_id).filter(process_id=process_id, title=title).exists():
            raise Conflict(_("Ya hay una encuesta con el título «{title}».", title=title))
        survey = await Survey.create(
            entity_id=entity_id, process_id=process_id, title=title, introduction=introduction
        )
        await _store_questions(survey, questions)
    return survey


async def change_questions(
    entity_id: int, survey_id: int, questions: Sequence[QuestionPlan]
) -> Survey:
    """Replace the questions of the present version.

    Refuses with Conflict from the first answer on: a count is only worth something while
    everybody in it was asked the same.
    """
    _check(questions)
    async with transaction():
        survey = await _locked(entity_id, survey_id)
        present = {"survey_id": survey.id, "version": survey.version}
        if await Response.of(entity_id).filter(**present).exists():
            raise Conflict(
                _("Alguien ya respondió: estas preguntas no se pueden cambiar."),
                _("Haga una versión nueva de la encuesta. La anterior conserva sus respuestas."),
            )
        await Question.of(entity_id).filter(**present).delete()
        await _store_questions(survey, questions)
    return survey


async def start_version(
    entity_id: int, survey_id: int, questions: Sequence[QuestionPlan]
) -> Survey:
    """Ask other questions from now on; the earlier version keeps its answers and its totals.

    Who answered the earlier one has answered the survey.
    """
    _check(questions)
    async with transaction():
        survey = await _locked(entity_id, survey_id)
        survey.version += 1
        await survey.save(update_fields=["version"])
        await _store_questions(survey, questions)
    return survey


def _check(questions: Sequence[QuestionPlan]) -> None:
    problem = questions_problem(questions)
    if problem is not None:
        raise BadInput(problem)


async def _locked(entity_id: int, survey_id: int) -> Survey:
    """Take the survey's row: whoever is storing an answer has done so or waits for us."""
    survey = await Survey.of(entity_id).filter(id=survey_id).select_for_update().first()
    if survey is None:
        raise NotFound
    return survey


async def _store_questions(survey: Survey, questions: Sequence[QuestionPlan]) -> None:
    await Question.bulk_create(
        [
            Question(
                entity_id=survey.entity_id,
                survey=survey,
                version=survey.version,
                position=position,
                kind=question.kind,
                text=question.text.strip(),
                help=question.help.strip(),
                required=question.required,
                options=[option.strip() for option in question.options],
            )
            for position, question in enumerate(questions)
        ]
    )


async def answer_survey(
    actor: Actor,
    survey_id: int,
    answers: Mapping[int, Answered],
    now: datetime,
    *,
    request_key: str | None = None,
) -> Response:
    """Store what a person answers, by question id, and give the response with its receipt.

    The database lets one response of a person in, whatever arrives at once; the same request
    key gives back that one. Refuses with AlreadyAnswered, PhaseClosed, QuestionsChanged, and
    with BadInput answers that do not fill in the questions.
    """
    if actor.person_id is None:
        raise SignInNeeded
    try:
        async with transaction():
            return await _store_response(actor, survey_id, answers, now, request_key)
    except IntegrityError:
        earlier = await response_by(actor, survey_id)
        if earlier is None:
            raise
        if request_key is not None and earlier.request_key == request_key:
            return earlier
        raise AlreadyAnswered(earlier) from None


async def response_by(actor: Actor, survey_id: int) -> Response | None:
    """Find what the actor answered, if anything."""
    if actor.person_id is None:
        return None
    mine = Response.of(actor.entity_id).filter(person_id=actor.person_id)
    return await mine.filter(survey_id=survey_id).first()


async def _store_response(
    actor: Actor,
    survey_id: int,
    answers: Mapping[int, Answered],
    now: datetime,
    request_key: str | None,
) -> Response:
    survey = await Survey.of(actor.entity_id).filter(id=survey_id).first()
    if survey is None:
        raise NotFound
    schedule = await schedule_of(actor.entity_id, survey.process_id)
    schedule.require_open(ACTIVITY, now)
    receipts = await take_receipts(actor.entity_id, now.year)
    response = await Response.create(
        entity_id=actor.entity_id,
        survey=survey,
        version=survey.version,
        person_id=actor.person_id,
        receipt_number=receipts[0],
        request_key=request_key,
        created_at=now,
    )
    # Read after the row that holds the survey's, so that they cannot change any more.
    questions = await _present_questions(actor.entity_id, survey)
    if not set(answers) <= set(questions):
        raise QuestionsChanged
    problem: Text | None = response_problem(questions, answers)
    if problem is not None:
        raise BadInput(problem)
    await Answer.bulk_create(_rows(response, answers))
    return response


async def _present_questions(entity_id: int, survey: Survey) -> dict[int, Question]:
    await survey.refresh_from_db(fields=["version"])
    rows = Question.of(entity_id).filter(survey_id=survey.id, version=survey.version)
    return {question.id: question for question in await rows}


def _rows(response: Response, answers: Mapping[int, Answered]) -> list[Answer]:
    rows: list[Answer] = []
    for question_id, answered in answers.items():
        common = {
            "entity_id": response.entity_id,
            "response": response,
            "question_id": question_id,
        }
        rows += [Answer(choice=choice, **common) for choice in answered.choices]
        if answered.words:
            rows.append(Answer(text=answered.words, **common))
    return rows
