"""Pages where officials begin a survey: empty, from a text or file, a template or another one."""

import asyncio
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, entity_target, page, require, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.processes.queries import Schedule, schedule_by_slug
from participa.security.limits import CORRECTION, POST
from participa.surveys.builder_pages import builder_crumbs, builder_url, managed, surveys_url
from participa.surveys.building import survey_row
from participa.surveys.drafts import (
    MAX_INTRODUCTION,
    MAX_TITLE,
    NEW,
    begin_survey,
    draft_of,
)
from participa.surveys.editing import adding
from participa.surveys.limesurvey import read_lss
from participa.surveys.lss_tables import MAX_BYTES, LssRefused
from participa.surveys.models import Survey
from participa.surveys.pasting import read_pasted
from participa.surveys.queries import surveys_of
from participa.surveys.questionnaire import Questionnaire
from participa.surveys.starters import (
    STARTERS,
    keep_template,
    remove_template,
    starter,
    template_of,
    templates_of,
)
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import Conflict
from participa.web.templating import render

NEW_FIELDS = ("title", "introduction", "start", "pasted", "file")
MAX_PASTED = 60_000
_FORM_BYTES = MAX_BYTES + 256 * 1024


@dataclass(frozen=True, slots=True)
class Start:
    """What a survey begins with, and what of a foreign file could not be brought."""

    asked: Questionnaire
    title: str = ""
    introduction: str = ""
    notes: tuple[Text, ...] = ()


async def surveys(request: Request) -> Response:
    """Show an official the surveys of a process, and the form for a new one."""
    return await _show(request, await _schedule(request), Form(fields=NEW_FIELDS))


async def _schedule(request: Request) -> Schedule:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.MANAGE_PROCESS, schedule.target)
    return schedule


async def _show(request: Request, schedule: Schedule, form: Form, status: int = 200) -> Response:
    process = schedule.process
    kept = await templates_of(process.entity_id)
    return render(
        request,
        "surveys/desk.html",
        status=status,
        desk={
            "url": surveys_url(process.slug),
            "process_title": process.title,
            "surveys": [
                survey_row(survey, count, builder_url(survey))
                for survey, count in await surveys_of(process.entity_id, process.id)
            ],
            "starts": [
                ("", _("Nada: la escribo yo")),
                *STARTERS.items(),
                *((str(each.id), each.title) for each in kept),
            ],
            "templates": [(each.title, f"/gestion/plantillas/{each.id}/quitar") for each in kept],
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def begin(request: Request) -> Response:
    """Begin a survey; what a foreign file has that could not be brought is told at once."""
    ctx, schedule = context(request), await _schedule(request)
    form = Form(form_data(request), fields=NEW_FIELDS)
    start = await _start(form, schedule.process.entity_id)
    if start is not None:
        form.values["title"] = form.values["title"].strip() or start.title
        form.values["introduction"] = form.values["introduction"].strip() or start.introduction
    title = form.text("title", required=_("Escriba el título."), longest=MAX_TITLE)
    introduction = form.text("introduction", longest=MAX_INTRODUCTION)
    if form.has_errors or start is None:
        return await _show(request, schedule, form, 422)
    try:
        survey = await begin_survey(
            actor_of(request), schedule.process.id, title, introduction, start.asked, ctx.now
        )
    except Conflict as taken:
        form.fail("title", taken.title)
        return await _show(request, schedule, form, 409)
    return await _told(request, survey, start) if start.notes else see(builder_url(survey))


async def _told(request: Request, survey: Survey, start: Start) -> Response:
    await survey.fetch_related("process")
    return render(
        request,
        "surveys/imported.html",
        survey={
            "title": survey.title,
            "url": builder_url(survey),
            "question_count": sum(item.is_asked for item in start.asked.items),
            "notes": start.notes,
        },
        crumbs=builder_crumbs(survey, inside=True),
    )


async def _start(form: Form, entity_id: int) -> Start | None:
    """Read what to begin with: a file before a text, a text before a template."""
    upload = form.files.get("file")
    if upload is not None and upload.filename:
        return await _from_file(form, await upload.read(MAX_BYTES + 1))
    text = form.text("pasted", longest=MAX_PASTED)
    if text.startswith("{"):
        return _from_json(form, "pasted", text)
    if text:
        return Start(adding(read_pasted(text))(NEW))
    chosen = form.values["start"]
    if chosen in STARTERS:
        return Start(starter(chosen))
    if not chosen:
        return Start(NEW)
    number = form.number("start")
    if number is None:
        return None
    kept = await template_of(entity_id, number)
    return Start(Questionnaire.model_validate(kept.questionnaire))


async def _from_file(form: Form, data: bytes) -> Start | None:
    if data.lstrip()[:1] == b"{":
        return _from_json(form, "file", data.decode("utf-8", "replace"))
    try:
        read = await asyncio.to_thread(read_lss, data)
    except LssRefused as refused:
        form.fail("file", refused.title)
        return None
    return Start(read.questionnaire, read.title, read.introduction, read.notes)


def _from_json(form: Form, field: str, text: str) -> Start | None:
    try:
        return Start(Questionnaire.model_validate_json(text))
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        form.fail(field, _("Ese archivo no es de una encuesta de Participa: mire «{where}».",
                           where=where or "{"))  # fmt: skip
        return None


async def copy(request: Request) -> Response:
    """Begin a survey with the questions of another, in the same process."""
    survey, actor = await managed(request), actor_of(request)
    require_bare(request)
    taken = {each.title for each, _count in await surveys_of(survey.entity_id, survey.process_id)}
    base = survey.title[: MAX_TITLE - 12]
    names = (str(_("{title} (copia {n})", title=base, n=n)) for n in range(1, len(taken) + 2))
    title = next(name for name in names if name not in taken)
    made = await begin_survey(
        actor, survey.process_id, title, survey.introduction, await draft_of(survey),
        context(request).now,
    )  # fmt: skip
    return see(builder_url(made))


async def keep(request: Request) -> Response:
    """Keep the questions of a survey to begin others with."""
    survey = await managed(request)
    require_bare(request)
    await keep_template(actor_of(request), survey, await draft_of(survey), context(request).now)
    return see(with_query(builder_url(survey), aviso="plantilla"))


async def remove(request: Request) -> Response:
    """Keep a template no longer."""
    require(request, Action.MANAGE_PROCESS, entity_target(request))
    require_bare(request)
    await remove_template(
        actor_of(request), request.path_params["template_id"], context(request).now
    )
    return see("/gestion?aviso=guardado")


_DESK = "/gestion/procesos/{slug}/encuestas"
_SURVEY = "/gestion/encuestas/{id:int}"
MANAGE: dict[str, Any] = {"action": Action.MANAGE_PROCESS}
POSTED: dict[str, Any] = {**MANAGE, "methods": ("POST",)}
ROUTES = [
    page(_DESK, surveys, **MANAGE),
    page(_DESK, begin, limit=POST, body_bytes=_FORM_BYTES, **POSTED),
    page(f"{_SURVEY}/copiar", copy, limit=POST, **POSTED),
    page(f"{_SURVEY}/plantilla", keep, limit=CORRECTION, **POSTED),
    page("/gestion/plantillas/{template_id:int}/quitar", remove, limit=CORRECTION, **POSTED),
]
