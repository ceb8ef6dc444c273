"""Reads of surveys: one with its questions, its totals counted by the database, cards of several.

Each takes a fixed number of statements, however many people answered.
"""

from collections.abc import Sequence
from datetime import datetime

from tortoise.functions import Count

from participa.accounts.permissions import Target
from participa.db import fetch
from participa.features import ActivityCard
from participa.i18n import Number, Text, _, n_
from participa.processes.queries import Schedule
from participa.surveys.models import Question, Response, Survey, SurveyPage
from participa.surveys.questionnaire import (
    Page,
    Questionnaire,
)
from participa.surveys.rules import CHANNELS, WEB, Audience
from participa.web.refusals import NotFound

LARGEST_ID = 2**31 - 1


async def survey_of(entity_id: int, survey_id: int) -> Survey:
    """Find a survey with its process. Refuses with NotFound, also for another entity's."""
    if survey_id > LARGEST_ID:
        raise NotFound
    survey = await Survey.of(entity_id).filter(id=survey_id).select_related("process").first()
    if survey is None:
        raise NotFound
    return survey


async def surveys_of(entity_id: int, process_id: int) -> list[tuple[Survey, int]]:
    """List the surveys of a process with how many answered, in two statements."""
    surveys = await Survey.of(entity_id).filter(process_id=process_id).order_by("id")
    responses = Response.of(entity_id).filter(survey_id__in=[survey.id for survey in surveys])
    grouped = responses.annotate(n=Count("id")).group_by("survey_id")
    counts = {int(str(k)): int(str(n)) for k, n in await grouped.values_list("survey_id", "n")}
    return [(survey, counts.get(survey.id, 0)) for survey in surveys]


def survey_target(survey: Survey) -> Target:
    """Give a survey as what is acted upon: public once it is published and its process is."""
    is_public = survey.process.is_published and survey.version > 0
    return Target(survey.entity_id, survey.process_id, is_public=is_public)


def survey_url(survey: Survey) -> str:
    """Give the address of a survey's start page."""
    return f"/encuestas/{survey.id}"


def sealed_until(survey: Survey, schedule: Schedule, now: datetime) -> datetime | None:
    """Say until when results are hidden; None once they may be read, or if no day is set."""
    at = schedule.final_closing(survey.activity)
    return at if at is not None and now < at else None


def has_results(survey: Survey, schedule: Schedule, now: datetime) -> bool:
    """Whether results may be read: the survey was open and nobody can answer any more."""
    was_open = schedule.final_closing(survey.activity) is not None
    return was_open and sealed_until(survey, schedule, now) is None


async def questions_of(survey: Survey, version: int | None = None) -> list[Question]:
    """List the questions of a version, by default the present one, in their order."""
    rows = Question.of(survey.entity_id).filter(survey_id=survey.id)
    return await rows.filter(version=version or survey.version).order_by("position")


async def response_counts(survey: Survey) -> dict[int, int]:
    """Count the responses by version."""
    rows = Response.of(survey.entity_id).filter(survey_id=survey.id)
    found = await rows.annotate(n=Count("id")).group_by("version").values_list("version", "n")
    return {int(str(version)): int(str(n)) for version, n in found}


async def channel_counts(survey: Survey) -> list[tuple[Text, int]]:
    """Count the responses by the way they came."""
    rows = Response.of(survey.entity_id).filter(survey_id=survey.id)
    found = await rows.annotate(n=Count("id")).group_by("channel").values_list("channel", "n")
    counts = {str(channel): int(str(n)) for channel, n in found}
    return [(CHANNELS[channel], counts[channel]) for channel in CHANNELS if channel in counts]


_VERIFIED = """
    SELECT count(*) FROM accounts_identity_check seen
    JOIN surveys_participation p ON p.person_id = seen.person_id AND p.survey_id = $2
    WHERE seen.entity_id = $1 AND p.channel = 'web' AND p.withdrawn_at IS NULL
        AND seen.checked_at <= p.created_at
"""


async def unverified_count(survey: Survey) -> int:
    """Count the answers of accounts whose document nobody had seen when they answered (T33).

    Nobody checked that each is another person, nor that they were not interviewed as well. In a
    secret survey, which knows only the day, those verified that same day are among them.
    """
    if survey.audience != Audience.REGISTERED:
        return 0
    here = Response.of(survey.entity_id).filter(survey_id=survey.id, channel=WEB)
    verified = await fetch(_VERIFIED, survey.entity_id, survey.id)
    return max(await here.count() - int(verified[0][0]), 0)


async def questionnaire_of(survey: Survey, version: int | None = None) -> Questionnaire:
    """Give a version's questions whole, as they are exchanged, in two statements."""
    questions = await questions_of(survey, version)
    rows = SurveyPage.of(survey.entity_id).filter(survey_id=survey.id)
    pages = await rows.filter(version=version or survey.version).order_by("number")
    return Questionnaire(
        languages=tuple(survey.languages),
        pages=tuple(
            Page(title=page.title, items=tuple(q.asked for q in questions if q.page == page.number))
            for page in pages
        ),
    )


async def cards_of(entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
    """Give the surveys of several processes as cards, in two statements."""
    rows = Survey.of(entity_id).filter(process_id__in=list(processes), version__gt=0)
    surveys = await rows.order_by("process_id", "id")
    responses = Response.of(entity_id).filter(survey_id__in=[survey.id for survey in surveys])
    grouped = responses.annotate(n=Count("id")).group_by("survey_id")
    found = await grouped.values_list("survey_id", "n")
    counts = {int(str(survey)): int(str(n)) for survey, n in found}
    return [_card(survey, counts.get(survey.id, 0)) for survey in surveys]


def _card(survey: Survey, responses: int) -> ActivityCard:
    return ActivityCard(
        kind="survey",
        kind_label=_("Encuesta"),
        process_id=survey.process_id,
        activity=survey.activity,
        title=survey.title,
        summary=survey.introduction,
        url=survey_url(survey),
        fact=n_("{n} respuesta", "{n} respuestas", responses, n=Number(responses)),
        action=_("Responder la encuesta"),
    )
