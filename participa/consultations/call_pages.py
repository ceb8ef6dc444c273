"""The pages on which those who run a process prepare, publish, change and close its calls."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.calls import (
    MAX_QUESTION,
    MAX_TITLE,
    CallAct,
    change_call,
    move_call,
    next_act,
    prepare_call,
)
from participa.consultations.desk_pages import categories_url
from participa.consultations.models import Consultation
from participa.consultations.queries import call_of, call_pill, call_target, proposals_url
from participa.deliberation.forms import Data
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.processes.queries import Schedule, schedule_by_slug, schedule_of
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, Conflict
from participa.web.templating import render

FIELDS = ("title", "question", "categories")
_WORDS = {
    CallAct.PUBLISH: _("Publicar la convocatoria"),
    CallAct.CLOSE: _("Cerrar la convocatoria"),
    CallAct.REOPEN: _("Reabrir la convocatoria"),
}
_ADVICE = {
    CallAct.PUBLISH: _(
        "Solo la ve quien administra el proceso. Publicada, ya no se puede ocultar."
    ),
    CallAct.CLOSE: _(
        "Cerrada no recibe propuestas nuevas; las que hay se siguen leyendo y apoyando."
    ),
    CallAct.REOPEN: _("Vuelve a recibir propuestas mientras la fase del proceso lo permita."),
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A call as it shall be."""

    title: str
    question: str
    categories: tuple[str, ...]


def calls_url(slug: str) -> str:
    """Give the page of a process's calls for those who run it."""
    return f"/gestion/procesos/{slug}/convocatorias"


def call_url(consultation_id: int) -> str:
    """Give the page on which a call is changed, published and closed."""
    return f"/gestion/consultas/{consultation_id}"


def _read(data: Data) -> tuple[_Wanted | None, Form]:
    form = Form(data, fields=FIELDS)
    missing = _("Escriba el título de la convocatoria.")
    title = " ".join(form.text("title", required=missing, longest=MAX_TITLE).split())
    question = form.text("question", longest=MAX_QUESTION)
    lines = form.text("categories").splitlines()
    categories = tuple(" ".join(line.split()) for line in lines if line.strip())
    return None if form.has_errors else _Wanted(title, question, categories), form


async def calls(request: Request) -> Response:
    """Show the calls of a process and the form for a new one."""
    return await _show_calls(request, await _managed(request), Form(fields=FIELDS))


async def _managed(request: Request) -> Schedule:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.MANAGE_PROCESS, schedule.target)
    return schedule


async def _show_calls(
    request: Request, schedule: Schedule, form: Form, status: int = 200
) -> Response:
    ctx, process = context(request), schedule.process
    rows = Consultation.of(process.entity_id).filter(process_id=process.id, plan_id=None)
    found = await rows.order_by("-id")
    return render(
        request,
        "consultations/calls.html",
        status=status,
        calls={
            "process_title": process.title,
            "url": calls_url(process.slug),
            "items": [
                (call_url(each.id), each.title, call_pill(each, schedule, ctx.now, ctx.zone))
                for each in found
            ],
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def prepare(request: Request) -> Response:
    """Keep a new call, not yet published."""
    schedule = await _managed(request)
    wanted, form = _read(form_data(request))
    if wanted is None:
        return await _show_calls(request, schedule, form, 422)
    try:
        call = await prepare_call(
            actor_of(request), schedule.process.id, title=wanted.title, question=wanted.question,
            categories=wanted.categories, now=context(request).now,
        )  # fmt: skip
    except BadInput as refusal:
        form.fail("categories", refusal.title)
        return await _show_calls(request, schedule, form, 422)
    except Conflict as refusal:
        form.fail("title", refusal.title)
        return await _show_calls(request, schedule, form, 409)
    return see(with_query(call_url(call.id), aviso="guardado"))


async def call_page(request: Request) -> Response:
    """Show a call to who runs it: its words, where it stands, and what may be done."""
    call = await _managed_call(request)
    values = {"title": call.title, "question": call.question}
    return await _show_call(request, call, Form(values, fields=FIELDS))


async def _managed_call(request: Request) -> Consultation:
    call = await call_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.MANAGE_PROCESS, call_target(call))
    return call


async def _show_call(
    request: Request, call: Consultation, form: Form, status: int = 200
) -> Response:
    ctx, act = context(request), next_act(call)
    schedule = await schedule_of(call.entity_id, call.process_id)
    return render(
        request,
        "consultations/call.html",
        status=status,
        call={
            "title": call.title,
            "url": call_url(call.id),
            "proposals_url": proposals_url(call.id),
            "categories_url": categories_url(call.id),
            "pill": call_pill(call, schedule, ctx.now, ctx.zone),
            "act": (act, _WORDS[act], _ADVICE[act]),
        },
        form=form,
        crumbs=[
            ("/gestion", _("Gestión")),
            *crumbs(call.process),
            (calls_url(call.process.slug), _("Convocatorias")),
        ],
    )


async def change(request: Request) -> Response:
    """Change a call's words."""
    call = await _managed_call(request)
    wanted, form = _read(form_data(request))
    if wanted is None:
        return await _show_call(request, call, form, 422)
    try:
        await change_call(
            actor_of(request), call.id, title=wanted.title, question=wanted.question,
            now=context(request).now,
        )  # fmt: skip
    except Conflict as refusal:
        form.fail("title", refusal.title)
        return await _show_call(request, call, form, 409)
    return see(with_query(call_url(call.id), aviso="guardado"))


async def move(request: Request) -> Response:
    """Publish, close or reopen a call."""
    call = await _managed_call(request)
    act = Form(form_data(request), fields=("do",)).choice("do", tuple(CallAct))
    if act is None:
        raise BadInput
    await move_call(actor_of(request), call.id, CallAct(act), now=context(request).now)
    return see(with_query(call_url(call.id), aviso="guardado"))


_CALLS = "/gestion/procesos/{slug}/convocatorias"
_CALL = "/gestion/consultas/{id:int}"
CALL_ROUTES = [
    page(_CALLS, calls, action=Action.MANAGE_PROCESS),
    page(_CALLS, prepare, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
    page(_CALL, call_page, action=Action.MANAGE_PROCESS),
    page(_CALL, change, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
    page(f"{_CALL}/estado", move, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
]
