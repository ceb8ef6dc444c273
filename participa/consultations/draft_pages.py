"""The pages where an official corrects an imported plan before it is published."""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.draft_forms import (
    BODY_BYTES,
    PUBLISH_FIELDS,
    SPLIT_FIELDS,
    OutlineOrder,
    marked_in,
    read_outline_order,
    read_wording,
    revision_of,
    wording_form,
)
from participa.consultations.draft_views import (
    KIND_OPTIONS,
    draft_url,
    named,
    paragraphs_of,
    parts_of,
    place_url,
    rows_of,
    step_words,
)
from participa.consultations.drafts import (
    PlanMoved,
    digest_for,
    draft_target,
    publish_draft,
)
from participa.consultations.importing import compared
from participa.consultations.queries import plan_url
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.plans.drafts import (
    DraftChanged,
    correct,
    draft_of,
    nearest_steps,
    read_outline,
    redo,
    undo,
)
from participa.plans.editing import Unfit, paragraphs, place_of, reword, split
from participa.plans.models import PlanDraft
from participa.plans.outlines import Change, Outline, Piece, as_parsed
from participa.plans.service import MAX_TITLE
from participa.plans.texts import SectionRefused
from participa.security.limits import CORRECTION, POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

MAX_MARKED_IN_ADDRESS = 100


async def _draft(request: Request) -> PlanDraft:
    draft = await draft_of(context(request).entity.id, request.path_params["draft_id"])
    require(request, Action.IMPORT, draft_target(draft))
    return draft


def _crumbs(draft: PlanDraft, *, inside: bool) -> list[tuple[str, str | Text]]:
    up: list[tuple[str, str | Text]] = [("/gestion", _("Gestión")), *crumbs(draft.process)]
    return [*up, (draft_url(draft), draft.title)] if inside else up


async def correcting(request: Request) -> Response:
    """Show the part of the outline that is asked for, to correct it."""
    draft = await _draft(request)
    query = request.query_params
    marked = marked_in(query.get("marcados", "").split("-"))
    return await _show_outline(request, draft, query.get("desde", ""), marked, Form())


async def _show_outline(
    request: Request,
    draft: PlanDraft,
    wanted: str,
    marked: Collection[int],
    form: Form,
    status: int = 200,
) -> Response:
    outline = await read_outline(draft)
    last, following = await nearest_steps(draft)
    first = marked_in([wanted])
    at = (place_of(outline, first[0]) if first else 0) or 0
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
        crumbs=_crumbs(draft, inside=False),
    )


async def correct_outline(request: Request) -> Response:
    """Take a step in the outline, or a step back, and show where it was."""
    draft = await _draft(request)
    order, form = read_outline_order(form_data(request))
    here = form.values["desde"]
    if order is None:
        marked = marked_in(form_data(request).getlist("marked"))
        return await _show_outline(request, draft, here, marked, form, 422)
    try:
        change = await _taken(request, draft, order)
    except (DraftChanged, Unfit) as refusal:
        form.fail("do", refusal.title)
        fresh = await draft_of(draft.entity_id, draft.id)
        return await _show_outline(request, fresh, here, order.marked, form, refusal.status)
    return see(_where_it_was(draft, change, order, here))


async def _taken(request: Request, draft: PlanDraft, order: OutlineOrder) -> Change | None:
    actor, now = actor_of(request), context(request).now
    if order.edit is None:
        walk = undo if order.do == "undo" else redo
        return await walk(actor, draft.id, order.revision, now)
    edit = order.edit
    return await correct(
        actor,
        draft.id,
        revision=order.revision,
        act=order.do,
        label=_label_of(await read_outline(draft), order.marked),
        correction=lambda outline, _new_id: edit(outline, order.marked),
        now=now,
    )


def _label_of(outline: Outline, marked: Collection[int]) -> str:
    names = [named(piece) for piece in outline if piece.id in marked]
    if not names:
        return ""
    return f"{names[0][:100]} (+{len(names) - 1})" if len(names) > 1 else names[0]


def _where_it_was(draft: PlanDraft, change: Change | None, order: OutlineOrder, here: str) -> str:
    """Give the page of what changed, with the same sections marked for the next step."""
    shown = (change.new or change.old) if change else ()
    kept = "" if order.edit is None or order.do in {"remove", "join"} else _joined(order.marked)
    if not shown:
        return with_query(draft_url(draft), desde=here)
    still = {piece.id for piece in (change.new if change else ())}
    target = next((each for each in order.marked if each in still), shown[0].id)
    if change and not change.new:
        target = int(here) if here.isdigit() else 0
    return place_url(draft, target, marcados=kept) if kept else place_url(draft, target)


def _joined(marked: Collection[int]) -> str:
    return "-".join(map(str, marked)) if len(marked) <= MAX_MARKED_IN_ADDRESS else ""


def _piece(outline: Outline, request: Request) -> Piece | None:
    at = place_of(outline, request.path_params["piece_id"])
    return None if at is None else outline[at]


async def wording(request: Request) -> Response:
    """Show a section of a draft to write it anew."""
    draft = await _draft(request)
    piece = _piece(await read_outline(draft), request)
    if piece is None:
        raise NotFound
    return _show_wording(request, draft, piece, wording_form(piece, draft.revision))


def _show_wording(
    request: Request, draft: PlanDraft, piece: Piece | None, form: Form, status: int = 200
) -> Response:
    piece_id = request.path_params["piece_id"]
    url = f"{draft_url(draft)}/apartados/{piece_id}"
    return render(
        request,
        "consultations/draft_section.html",
        status=status,
        section={
            "name": named(piece) if piece else _("Apartado que ya no está"),
            "url": url,
            "split_url": f"{url}/dividir" if piece and paragraphs(piece.body) else "",
            "back_url": place_url(draft, piece_id),
            "kinds": KIND_OPTIONS,
            "stored": piece if status == DraftChanged.status else None,
        },
        form=form,
        crumbs=_crumbs(draft, inside=True),
    )


