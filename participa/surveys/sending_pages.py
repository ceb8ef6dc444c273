"""The end of answering: all answers checked over, sent once, or withdrawn."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.security.limits import POST
from participa.surveys.answer_pages import Answering, answering, areas_asked, go_on, open_survey
from participa.surveys.answered import NOTHING_ANSWERED
from participa.surveys.forms import check_answers, survey_fields
from participa.surveys.models import Participation, Survey
from participa.surveys.progress import forget_progress
from participa.surveys.queries import survey_target, survey_url
from participa.surveys.receipts import already_answered
from participa.surveys.rules import WEB, Audience
from participa.surveys.service import AlreadyAnswered, answer_survey, withdraw_answers
from participa.surveys.views import answer_lines
from participa.surveys.who import Answerer, UnknownCode, answerer_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, SignInNeeded
from participa.web.templating import render


async def review(request: Request) -> Response:
    """Show all answers before they are sent, each with the way back to it."""
    return await _show_review(request, await answering(request), Form(fields=("code",)))


async def _show_review(request: Request, way: Answering, form: Form) -> Response:
    ctx = context(request)
    areas = {place.id: place.name for place in await areas_asked(way.shown or way.questions)}
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
    way = await answering(request)
    survey, said = way.survey, Form(form_data(request), fields=("code",))
    if survey.audience in {Audience.OPEN, Audience.ROLL} or actor.is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
    else:
        require(request, Action.CONTRIBUTE, survey_target(survey))
    try:
        who = await _who(request, way, said.values["code"])
    except SignInNeeded:
        back = with_query(way.page_url(None), aviso="borrador")
        return go_on(request, with_query("/ingresar", next=back))
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
    return go_on(request, _after(survey, who, mine))


async def _who(request: Request, way: Answering, code: str) -> Answerer:
    """Say whose answers are sent: the reader's, or somebody's whose official the reader is."""
    actor, progress = actor_of(request), way.progress
    if progress.channel == WEB:
        return await answerer_of(actor, way.survey, code, request_key=progress.token_hash)
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
    survey, _schedule = await open_survey(request)
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
    page(f"{_SURVEY}/retirar", withdraw, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_WAY}/revisar", review, action=Action.READ),
    page(f"{_WAY}/revisar", send, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
]
