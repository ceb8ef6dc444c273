"""Answering a survey: page by page under a private link, checked over, and sent once."""

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
from participa.surveys.answered import NOTHING_ANSWERED
from participa.surveys.forms import (
    check_answers,
    page_form,
    read_all,
    shown_questions,
    survey_fields,
)
from participa.surveys.models import Participation, Progress, Question, Survey
from participa.surveys.progress import begin_answering, forget_progress, keep_typed, progress_of
from participa.surveys.queries import questions_of, survey_of, survey_target, survey_url
from participa.surveys.questionnaire import Kind
from participa.surveys.quotas import QuotaFull, cell_key, is_full
from participa.surveys.receipts import already_answered
from participa.surveys.refilling import typed_before
from participa.surveys.rules import ACTIVITY, WEB, Audience
from participa.surveys.service import (
    AlreadyAnswered,
    answer_survey,
    participation_of,
    withdraw_answers,
)
from participa.surveys.storing import QuestionsChanged
from participa.surveys.views import answer_lines, question_view
from participa.surveys.who import Answerer, UnknownCode, answerer_of
from participa.territory.queries import Place, areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, NotFound, SignInNeeded
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
    survey, schedule = await _open_survey(request)
    needs_less(request, Action.CONTRIBUTE)
    require_bare(request)
    mine, typed = await participation_of(actor_of(request), survey.id), None
    if mine and not survey.may_change:
        return already_answered(request, survey, schedule, mine)
    if mine:
        typed = await typed_before(mine, await questions_of(survey))
    token = await begin_answering(survey, ctx.now.astimezone(ctx.zone).date(), typed=typed)
    return see(f"{survey_url(survey)}/r/{token}/1")


async def _open_survey(request: Request) -> tuple[Survey, Schedule]:
    ctx = context(request)
    survey = await survey_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, survey_target(survey))
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    schedule.require_open(ACTIVITY, ctx.now)
    return survey, schedule


async def _answering(request: Request) -> Answering:
    survey, schedule = await _open_survey(request)
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
    way = await _answering(request)
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
    areas = await _areas(asked)
    return render(
        request,
        "surveys/answer.html",
        status=422 if form.has_errors else 200,
        survey={
            "title": way.survey.title,
            "url": way.page_url(number),
            "questions": [question_view(each, areas, ctx.locale) for each in asked],
            "place": len(before) + 1,
            "page_count": len(way.pages),
            "previous_url": way.page_url(before[-1]) if before else "",
            "is_optional": not any(each.asked.required for each in asked if each.asked.is_asked),
        },
        form=form,
        crumbs=[*crumbs(way.survey.process), (survey_url(way.survey), way.survey.title)],
    )


async def _areas(asked: Sequence[Question]) -> list[Place]:
    has_place = any(question.asked.kind is Kind.PLACE for question in asked)
    return await areas_of(asked[0].entity_id) if has_place else []


async def save_page(request: Request) -> Response:
    """Keep what a page sent, whatever is wrong with it, and go on when nothing is."""
    ctx = context(request)
    way = await _answering(request)
    needs_less(request, Action.CONTRIBUTE)
    number = request.path_params["number"]
    offered = [question for question in way.questions if question.page + 1 == number]
    if not offered:
        raise NotFound
    form = page_form(form_data(request), offered)
    sent = {name: form.values[name] for name in survey_fields(way.on_page(number))}
    await keep_typed(way.progress, sent, ctx.now.astimezone(ctx.zone).date())
    shown = shown_questions(way.progress.typed, way.questions)
    after = Answering(way.survey, way.schedule, way.progress, way.url, way.questions, shown)
    if way.survey.quota_items and await is_full(way.survey, _cell(after)):
        raise QuotaFull
    if form.values["do"] == "later":
        return see(with_query(way.page_url(number), aviso="guardadas"))
    if new := [each for each in after.on_page(number) if each not in way.on_page(number)]:
        return see(f"{way.page_url(number)}#p{new[0].id}")
    check_answers(form, after.on_page(number))
    if form.has_errors:
        return await _show_page(request, after, after.on_page(number), form)
    following = next((page for page in after.pages if page > number), None)
    return see(after.page_url(following))


def _cell(way: Answering) -> str:
    """Name the group of the quota that what was typed so far belongs to."""
    items = [question.asked for question in way.shown]
    return cell_key(way.survey.quota_items, items, read_all(way.progress.typed, way.questions))


async def review(request: Request) -> Response:
    """Show all answers before they are sent, each with the way back to it."""
    return await _show_review(request, await _answering(request), Form(fields=("code",)))


