"""The acts of surveys: asking, changing what is asked, answering."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.deliberation.receipts import take_receipts
from participa.entities.models import Entity, Territory
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.surveys.answered import Answered, answers_problem
from participa.surveys.checks import problems_of
from participa.surveys.conditions import shown
from participa.surveys.kinds import stored
from participa.surveys.log import note, receipt_digest
from participa.surveys.models import Answer, Participation, Question, Response, Survey, SurveyPage
from participa.surveys.questionnaire import Item, Kind, Questionnaire
from participa.surveys.rules import ACTIVITY
from participa.web.refusals import BadInput, Conflict, NotFound, SignInNeeded


class AlreadyAnswered(Conflict):
    """This person's answers are stored already; `mine` says when, and their receipt."""

    title = _("Usted ya había respondido esta encuesta")
    advice = _("Cuentan las respuestas que envió la primera vez.")

    def __init__(self, mine: Participation) -> None:
        super().__init__()
        self.mine = mine


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
    questionnaire: Questionnaire,
) -> Survey:
    """Create a survey inside a process, with its questions.

    Refuses with BadInput questions that nobody could answer, and with Conflict a title that
    the process has already.
    """
    _check(questionnaire)
    async with transaction():
        if await Survey.of(entity_id).filter(process_id=process_id, title=title).exists():
            raise Conflict(_("Ya hay una encuesta con el título «{title}».", title=title))
        survey = await Survey.create(
            entity_id=entity_id, process_id=process_id, title=title, introduction=introduction
        )
        await _store(survey, questionnaire)
    return survey


async def change_questions(entity_id: int, survey_id: int, questionnaire: Questionnaire) -> Survey:
    """Replace the questions of the present version.

    Refuses with Conflict from the first answer on: a count is only worth something while
    everybody in it was asked the same.
    """
    _check(questionnaire)
    async with transaction():
        survey = await locked(entity_id, survey_id)
        present = {"survey_id": survey.id, "version": survey.version}
        if await Response.of(entity_id).filter(**present).exists():
            raise Conflict(
                _("Alguien ya respondió: estas preguntas no se pueden cambiar."),
                _("Haga una versión nueva de la encuesta. La anterior conserva sus respuestas."),
            )
        await Question.of(entity_id).filter(**present).delete()
        await SurveyPage.of(entity_id).filter(**present).delete()
        await _store(survey, questionnaire)
    return survey


async def start_version(entity_id: int, survey_id: int, questionnaire: Questionnaire) -> Survey:
    """Ask other questions from now on; the earlier version keeps its answers and its totals.

    Who answered the earlier one has answered the survey.
    """
    _check(questionnaire)
    async with transaction():
        survey = await locked(entity_id, survey_id)
        survey.version += 1
        await survey.save(update_fields=["version"])
        await _store(survey, questionnaire)
    return survey


def _check(questionnaire: Questionnaire) -> None:
    problem = next(iter(problems_of(questionnaire)), None)
    if problem is not None:
        raise BadInput(problem.text)


async def locked(entity_id: int, survey_id: int) -> Survey:
    """Take the survey's row: whoever is storing an answer has done so or waits for us."""
    survey = await Survey.of(entity_id).filter(id=survey_id).select_for_update().first()
    if survey is None:
        raise NotFound
    return survey


async def _store(survey: Survey, questionnaire: Questionnaire) -> None:
    """Write the questions down as those of the survey's present version."""
    survey.languages = list(questionnaire.languages)
    await survey.save(update_fields=["languages"])
    common = {"entity_id": survey.entity_id, "survey": survey, "version": survey.version}
    await SurveyPage.bulk_create(
        SurveyPage(number=number, title=dict(page.title), **common)
        for number, page in enumerate(questionnaire.pages)
    )
    placed = ((n, item) for n, page in enumerate(questionnaire.pages) for item in page.items)
    await Question.bulk_create(
        Question(page=page, position=position, item=item.model_dump(mode="json"), **common)
        for position, (page, item) in enumerate(placed)
    )


