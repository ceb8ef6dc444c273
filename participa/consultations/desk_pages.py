"""What officials do with a call: where its proposals stand, and what they may be about."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.categories import Arrangement, CategoriesMoved, arrange, in_use
from participa.consultations.courses import (
    CourseMoved,
    ReasonMissing,
    course_pill,
    current_step,
    set_course,
)
from participa.consultations.forms import (
    CATEGORY_FIELDS,
    COURSE_FIELDS,
    category_values,
    read_categories,
    read_course,
)
from participa.consultations.models import Consultation
from participa.consultations.queries import call_of, call_target, proposals_url
from participa.consultations.rules import (
    COURSES,
    MAX_CATEGORIES,
    PROPOSAL_KIND,
    Course,
    needs_reason,
    next_courses,
)
from participa.deliberation.models import Thread
from participa.deliberation.pages import crumbs
from participa.deliberation.queries import thread_of
from participa.i18n import _
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, NotFound
from participa.web.templating import render


def course_url(thread_id: int) -> str:
    """Give the page on which the entity says where a proposal stands."""
    return f"/gestion/propuestas/{thread_id}"


def categories_url(consultation_id: int) -> str:
    """Give the page on which a call's categories are kept."""
    return f"/gestion/consultas/{consultation_id}/categorias"


async def course(request: Request) -> Response:
    """Show an official where a proposal stands and where it may go."""
    thread, call = await _managed_proposal(request)
    return await _show_course(request, thread, call, Form(fields=COURSE_FIELDS))


async def _managed_proposal(request: Request) -> tuple[Thread, Consultation]:
    entity_id = context(request).entity.id
    thread = await thread_of(entity_id, request.path_params["id"])
    if thread.kind != PROPOSAL_KIND:
        raise NotFound
    call = await call_of(entity_id, thread.place_id)
    require(request, Action.MANAGE_PROCESS, call_target(call))
    return thread, call


async def _show_course(
    request: Request, thread: Thread, call: Consultation, form: Form, status: int = 200
) -> Response:
    last = await current_step(thread.entity_id, thread.id)
    now_at = Course(last.course) if last else Course.RECEIVED
    options = [
        (to, _("{course} (con motivo)", course=COURSES[to]) if needs_reason(now_at, to)
         else COURSES[to])
        for to in next_courses(now_at)
    ]  # fmt: skip
    return render(
        request,
        "consultations/course.html",
        status=status,
        course={
            "title": thread.title,
            "url": course_url(thread.id),
            "thread_url": f"/hilos/{thread.id}",
            "since": now_at,
            "pill": course_pill(now_at),
            "options": options,
        },
        form=form,
        crumbs=[*crumbs(call.process), (proposals_url(call.id), call.title)],
    )


async def move_course(request: Request) -> Response:
    """Say where a proposal stands from now on."""
    thread, call = await _managed_proposal(request)
    order, form = read_course(form_data(request))
    if order is None:
        return await _show_course(request, thread, call, form, 422)
    try:
        await set_course(
            actor_of(request), thread.id, order.to, since=order.since, reason=order.reason,
            now=context(request).now,
        )  # fmt: skip
    except ReasonMissing as refusal:
        form.fail("reason", refusal.title)
        return await _show_course(request, thread, call, form, 422)
    except CourseMoved as refusal:
        form.fail("to", refusal.title)
        return await _show_course(request, thread, call, form, 409)
    return see(f"/hilos/{thread.id}?aviso=guardado#estado")


async def categories(request: Request) -> Response:
    """Show an official what proposals may be about."""
    call = await _managed_call(request)
    return await _show_categories(
        request, call, Form(category_values(call), fields=CATEGORY_FIELDS)
    )


async def _managed_call(request: Request) -> Consultation:
    call = await call_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.MANAGE_PROCESS, call_target(call))
    return call


async def _show_categories(
    request: Request, call: Consultation, form: Form, status: int = 200
) -> Response:
    used = await in_use(call)
    values: dict[str, Any] = {
        "title": call.title,
        "url": categories_url(call.id),
        "rows": [at for at in range(MAX_CATEGORIES) if form.values[f"was_{at}"]],
        "counts": {at: used.get(form.values[f"was_{at}"], 0) for at in range(MAX_CATEGORIES)},
        "retired": [(name, n) for name, n in used.items() if name not in call.categories],
    }
    return render(
        request,
        "consultations/categories.html",
        status=status,
        categories=values,
        form=form,
        crumbs=[
            ("/gestion", _("Gestión")),
            *crumbs(call.process),
            (proposals_url(call.id), call.title),
        ],
    )


async def save_categories(request: Request) -> Response:
    """Add, rename, order and retire categories, all at once."""
    call = await _managed_call(request)
    known, wanted, form = read_categories(form_data(request))
    if form.has_errors:
        return await _show_categories(request, call, form, 422)
    try:
        await _arrange(request, call, known, wanted)
    except CategoriesMoved as refusal:
        fresh = Form(category_values(call), fields=CATEGORY_FIELDS)
        fresh.values["new"] = form.values["new"]
        fresh.fail("new", refusal.title)
        return await _show_categories(request, call, fresh, 409)
    except BadInput as refusal:
        form.fail("new", refusal.title)
        return await _show_categories(request, call, form, 422)
    return see(with_query(categories_url(call.id), aviso="guardado"))


async def _arrange(
    request: Request, call: Consultation, known: tuple[str, ...], wanted: Arrangement
) -> None:
    await arrange(actor_of(request), call.id, wanted, known=known, now=context(request).now)


_COURSE = "/gestion/propuestas/{id:int}"
_CATEGORIES = "/gestion/consultas/{id:int}/categorias"
DESK_ROUTES = [
    page(_COURSE, course, action=Action.MANAGE_PROCESS),
    page(_COURSE, move_course, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
    page(_CATEGORIES, categories, action=Action.MANAGE_PROCESS),
    page(_CATEGORIES, save_categories, action=Action.MANAGE_PROCESS, methods=("POST",),
         limit=POST),
]  # fmt: skip
