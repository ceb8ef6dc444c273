"""The pages where officials write a survey, look at it as citizens will, and publish it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import LOCALES, Text, _
from participa.security.limits import CORRECTION
from participa.surveys.building import BUILDER_FIELDS, CHANGES, builder_view
from participa.surveys.checks import problems_of
from participa.surveys.drafts import (
    MAX_INTRODUCTION,
    MAX_TITLE,
    draft_of,
    edit_survey,
    publish_survey,
    rename_survey,
)
from participa.surveys.editing import Change, adding, replacing
from participa.surveys.item_forms import (
    CHECKS,
    CONDITIONS,
    condition_options,
    item_fields,
    item_values,
    kind_options,
    read_item,
)
from participa.surveys.models import Question, Survey
from participa.surveys.queries import survey_of, survey_target, survey_url
from participa.surveys.questionnaire import Item, Kind, Questionnaire
from participa.surveys.views import question_view
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, NotFound
from participa.web.templating import render


def surveys_url(slug: str) -> str:
    """Give the desk page of a process's surveys."""
    return f"/gestion/procesos/{slug}/encuestas"


def builder_url(survey: Survey) -> str:
    """Give the page where a survey is written."""
    return f"/gestion/encuestas/{survey.id}"


async def managed(request: Request) -> Survey:
    """Find the survey of an address, for who may manage its process."""
    survey = await survey_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.MANAGE_PROCESS, survey_target(survey))
    return survey


def builder_crumbs(survey: Survey, *, inside: bool) -> list[tuple[str, str | Text]]:
    """Give the way back from a survey's desk page; `inside` from a page below it."""
    up: list[tuple[str, str | Text]] = [
        ("/gestion", _("Gestión")),
        *crumbs(survey.process),
        (surveys_url(survey.process.slug), _("Encuestas")),
    ]
    return [*up, (builder_url(survey), survey.title)] if inside else up


async def builder(request: Request) -> Response:
    """Show the questions as they are being written, with what can be done to each."""
    survey = await managed(request)
    values = {"title": survey.title, "introduction": survey.introduction}
    return await _show_builder(request, survey, Form(values, fields=BUILDER_FIELDS))


async def _show_builder(
    request: Request, survey: Survey, form: Form, status: int = 200
) -> Response:
    asked = await draft_of(survey)
    return render(
        request,
        "surveys/builder.html",
        status=status,
        survey={
            **builder_view(survey, asked, problems_of(asked), context(request).locale),
            "url": builder_url(survey),
            "public_url": survey_url(survey) if survey.version else "",
        },
        form=form,
        crumbs=builder_crumbs(survey, inside=False),
    )


async def change(request: Request) -> Response:
    """Take a step: move, copy or remove an item, begin a page, call the survey otherwise."""
    survey, actor = await managed(request), actor_of(request)
    form = Form(form_data(request), fields=BUILDER_FIELDS)
    revision = form.number("revision") or 0
    act, _colon, code = form.values["do"].partition(":")
    if act == "name":
        title = form.text("title", required=_("Escriba el título."), longest=MAX_TITLE)
        introduction = form.text("introduction", longest=MAX_INTRODUCTION)
        if form.has_errors:
            return await _show_builder(request, survey, form, 422)
        await rename_survey(actor, survey.id, revision, title, introduction)
        return see(builder_url(survey))
    if act == "publish":
        return await _publish(request, survey, form, revision)
    if act not in CHANGES or (act == "speak" and code not in LOCALES):
        raise BadInput
    await edit_survey(actor, survey.id, revision, [CHANGES[act](code)])
    return see(f"{builder_url(survey)}#q-{code}")


async def _publish(request: Request, survey: Survey, form: Form, revision: int) -> Response:
    try:
        await publish_survey(actor_of(request), survey.id, revision, context(request).now)
    except BadInput as refused:
        form.fail("do", refused.title)
        return await _show_builder(request, survey, form, 422)
    return see(with_query(builder_url(survey), aviso="encuesta-publicada"))


