"""Pages and forms of threads and contributions."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation import service
from participa.deliberation.contribution_pages import (
    show_contribution,
    show_edit,
    show_history,
)
from participa.deliberation.drafts import forget_draft, keep_draft
from participa.deliberation.forms import EDIT_FIELDS, read_body, read_post
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.pages import features_of, show_thread, thread_target
from participa.deliberation.queries import contribution_of, start_of_page, thread_of
from participa.deliberation.texts import TextRefused
from participa.deliberation.views import contribution_target
from participa.processes.queries import schedule_of
from participa.security.limits import POST, SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import safe_path, see, with_query


async def thread(request: Request) -> Response:
    """Show a thread, or go to the page of the place it belongs to."""
    found = await thread_of(context(request).entity.id, request.path_params["id"])
    url = _url(request, found)
    if url != request.url.path:
        schedule = await schedule_of(found.entity_id, found.process_id)
        require(request, Action.READ, thread_target(found, schedule.process))
        return see(url)
    return await show_thread(request, found)


def _url(request: Request, thread: Thread) -> str:
    return features_of(request).thread_url(thread.kind, thread.id, thread.place_id)


async def publish(request: Request) -> Response:
    """Publish a contribution; who has not signed in is asked to, and loses nothing."""
    ctx = context(request)
    actor = actor_of(request)
    found = await thread_of(ctx.entity.id, request.path_params["id"])
    schedule = await schedule_of(found.entity_id, found.process_id)
    target = thread_target(found, schedule.process)
    require(request, Action.READ, target)
    said, form = read_post(form_data(request), actor, target)
    if not form.values["office"]:
        schedule.require_open(found.activity, ctx.now)
    parent = form.values["parent"]
    if said is None:
        return await _mend(request, found, form)
    if actor.is_anonymous:
        back = with_query(_url(request, found), responder=parent or None) + "#escribir"
        needs_less(request, Action.CONTRIBUTE)
        return await keep_draft(request, back, form.values)
    require(request, Action.CONTRIBUTE, target)
    parent_id = (await contribution_of(ctx.entity.id, parent)).id if parent else None
    try:
        contribution = await service.publish(
            actor, found.id, said, now=ctx.now, parent_id=parent_id, request_key=form.request_key
        )
    except TextRefused as refusal:
        form.fail("body", refusal.title)
        return await _mend(request, found, form)
    await forget_draft(ctx.entity.id, form.request_key)
    return see(await _where(request, contribution))


async def _mend(request: Request, thread: Thread, form: Form) -> Response:
    needs_less(request, Action.CONTRIBUTE)
    kind = features_of(request).thread_kind(thread.kind)
    if kind.show is not None:
        return await kind.show(request, thread.place_id, form)
    return await show_thread(request, thread, form)


async def _where(request: Request, contribution: Contribution) -> str:
    """Give the address at which a new contribution can be read in its thread."""
    found = await thread_of(contribution.entity_id, contribution.thread_id)
    url = with_query(
        _url(request, found),
        desde=start_of_page(found, contribution),
        aviso="aporte",
        radicado=contribution.receipt_number,
    )
    return f"{url}#{contribution.receipt_number}"


async def contribution(request: Request) -> Response:
    """Show a contribution at its permanent address."""
    return await show_contribution(request, await _readable(request))


async def _readable(request: Request) -> Contribution:
    entity_id = context(request).entity.id
    found = await contribution_of(entity_id, request.path_params["receipt"])
    schedule = await schedule_of(entity_id, found.process_id)
    require(
        request,
        Action.READ,
        contribution_target(found, is_public=schedule.process.is_published),
    )
    return found


async def support(request: Request) -> Response:
    """Support a contribution, or stop doing so, and go back."""
    found = await _readable(request)
    require(request, Action.SUPPORT, contribution_target(found))
    form = Form(form_data(request), fields=("hacer", "next"))
    wanted = form.values["hacer"] != "quitar"
    await service.set_support(actor_of(request), found.id, wanted=wanted, now=context(request).now)
    return see(_back(form, found))


def _back(form: Form, found: Contribution) -> str:
    path = safe_path(form.values["next"], f"/aportes/{found.receipt_number}")
    return f"{path.split('#', 1)[0]}#{found.receipt_number}"


async def history(request: Request) -> Response:
    """Show every wording of a contribution."""
    return await show_history(request, await _readable(request))


async def edit_form(request: Request) -> Response:
    """Show the form to change one's own contribution."""
    found = await _own(request, Action.EDIT)
    return show_edit(request, found, Form({"body": found.body_source}, fields=EDIT_FIELDS))


async def _own(request: Request, action: Action) -> Contribution:
    found = await _readable(request)
    require(request, action, contribution_target(found))
    return found


async def edit(request: Request) -> Response:
    """Change one's own contribution."""
    found = await _own(request, Action.EDIT)
    form = Form(form_data(request), fields=EDIT_FIELDS)
    body = read_body(form)
    if not form.has_errors:
        try:
            await service.edit(actor_of(request), found.id, body, now=context(request).now)
        except TextRefused as refusal:
            form.fail("body", refusal.title)
    if form.has_errors:
        return show_edit(request, found, form)
    return see(f"/aportes/{found.receipt_number}?aviso=editado")


async def remove(request: Request) -> Response:
    """Take one's own contribution back."""
    found = await _own(request, Action.REMOVE)
    Form(form_data(request), fields=("next",))
    await service.remove(actor_of(request), found.id, now=context(request).now)
    return see(f"/aportes/{found.receipt_number}?aviso=retirado")


ROUTES = [
    page("/hilos/{id:int}", thread, action=Action.READ),
    page("/hilos/{id:int}/aportes", publish, action=Action.CONTRIBUTE, methods=("POST",),
         limit=POST),
    page("/aportes/{receipt}", contribution, action=Action.READ),
    page("/aportes/{receipt}/historial", history, action=Action.READ),
    page("/aportes/{receipt}/apoyo", support, action=Action.SUPPORT, methods=("POST",),
         limit=SUPPORT),
    page("/aportes/{receipt}/editar", edit_form, action=Action.EDIT),
    page("/aportes/{receipt}/editar", edit, action=Action.EDIT, methods=("POST",), limit=POST),
    page("/aportes/{receipt}/retirar", remove, action=Action.REMOVE, methods=("POST",),
         limit=POST),
]  # fmt: skip
