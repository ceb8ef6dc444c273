"""The acts of surveys: asking, changing what is asked, answering."""

from collections.abc import Mapping
from datetime import datetime

from tortoise.exceptions import IntegrityError

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.surveys.answered import Answered
from participa.surveys.changing import REPLACED, SENT, WITHDRAWN, digest_of, note_change
from participa.surveys.checks import problems_of
from participa.surveys.log import note_answer, note_withdrawal
from participa.surveys.mixing import hide_among_others
from participa.surveys.models import Answer, Participation, Question, Response, Survey, SurveyPage
from participa.surveys.questionnaire import Questionnaire
from participa.surveys.quotas import take_place
from participa.surveys.rules import ACTIVITY, WEB
from participa.surveys.storing import (
    QuestionsChanged,
    participate,
    remove_answers,
    replace_answers,
    rows_of,
    start_of_day,
)
from participa.surveys.who import Answerer, answerer_of, require_recording
from participa.web.refusals import BadInput, Conflict, NotFound


class AlreadyAnswered(Conflict):
    """This person's answers are stored already; `mine` says when, and their receipt."""

    title = _("Usted ya había respondido esta encuesta")
    advice = _("Cuentan las respuestas que envió la primera vez.")

    def __init__(self, mine: Participation) -> None:
        super().__init__()
        self.mine = mine


async def create_survey(
    *,
    entity_id: int,
    process_id: int,
    title: str,
    introduction: str,
    questionnaire: Questionnaire,
    activity: str = ACTIVITY,
) -> Survey:
    """Create a survey inside a process, with its questions; `activity` is what a phase must open.

    Refuses with BadInput questions that nobody could answer, and with Conflict a title that
    the process has already.
    """
    _check(questionnaire)
    async with transaction():
        if await Survey.of(entity_id).filter(process_id=process_id, title=title).exists():
            raise Conflict(_("Ya hay una encuesta con el título «{title}».", title=title))
        survey = await Survey.create(
            entity_id=entity_id, process_id=process_id, title=title, introduction=introduction,
            activity=activity,
        )  # fmt: skip
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
    who: Answerer | None = None,
) -> Participation:
    """Store what a person answers, by question id, and give their participation and receipt.

    The database lets one participation of a person in, whatever arrives at once; the same
    request key gives back that one. Where answers may change, later ones take their place.
    Answers to questions that are not shown are left out. `who` says it of one who answers with
    a code, or by an official; by default it is the actor.
    Refuses with AlreadyAnswered, PhaseClosed, QuestionsChanged, QuotaFull, what `answerer_of`
    refuses, and with BadInput answers that do not fill in the questions.
    """
    survey = await Survey.of(actor.entity_id).filter(id=survey_id).select_related("process").first()
    if survey is None:
        raise NotFound
    who = who or await answerer_of(actor, survey, request_key=request_key)
    if who.channel != WEB:
        require_recording(actor, survey)
    try:
        async with transaction():
            return await _store_response(survey, who, answers, now, request_key)
    except IntegrityError:
        earlier = await _standing(survey, who)
        if earlier is None:
            raise
        if request_key is not None and earlier.request_key == request_key:
            return earlier
        raise AlreadyAnswered(earlier) from None


async def withdraw_answers(
    actor: Actor, survey_id: int, now: datetime, *, who: Answerer | None = None
) -> Participation:
    """Take somebody's answers out of a survey that allows it, until it closes; twice is once.

    That they took part stays known, and a digest of what they had answered. They may answer
    again. Refuses with NotFound who has not answered, with Conflict where
    answers stay as they were sent, and with PhaseClosed.
    """
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        schedule = await schedule_of(actor.entity_id, survey.process_id)
        schedule.require_open(survey.activity, now)
        if not survey.may_change:
            raise Conflict(_("En esta encuesta las respuestas no se pueden retirar."))
        mine = await _standing(survey, who or await answerer_of(actor, survey))
        if mine is None:
            raise NotFound
        if mine.response_id is not None:
            await note_withdrawal(survey, mine, (await start_of_day(survey, now)).date())
            digest = await remove_answers(survey, mine.response_id)
            await Response.of(survey.entity_id).filter(id=mine.response_id).delete()
            await note_change(mine, WITHDRAWN, digest, now)
            mine.response_id, mine.withdrawn_at, mine.request_key = None, now, None
            await mine.save(update_fields=["response_id", "withdrawn_at", "request_key"])
    return mine


async def participation_of(actor: Actor, survey_id: int) -> Participation | None:
    """Find that the actor answered with their account, if they did."""
    if actor.person_id is None:
        return None
    mine = Participation.of(actor.entity_id).filter(person_id=actor.person_id)
    return await mine.filter(survey_id=survey_id).first()


async def _standing(survey: Survey, who: Answerer) -> Participation | None:
    mine = Participation.of(survey.entity_id).filter(survey_id=survey.id)
    return await mine.filter(participant=who.participant).select_for_update().first()


async def _store_response(
    survey: Survey,
    who: Answerer,
    answers: Mapping[int, Answered],
    now: datetime,
    request_key: str | None,
) -> Participation:
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    schedule.require_open(survey.activity, now)
    mine = await _standing(survey, who) if survey.may_change else None
    if mine is not None and request_key is not None and mine.request_key == request_key:
        return mine
    act, day = REPLACED if mine else SENT, await start_of_day(survey, now)
    response = await Response.create(
        entity_id=survey.entity_id, survey=survey, version=survey.version, day=day.date(),
        channel=who.channel,
    )  # fmt: skip
    if mine is None:
        mine = await participate(survey, who, response, request_key, day, now)
    else:
        await note_withdrawal(survey, mine, day.date())
        await replace_answers(survey, mine, response, request_key)
    await note_answer(survey, mine, response)
    present = await Survey.of(survey.entity_id).get(id=survey.id)
    # Read after the rows that hold the survey's, so that they cannot change any more.
    if present.audience != survey.audience or present.is_secret != survey.is_secret:
        raise QuestionsChanged
    rows, cell = await rows_of(response, present, answers)
    await Answer.bulk_create(rows)
    if cell:
        await take_place(present, cell)
        await Response.of(survey.entity_id).filter(id=response.id).update(quota=cell)
    if survey.may_change:
        await note_change(mine, act, digest_of(response.id, rows), now)
    if survey.is_secret:
        await hide_among_others(response)
    return mine