async def correct_wording(request: Request) -> Response:
    """Write a section of a draft anew; what was typed stays whatever happens."""
    draft = await _draft(request)
    wanted, form = read_wording(form_data(request))
    piece_id = request.path_params["piece_id"]
    status = 422
    if wanted is not None:
        try:
            await correct(
                actor_of(request),
                draft.id,
                revision=revision_of(form),
                act="reword",
                label=wanted.title or wanted.label or wanted.number or wanted.body,
                correction=lambda outline, _new_id: reword(outline, piece_id, wanted),
                now=context(request).now,
            )
        except DraftChanged:
            status = DraftChanged.status
            form.fail("body", _("Otra persona cambió el borrador mientras usted escribía. Lo que "
                                "escribió sigue aquí: compárelo con lo guardado y guarde otra "
                                "vez."))  # fmt: skip
        except Unfit as refusal:
            form.fail("title", refusal.title)
    if wanted is not None and not form.has_errors:
        return see(place_url(draft, piece_id, aviso="guardado"))
    fresh = await draft_of(draft.entity_id, draft.id)
    if status == DraftChanged.status:
        form.values["revision"] = str(fresh.revision)
    return _show_wording(request, fresh, _piece(await read_outline(fresh), request), form, status)


async def splitting(request: Request) -> Response:
    """Show the paragraphs of a section to choose where another one begins."""
    return await _show_splitting(request, await _draft(request), Form(fields=SPLIT_FIELDS))


async def _show_splitting(
    request: Request, draft: PlanDraft, form: Form, status: int = 200
) -> Response:
    piece = _piece(await read_outline(draft), request)
    if piece is None:
        raise NotFound
    first = (marked_in([request.query_params.get("parrafo", "")]) or (0,))[0]
    found = paragraphs_of(piece, first)
    more = first + len(found)
    url = f"{draft_url(draft)}/apartados/{piece.id}"
    return render(
        request,
        "consultations/draft_split.html",
        status=status,
        section={
            "name": named(piece),
            "url": f"{url}/dividir",
            "edit_url": url,
            "back_url": place_url(draft, piece.id),
            "revision": draft.revision,
            "paragraphs": found,
            "first_url": f"{url}/dividir" if first else None,
            "next_url": (
                with_query(f"{url}/dividir", parrafo=more)
                if more < len(paragraphs(piece.body))
                else None
            ),
        },
        form=form,
        crumbs=_crumbs(draft, inside=True),
    )


async def split_section(request: Request) -> Response:
    """Divide a section of a draft at the paragraph chosen."""
    draft = await _draft(request)
    form = Form(form_data(request), fields=SPLIT_FIELDS)
    first = form.number("paragraph")
    piece_id = request.path_params["piece_id"]
    if first is None:
        form.fail("paragraph", _("Elija el párrafo con el que empieza el apartado nuevo."))
        return await _show_splitting(request, draft, form, 422)
    outline = await read_outline(draft)
    try:
        change = await correct(
            actor_of(request),
            draft.id,
            revision=revision_of(form),
            act="split",
            label=_label_of(outline, (piece_id,)),
            correction=lambda outline, new_id: split(
                outline, piece_id, first, new_id, titled=form.checked("titled")
            ),
            now=context(request).now,
        )
    except (DraftChanged, Unfit) as refusal:
        form.fail("paragraph", refusal.title)
        fresh = await draft_of(draft.entity_id, draft.id)
        return await _show_splitting(request, fresh, form, refusal.status)
    return see(place_url(draft, change.new[-1].id, aviso="guardado"))


async def publishing(request: Request) -> Response:
    """Show what publishing a draft would change."""
    draft = await _draft(request)
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
        },
        form=form,
        crumbs=_crumbs(draft, inside=True),
    )


async def publish_plan(request: Request) -> Response:
    """Publish a draft as it was last seen, over the version it was compared with."""
    draft = await _draft(request)
    form = Form(form_data(request), fields=PUBLISH_FIELDS)
    title = form.text("title", longest=MAX_TITLE, required=_("Escriba el título del plan."))
    if "\n" in title:
        form.fail("title", _("Escriba el título en una sola línea."))
    if form.has_errors:
        return await _show_publishing(request, draft, form, 422)
    try:
        await publish_draft(
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
    return see(with_query(plan_url(draft.process.slug), aviso="plan-publicado"))


_DRAFT = "/gestion/borradores/{draft_id:int}"
_SECTION = f"{_DRAFT}/apartados/{{piece_id:int}}"
DRAFT_ROUTES = [
    page(_DRAFT, correcting, action=Action.IMPORT),
    page(_DRAFT, correct_outline, action=Action.IMPORT, methods=("POST",), limit=CORRECTION),
    page(_SECTION, wording, action=Action.IMPORT),
    page(_SECTION, correct_wording, action=Action.IMPORT, methods=("POST",), limit=CORRECTION,
         body_bytes=BODY_BYTES),
    page(f"{_SECTION}/dividir", splitting, action=Action.IMPORT),
    page(f"{_SECTION}/dividir", split_section, action=Action.IMPORT, methods=("POST",),
         limit=CORRECTION),
    page(f"{_DRAFT}/publicar", publishing, action=Action.IMPORT),
    page(f"{_DRAFT}/publicar", publish_plan, action=Action.IMPORT, methods=("POST",), limit=POST),
]  # fmt: skip
