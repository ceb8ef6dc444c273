"""The pages of one section of a draft: its words, and where it is divided."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.draft_forms import (
    BODY_BYTES,
    SPLIT_FIELDS,
    marked_in,
    read_wording,
    seen_in,
    wording_form,
)
from participa.consultations.draft_pages import asked_draft, draft_crumbs, label_of
from participa.consultations.draft_views import (
    KIND_OPTIONS,
    draft_url,
    named,
    paragraphs_of,
    place_url,
)
from participa.i18n import _
from participa.plans.drafts import DraftChanged, correct, draft_of, read_outline
from participa.plans.editing import Unfit, paragraphs, place_of, reword, split
from participa.plans.models import PlanDraft
from participa.plans.outlines import Outline, Piece
from participa.plans.parsing.model import MAX_TITLE
from participa.security.limits import CORRECTION
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render


def _piece(outline: Outline, request: Request) -> Piece | None:
    at = place_of(outline, request.path_params["piece_id"])
    return None if at is None else outline[at]


async def wording(request: Request) -> Response:
    """Show a section of a draft to write it anew."""
    draft = await asked_draft(request)
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
        crumbs=draft_crumbs(draft, inside=True),
    )


async def correct_wording(request: Request) -> Response:
    """Write a section of a draft anew; what was typed stays whatever happens."""
    draft = await asked_draft(request)
    wanted, form = read_wording(form_data(request))
    piece_id = request.path_params["piece_id"]
    status = 422
    if wanted is not None:
        name = wanted.title or wanted.label or wanted.number or wanted.body
        try:
            await correct(
                actor_of(request),
                draft.id,
                seen_in(form),
                act="reword",
                label=lambda _outline: name,
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
    return await _show_splitting(request, await asked_draft(request), Form(fields=SPLIT_FIELDS))


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
        crumbs=draft_crumbs(draft, inside=True),
    )


async def split_section(request: Request) -> Response:
    """Divide a section of a draft at the paragraph chosen, or inside of it."""
    draft = await asked_draft(request)
    form = Form(form_data(request), fields=SPLIT_FIELDS)
    first = form.number("paragraph")
    piece_id = request.path_params["piece_id"]
    begins = form.text("begins", longest=MAX_TITLE)
    if form.has_errors:
        return await _show_splitting(request, draft, form, 422)
    if first is None:
        form.fail("paragraph", _("Elija el párrafo con el que empieza el apartado nuevo."))
        return await _show_splitting(request, draft, form, 422)
    try:
        change = await correct(
            actor_of(request),
            draft.id,
            seen_in(form),
            act="split",
            label=lambda outline: label_of(outline, (piece_id,)),
            correction=lambda outline, new_id: split(
                outline, piece_id, first, new_id, titled=form.checked("titled"), begins=begins
            ),
            now=context(request).now,
        )
    except (DraftChanged, Unfit) as refusal:
        form.fail("begins" if begins else "paragraph", refusal.title)
        fresh = await draft_of(draft.entity_id, draft.id)
        return await _show_splitting(request, fresh, form, refusal.status)
    return see(place_url(draft, change.new[-1].id if change else piece_id, aviso="guardado"))


_SECTION = "/gestion/borradores/{draft_id:int}/apartados/{piece_id:int}"
DRAFT_SECTION_ROUTES = [
    page(_SECTION, wording, action=Action.IMPORT),
    page(_SECTION, correct_wording, action=Action.IMPORT, methods=("POST",), limit=CORRECTION,
         body_bytes=BODY_BYTES),
    page(f"{_SECTION}/dividir", splitting, action=Action.IMPORT),
    page(f"{_SECTION}/dividir", split_section, action=Action.IMPORT, methods=("POST",),
         limit=CORRECTION),
]  # fmt: skip
