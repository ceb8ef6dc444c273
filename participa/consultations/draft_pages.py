"""The pages where an official corrects an imported plan before it is published."""

from collections.abc import Collection, Mapping

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.draft_forms import (
    OutlineOrder,
    marked_in,
    read_outline_order,
)
from participa.consultations.draft_views import (
    KIND_OPTIONS,
    draft_url,
    named,
    parts_of,
    place_url,
    rows_of,
    step_words,
)
from participa.consultations.drafts import (
    draft_target,
)
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.plans.checks import concerns
from participa.plans.drafts import (
    DraftChanged,
    correct,
    draft_of,
    nearest_steps,
    read_outline,
    redo,
    undo,
)
from participa.plans.editing import Unfit, place_of
from participa.plans.models import PlanDraft
from participa.plans.outlines import Change, Outline
from participa.security.limits import CORRECTION
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

MAX_MARKED_IN_ADDRESS = 100


async def asked_draft(request: Request) -> PlanDraft:
    """Give the draft of an address to who may correct it."""
    draft = await draft_of(context(request).entity.id, request.path_params["draft_id"])
    require(request, Action.IMPORT, draft_target(draft))
    return draft


def draft_crumbs(draft: PlanDraft, *, inside: bool) -> list[tuple[str, str | Text]]:
    """Give the way up from a draft, or from a page inside it."""
    up: list[tuple[str, str | Text]] = [("/gestion", _("Gestión")), *crumbs(draft.process)]
    return [*up, (draft_url(draft), draft.title)] if inside else up


async def correcting(request: Request) -> Response:
    """Show the part of the outline that is asked for, to correct it."""
    draft = await asked_draft(request)
    query = request.query_params
    marked = marked_in(query.get("marcados", "").split("-"))
    return await _show_outline(request, draft, query, marked, Form())


async def _show_outline(
    request: Request,
    draft: PlanDraft,
    query: Mapping[str, str],
    marked: Collection[int],
    form: Form,
    status: int = 200,
) -> Response:
    outline = await read_outline(draft)
    last, following = await nearest_steps(draft)
    at = _place_wanted(outline, query)
    parts = parts_of(draft, outline, at)
    current = next(place for place, part in enumerate(parts) if part.is_current)
    return render(
        request,
        "consultations/draft.html",
        status=status,
        draft={
            "title": draft.title,
            "url": draft_url(draft),
            "publish_url": f"{draft_url(draft)}/publicar",
            "warnings_url": f"{draft_url(draft)}/avisos",
            "warning_count": sum(len(each.pieces) for each in concerns(outline)),
            "discard_url": f"{draft_url(draft)}/descartar",
            "revision": draft.revision,
            "touched_at": draft.touched_at,
            "touched_by": draft.touched_by,
            "section_count": len(outline),
            "rows": rows_of(draft, outline, at, marked),
            "here": outline[at].id,
            "parts": parts,
            "previous": parts[current - 1] if current else None,
            "next": parts[current + 1] if current + 1 < len(parts) else None,
            "kinds": KIND_OPTIONS,
            "undo": step_words(last),
            "redo": step_words(following),
        },
        form=form,
        crumbs=draft_crumbs(draft, inside=False),
    )


def _place_wanted(outline: Outline, query: Mapping[str, str]) -> int:
    """Say where the page begins that is asked for: by a section, or by a place in the order."""
    for piece_id in marked_in([query.get("desde", "")]):
        return place_of(outline, piece_id) or 0
    for place in marked_in([query.get("puesto", "")]):
        return min(place, len(outline) - 1)
    return 0


async def correct_outline(request: Request) -> Response:
    """Take a step in the outline, or a step back, and show where it was."""
    draft = await asked_draft(request)
    order, form = read_outline_order(form_data(request))
    if order is None:
        marked = marked_in(form_data(request).getlist("marked"))
        return await _show_outline(request, draft, form.values, marked, form, 422)
    try:
        change = await _taken(request, draft, order)
    except (DraftChanged, Unfit) as refusal:
        form.fail("do", refusal.title)
        fresh = await draft_of(draft.entity_id, draft.id)
        return await _show_outline(request, fresh, form.values, order.marked, form, refusal.status)
    return see(_where_it_was(draft, change, order, form.values["desde"]))


async def _taken(request: Request, draft: PlanDraft, order: OutlineOrder) -> Change | None:
    actor, now = actor_of(request), context(request).now
    if order.edit is None:
        walk = undo if order.do == "undo" else redo
        return await walk(actor, draft.id, order.seen, now)
    edit = order.edit
    return await correct(
        actor,
        draft.id,
        order.seen,
        act=order.do,
        label=lambda outline: label_of(outline, order.marked),
        correction=lambda outline, _new_id: edit(outline, order.marked),
        now=now,
    )


def label_of(outline: Outline, marked: Collection[int]) -> str:
    """Name what a step is about, for who may undo it."""
    names = [named(piece) for piece in outline if piece.id in marked]
    if not names:
        return ""
    return f"{names[0][:100]} (+{len(names) - 1})" if len(names) > 1 else names[0]


def _where_it_was(draft: PlanDraft, change: Change | None, order: OutlineOrder, here: str) -> str:
    """Give the page of what changed, with the same sections marked for the next step."""
    if change is None or not (change.old or change.new):
        return with_query(draft_url(draft), desde=here)
    if not change.new:
        return with_query(draft_url(draft), puesto=change.at)
    still = [piece.id for piece in change.new]
    target = next((each for each in order.marked if each in still), still[0])
    if order.edit is None or order.do == "join":
        return place_url(draft, target)
    return place_url(draft, target, marcados=_joined(order.marked))


def _joined(marked: Collection[int]) -> str:
    return "-".join(map(str, marked)) if len(marked) <= MAX_MARKED_IN_ADDRESS else ""


_DRAFT = "/gestion/borradores/{draft_id:int}"
DRAFT_ROUTES = [
    page(_DRAFT, correcting, action=Action.IMPORT),
    page(_DRAFT, correct_outline, action=Action.IMPORT, methods=("POST",), limit=CORRECTION),
]  # fmt: skip
