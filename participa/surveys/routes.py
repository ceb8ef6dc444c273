"""The pages of surveys: before answering, answering, after it, and the results."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response as Page
from starlette.responses import StreamingResponse

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form, forget_draft, keep_draft
from participa.deliberation.pages import crumbs
from participa.i18n import Day, Moment, Text, _
from participa.kit.csvs import write_rows
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import EXPORT, POST
from participa.surveys.forms import read_answers, survey_fields
from participa.surveys.models import Participation, Question, Survey
from participa.surveys.queries import (
    CSV_HEADER,
    csv_rows,
    has_results,
    questions_of,
    response_counts,
    sealed_until,
    survey_of,
    survey_result,
    survey_target,
    survey_url,
)
from participa.surveys.questionnaire import Kind
from participa.surveys.rules import ACTIVITY, minutes_to_answer
from participa.surveys.service import AlreadyAnswered, answer_survey, participation_of
from participa.surveys.views import question_view
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import Conflict
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
            "has_results": has_results(schedule, ctx.now),
            "results_note": _results_note(request, schedule),
        },
        crumbs=crumbs(survey.process),
    )


def _results_note(request: Request, schedule: Schedule) -> Text | str:
    ctx = context(request)
    if sealed := sealed_until(schedule, ctx.now):
        return _(
            "Los resultados se publican el {when}, cuando cierre la encuesta. Antes este sitio no "
            "se los muestra a nadie, tampoco a la entidad.",
            when=Moment(sealed, ctx.zone),
        )
    if schedule.final_closing(ACTIVITY) is None:
        return _("Esta encuesta todavía no tiene fechas.")
    return ""


async def questionnaire(request: Request) -> Page:
    """Show the questions; who has answered is told so, and a closed survey its start page."""
    survey, schedule = await _found(request, Action.READ)
    questions = await questions_of(survey)
    form = await draft_form(request, survey_fields(questions))
    return await _show_questions(request, survey, schedule, questions, form)


async def _show_questions(
    request: Request,
    survey: Survey,
    schedule: Schedule,
    questions: Sequence[Question],
    form: Form,
) -> Page:
    ctx = context(request)
    mine = await participation_of(actor_of(request), survey.id)
    if mine is not None:
        return _slip(request, survey, schedule, mine, _("Usted ya respondió esta encuesta"))
    if not schedule.is_open(ACTIVITY, ctx.now):
        return see(survey_url(survey))
    has_place = any(question.asked.kind is Kind.PLACE for question in questions)
    areas = await areas_of(survey.entity_id) if has_place else []
    return render(
        request,
        "surveys/answer.html",
        status=422 if form.has_errors else 200,
        survey={
            "title": survey.title,
            "url": f"{survey_url(survey)}/responder",
            "questions": [question_view(each, areas, ctx.locale) for each in questions],
        },
        form=form,
        crumbs=[*crumbs(survey.process), (survey_url(survey), survey.title)],
    )


async def answer(request: Request) -> Page:
    """Store the answers; who has not signed in is asked to, and loses nothing."""
    ctx = context(request)
    actor = actor_of(request)
    survey, schedule = await _found(request, Action.READ)
    schedule.require_open(ACTIVITY, ctx.now)
    questions = await questions_of(survey)
    answers, form = read_answers(form_data(request), questions)
    if answers is None:
        needs_less(request, Action.CONTRIBUTE)
        return await _show_questions(request, survey, schedule, questions, form)
    if actor.is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
        return await keep_draft(request, f"{survey_url(survey)}/responder", form.values)
    require(request, Action.CONTRIBUTE, survey_target(survey))
    try:
        await answer_survey(actor, survey.id, answers, ctx.now, request_key=form.request_key)
    except AlreadyAnswered as refusal:
        title = refusal.title
        return _slip(request, survey, schedule, refusal.mine, title, status=409)
    await forget_draft(ctx.entity.id, form.request_key)
    return see(f"{survey_url(survey)}/recibo")


async def receipt(request: Request) -> Page:
    """Show the receipt of the reader's own answers."""
    survey, schedule = await _found(request, Action.SEE_OWN)
    mine = await participation_of(actor_of(request), survey.id)
    if mine is None:
        return see(survey_url(survey))
    return _slip(request, survey, schedule, mine, _("Recibimos sus respuestas"))


def _slip(
    request: Request,
    survey: Survey,
    schedule: Schedule,
    mine: Participation,
    title: Text,
    *,
    status: int = 200,
) -> Page:
    ctx = context(request)
    url = survey_url(survey)
    note = _results_note(request, schedule)
    results = [] if note else [(f"{url}/resultados", _("Ver los resultados"))]
    return render(
        request,
        "web/message.html",
        status=status,
        message={
            "title": title,
            "text": _("Cada persona responde una sola vez. Cuentan las respuestas que envió el "
                      "{day}.", day=Day(mine.created_at, ctx.zone)),
            "receipt": mine.receipt_number,
            "facts": [
                (_("Encuesta"), survey.title),
                (_("Enviada"), Moment(mine.created_at, ctx.zone)),
            ],
            "next_steps": [note] if note else [],
            "main": (f"/procesos/{survey.process.slug}", _("Volver al proceso")),
            "links": [*results, (url, _("Sobre esta encuesta"))],
        },
    )  # fmt: skip


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
            "result": await survey_result(survey, version, ctx.locale) if may_read else None,
            "note": _results_note(request, schedule),
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
    page(f"{_SURVEY}/responder", questionnaire, action=Action.READ),
    page(f"{_SURVEY}/responder", answer, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_SURVEY}/recibo", receipt, action=Action.SEE_OWN),
    page(f"{_SURVEY}/resultados", results, action=Action.READ),
    page(f"{_SURVEY}/resultados.csv", results_csv, action=Action.EXPORT),
]
