"""Pages and forms of threads and contributions."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.db import fetch
from participa.deliberation import scripts, service
from participa.deliberation.acts import Placed
from participa.deliberation.closing import ThreadConcluded
from participa.deliberation.contribution_pages import (
    show_contribution,
    show_edit,
    show_history,
)
from participa.deliberation.drafts import forget_draft, keep_draft
from participa.deliberation.forms import EDIT_FIELDS, read_body, read_post
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.pages import features_of, readable, show_thread, thread_target
from participa.deliberation.queries import thread_of
from participa.deliberation.rules import PAGE_SIZE, root_path
from participa.deliberation.standing import Standing, phase_now, standing_of
from participa.deliberation.texts import TextRefused
from participa.deliberation.views import contribution_target
from participa.features import Features, Keeping, both
from participa.i18n import _
from participa.kit.receipts import parse_receipt
from participa.processes.queries import schedule_of
from participa.security.limits import POST, SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import safe_path, see, with_query
from participa.web.refusals import Conflict, NotFound, PhaseClosed
from participa.web.scripts import json_answer, wants_json


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
    thread_id: int = request.path_params["id"]
    standing = await _standing(request, thread_id)
    features = features_of(request)
    more = features.fields_of(standing.kind)
    said, form = read_post(form_data(request), actor, standing.target, more)
    keeping = await _read_more(form, features, standing)
    if said is None or form.has_errors or actor.is_anonymous:
        return await _not_yet(request, thread_id, standing, form)
    require(request, Action.CONTRIBUTE, standing.target)
    try:
        new = await service.publish_post(
            actor,
            thread_id,
            said,
            now=ctx.now,
            parent_id=await _parent_id(ctx.entity.id, form.values["parent"]),
            request_key=form.request_key,
            keeping=keeping,
        )
    except TextRefused as refusal:
        form.fail("body", refusal.title)
        return await _mend(request, thread_id, form)
    await forget_draft(ctx.entity.id, form.request_key)
    if scripts.prefers_less(request):
        return scripts.noted(request, new)
    url = _where(request, standing, new)
    return await scripts.published(request, standing, new, url) if wants_json(request) else see(url)


async def _read_more(form: Form, features: Features, standing: Standing) -> Keeping | None:
    """Read what features keep with a contribution that answers no other."""
    if form.values["parent"]:
        return None
    beside, placing = features.thread_kind(standing.kind).beside, features.placing
    kept = [
        await beside.read(form, standing.entity_id, standing.place_id) if beside else None,
        await placing.read(form, standing.entity_id) if placing else None,
    ]
    return both(*kept)


async def _standing(request: Request, thread_id: int) -> Standing:
    """Find where a thread stands, asking permission to read it."""
    standing = await standing_of(thread_id)
    if standing is None or standing.is_hidden:
        raise NotFound
    require(request, Action.READ, standing.target)
    return standing


async def _not_yet(request: Request, thread_id: int, standing: Standing, form: Form) -> Response:
    """Show what has to be mended, or keep what a visitor wrote until they signed in."""
    ctx = context(request)
    if standing.closed_at is not None:
        raise ThreadConcluded
    if not form.values["office"] and (await phase_now(standing, ctx.now)).state != "open":
        raise PhaseClosed
    if form.has_errors:
        return await _mend(request, thread_id, form)
    needs_less(request, Action.CONTRIBUTE)
    url = features_of(request).thread_url(standing.kind, thread_id, standing.place_id)
    back = with_query(url, responder=form.values["parent"] or None) + "#escribir"
    answer = await keep_draft(request, back, form.values)
    if wants_json(request):
        return json_answer(request, {"to": answer.headers["location"]})
    return answer


async def _parent_id(entity_id: int, receipt: str) -> int | None:
    if not receipt:
        return None
    parsed = parse_receipt(receipt)
    rows = await fetch(_BY_RECEIPT, entity_id, str(parsed)) if parsed is not None else ()
    if not rows:
        raise NotFound
    return int(rows[0][0])


_BY_RECEIPT = """
    SELECT id FROM deliberation_contribution WHERE entity_id = $1 AND receipt_number = $2