async def item(request: Request) -> Response:
    """Show the form of an item, or of a new one after another."""
    survey = await managed(request)
    asked = await draft_of(survey)
    old = _item_named(asked, request.query_params.get("codigo", ""))
    values = item_values(old, asked) if old else {"kind": Kind.SINGLE, "required": "1"}
    after = request.query_params.get("despues", "")
    form = Form(values | {"after": after}, fields=item_fields(asked.languages))
    return await _show_item(request, survey, asked, old, form)


def _item_named(asked: Questionnaire, code: str) -> Item | None:
    found = next((item for item in asked.items if item.code == code), None)
    if code and found is None:
        raise NotFound
    return found


async def _show_item(
    request: Request,
    survey: Survey,
    asked: Questionnaire,
    old: Item | None,
    form: Form,
    status: int = 200,
) -> Response:
    language = context(request).locale
    before = old.code if old else _following(asked, form.values["after"])
    return render(
        request,
        "surveys/item.html",
        status=status,
        item={
            "url": f"{builder_url(survey)}/pregunta" + (f"?codigo={old.code}" if old else ""),
            "back_url": builder_url(survey),
            "is_new": old is None,
            "revision": survey.revision,
            "kinds": kind_options(),
            "languages": asked.languages,
            "checks": [("", ""), *CHECKS.items()],
            "earlier": condition_options(asked, language, before),
            "conditions": range(CONDITIONS),
        },
        form=form,
        crumbs=builder_crumbs(survey, inside=True),
    )


def _following(asked: Questionnaire, code: str) -> str:
    codes = [item.code for item in asked.items]
    return codes[codes.index(code) + 1] if code in codes[:-1] else ""


async def save_item(request: Request) -> Response:
    """Keep an item as written; what keeps it from being asked is said in the builder."""
    survey = await managed(request)
    asked = await draft_of(survey)
    old = _item_named(asked, request.query_params.get("codigo", ""))
    new, form = read_item(form_data(request), asked, old)
    if new is None:
        return await _show_item(request, survey, asked, old, form, 422)
    put: Change = replacing(old.code, new) if old else adding([new], form.values["after"])
    survey = await edit_survey(actor_of(request), survey.id, form.number("revision") or 0, [put])
    items = [each.code for each in (await draft_of(survey)).items]
    here = old.code if old else items[_new_place(items, form.values["after"])]
    return see(f"{builder_url(survey)}#q-{here}")


def _new_place(codes: list[str], after: str) -> int:
    return codes.index(after) + 1 if after in codes else len(codes) - 1


async def preview(request: Request) -> Response:
    """Show the questions as a citizen will see them; nothing can be sent."""
    survey = await managed(request)
    asked, language = await draft_of(survey), context(request).locale
    areas = await areas_of(survey.entity_id)
    questions = [
        Question(id=n, position=n, item=item.model_dump(mode="json"))
        for n, item in enumerate(asked.items)
    ]
    return render(
        request,
        "surveys/preview.html",
        survey={
            "title": survey.title,
            "back_url": builder_url(survey),
            "questions": [question_view(each, areas, language) for each in questions],
        },
        form=Form(),
        crumbs=builder_crumbs(survey, inside=True),
    )


async def exported(request: Request) -> Response:
    """Send the questionnaire as JSON, to be used in another survey or municipality."""
    survey = await managed(request)
    name = f"encuesta-{survey.id}.json"
    return Response(
        (await draft_of(survey)).model_dump_json(indent=1, exclude_defaults=True),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


_SURVEY = "/gestion/encuestas/{id:int}"
MANAGE: dict[str, Any] = {"action": Action.MANAGE_PROCESS}
ROUTES = [
    page(_SURVEY, builder, **MANAGE),
    page(_SURVEY, change, methods=("POST",), limit=CORRECTION, **MANAGE),
    page(f"{_SURVEY}/pregunta", item, **MANAGE),
    page(f"{_SURVEY}/pregunta", save_item, methods=("POST",), limit=CORRECTION, **MANAGE),
    page(f"{_SURVEY}/vista", preview, **MANAGE),
    page(f"{_SURVEY}.json", exported, **MANAGE),
]
