"""The pages of surveys: before answering, answering, after it, and the results."""

from starlette.requests import Request
from starlette.responses import Response as Page
from starlette.responses import StreamingResponse

from participa.accounts.guard import actor_of, page, require
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.kit.csvs import write_rows
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import EXPORT
from participa.surveys.changing import changes_of
from participa.surveys.models import Participation, Survey
from participa.surveys.queries import (
    CSV_HEADER,
    channel_counts,
    csv_rows,
    has_results,
    questions_of,
    response_counts,
    survey_of,
    survey_result,
    survey_target,
    survey_url,
)
from participa.surveys.receipts import results_note, slip
from participa.surveys.rules import ACTIVITY, AUDIENCES, Audience, minutes_to_answer
from participa.surveys.service import participation_of
from participa.web.context import context
from participa.web.navigation import see
from participa.web.refusals import Conflict, NotFound
from participa.web.templating import render


class ResultsSealed(Conflict):
    """Nobody reads totals while somebody can still answer."""

    title = _("Los resultados todavía no se publican")
    advice = _("Se publican cuando cierre la encuesta, para todo el mundo a la vez.")


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
    return render(
        request,
        "surveys/survey.html",
        survey={
            "title": survey.title,
            "introduction": survey.introduction.splitlines(),
            "url": survey_url(survey),
            "process_title": survey.process.title,
            "pill": activity_pill(schedule, ACTIVITY, ctx.now, ctx.zone),
            "question_count": sum(question.asked.is_asked for question in questions),
            "minutes": minutes_to_answer(question.asked for question in questions),
            "response_count": sum(counts.values()),
            "mine": mine,
            "may_answer": mine is None and schedule.is_open(ACTIVITY, ctx.now),
            "may_change": survey.may_change and schedule.is_open(ACTIVITY, ctx.now),
            "allows_change": survey.may_change,
            "changes": await changes_of(mine) if mine and survey.may_change else [],
            "audience": survey.audience,
            "audience_words": AUDIENCES[Audience(survey.audience)],
            "is_secret": survey.is_secret,
            "by_channel": await channel_counts(survey),
            "has_results": has_results(schedule, ctx.now),
            "results_note": results_note(request, schedule),
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


async def results(request: Request) -> Page:
    """Show the totals of every question, once the survey has closed."""
    ctx = context(request)
    survey, schedule = await _found(request, Action.READ)
    counts = await response_counts(survey)
    version = _version(request, survey)
    url = f"{survey_url(survey)}/resultados"
    may_read = has_results(schedule, ctx.now)
    return render(
        request,
        "surveys/results.html",
        survey={
            "title": survey.title,
            "pill": activity_pill(schedule, ACTIVITY, ctx.now, ctx.zone),
            "response_count": counts.get(version, 0),
            "by_channel": await channel_counts(survey),
            "result": await survey_result(survey, version, ctx.locale) if may_read else None,
            "note": results_note(request, schedule),
            "csv_url": f"{url}.csv?version={version}",
            "versions": [
                (f"{url}?version={each}", each, counts[each], each == version)
                for each in sorted(counts)
            ] if len(counts) > 1 else [],
        },
        crumbs=[*crumbs(survey.process), (survey_url(survey), survey.title)],
    )  # fmt: skip


def _version(request: Request, survey: Survey) -> int:
    asked = request.query_params.get("version", "")
    known = {str(version): version for version in range(1, survey.version + 1)}
    return known.get(asked, survey.version)


async def results_csv(request: Request) -> Page:
    """Send the totals as CSV, with the same counts hidden as on the page."""
    ctx = context(request)
    survey, schedule = await _found(request, Action.EXPORT)
    if not has_results(schedule, ctx.now):
        raise ResultsSealed
    await ctx.limit(EXPORT)
    result = await survey_result(survey, _version(request, survey), ctx.locale)
    headers = {
        "Content-Disposition": f'attachment; filename="encuesta-{survey.id}.csv"',
        "Cache-Control": "no-cache",
    }
    rows = write_rows(CSV_HEADER, csv_rows(result), bom=True)
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


_SURVEY = "/encuestas/{id:int}"
ROUTES = [
    page(_SURVEY, start, action=Action.READ),
    page(f"{_SURVEY}/recibo", receipt, action=Action.SEE_OWN),
    page(f"{_SURVEY}/recibido/{{number}}", received, action=Action.READ),
    page(f"{_SURVEY}/resultados", results, action=Action.READ),
    page(f"{_SURVEY}/resultados.csv", results_csv, action=Action.EXPORT),
]