"""


async def _mend(request: Request, thread_id: int, form: Form) -> Response:
    needs_less(request, Action.CONTRIBUTE)
    if wants_json(request):
        return json_answer(request, {"errors": form.errors}, status=422)
    thread = await thread_of(context(request).entity.id, thread_id)
    kind = features_of(request).thread_kind(thread.kind)
    if kind.show is not None:
        return await kind.show(request, thread.place_id, form)
    return await show_thread(request, thread, form)


def _where(request: Request, standing: Standing, new: Placed) -> str:
    """Give the address at which a new contribution can be read in its thread."""
    url = features_of(request).thread_url(standing.kind, new.thread_id, standing.place_id)
    # The row was read before this contribution, or perhaps another, was counted.
    is_long = standing.contribution_count + 1 > PAGE_SIZE
    here = with_query(
        url,
        desde=root_path(new.path) if is_long else None,
        aviso="aporte",
        radicado=new.receipt_number,
    )
    return f"{here}#{new.receipt_number}"


async def contribution(request: Request) -> Response:
    """Show a contribution at its permanent address."""
    return await show_contribution(request, await readable(request))


async def support(request: Request) -> Response:
    """Support a contribution, or stop doing so, and go back."""
    found = await readable(request)
    require(request, Action.SUPPORT, contribution_target(found))
    form = Form(form_data(request), fields=("hacer", "next"))
    wanted = form.values["hacer"] != "quitar"
    if wanted and await _is_signed(request, found):
        raise Conflict(_("No puede apoyar su propio aporte."))
    await service.set_support(actor_of(request), found.id, wanted=wanted, now=context(request).now)
    if wants_json(request):
        return await scripts.supported(request, found, pressed=wanted)
    return see(_back(form, found))


async def _is_signed(request: Request, found: Contribution) -> bool:
    """Whether who asks made this together with its author."""
    signed_by = features_of(request).thread_kind(found.thread.kind).signed_by
    person_id = actor_of(request).person_id
    if signed_by is None or not found.is_opening or person_id is None:
        return False
    return await signed_by(found.entity_id, found.thread_id, person_id)


def _back(form: Form, found: Contribution) -> str:
    path = safe_path(form.values["next"], f"/aportes/{found.receipt_number}")
    return f"{path.split('#', 1)[0]}#{found.receipt_number}"


async def history(request: Request) -> Response:
    """Show every wording of a contribution."""
    return await show_history(request, await readable(request))


async def edit_form(request: Request) -> Response:
    """Show the form to change one's own contribution."""
    found = await _own(request, Action.EDIT)
    return show_edit(request, found, Form({"body": found.body_source}, fields=EDIT_FIELDS))


async def _own(request: Request, action: Action) -> Contribution:
    found = await readable(request)
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
    erased = features_of(request).erased_with(found.thread.kind)
    now = context(request).now
    await service.remove(actor_of(request), found.id, now=now, erased=erased)
    return see(f"/aportes/{found.receipt_number}?aviso=retirado")


# Tried in this order: the hottest first.
ROUTES = [
    page("/hilos/{id:int}/aportes", publish, action=Action.CONTRIBUTE, methods=("POST",),
         limit=POST),
    page("/hilos/{id:int}/novedades", scripts.news, action=Action.READ),
    page("/hilos/{id:int}", thread, action=Action.READ),
    page("/aportes/{receipt}", contribution, action=Action.READ),
    page("/aportes/{receipt}/historial", history, action=Action.READ),
    page("/aportes/{receipt}/apoyo", support, action=Action.SUPPORT, methods=("POST",),
         limit=SUPPORT),
    page("/aportes/{receipt}/editar", edit_form, action=Action.EDIT),
    page("/aportes/{receipt}/editar", edit, action=Action.EDIT, methods=("POST",), limit=POST),
    page("/aportes/{receipt}/retirar", remove, action=Action.REMOVE, methods=("POST",),
         limit=POST),
]  # fmt: skip
