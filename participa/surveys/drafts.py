"""Writing a survey: its draft is changed step by step, then published as the present questions."""

from collections.abc import Sequence
from datetime import datetime

from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.i18n import _
from participa.surveys.audiences import record_act
from participa.surveys.checks import problems_of
from participa.surveys.editing import Change
from participa.surveys.log import digest, note, written
from participa.surveys.models import Response, Survey
from participa.surveys.queries import questionnaire_of
from participa.surveys.questionnaire import Questionnaire
from participa.surveys.service import change_questions, locked, start_version
from participa.web.refusals import BadInput, Conflict

MAX_TITLE = 160
MAX_INTRODUCTION = 4000
NEW = Questionnaire(pages=())


class SurveyMoved(Conflict):
    """Somebody changed the draft after this official saw it."""

    title = _("La encuesta cambió mientras usted la escribía.")
    advice = _("Mire cómo quedó y repita su cambio si todavía hace falta.")


async def begin_survey(
    actor: Actor,
    process_id: int,
    title: str,
    introduction: str,
    asked: Questionnaire,
    now: datetime,
) -> Survey:
    """Create a survey that nobody sees before it is published.

    Refuses with Conflict a title that the process has already.
    """
    async with transaction():
        entity_id = actor.entity_id
        if await Survey.of(entity_id).filter(process_id=process_id, title=title).exists():
            raise Conflict(_("Ya hay una encuesta con el título «{title}».", title=title))
        survey = await Survey.create(
            entity_id=entity_id,
            process_id=process_id,
            title=title,
            introduction=introduction,
            version=0,
            languages=list(asked.languages),
            draft=asked.model_dump(mode="json"),
        )
        await record_act(actor, survey, "surveys.begin", now)
    return survey


async def draft_of(survey: Survey) -> Questionnaire:
    """Give what is being written: the draft, or else the present questions."""
    if survey.draft is not None:
        return Questionnaire.model_validate(survey.draft)
    return await questionnaire_of(survey) if survey.version else NEW


async def edit_survey(
    actor: Actor, survey_id: int, revision: int, changes: Sequence[Change]
) -> Survey:
    """Change the draft; one that changes nothing leaves its revision as it was.

    Refuses with SurveyMoved when the draft is not the one that was seen, and with NotFound.
    """
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        if survey.revision != revision:
            raise SurveyMoved
        before = after = await draft_of(survey)
        for change in changes:
            after = change(after)
        if after != before:
            survey.draft, survey.revision = after.model_dump(mode="json"), revision + 1
            await survey.save(update_fields=["draft", "revision"])
    return survey


async def rename_survey(
    actor: Actor, survey_id: int, revision: int, title: str, introduction: str
) -> Survey:
    """Change what a survey is called and what it is for. Refuses as `edit_survey`."""
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        if survey.revision != revision:
            raise SurveyMoved
        same = Survey.of(actor.entity_id).filter(process_id=survey.process_id, title=title)
        if await same.exclude(id=survey.id).exists():
            raise Conflict(_("Ya hay una encuesta con el título «{title}».", title=title))
        survey.title, survey.introduction, survey.revision = title, introduction, revision + 1
        await survey.save(update_fields=["title", "introduction", "revision"])
    return survey


async def publish_survey(actor: Actor, survey_id: int, revision: int, now: datetime) -> Survey:
    """Make the draft what is asked from now on: a new version where somebody has answered.

    Refuses with SurveyMoved, and with BadInput what nobody could answer.
    """
    async with transaction():
        survey = await locked(actor.entity_id, survey_id)
        if survey.revision != revision:
            raise SurveyMoved
        asked = await draft_of(survey)
        problem = next(iter(problems_of(asked)), None)
        if problem is not None:
            raise BadInput(problem.text)
        answered = Response.of(survey.entity_id).filter(survey_id=survey.id, version=survey.version)
        publish = (
            start_version if not survey.version or await answered.exists() else change_questions
        )
        survey = await publish(survey.entity_id, survey.id, asked)
        survey.draft, survey.revision = None, revision + 1
        await survey.save(update_fields=["draft", "revision"])
        questions = digest(written(asked.model_dump(mode="json")))
        await note(survey, "version", now.date(), version=survey.version, questions=questions)
        await record_act(actor, survey, "surveys.publish", now)
    return survey
