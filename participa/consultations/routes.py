"""Addresses of consultations, and the officials' page to import a plan."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations import old_pages, plan_pages, version_pages
from participa.consultations.call_pages import CALL_ROUTES
from participa.consultations.coauthor_pages import COAUTHOR_ROUTES
from participa.consultations.desk_pages import DESK_ROUTES
from participa.consultations.draft_endings import ENDING_ROUTES
from participa.consultations.draft_pages import DRAFT_ROUTES
from participa.consultations.draft_sections import DRAFT_SECTION_ROUTES
from participa.consultations.draft_views import draft_link, draft_url
from participa.consultations.drafts import draft_from
from participa.consultations.forms import IMPORT_FIELDS, ImportOrder, read_import
from participa.consultations.importing import (
    MAX_FILE_BYTES,
    MAX_FILE_WORDS,
    Result,
    done,
)
from participa.consultations.passage_pages import PASSAGE_ROUTES
from participa.consultations.proposal_pages import PROPOSAL_ROUTES
from participa.consultations.queries import plan_url
from participa.consultations.service import import_plan
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.plans.drafts import open_drafts
from participa.plans.service import prepare
from participa.plans.texts import SectionRefused
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

IMPORT_BODY = MAX_FILE_BYTES + 2 * 1024 * 1024


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
    page("/procesos/{slug}/plan/cambios", version_pages.changes, action=Action.READ),
    page("/procesos/{slug}/plan/versiones", old_pages.versions, action=Action.READ),
    page("/procesos/{slug}/plan/versiones/{number:int}", old_pages.version, action=Action.READ),
    page("/apartados/{id:int}", plan_pages.section, action=Action.READ),
    *PROPOSAL_ROUTES,
    *COAUTHOR_ROUTES,
    *DESK_ROUTES,
    *CALL_ROUTES,
    page("/gestion/procesos/{slug}/plan", importing, action=Action.IMPORT),
    page("/gestion/procesos/{slug}/plan", import_document, action=Action.IMPORT,
         methods=("POST",), limit=POST, body_bytes=IMPORT_BODY),
    *DRAFT_ROUTES,
    *PASSAGE_ROUTES,
    *DRAFT_SECTION_ROUTES,
    *ENDING_ROUTES,
]  # fmt: skip
