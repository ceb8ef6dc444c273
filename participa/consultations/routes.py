"""Addresses of consultations: proposing, importing a plan; a plan's pages are in plan_pages."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations import plan_pages
from participa.consultations.draft_endings import ENDING_ROUTES
from participa.consultations.draft_pages import DRAFT_ROUTES
from participa.consultations.draft_sections import DRAFT_SECTION_ROUTES
from participa.consultations.draft_views import draft_link, draft_url
from participa.consultations.drafts import draft_from
from participa.consultations.forms import IMPORT_FIELDS, ImportOrder, read_import, read_proposal
from participa.consultations.importing import (
    MAX_FILE_BYTES,
    MAX_FILE_WORDS,
    Result,
    done,
)
from participa.consultations.models import Consultation
from participa.consultations.proposals import proposal_page
from participa.consultations.queries import call_of, call_target, plan_url, proposals_url
from participa.consultations.rules import PROPOSE
from participa.consultations.service import import_plan, propose
from participa.deliberation.drafts import draft_form
from participa.deliberation.forms import TOPIC_FIELDS
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import crumbs
from participa.deliberation.rules import MAX_BODY
from participa.i18n import _
from participa.plans.drafts import open_drafts
from participa.plans.service import prepare
from participa.plans.texts import SectionRefused
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

IMPORT_BODY = MAX_FILE_BYTES + 2 * 1024 * 1024


async def proposals(request: Request) -> Response:
    """Show a page of the proposals of a call."""
    ctx = context(request)
    call = await call_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, call_target(call))
    schedule = await schedule_of(ctx.entity.id, call.process_id)
    query = request.query_params
    found = await proposal_page(call, query.get("orden", ""), query.get("desde", ""))
    url = proposals_url(call.id)
    return render(
        request,
        "consultations/proposals.html",
        listing={
            "title": call.title,
            "question": call.question,
            "url": url,
            "pill": activity_pill(schedule, PROPOSE, ctx.now, ctx.zone),
            "proposal_count": found.proposal_count,
            "may_propose": schedule.is_open(PROPOSE, ctx.now),
            "propose_url": f"{url}/nueva",
            "orders": found.orders,
            "proposals": found.items,
            "first_url": found.first_url,
            "next_url": found.next_url,
        },
        crumbs=crumbs(call.process),
    )


async def new_proposal(request: Request) -> Response:
    """Show the form for a proposal, while they are received."""
    call = await _open_call(request)
    needs_less(request, Action.CONTRIBUTE)
    return await _show_proposing(request, call, await draft_form(request, TOPIC_FIELDS))


async def _open_call(request: Request) -> Consultation:
    ctx = context(request)
    call = await call_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, call_target(call))
    schedule = await schedule_of(ctx.entity.id, call.process_id)
    schedule.require_open(PROPOSE, ctx.now)
    return call


async def _show_proposing(request: Request, call: Consultation, form: Form) -> Response:
    url = proposals_url(call.id)
    names = [(name, name) for name in call.categories]
    return render(
        request,
        "consultations/propose.html",
        status=422 if form.has_errors else 200,
        proposing={
            "consultation_title": call.title,
            "question": call.question,
            "url": f"{url}/nueva",
            "max_length": MAX_BODY,
            "categories": [("", _("Otro tema")), *names] if names else [],
        },
        form=form,
        crumbs=[*crumbs(call.process), (url, call.title)],
    )


async def create_proposal(request: Request) -> Response:
    """Make a proposal; who has not signed in is asked to, and loses nothing."""
    ctx = context(request)
    call = await _open_call(request)
    return await open_from_form(
        request,
        read_proposal(form_data(request), call),
        target=call_target(call),
        back=f"{proposals_url(call.id)}/nueva",
        show=lambda form: _show_proposing(request, call, form),
        opened=lambda title, said, key: propose(
            actor_of(request), call, title=title, body=said.body, category=said.category,
            now=ctx.now, request_key=key,
        ),
    )  # fmt: skip


async def importing(request: Request) -> Response:
    """Show an official the form to import a plan."""
    process = await _importable(request)
    return await _show_importing(request, process, Form(fields=IMPORT_FIELDS))


async def _importable(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.IMPORT, schedule.target)
    return schedule.process


async def _show_importing(
    request: Request, process: Process, form: Form, result: Result | None = None
) -> Response:
    drafts = (await open_drafts(process.entity_id)).get(process.id, ())
    return render(
        request,
        "portal/import_plan.html",
        status=422 if form.has_errors else 200,
        importing={
            "url": f"/gestion/procesos/{process.slug}/plan",
            "process_title": process.title,
            "max_size": MAX_FILE_WORDS,
            "result": result,
            "was_sent": request.method == "POST",
            "drafts": [draft_link(each, context(request).now) for each in drafts],
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def import_document(request: Request) -> Response:
    """Keep the document sent as a draft to correct, or publish it as it is."""
    process = await _importable(request)
    order, form = await read_import(form_data(request))
    if order is None:
        return await _show_importing(request, process, form)
    if not order.publishes:
        return await _open_draft(request, process, order)
    form.values["title"] = order.title or order.plan.parsed.title or ""
    result = None
    try:
        result = await _published(request, process, order)
    except SectionRefused as refusal:
        form.fail("file", refusal.title)
    return await _show_importing(request, process, form, result)


async def _open_draft(request: Request, process: Process, order: ImportOrder) -> Response:
    draft, is_new = await draft_from(
        process,
        order.plan,
        title=order.title,
        by=actor_of(request).name,
        now=context(request).now,
    )
    words = "borrador-del-plan" if is_new else "mismo-borrador"
    return see(with_query(draft_url(draft), aviso=words))


async def _published(request: Request, process: Process, order: ImportOrder) -> Result:
    imported = await import_plan(
        await prepare(order.plan.parsed, order.plan.source),
        entity_id=process.entity_id,
        process_id=process.id,
        title=order.title,
        now=context(request).now,
        actor=actor_of(request),
    )
    return done(order.plan, imported, plan_url(process.slug))


ROUTES = [
    page("/procesos/{slug}/plan", plan_pages.plan, action=Action.READ),
    page("/apartados/{id:int}", plan_pages.section, action=Action.READ),
    page("/consultas/{id:int}/propuestas", proposals, action=Action.READ),
    page("/consultas/{id:int}/propuestas/nueva", new_proposal, action=Action.CONTRIBUTE),
    page("/consultas/{id:int}/propuestas/nueva", create_proposal, action=Action.CONTRIBUTE,
         methods=("POST",), limit=POST),
    page("/gestion/procesos/{slug}/plan", importing, action=Action.IMPORT),
    page("/gestion/procesos/{slug}/plan", import_document, action=Action.IMPORT,
         methods=("POST",), limit=POST, body_bytes=IMPORT_BODY),
    *DRAFT_ROUTES,
    *DRAFT_SECTION_ROUTES,
    *ENDING_ROUTES,
]  # fmt: skip
