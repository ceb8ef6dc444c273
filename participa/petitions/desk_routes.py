"""The officials' pages of petitions: what is due, one case, answering, extending, closed days."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, entity_target, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.i18n import _
from participa.petitions import service
from participa.petitions.forms import (
    ANSWER_FIELDS,
    CLOSED_DAY_FIELDS,
    EXTENSION_FIELDS,
    read_answer,
    read_closed_day,
    read_extension,
)
from participa.petitions.queries import (
    answered_cases,
    case_of_id,
    case_view,
    closed_days,
    open_cases,
)
from participa.petitions.routes import PRIVATE
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.templating import render

DESK = "/gestion/peticiones"
CASE = f"{DESK}/{{petition_id:int}}"
CRUMBS = (("/gestion", _("Gestión")),)


async def desk(request: Request) -> Response:
    """List the petitions that await an answer, those due first on top."""
    return await _desk_page(request, Form(fields=CLOSED_DAY_FIELDS))


async def _desk_page(request: Request, form: Form) -> Response:
    ctx = context(request)
    answered = request.query_params.get("estado") == "respondidas"
    list_cases = answered_cases if answered else open_cases
    start = request.query_params.get("desde", "")
    today = ctx.now.astimezone(ctx.zone).date()
    return render(
        request,
        "petitions/desk.html",
        status=422 if form.has_errors else 200,
        form=form,
        desk={
            "cases": await list_cases(ctx.entity.id, ctx.now, ctx.zone, start),
            "orders": [
                (DESK, _("Por responder"), not answered),
                (f"{DESK}?estado=respondidas", _("Respondidas"), answered),
            ],
            "closed_days": await closed_days(ctx.entity.id, today),
            "may_close": can(actor_of(request), Action.ADMINISTER, entity_target(request)),
        },
        crumbs=CRUMBS,
    )


async def case(request: Request) -> Response:
    """Show a petition with its text, and the forms to answer it and to extend its term."""
    return await _case_page(request, Form(fields=(*ANSWER_FIELDS, *EXTENSION_FIELDS)))


async def _case_page(request: Request, form: Form, name: str = "") -> Response:
    ctx = context(request)
    found = await case_of_id(ctx.entity.id, request.path_params["petition_id"])
    return render(
        request,
        "petitions/desk_case.html",
        status=422 if form.has_errors else 200,
        headers=PRIVATE,
        case=await case_view(found, ctx.now, ctx.zone),
        form=form,
        revealed_name=name,
        case_url=_url(request),
        crumbs=(*CRUMBS, (DESK, _("Peticiones"))),
    )


def _url(request: Request) -> str:
    return f"{DESK}/{request.path_params['petition_id']}"


async def answer(request: Request) -> Response:
    """Answer a petition in the name of the official's office."""
    ctx, actor = context(request), actor_of(request)
    text, form = read_answer(form_data(request))
    if form.has_errors:
        return await _case_page(request, form)
    office = actor.office or ctx.entity.name
    await service.answer_petition(
        actor, request.path_params["petition_id"], text, office=office, now=ctx.now
    )
    return see(f"{_url(request)}?aviso=guardado")


async def extend(request: Request) -> Response:
    """Extend the term of a petition, once."""
    ctx, actor = context(request), actor_of(request)
    found = await case_of_id(ctx.entity.id, request.path_params["petition_id"])
    shown = await case_view(found, ctx.now, ctx.zone)
    days, reason, form = read_extension(form_data(request), shown.most_extension)
    if form.has_errors:
        return await _case_page(request, form)
    await service.extend_petition(
        actor, found.id, days=days, reason=reason, zone=ctx.zone, now=ctx.now
    )
    return see(f"{_url(request)}?aviso=guardado")


async def reveal(request: Request) -> Response:
    """Show a reserved name once, and record who asked for it."""
    ctx = context(request)
    Form(form_data(request))
    name = await service.reveal_identity(
        actor_of(request), request.path_params["petition_id"], now=ctx.now
    )
    return await _case_page(request, Form(fields=(*ANSWER_FIELDS, *EXTENSION_FIELDS)), name)


async def close_day(request: Request) -> Response:
    """Declare a day without service."""
    ctx = context(request)
    today = ctx.now.astimezone(ctx.zone).date()
    on, name, form = read_closed_day(form_data(request), today)
    if form.has_errors:
        return await _desk_page(request, form)
    await service.close_day(actor_of(request), on, name, now=ctx.now)
    return see(f"{DESK}?aviso=guardado")


_HANDLE = Action.HANDLE_PETITIONS
DESK_ROUTES = [
    page(DESK, desk, action=_HANDLE, on_entity=True),
    page(f"{DESK}/dias", close_day, action=Action.ADMINISTER, methods=("POST",), limit=POST,
         on_entity=True),
    page(CASE, case, action=_HANDLE, on_entity=True),
    page(f"{CASE}/respuesta", answer, action=_HANDLE, methods=("POST",), limit=POST,
         on_entity=True),
    page(f"{CASE}/prorroga", extend, action=_HANDLE, methods=("POST",), limit=POST,
         on_entity=True),
    page(f"{CASE}/identidad", reveal, action=_HANDLE, methods=("POST",), limit=POST,
         on_entity=True),
]  # fmt: skip
