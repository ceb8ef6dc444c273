"""The officials' page on which a commitment is made."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.commitments.forms import (
    MAKE_FIELDS,
    read_due,
    read_indicator,
    read_origin,
    read_receipts,
    read_title,
    read_who,
)
from participa.commitments.naming import (
    contributions_named,
    known_origin,
    session_among,
    who_options,
)
from participa.commitments.queries import desk_url
from participa.commitments.routes import today
from participa.commitments.rules import Promise
from participa.commitments.service import make_commitment
from participa.deliberation.pages import crumbs, features_of
from participa.i18n import _
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput
from participa.web.templating import render


def making_url(slug: str) -> str:
    """Give the address where a commitment is made in a process."""
    return f"/gestion/procesos/{slug}/compromisos"


async def _managed_process(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.MANAGE_PROCESS, schedule.target)
    return schedule.process


async def making(request: Request) -> Response:
    """Show the form of a new commitment, its receipts and origin as the address names them."""
    process = await _managed_process(request)
    query = request.query_params
    given = {"receipts": query.get("aporte", ""), "origin": query.get("origen", "")}
    return await _show_making(request, process, Form(given, fields=MAKE_FIELDS))


async def _show_making(
    request: Request, process: Process, form: Form, status: int = 200
) -> Response:
    origin = await known_origin(request, process.entity_id, read_origin(form))
    link = await features_of(request).link(process.entity_id, *origin) if origin else None
    return render(
        request,
        "commitments/new.html",
        status=422 if form.has_errors and status == 200 else status,
        making={
            "url": making_url(process.slug),
            "process_title": process.title,
            "origin": link,
            **await who_options(process.entity_id, process.id),
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def make(request: Request) -> Response:
    """Make a commitment; what needs mending keeps all that was typed."""
    process, ctx = await _managed_process(request), context(request)
    form = Form(form_data(request), fields=MAKE_FIELDS)
    promise = await _read_promise(request, process, form)
    if promise is None:
        return await _show_making(request, process, form)
    try:
        made = await make_commitment(
            actor_of(request), process.id, promise, now=ctx.now, request_key=form.request_key
        )
    except BadInput as refusal:
        form.fail("title", refusal.title)
        return await _show_making(request, process, form)
    return see(with_query(desk_url(made.id), aviso="comprometido"))


async def _read_promise(request: Request, process: Process, form: Form) -> Promise | None:
    title, indicator, who = read_title(form), read_indicator(form), read_who(form)
    calendar = await features_of(request).calendar(process.entity_id)
    due = read_due(form, today(request), calendar)
    receipts = read_receipts(form)
    named = await contributions_named(process.entity_id, process.id, receipts, form)
    origin = await known_origin(request, process.entity_id, read_origin(form))
    if form.has_errors or due is None or who is None:
        return None
    return Promise(
        title=title,
        office_id=who[0],
        owner_id=who[1],
        due_on=due.on,
        indicator=indicator,
        term_days=due.term_days,
        origin=origin,
        session_id=session_among(origin, named),
        sources=tuple(each.id for each in named),
    )


_MAKE = "/gestion/procesos/{slug}/compromisos"
MAKING_ROUTES = [
    page(_MAKE, making, action=Action.MANAGE_PROCESS),
    page(_MAKE, make, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
]
