"""Pages where officials write down what somebody answers by telephone, at the door, on paper."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.identity import document_hash, read_document
from participa.accounts.permissions import Action
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.security.limits import CORRECTION, SUPPORT
from participa.surveys.answered import NOTHING_ANSWERED
from participa.surveys.builder_pages import builder_crumbs, builder_url, managed
from participa.surveys.forms import check_answers, shown_questions, survey_fields
from participa.surveys.models import Participation, Question, Survey
from participa.surveys.progress import begin_answering
from participa.surveys.queries import channel_counts, questions_of, survey_url
from participa.surveys.quotas import QuotaFull
from participa.surveys.rules import CHANNELS, RECORDED, Audience
from participa.surveys.service import AlreadyAnswered, answer_survey
from participa.surveys.views import question_view
from participa.surveys.who import Answerer, participant_interviewed, require_recording
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import ALWAYS, Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput
from participa.web.templating import render

WHOSE_FIELDS = ("channel", "document", "number")
MOST_FIELDS = 180
"""What fits in one form; a longer survey is written down page by page."""
_TAKEN = _("Esa persona ya respondió.")


def recording_url(survey: Survey) -> str:
    """Give the page where an official begins to write somebody's answers down."""
    return f"{builder_url(survey)}/registrar"


async def recordable(request: Request) -> Survey:
    """Find the survey of an address, for who may write answers of others down in it."""
    survey = await managed(request)
    require_recording(actor_of(request), survey)
    schedule = await schedule_of(survey.entity_id, survey.process_id)
    schedule.require_open(survey.activity, context(request).now)
    return survey


async def recording(request: Request) -> Response:
    """Ask who answers and by which way, and show how many did."""
    survey = await recordable(request)
    form = Form({"channel": request.query_params.get("canal", "")}, fields=WHOSE_FIELDS)
    return await _show(request, survey, form)


async def _show(request: Request, survey: Survey, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "surveys/record.html",
        status=status,
        survey={
            "title": survey.title,
            "url": recording_url(survey),
            "typing_url": f"{builder_url(survey)}/digitar",
            "paper_url": f"{builder_url(survey)}/papel",
            "channels": [(channel, CHANNELS[channel]) for channel in RECORDED],
            "counts": await channel_counts(survey),
            "asks": _asks(survey),
        },
        form=form,
        crumbs=builder_crumbs(survey, inside=True),
    )


def _asks(survey: Survey) -> str:
    """Name the field that tells people apart: none where anybody may answer."""
    asks = {Audience.OPEN: "", Audience.ROLL: "number"}
    return asks.get(Audience(survey.audience), "document")


async def _whose(request: Request, survey: Survey, form: Form) -> str:
    """Name whose answers are written down; empty with a message in the form."""
    ctx, asks = context(request), _asks(survey)
    document = read_document(form.values["document"])
    if asks == "document" and not document:
        form.fail("document", _("Escriba el número del documento de quien responde."))
        return ""
    number = form.number("number")
    if asks == "number" and number is None:
        form.fail("number", _("Escriba el número que tiene en la lista."))
        return ""
    try:
        hashed = document_hash(ctx.settings.secret, survey.entity_id, document)
        return await participant_interviewed(survey, hashed, number, request_key=form.request_key)
    except BadInput as refused:
        form.fail("number", refused.title)
        return ""


async def begin_recording(request: Request) -> Response:
    """Begin to write somebody's answers down, page by page as they would."""
    ctx, survey = context(request), await recordable(request)
    form = Form(form_data(request), fields=WHOSE_FIELDS)
    channel = form.choice("channel", RECORDED, required=_("Elija cómo responde."))
    participant = await _whose(request, survey, form)
    rows = Participation.of(survey.entity_id).filter(survey_id=survey.id)
    taken = rows.filter(participant=participant)
    if participant and not survey.may_change and await taken.exists():
        form.fail(_asks(survey), _TAKEN)
    if channel is None or form.has_errors:
        return await _show(request, survey, form, 422)
    today = ctx.now.astimezone(ctx.zone).date()
    token = await begin_answering(survey, today, channel=channel, participant=participant)
    return see(f"{survey_url(survey)}/r/{token}/1")


async def typing(request: Request) -> Response:
    """Show all questions at once, to type paper forms in one after another."""
    survey = await recordable(request)
    channel = request.query_params.get("canal", "")
    channel = channel if channel in RECORDED else "paper"
    questions = await questions_of(survey)
    fields = (*WHOSE_FIELDS, *survey_fields(questions))
    form = Form({"channel": channel}, fields=fields)
    return await _show_typing(request, survey, questions, form)


async def _show_typing(
    request: Request, survey: Survey, questions: Sequence[Question], form: Form, status: int = 200
) -> Response:
    areas = await areas_of(survey.entity_id)
    language = context(request).locale
    return render(
        request,
        "surveys/typing.html",
        status=status,
        survey={
            "title": survey.title,
            "url": f"{builder_url(survey)}/digitar",
            "back_url": recording_url(survey),
            "questions": [question_view(each, areas, language) for each in questions],
            "fits": len(survey_fields(questions)) <= MOST_FIELDS,
            "channels": [(channel, CHANNELS[channel]) for channel in RECORDED],
            "counts": await channel_counts(survey),
            "asks": _asks(survey),
        },
        form=form,
        crumbs=[*builder_crumbs(survey, inside=True), (recording_url(survey), _("Registrar"))],
    )


async def typed_in(request: Request) -> Response:
    """Store a paper form; with something to be mended it comes back with everything typed."""
    ctx, actor, survey = context(request), actor_of(request), await recordable(request)
    questions = await questions_of(survey)
    form = Form(form_data(request), fields=(*WHOSE_FIELDS, *survey_fields(questions)))
    channel = form.choice("channel", RECORDED, required=_("Elija cómo responde."))
    participant = await _whose(request, survey, form)
    typed = {k: v for k, v in form.values.items() if k not in {*WHOSE_FIELDS, *ALWAYS}}
    shown = shown_questions(typed, questions)
    answers = check_answers(form, shown)
    if shown and all(answered.is_empty for answered in answers.values()):
        form.fail(f"p{shown[0].id}", NOTHING_ANSWERED)
    if channel is None or form.has_errors:
        return await _show_typing(request, survey, questions, form, 422)
    who = Answerer(participant, None, channel, actor.person_id)
    try:
        await answer_survey(
            actor, survey.id, answers, ctx.now, request_key=form.request_key, who=who
        )
    except (AlreadyAnswered, QuotaFull, BadInput) as refused:
        title = _TAKEN if isinstance(refused, AlreadyAnswered) else refused.title
        form.fail(_asks(survey) or "channel", title)
        return await _show_typing(request, survey, questions, form, refused.status)
    return see(with_query(f"{builder_url(survey)}/digitar", canal=channel, aviso="registradas"))


_SURVEY = "/gestion/encuestas/{id:int}"
MANAGE: dict[str, Any] = {"action": Action.MANAGE_PROCESS}
POSTED: dict[str, Any] = {**MANAGE, "methods": ("POST",)}
ROUTES = [
    page(f"{_SURVEY}/registrar", recording, **MANAGE),
    page(f"{_SURVEY}/registrar", begin_recording, limit=SUPPORT, **POSTED),
    page(f"{_SURVEY}/digitar", typing, **MANAGE),
    page(f"{_SURVEY}/digitar", typed_in, limit=CORRECTION, **POSTED),
]
