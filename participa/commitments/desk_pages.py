"""The officials' pages of commitments: what they owe, making one, telling how it goes."""

from collections.abc import Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, entity_target, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.answers.forms import read_told
from participa.commitments import evidence, service, told
from participa.commitments.evidence_reads import files_of, links_of
from participa.commitments.forms import (
    CHANGE_FIELDS,
    PROGRESS_FIELDS,
    Due,
    read_day,
    read_indicator,
    read_link,
    read_move,
    read_reason,
    read_receipts,
    read_who,
)
from participa.commitments.listing import items, standings, wanted
from participa.commitments.making_pages import MAKING_ROUTES
from participa.commitments.models import Commitment
from participa.commitments.naming import (
    contributions_named,
    who_options,
)
from participa.commitments.queries import (
    SourceView,
    commitment_of,
    commitment_target,
    commitment_url,
    desk_url,
    sources_of,
    standing_pill,
    steps_of,
)
from participa.commitments.routes import today
from participa.commitments.rules import MOVES, State
from participa.files.forms import FILE_FIELDS, body_bytes, read_file
from participa.i18n import Text, _
from participa.security.limits import POST, UPLOAD
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, Conflict, NotFound, Refusal
from participa.web.templating import render

DESK = "/gestion/compromisos"
MOVE_WORDS: dict[State, Text] = {
    State.DONE: _("Se cumplió"),
    State.CANCELLED: _("Se cancela"),
    State.IN_PROGRESS: _("Se reabre"),
}


async def desk(request: Request) -> Response:
    """List what the official answers for; with `todos`, what everybody does."""
    require(request, Action.SEE_DESK, entity_target(request))
    ctx, actor = context(request), actor_of(request)
    asked = wanted(request.query_params)
    everybody = request.query_params.get("de") == "todos"
    if not everybody:
        asked = wanted(request.query_params, owner_id=actor.person_id)
    shown, last = await items(ctx.entity.id, asked, today(request))
    here = with_query(DESK, de="todos") if everybody else DESK
    return render(
        request,
        "commitments/desk.html",
        desk={
            "items": [(desk_url(each.id), each) for each in shown],
            "orders": [
                (DESK, _("A mi cargo"), not everybody),
                (with_query(DESK, de="todos"), _("Todos"), everybody),
            ],
            "standings": (await standings(ctx.entity.id, asked, today(request))).pills,
            "first_url": here if asked.after else None,
            "next_url": with_query(here, desde=last) if last is not None else None,
        },
        crumbs=[("/gestion", _("Gestión"))],
    )


async def _managed(request: Request) -> Commitment:
    found = await commitment_of(context(request).entity.id, request.path_params["commitment_id"])
    require(request, Action.MANAGE_PROCESS, commitment_target(found))
    return found


async def case(request: Request) -> Response:
    """Show an official a commitment with all that can be done about it."""
    return await _show(request, await _managed(request), Form())


async def _show(request: Request, found: Commitment, form: Form, status: int = 200) -> Response:
    sources = await sources_of(found)
    form.values = {**_present(found, sources), **form.values}
    ctx = context(request)
    return render(
        request,
        "commitments/case.html",
        status=422 if form.has_errors and status == 200 else status,
        case={
            "title": found.title,
            "url": desk_url(found.id),
            "public_url": commitment_url(found.id),
            "seen": str(found.step_count),
            "pill": standing_pill(found, today(request)),
            "due_on": found.due_on,
            "is_settled": found.is_settled,
            "is_cancelled": found.state == State.CANCELLED,
            "moves": _moves(found),
            "files": await files_of(found.entity_id, found.id),
            "links": await links_of(found.entity_id, found.id),
            "steps": await steps_of(found),
            "to_tell": await told.to_tell(found),
            "image_mb": ctx.settings.max_image_mb,
            "pdf_mb": ctx.settings.max_pdf_mb,
            **await who_options(found.entity_id, found.process_id),
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), (DESK, _("Compromisos"))],
    )


def _present(found: Commitment, sources: Sequence[SourceView]) -> dict[str, str]:
    """Fill in the form of changes with what the commitment is now."""
    return {
        "due_on": found.due_on.isoformat(),
        "indicator": found.indicator,
        "office": str(found.office_id),
        "owner": str(found.owner_id or ""),
        "receipts": "\n".join(each.receipt for each in sources),
    }


def _moves(found: Commitment) -> list[tuple[str, Text]]:
    ways = MOVES[State(found.state)]
    if found.is_settled:
        return [(each.value, MOVE_WORDS[each]) for each in ways]
    return [(each.value, MOVE_WORDS[each]) for each in (State.DONE, State.CANCELLED)]


async def progress(request: Request) -> Response:
    """Tell how a commitment goes."""
    found = await _managed(request)
    form = Form(form_data(request), fields=PROGRESS_FIELDS)
    note = read_reason(form, "note")
    if not note:
        form.fail("note", _("Cuente cómo va."))
    try:
        if not form.has_errors:
            await service.report_progress(
                actor_of(request), found.id, note, seen=form.values["seen"],
                now=context(request).now,
            )  # fmt: skip
    except Conflict as refusal:
        return await _refused(request, found, form, "note", refusal)
    return await _done(request, found, form)


async def _refused(
    request: Request, found: Commitment, form: Form, field: str, refusal: Refusal
) -> Response:
    """Show the page as it is now, with all that was typed and what is in the way beside it."""
    form.fail(field, _("{title}. {advice}", title=refusal.title, advice=refusal.advice))
    fresh = await commitment_of(found.entity_id, found.id)
    return await _show(request, fresh, form, refusal.status)


