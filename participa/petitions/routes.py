"""The pages of petitions for whoever files one: what there is, filing, following."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, entity_target, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.entities.models import Office
from participa.i18n import _
from participa.petitions.forms import (
    FOLLOW_FIELDS,
    PETITION_FIELDS,
    read_follow,
    read_petition,
)
from participa.petitions.models import Petition
from participa.petitions.queries import (
    case_by_code,
    case_of_author,
    case_view,
    cases_by,
    public_figures,
)
from participa.petitions.rules import KINDS, SMALL_CELL, rulebook
from participa.petitions.service import Filed, file_petition
from participa.security.limits import POST, Limit
from participa.web.context import context
from participa.web.forms import Form
from participa.web.templating import render

FOLLOW = Limit("petition_follow", 10, 60)
CRUMBS = (("/peticiones", _("Peticiones")),)
# Pages with a petition or its code on them are kept by nobody, not even for a visitor.
PRIVATE = {"Cache-Control": "no-store"}


async def overview(request: Request) -> Response:
    """Say what can be asked of the entity, how long it has, and how much was asked."""
    ctx, actor = context(request), actor_of(request)
    today = ctx.now.astimezone(ctx.zone).date()
    mine = []
    if actor.person_id is not None:
        mine = await cases_by(ctx.entity.id, actor.person_id, ctx.now, ctx.zone)
    return render(
        request,
        "petitions/overview.html",
        petitions={
            "mine": mine,
            "may_handle": can(actor, Action.HANDLE_PETITIONS, entity_target(request)),
            "terms": [(kind, rulebook().term_for(code, today)) for code, kind in KINDS.items()],
            "figures": await public_figures(ctx.entity.id, ctx.now, ctx.zone),
            "small_cell": SMALL_CELL,
        },
    )


async def new(request: Request) -> Response:
    """Show the form to file a petition."""
    return await _new_page(request, Form(fields=PETITION_FIELDS))


async def _new_page(request: Request, form: Form) -> Response:
    offices = await _offices(request)
    return render(
        request,
        "petitions/new.html",
        status=422 if form.has_errors else 200,
        form=form,
        kinds=[
            (code, _("{label}. {hint}", label=kind.label, hint=kind.hint))
            for code, kind in KINDS.items()
        ],
        offices=[("", _("No sé: que la entidad decida")), *offices.items()],
        crumbs=CRUMBS,
    )


async def _offices(request: Request) -> dict[str, str]:
    rows = await Office.of(context(request).entity.id).order_by("name")
    return {str(office.id): office.name for office in rows}


async def file(request: Request) -> Response:
    """File the petition, and answer with the receipt itself: its code is in no address."""
    ctx = context(request)
    asked, form = read_petition(form_data(request), await _offices(request))
    if asked is None:
        return await _new_page(request, form)
    filed = await file_petition(
        actor_of(request),
        ctx.entity,
        asked,
        secret=ctx.settings.secret,
        now=ctx.now,
        request_key=form.request_key,
    )
    return await _receipt(request, filed)


async def _receipt(request: Request, filed: Filed) -> Response:
    ctx, petition = context(request), filed.petition
    is_own = petition.author_id is not None
    return render(
        request,
        "petitions/receipt.html",
        headers=PRIVATE,
        case=await case_view(petition, ctx.now, ctx.zone),
        receipt={
            "code": filed.code,
            "own_url": f"/peticiones/{petition.filing_number}" if is_own else "",
        },
        crumbs=CRUMBS,
    )


async def follow(request: Request) -> Response:
    """Show the form that asks for filing number and code."""
    return _follow_page(request, Form(fields=FOLLOW_FIELDS), 200)


def _follow_page(request: Request, form: Form, status: int) -> Response:
    return render(
        request, "petitions/follow.html", status=status, headers=PRIVATE, form=form, crumbs=CRUMBS
    )


async def look_up(request: Request) -> Response:
    """Show a petition to who has its number and code; all else gets one and the same answer."""
    ctx = context(request)
    number, code, form = read_follow(form_data(request))
    if form.has_errors:
        return _follow_page(request, form, 422)
    found = await case_by_code(ctx.entity.id, number, code)
    if found is None:
        form.fail(
            "filing_number",
            _("No encontramos una petición con ese radicado y ese código. Revise los dos."),
        )
        return _follow_page(request, form, 404)
    return await _case_page(request, found)


async def own(request: Request) -> Response:
    """Show a petition to the person who filed it with their account."""
    ctx, actor = context(request), actor_of(request)
    number = request.path_params["filing_number"]
    return await _case_page(
        request, await case_of_author(ctx.entity.id, actor.person_id or 0, number)
    )


async def _case_page(request: Request, found: Petition) -> Response:
    ctx = context(request)
    case = await case_view(found, ctx.now, ctx.zone)
    return render(request, "petitions/case.html", headers=PRIVATE, case=case, crumbs=CRUMBS)


PUBLIC_ROUTES = [
    page("/peticiones", overview, action=Action.SEE_SITE, on_entity=True),
    page("/peticiones/nueva", new, action=Action.FILE_PETITION, on_entity=True),
    page("/peticiones/nueva", file, action=Action.FILE_PETITION, methods=("POST",), limit=POST,
         on_entity=True),
    page("/peticiones/seguimiento", follow, action=Action.SEE_SITE, on_entity=True),
    page("/peticiones/seguimiento", look_up, action=Action.SEE_SITE, methods=("POST",),
         limit=FOLLOW, on_entity=True),
    page("/peticiones/{filing_number}", own, action=Action.SEE_OWN, on_entity=True),
]  # fmt: skip
