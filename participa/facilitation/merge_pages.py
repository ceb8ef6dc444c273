"""The page on which a contribution is merged into another one, or stands by itself again."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.models import Contribution
from participa.deliberation.pages import features_of
from participa.deliberation.queries import contribution_of
from participa.deliberation.unions import union_of
from participa.deliberation.views import author_name, contribution_target, excerpt
from participa.facilitation.finding import MOST_LETTERS, contributions_like, openings_of
from participa.facilitation.merges import merge, unmerge
from participa.facilitation.rules import MAX_REASON
from participa.features import CosignersOf
from participa.i18n import Text, _
from participa.kit.html import plain_text
from participa.kit.receipts import parse_receipt
from participa.processes.queries import schedule_of
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import NotFound
from participa.web.templating import render

FIELDS = ("into", "receipt", "reason", "buscar")
REASON_FIELDS = ("reason",)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contribution that may say the same."""

    receipt: str
    url: str
    title: str
    author_name: str | Text
    excerpt: str
    support_count: int


async def found_for_facilitation(request: Request) -> Contribution:
    """Find the contribution in the address, for who may facilitate. Refuses with NotFound."""
    found = await contribution_of(context(request).entity.id, request.path_params["receipt"])
    schedule = await schedule_of(found.entity_id, found.process_id)
    is_public = schedule.process.is_published
    require(request, Action.FACILITATE, contribution_target(found, is_public=is_public))
    return found


async def merging(request: Request) -> Response:
    """Show what a contribution may be merged into, or how it is separated."""
    found = await found_for_facilitation(request)
    sought = request.query_params.get("buscar", "").strip()[:MOST_LETTERS]
    return await _show(request, found, Form({"buscar": sought}, fields=FIELDS))


async def _show(request: Request, found: Contribution, form: Form) -> Response:
    url, union = f"/aportes/{found.receipt_number}", await union_of(found)
    candidates = [] if union.into else await _candidates(request, found, form.values["buscar"])
    return render(
        request,
        "facilitation/merge.html",
        status=422 if form.has_errors else 200,
        merging={
            "url": url,
            "one": _candidate(found),
            "is_opening": found.is_opening,
            "union": union,
            "sought": form.values["buscar"],
            "candidates": candidates,
        },
        form=form,
        crumbs=[(url, found.receipt_number)],
    )


async def _candidates(request: Request, found: Contribution, sought: str) -> list[Candidate]:
    """List what was sought, or else what its feature knows to be like it."""
    rows = await contributions_like(found, sought) if sought else await _similar(request, found)
    return [_candidate(row) for row in rows]


async def _similar(request: Request, found: Contribution) -> list[Contribution]:
    similar = features_of(request).thread_kind(found.thread.kind).similar
    if similar is None or not found.is_opening:
        return []
    return await openings_of(found, await similar(request, found.thread_id))


def _candidate(said: Contribution) -> Candidate:
    return Candidate(
        receipt=said.receipt_number,
        url=f"/aportes/{said.receipt_number}",
        title=said.thread.title,
        author_name=said.office or author_name(said),
        excerpt=excerpt(plain_text(said.body_html)),
        support_count=said.support_count,
    )


async def merge_it(request: Request) -> Response:
    """Merge a contribution into the one chosen or named by its receipt number."""
    found = await found_for_facilitation(request)
    form = Form(form_data(request), fields=FIELDS)
    typed = form.text("receipt")
    wanted = typed or form.text("into")
    into = await _named(found, wanted)
    if into is None:
        message = (
            _("No hay ningún aporte con ese radicado.") if wanted else _("Diga a cuál se une.")
        )
        form.fail("receipt", message)
    reason = form.text("reason", required=_("Diga por qué se une."), longest=MAX_REASON)
    if form.has_errors or into is None:
        return await _show(request, found, form)
    await merge(
        actor_of(request), found.id, into.id, reason=reason, now=context(request).now,
        cosigners=_cosigners(request, found),
    )  # fmt: skip
    return see(f"/aportes/{found.receipt_number}?aviso=unido")


async def _named(found: Contribution, wanted: str) -> Contribution | None:
    parsed = parse_receipt(wanted)
    if parsed is None:
        return None
    try:
        return await contribution_of(found.entity_id, str(parsed))
    except NotFound:
        return None


def _cosigners(request: Request, found: Contribution) -> CosignersOf | None:
    return features_of(request).thread_kind(found.thread.kind).cosigners


async def separate(request: Request) -> Response:
    """Let a contribution stand by itself again."""
    found = await found_for_facilitation(request)
    form = Form(form_data(request), fields=REASON_FIELDS)
    reason = form.text("reason", required=_("Diga por qué se separa."), longest=MAX_REASON)
    if form.has_errors:
        form.values.update(dict.fromkeys(FIELDS[:2], ""), buscar="")
        return await _show(request, found, form)
    await unmerge(
        actor_of(request), found.id, reason=reason, now=context(request).now,
        cosigners=_cosigners(request, found),
    )  # fmt: skip
    return see(f"/aportes/{found.receipt_number}?aviso=separado")


ROUTES = [
    page("/aportes/{receipt}/unir", merging, action=Action.FACILITATE),
    page("/aportes/{receipt}/unir", merge_it, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
    page("/aportes/{receipt}/separar", separate, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
]  # fmt: skip