async def _done(request: Request, found: Commitment, form: Form) -> Response:
    if form.has_errors:
        return await _show(request, found, form)
    return see(with_query(desk_url(found.id), aviso="guardado"))


async def move(request: Request) -> Response:
    """Say that a commitment was done, is cancelled or is open again."""
    found = await _managed(request)
    to, reason, form = read_move(form_data(request))
    try:
        if to is not None and not form.has_errors:
            await service.move(
                actor_of(request), found.id, to, reason=reason, seen=form.values["seen"],
                now=context(request).now,
            )  # fmt: skip
    except service.ReasonMissing as refusal:
        form.fail("reason", refusal.title)
    except service.EvidenceMissing as refusal:
        form.fail("to", refusal.title)
    except Conflict as refusal:
        return await _refused(request, found, form, "to", refusal)
    return await _done(request, found, form)


async def change(request: Request) -> Response:
    """Give a commitment another day, office, official or indicator, or more to come from."""
    found = await _managed(request)
    form = Form(form_data(request), fields=CHANGE_FIELDS)
    who, indicator = read_who(form), read_indicator(form)
    reason = read_reason(form, "change_reason")
    due = _unchanged_or_to_come(form, found, today(request))
    receipts = read_receipts(form)
    named = await contributions_named(found.entity_id, found.process_id, receipts, form)
    try:
        if not form.has_errors and due is not None and who is not None:
            await service.change(
                actor_of(request), found.id, due_on=due.on, office_id=who[0], owner_id=who[1],
                indicator=indicator, sources=[each.id for each in named], reason=reason,
                seen=form.values["seen"], now=context(request).now,
            )  # fmt: skip
    except service.ReasonMissing as refusal:
        form.fail("change_reason", refusal.title)
    except BadInput as refusal:
        form.fail("owner", refusal.title)
    except Conflict as refusal:
        return await _refused(request, found, form, "change_reason", refusal)
    return await _done(request, found, form)


def _unchanged_or_to_come(form: Form, found: Commitment, day: date) -> Due | None:
    """Read the day; one that has passed is no mistake where it is the present one."""
    if form.text("due_on") == found.due_on.isoformat():
        return Due(found.due_on, found.term_days)
    return read_day(form, day)


async def attach(request: Request) -> Response:
    """Attach a file that shows what was done."""
    found = await _managed(request)
    form = Form(form_data(request), fields=FILE_FIELDS)
    received = await read_file(form, context(request).settings)
    try:
        if received is not None:
            await evidence.attach_evidence(
                actor_of(request), found.id, received, now=context(request).now
            )
    except Conflict as refusal:
        form.fail("file", refusal.title)
    return await _done(request, found, form)


async def add_link(request: Request) -> Response:
    """Add an address that shows what was done."""
    found = await _managed(request)
    url, description, form = read_link(form_data(request))
    try:
        if not form.has_errors:
            await evidence.add_link(
                actor_of(request), found.id, url, description, now=context(request).now
            )
    except Conflict as refusal:
        form.fail("url", refusal.title)
    return await _done(request, found, form)


async def remove_evidence(request: Request) -> Response:
    """Take a file or an address away."""
    found = await _managed(request)
    form = Form(form_data(request), fields=("file_id", "link_id"))
    file_id, link_id = form.number("file_id"), form.number("link_id")
    if form.has_errors or (file_id is None) is (link_id is None):
        raise NotFound
    await evidence.remove_evidence(
        actor_of(request), found.id, file_id=file_id, link_id=link_id, now=context(request).now
    )
    return see(with_query(desk_url(found.id), aviso="guardado"))


async def mark_told(request: Request) -> Response:
    """Note that those whom no mail reaches were told."""
    found = await _managed(request)
    sent, form = read_told(form_data(request))
    try:
        if sent is not None:
            await told.mark_told(
                actor_of(request), found.id, sent.seen, told_on=sent.told_on, how=sent.how,
                today=today(request), now=context(request).now,
            )  # fmt: skip
    except BadInput as refusal:
        form.fail("told_on", refusal.title)
    except Conflict as refusal:
        return await _refused(request, found, form, "told_on", refusal)
    return await _done(request, found, form)


_CASE = "/gestion/compromisos/{commitment_id:int}"
_MANAGE = Action.MANAGE_PROCESS
DESK_ROUTES = [
    page(DESK, desk, action=Action.SEE_DESK),
    *MAKING_ROUTES,
    page(_CASE, case, action=_MANAGE),
    page(f"{_CASE}/avance", progress, action=_MANAGE, methods=("POST",), limit=POST),
    page(f"{_CASE}/estado", move, action=_MANAGE, methods=("POST",), limit=POST),
    page(f"{_CASE}/cambios", change, action=_MANAGE, methods=("POST",), limit=POST),
    page(f"{_CASE}/archivos", attach, action=_MANAGE, methods=("POST",), limit=UPLOAD,
         body_bytes=body_bytes),
    page(f"{_CASE}/enlaces", add_link, action=_MANAGE, methods=("POST",), limit=POST),
    page(f"{_CASE}/pruebas/quitar", remove_evidence, action=_MANAGE, methods=("POST",), limit=POST),
    page(f"{_CASE}/avisos", mark_told, action=_MANAGE, methods=("POST",), limit=POST),
]  # fmt: skip