async def _show_review(request: Request, way: Answering, form: Form) -> Response:
    ctx = context(request)
    areas = {place.id: place.name for place in await _areas(way.shown or way.questions)}
    return render(
        request,
        "surveys/review.html",
        status=422 if form.has_errors else 200,
        survey={
            "title": way.survey.title,
            "send_url": way.page_url(None),
            "asks_code": way.survey.audience == Audience.ROLL and way.progress.channel == WEB,
            "asks_account": way.survey.audience in {Audience.REGISTERED, Audience.VERIFIED},
            "may_change": way.survey.may_change,
            "is_secret": way.survey.is_secret,
            "link": way.url,
            "answers": [
                {
                    "number": each.position + 1,
                    "name": f"p{each.id}",
                    "change_url": f"{way.page_url(each.page + 1)}#f-p{each.id}",
                    **answer_lines(each, way.progress.typed, areas, ctx.locale),
                }
                for each in way.shown
                if each.asked.is_asked
            ],
        },
        form=form,
        crumbs=[*crumbs(way.survey.process), (survey_url(way.survey), way.survey.title)],
    )


async def send(request: Request) -> Response:
    """Store the answers; who has to sign in first is asked to, and loses nothing."""
    ctx, actor = context(request), actor_of(request)
    way = await _answering(request)
    survey, said = way.survey, Form(form_data(request), fields=("code",))
    if survey.audience in {Audience.OPEN, Audience.ROLL} or actor.is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
    else:
        require(request, Action.CONTRIBUTE, survey_target(survey))
    try:
        who = await _who(request, way, said.values["code"])
    except SignInNeeded:
        back = with_query(way.page_url(None), aviso="borrador")
        return see(with_query("/ingresar", next=back))
    except UnknownCode as refusal:
        said.fail("code", refusal.title)
        return await _show_review(request, way, said)
    fields = survey_fields(way.shown)
    typed = {name: way.progress.typed.get(name, "") for name in fields}
    form = Form({**typed, "code": said.values["code"]}, fields=(*fields, "code"))
    answers = check_answers(form, way.shown)
    if way.shown and all(answered.is_empty for answered in answers.values()):
        form.fail(f"p{way.shown[0].id}", NOTHING_ANSWERED)
    if form.has_errors:
        return await _show_review(request, way, form)
    key = way.progress.token_hash
    try:
        mine = await answer_survey(actor, survey.id, answers, ctx.now, request_key=key, who=who)
    except AlreadyAnswered as refusal:
        return already_answered(request, survey, way.schedule, refusal.mine, status=409)
    except BadInput as refusal:
        form.fail("send", refusal.title)
        return await _show_review(request, way, form)
    await forget_progress(way.progress)
    return see(_after(survey, who, mine))


async def _who(request: Request, way: Answering, code: str) -> Answerer:
    """Say whose answers are sent: the reader's, or somebody's whose official the reader is."""
    actor, progress = actor_of(request), way.progress
    if progress.channel == WEB:
        return await answerer_of(actor, way.survey, code)
    return Answerer(progress.participant, None, progress.channel, actor.person_id)


def _after(survey: Survey, who: Answerer, mine: Participation) -> str:
    """Say where to go on: an official to the next person, a guest to the slip of a number."""
    if who.channel != WEB:
        desk = f"/gestion/encuestas/{survey.id}/registrar"
        return with_query(desk, canal=who.channel, aviso="registradas")
    slip_of = "recibo" if who.person_id else f"recibido/{mine.receipt_number}"
    return f"{survey_url(survey)}/{slip_of}"


async def withdraw(request: Request) -> Response:
    """Take the reader's answers back, or those of a personal code, until the survey closes."""
    ctx, actor = context(request), actor_of(request)
    survey, _schedule = await _open_survey(request)
    form = Form(form_data(request), fields=("code",))
    if survey.audience == Audience.ROLL:
        needs_less(request, Action.CONTRIBUTE)
    else:
        require(request, Action.CONTRIBUTE, survey_target(survey))
    who = await answerer_of(actor, survey, form.values["code"])
    await withdraw_answers(actor, survey.id, ctx.now, who=who)
    return see(with_query(survey_url(survey), aviso="retiradas"))


_SURVEY = "/encuestas/{id:int}"
_WAY = f"{_SURVEY}/r/{{token}}"
ROUTES = [
    page(f"{_SURVEY}/responder", begin, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_SURVEY}/retirar", withdraw, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_WAY}/revisar", review, action=Action.READ),
    page(f"{_WAY}/revisar", send, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_WAY}/{{number:int}}", question_page, action=Action.READ),
    page(
        f"{_WAY}/{{number:int}}",
        save_page,
        action=Action.CONTRIBUTE,
        methods=("POST",),
        limit=CORRECTION,
    ),
]
