"""The pages of surveys before answering and after it."""

from starlette.requests import Request
from starlette.responses import Response as Page

from participa.accounts.guard import actor_of, page, require
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.surveys.changing import changes_of
from participa.surveys.models import Participation, Survey
from participa.surveys.queries import (
    channel_counts,
    has_results,
    questions_of,
    response_counts,
    sealed_until,
    survey_of,
    survey_target,
    survey_url,
)
from participa.surveys.receipts import results_note, slip
from participa.surveys.results.reading import plan_of
from participa.surveys.rules import AUDIENCES, Audience, minutes_to_answer
from participa.surveys.service import participation_of
from participa.web.context import context
from participa.web.navigation import see
from participa.web.refusals import NotFound
from participa.web.templating import render


async def _found(request: Request, action: Action) -> tuple[Survey, Schedule]:
    survey = await survey_of(context(request).entity.id, request.path_params["id"])
    require(request, action, survey_target(survey))
    return survey, await schedule_of(survey.entity_id, survey.process_id)


async def start(request: Request) -> Page:
    """Show what answering takes, what is kept, and whether the reader has answered."""
    ctx = context(request)
    survey, schedule = await _found(request, Action.READ)
    questions = await questions_of(survey)
    counts = await response_counts(survey)
    mine = await participation_of(actor_of(request), survey.id)
    plan = await plan_of(survey)
    return render(
        request,
        "surveys/survey.html",
        survey={
            "title": survey.title,
            "introduction": survey.introduction.splitlines(),
            "url": survey_url(survey),
            "process_title": survey.process.title,
            "pill": activity_pill(schedule, survey.activity, ctx.now, ctx.zone),
            "question_count": sum(question.asked.is_asked for question in questions),
            "minutes": minutes_to_answer(question.asked for question in questions),
            "response_count": sum(counts.values()),
            "mine": mine,
            "may_answer": mine is None and schedule.is_open(survey.activity, ctx.now),
            "may_change": survey.may_change and schedule.is_open(survey.activity, ctx.now),
            "allows_change": survey.may_change,
            "changes": await changes_of(mine) if mine and survey.may_change else [],
            "audience": survey.audience,
            "audience_words": AUDIENCES[Audience(survey.audience)],
            "is_secret": survey.is_secret,
            "by_channel": await channel_counts(survey),
            "has_results": has_results(survey, schedule, ctx.now),
            "results_note": results_note(request, survey, schedule, is_live=plan.is_live),
            "is_live": plan.is_live and sealed_until(survey, schedule, ctx.now) is not None,
        },
        crumbs=crumbs(survey.process),
    )


async def receipt(request: Request) -> Page:
    """Show the receipt of the reader's own answers."""
    survey, schedule = await _found(request, Action.SEE_OWN)
    mine = await participation_of(actor_of(request), survey.id)
    if mine is None:
        return see(survey_url(survey))
    return slip(request, survey, schedule, mine, _("Recibimos sus respuestas"))


async def received(request: Request) -> Page:
    """Show the receipt of a number, to who answered without an account: it says no more."""
    survey, schedule = await _found(request, Action.READ)
    rows = Participation.of(survey.entity_id).filter(survey_id=survey.id, person_id=None)
    mine = await rows.filter(receipt_number=request.path_params["number"]).first()
    if mine is None:
        raise NotFound
    return slip(request, survey, schedule, mine, _("Recibimos sus respuestas"))


_SURVEY = "/encuestas/{id:int}"
ROUTES = [
    page(_SURVEY, start, action=Action.READ),
    page(f"{_SURVEY}/recibo", receipt, action=Action.SEE_OWN),
    page(f"{_SURVEY}/recibido/{{number}}", received, action=Action.READ),
]