async def answer_survey(
    actor: Actor,
    survey_id: int,
    answers: Mapping[int, Answered],
    now: datetime,
    *,
    request_key: str | None = None,
) -> Participation:
    """Store what a person answers, by question id, and give their participation and receipt.

    The database lets one participation of a person in, whatever arrives at once; the same
    request key gives back that one. Answers to questions that are not shown are left out.
    Refuses with AlreadyAnswered, PhaseClosed, QuestionsChanged, and with BadInput answers that
    do not fill in the questions.
    """
    if actor.person_id is None:
        raise SignInNeeded
    try:
        async with transaction():
            return await _store_response(actor, survey_id, answers, now, request_key)
    except IntegrityError:
        earlier = await participation_of(actor, survey_id)
        if earlier is None:
            raise
        if request_key is not None and earlier.request_key == request_key:
            return earlier
        raise AlreadyAnswered(earlier) from None


async def participation_of(actor: Actor, survey_id: int) -> Participation | None:
    """Find that the actor answered, if they did."""
    if actor.person_id is None:
        return None
    mine = Participation.of(actor.entity_id).filter(person_id=actor.person_id)
    return await mine.filter(survey_id=survey_id).first()


async def _store_response(
    actor: Actor,
    survey_id: int,
    answers: Mapping[int, Answered],
    now: datetime,
    request_key: str | None,
) -> Participation:
    survey = await Survey.of(actor.entity_id).filter(id=survey_id).first()
    if survey is None:
        raise NotFound
    schedule = await schedule_of(actor.entity_id, survey.process_id)
    schedule.require_open(ACTIVITY, now)
    receipts = await take_receipts(actor.entity_id, now.year)
    entity = await Entity.get(id=actor.entity_id)
    response = await Response.create(
        entity_id=actor.entity_id,
        survey=survey,
        version=survey.version,
        day=now.astimezone(entity.zone).date(),
    )
    mine = await Participation.create(
        entity_id=actor.entity_id,
        survey=survey,
        participant=f"person:{actor.person_id}",
        person_id=actor.person_id,
        response=response,
        receipt_number=receipts[0],
        request_key=request_key,
        created_at=now,
    )
    receipt = receipt_digest(survey.id, mine.receipt_number)
    await note(survey, "answer", response.day, version=response.version, receipt=receipt)
    # Read after the rows that hold the survey's, so that they cannot change any more.
    await survey.refresh_from_db(fields=["version"])
    await Answer.bulk_create(await _rows(response, survey, answers))
    return mine


async def _rows(
    response: Response, survey: Survey, answers: Mapping[int, Answered]
) -> list[Answer]:
    rows = Question.of(survey.entity_id).filter(survey_id=survey.id, version=survey.version)
    questions = {question.id: question for question in await rows.order_by("position")}
    if not set(answers) <= set(questions) or response.version != survey.version:
        raise QuestionsChanged
    items = {question.id: question.asked for question in questions.values()}
    by_code = {items[key].code: answered for key, answered in answers.items()}
    asked = shown(items.values(), by_code)
    counted = {item.code: by_code[item.code] for item in asked if item.code in by_code}
    problem = answers_problem(asked, counted)
    if problem is not None:
        raise BadInput(problem)
    await _check_places(survey.entity_id, items.values(), counted)
    common = {"entity_id": response.entity_id, "response": response}
    return [
        Answer(question=questions[key], row=at, choice=choice, number=number, text=text, **common)
        for key, item in items.items()
        if item.code in counted
        for at, choice, number, text in stored(item, counted[item.code])
    ]


async def _check_places(
    entity_id: int, items: Iterable[Item], answers: Mapping[str, Answered]
) -> None:
    codes = [item.code for item in items if item.kind is Kind.PLACE]
    numbers = (answers[code].number for code in codes if code in answers)
    chosen = {int(number) for number in numbers if number is not None}
    if chosen and await Territory.of(entity_id).filter(id__in=chosen).count() < len(chosen):
        raise BadInput(_("Elija uno de los lugares de la lista."))
