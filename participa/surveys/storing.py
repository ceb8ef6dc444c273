"""What answering writes: who took part, the response, its answers as the database counts them.

Every function runs inside the transaction of the act that calls it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from participa.deliberation.receipts import take_receipts
from participa.entities.models import Entity, Territory
from participa.i18n import _
from participa.surveys.answered import Answered, answers_problem
from participa.surveys.changing import digest_of
from participa.surveys.conditions import shown
from participa.surveys.kinds import stored
from participa.surveys.models import Answer, Participation, Question, Response, Survey
from participa.surveys.questionnaire import Item, Kind
from participa.surveys.quotas import cell_key, give_place_back
from participa.surveys.who import Answerer
from participa.web.refusals import BadInput, Conflict


class QuestionsChanged(Conflict):
    """The form that was filled in asks something else than the survey does now."""

    title = _("Las preguntas cambiaron mientras usted respondía")
    advice = _("Vuelva a abrir la encuesta y respóndala otra vez: lo anterior no se guardó.")


async def start_of_day(survey: Survey, now: datetime) -> datetime:
    """Give the beginning of the day by the entity's clock."""
    entity = await Entity.get(id=survey.entity_id)
    return now.astimezone(entity.zone).replace(hour=0, minute=0, second=0, microsecond=0)


async def participate(
    survey: Survey,
    who: Answerer,
    response: Response,
    request_key: str | None,
    day: datetime,
    now: datetime,
) -> Participation:
    """Note that somebody took part; in a secret survey with nothing that leads to the ballot."""
    receipts = await take_receipts(survey.entity_id, now.year)
    is_secret = survey.is_secret
    return await Participation.create(
        entity_id=survey.entity_id,
        survey=survey,
        participant=who.participant,
        person_id=who.person_id,
        response=None if is_secret else response,
        receipt_number=receipts[0],
        request_key=None if is_secret else request_key,
        created_at=day if is_secret else now,
        channel=who.channel,
        recorded_by_id=who.recorded_by_id,
    )


async def replace_answers(
    survey: Survey,
    mine: Participation,
    response: Response,
    request_key: str | None,
) -> None:
    """Put a response in the place of the one that somebody sent before."""
    if mine.response_id is not None:
        await remove_answers(survey, mine.response_id)
        await Response.of(survey.entity_id).filter(id=mine.response_id).delete()
    mine.response, mine.request_key, mine.withdrawn_at = response, request_key, None
    await mine.save(update_fields=["response_id", "request_key", "withdrawn_at"])


async def remove_answers(survey: Survey, response_id: int) -> str:
    """Give back a response's place in its quota, and a digest of what goes."""
    response = await Response.of(survey.entity_id).get(id=response_id)
    if response.quota:
        await give_place_back(survey, response.quota)
    rows = await Answer.of(survey.entity_id).filter(response_id=response_id)
    return digest_of(response_id, rows)


async def rows_of(
    response: Response, survey: Survey, answers: Mapping[int, Answered]
) -> tuple[list[Answer], str]:
    """Give the answers as they are stored, and the group of the quota they are counted in."""
    found = Question.of(survey.entity_id).filter(survey_id=survey.id, version=survey.version)
    questions = {question.id: question for question in await found.order_by("position")}
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
    rows = [
        Answer(question=questions[key], row=at, choice=choice, number=number, text=text, **common)
        for key, item in items.items()
        if item.code in counted
        for at, choice, number, text in stored(item, counted[item.code])
    ]
    return rows, cell_key(survey.quota_items, asked, counted)


async def _check_places(
    entity_id: int, items: Iterable[Item], answers: Mapping[str, Answered]
) -> None:
    codes = [item.code for item in items if item.kind is Kind.PLACE]
    numbers = (answers[code].number for code in codes if code in answers)
    chosen = {int(number) for number in numbers if number is not None}
    if chosen and await Territory.of(entity_id).filter(id__in=chosen).count() < len(chosen):
        raise BadInput(_("Elija uno de los lugares de la lista."))
