"""What is to be looked at in a draft, and how it ends: published or discarded."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.draft_forms import DISCARD_FIELDS, PUBLISH_FIELDS, revision_of
from participa.consultations.draft_pages import asked_draft, draft_crumbs
from participa.consultations.draft_views import concern_views, draft_url, finding_views
from participa.consultations.drafts import PlanMoved, digest_for, publish_draft
from participa.consultations.importing import compared
from participa.consultations.queries import plan_url
from participa.i18n import _
from participa.plans.drafts import DraftChanged, discard, draft_of, read_outline
from participa.plans.models import PlanDraft
from participa.plans.outlines import as_parsed
from participa.plans.service import MAX_TITLE
from participa.plans.texts import SectionRefused
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render


async def warnings(request: Request) -> Response:
    """Show what should be looked at, with the sections it is about."""
    draft = await asked_draft(request)
    outline = await read_outline(draft)
    return render(
        request,
        "consultations/draft_warnings.html",
        draft={
            "title": draft.title,
            "back_url": draft_url(draft),
            "concerns": concern_views(draft, outline),
            "findings": finding_views(draft, outline),
        },
        crumbs=draft_crumbs(draft, inside=True),
    )


async def publishing(request: Request) -> Response:
    """Show what publishing a draft would change."""
    draft = await asked_draft(request)
    return await _show_publishing(
        request, draft, Form({"title": draft.title}, fields=PUBLISH_FIELDS)
    )


async def _show_publishing(
    request: Request, draft: PlanDraft, form: Form, status: int = 200
) -> Response:
    outline = await read_outline(draft)
    result, version = await compared(
        draft.entity_id, draft.process_id, as_parsed(outline), digest_for(draft, outline)
    )
    return render(
        request,
        "consultations/draft_publish.html",
        status=status,
        draft={
            "title": draft.title,
            "url": f"{draft_url(draft)}/publicar",
            "back_url": draft_url(draft),
            "revision": draft.revision,
            "version": version,
            "base_version": draft.base_version,
            "result": result,
            "concerns": concern_views(draft, outline),
        },
        form=form,
        crumbs=draft_crumbs(draft, inside=True),
    )


async def publish_plan(request: Request) -> Response:
    """Publish a draft as it was last seen, over the version it was compared with."""
    draft = await asked_draft(request)
    form = Form(form_data(request), fields=PUBLISH_FIELDS)
    title = form.text("title", longest=MAX_TITLE, required=_("Escriba el título del plan."))
    if "\n" in title:
        form.fail("title", _("Escriba el título en una sola línea."))
    if form.has_errors:
        return await _show_publishing(request, draft, form, 422)
    try:
        imported = await publish_draft(
            actor_of(request),
            draft.id,
            revision=revision_of(form),
            seen_version=form.number("version") or 0,
            title=title,
            now=context(request).now,
        )
    except (DraftChanged, PlanMoved, SectionRefused) as refusal:
        form.fail("title", refusal.title)
        fresh = await draft_of(draft.entity_id, draft.id)
        return await _show_publishing(request, fresh, form, refusal.status)
    words = "plan-publicado" if imported.published.is_new else "plan-igual"
    return see(with_query(plan_url(draft.process.slug), aviso=words))


async def discarding(request: Request) -> Response:
    """Ask whether a draft is really given up."""
    return await _show_discarding(request, await asked_draft(request), Form(fields=DISCARD_FIELDS))


async def _show_discarding(
    request: Request, draft: PlanDraft, form: Form, status: int = 200
) -> Response:
    return render(
        request,
        "consultations/draft_discard.html",
        status=status,
        draft={
            "title": draft.title,
            "url": f"{draft_url(draft)}/descartar",
            "back_url": draft_url(draft),
            "revision": draft.revision,
            "section_count": len(draft.pieces),
            "step_count": draft.step,
            "touched_at": draft.touched_at,
            "touched_by": draft.touched_by,
        },
        form=form,
        crumbs=draft_crumbs(draft, inside=True),
    )


async def discard_draft(request: Request) -> Response:
    """Give a draft up, as it was when that was confirmed."""
    draft = await asked_draft(request)
    form = Form(form_data(request), fields=DISCARD_FIELDS)
    try:
        await discard(actor_of(request), draft.id, revision_of(form), context(request).now)
    except DraftChanged as refusal:
        form.fail("do", refusal.title)
        fresh = await draft_of(draft.entity_id, draft.id)
        return await _show_discarding(request, fresh, form, refusal.status)
    url = f"/gestion/procesos/{draft.process.slug}/plan"
    return see(with_query(url, aviso="borrador-descartado"))


_DRAFT = "/gestion/borradores/{draft_id:int}"
ENDING_ROUTES = [
    page(f"{_DRAFT}/avisos", warnings, action=Action.IMPORT),
    page(f"{_DRAFT}/publicar", publishing, action=Action.IMPORT),
    page(f"{_DRAFT}/publicar", publish_plan, action=Action.IMPORT, methods=("POST",), limit=POST),
    page(f"{_DRAFT}/descartar", discarding, action=Action.IMPORT),
    page(f"{_DRAFT}/descartar", discard_draft, action=Action.IMPORT, methods=("POST",),
         limit=POST),
]  # fmt: skip
