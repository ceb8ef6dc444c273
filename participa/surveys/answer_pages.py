"""Answering a survey page by page, under a private link; what is sent: see sending_pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.processes.queries import Schedule, schedule_of
from participa.security.limits import CORRECTION, POST
from participa.surveys.forms import (
    check_answers,
    page_form,
    read_all,
    shown_questions,
    survey_fields,
    waited,
)
from participa.surveys.models import Progress, Question, Survey
from participa.surveys.progress import begin_answering, keep_typed, progress_of
from participa.surveys.queries import questions_of, survey_of, survey_target, survey_url
from participa.surveys.questionnaire import Kind
from participa.surveys.quotas import QuotaFull, cell_key, is_full
from participa.surveys.receipts import already_answered
from participa.surveys.refilling import typed_before
from participa.surveys.rules import WEB
from participa.surveys.service import (
    participation_of,
)
from participa.surveys.storing import QuestionsChanged
from participa.surveys.views import question_view
from participa.territory.queries import Place, areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.scripts import json_answer, wants_json
from participa.web.templating import render


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody's way through a survey: what they typed, and the pages it leads to."""

    survey: Survey
    schedule: Schedule
    progress: Progress
    url: str
    questions: Sequence[Question]
    shown: Sequence[Question]

    @property
    def pages(self) -> list[int]:
        """Number the pages on which something is asked, from 1."""
        return sorted({question.page + 1 for question in self.shown})

    def on_page(self, number: int) -> list[Question]:
        """List what is asked on a page."""
        return [question for question in self.shown if question.page + 1 == number]

    def page_url(self, number: int | None) -> str:
        """Give the address of a page, or of the check of all answers."""
        return f"{self.url}/revisar" if number is None else f"{self.url}/{number}"


async def begin(request: Request) -> Response:
    """Begin to answer: whoever did before is shown that, and a closed survey its start page."""
    ctx = context(request)
    survey, schedule = await open_survey(request)
    needs_less(request, Action.CONTRIBUTE)
    require_bare(request)
    mine, typed = await participation_of(actor_of(request), survey.id), None
    if mine and not survey.may_change:
        return already_answered(request, survey, schedule, mine)
    if mine:
        typed = await typed_before(mine, await questions_of(survey))
    token = await begin_answering(survey, ctx.now.astimezone(ctx.zone).date(), typed=typed)
    return see(f"{survey_url(survey)}/r/{token}/1")


async def open_survey(request: Request) -> tuple[Survey, Schedule]:
    """Find the survey of an address, while it can be answered."""
    ctx = context(request)
    survey = await survey_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, survey_target(survey))
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    schedule.require_open(survey.activity, ctx.now)
    return survey, schedule


async def answering(request: Request) -> Answering:
    """Find somebody's way through a survey; that of an interview is for who may write it down."""
    survey, schedule = await open_survey(request)
    token = request.path_params["token"]
    progress = await progress_of(survey, token)
    if progress.channel != WEB:
        require(request, Action.MANAGE_PROCESS, survey_target(survey))
    if progress.version != survey.version:
        raise QuestionsChanged
    questions = await questions_of(survey)
    url = f"{survey_url(survey)}/r/{token}"
    shown = shown_questions(progress.typed, questions)
    return Answering(survey, schedule, progress, url, questions, shown)


async def question_page(request: Request) -> Response:
    """Show the questions of a page, as filled in so far."""
    way = await answering(request)
    asked = way.on_page(request.path_params["number"])
    if not asked:
        return see(way.page_url(way.pages[0] if way.pages else None))
    fields = survey_fields(asked)
    typed = {name: way.progress.typed.get(name, "") for name in fields}
    return await _show_page(request, way, asked, Form(typed, fields=fields))


async def _show_page(
    request: Request, way: Answering, asked: Sequence[Question], form: Form
) -> Response:
    ctx = context(request)
    number = asked[0].page + 1
    before = [page for page in way.pages if page < number]
    areas = await areas_asked(asked)
    return render(
        request,
        "surveys/answer.html",
        status=422 if form.has_errors else 200,
        survey={
            "title": way.survey.title,
            "url": way.page_url(number),
            "questions": [
                question_view(each, areas, ctx.locale, seed=way.progress.token_hash)
                for each in asked
            ],
            "place": len(before) + 1,
            "page_count": len(way.pages),
            "previous_url": way.page_url(before[-1]) if before else "",
            "is_optional": not any(each.asked.required for each in asked if each.asked.is_asked),
        },
        form=form,
        crumbs=[*crumbs(way.survey.process), (survey_url(way.survey), way.survey.title)],
    )


async def areas_asked(asked: Sequence[Question]) -> list[Place]:
    """List the places to choose from, where some question asks for one."""
    has_place = any(question.asked.kind is Kind.PLACE for question in asked)
    return await areas_of(asked[0].entity_id) if has_place else []


def go_on(request: Request, url: str) -> Response:
    """Lead to the next page; the script that waits for a connection is told its address."""
    return json_answer(request, {"to": url}) if wants_json(request) else see(url)


async def save_page(request: Request) -> Response:
    """Keep what a page sent, whatever is wrong with it, and go on when nothing is."""
    ctx = context(request)
    way = await answering(request)
    needs_less(request, Action.CONTRIBUTE)
    number = request.path_params["number"]
    offered = [question for question in way.questions if question.page + 1 == number]
    if not offered:
        raise NotFound
    form = page_form(form_data(request), offered)
    sent = {name: form.values[name] for name in survey_fields(way.on_page(number))}
    today = ctx.now.astimezone(ctx.zone).date()
    is_kept = await keep_typed(way.progress, sent, today, page=number, at=ctx.now - waited(form))
    shown = shown_questions(way.progress.typed, way.questions)
    after = Answering(way.survey, way.schedule, way.progress, way.url, way.questions, shown)
    if way.survey.quota_items and await is_full(way.survey, _cell(after)):
        raise QuotaFull
    if not is_kept:
        return go_on(request, with_query(after.page_url(number), aviso="masnuevas"))
    if form.values["do"] == "later":
        return go_on(request, with_query(way.page_url(number), aviso="guardadas"))
    if new := [each for each in after.on_page(number) if each not in way.on_page(number)]:
        return go_on(request, f"{way.page_url(number)}#p{new[0].id}")
    check_answers(form, after.on_page(number))
    if form.has_errors:
        return await _show_page(request, after, after.on_page(number), form)
    following = next((page for page in after.pages if page > number), None)
    return go_on(request, after.page_url(following))


def _cell(way: Answering) -> str:
    """Name the group of the quota that what was typed so far belongs to."""
    items = [question.asked for question in way.shown]
    return cell_key(way.survey.quota_items, items, read_all(way.progress.typed, way.questions))


_SURVEY = "/encuestas/{id:int}"
_WAY = f"{_SURVEY}/r/{{token}}"
ROUTES = [
    page(f"{_SURVEY}/responder", begin, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_WAY}/{{number:int}}", question_page, action=Action.READ),
    page(
        f"{_WAY}/{{number:int}}",
        save_page,
        action=Action.CONTRIBUTE,
        methods=("POST",),
        limit=CORRECTION,
    ),
]
