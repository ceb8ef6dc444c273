"""The page of a recording with its receipts and its acta, and what an official does there."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.channels.models import Recording
from participa.channels.queries import recording_of, said_in, title_of
from participa.channels.rules import ORGANISATION_KINDS
from participa.channels.scans import (
    MAX_SCANS,
    attach_scan,
    scans_of,
    show_scan,
    take_scan_off,
)
from participa.deliberation.pages import crumbs
from participa.files.forms import FILE_FIELDS, body_bytes, read_file
from participa.i18n import Text
from participa.processes.queries import process_target
from participa.security.limits import POST, UPLOAD
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, Conflict
from participa.web.templating import render

SCAN_FIELDS = (*FILE_FIELDS, "public")


async def recording(request: Request) -> Response:
    """Show a recording with the receipts of what it left, to be read or printed."""
    found = await _found(request)
    require(request, Action.READ, process_target(found.process))
    return await _show(request, found, Form(fields=SCAN_FIELDS))


async def _found(request: Request) -> Recording:
    return await recording_of(context(request).entity.id, request.path_params["id"])


async def _show(request: Request, found: Recording, form: Form) -> Response:
    ctx = context(request)
    is_official = can(actor_of(request), Action.IMPORT, process_target(found.process))
    scans = await scans_of(found, for_official=is_official)
    start, url = request.query_params.get("desde", ""), f"/registros/{found.id}"
    said, following = await said_in(found, start)
    return render(
        request,
        "channels/recording.html",
        status=422 if form.has_errors else 200,
        recording={
            "url": url,
            "title": title_of(found),
            "process_title": found.process.title,
            "held_on": found.held_on,
            "people_count": found.people_count,
            "organisation_kind": _organisation_kind(found),
            "nit": found.organisation.nit if found.organisation else "",
            "recorded_by": found.recorded_by,
            "recorded_at": found.recorded_at,
            "said": said,
            "first_url": url if start else None,
            "next_url": with_query(url, desde=following) if following else None,
            "look_up": ctx.entity.base_url,
            "scans": scans,
            "is_official": is_official,
            "may_attach": is_official and len(scans) < MAX_SCANS,
            "image_mb": ctx.settings.max_image_mb,
            "pdf_mb": ctx.settings.max_pdf_mb,
        },
        form=form,
        crumbs=crumbs(found.process),
    )


def _organisation_kind(found: Recording) -> Text | str:
    return ORGANISATION_KINDS.get(found.organisation.kind, "") if found.organisation else ""


async def add_scan(request: Request) -> Response:
    """Attach a scan to a recording."""
    found = await _found(request)
    require(request, Action.IMPORT, process_target(found.process))
    form = Form(form_data(request), fields=SCAN_FIELDS)
    received = await read_file(form, context(request).settings)
    if received is None:
        return await _show(request, found, form)
    try:
        await attach_scan(
            actor_of(request), found, received, is_public=form.checked("public"),
            now=context(request).now,
        )  # fmt: skip
    except Conflict as refusal:
        form.fail("file", refusal.title)
        return await _show(request, found, form)
    return see(f"/registros/{found.id}?aviso=adjunto#acta")


async def change_scan(request: Request) -> Response:
    """Let everybody see a scan, or officials only, or take it off."""
    found = await _found(request)
    require(request, Action.IMPORT, process_target(found.process))
    form = Form(form_data(request), fields=("id", "do"))
    file_id, wanted = form.number("id"), form.values["do"]
    if file_id is None or wanted not in {"show", "withhold", "remove"}:
        raise BadInput
    actor, now = actor_of(request), context(request).now
    if wanted == "remove":
        await take_scan_off(actor, found, file_id, now=now)
    else:
        await show_scan(actor, found, file_id, wanted=wanted == "show", now=now)
    return see(f"/registros/{found.id}?aviso=guardado#acta")


_SCANS = "/registros/{id:int}/acta"
SCAN_ROUTES = [
    page("/registros/{id:int}", recording, action=Action.READ),
    page(_SCANS, add_scan, action=Action.IMPORT, methods=("POST",), limit=UPLOAD,
         body_bytes=body_bytes),
    page(f"{_SCANS}/cambiar", change_scan, action=Action.IMPORT, methods=("POST",), limit=POST),
]  # fmt: skip
