"""Addresses of other channels: recording a session, its receipts, a form to print."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.channels.checking import head_of
from participa.channels.desk import (
    desk_crumbs,
    new_url,
    receiving_of,
    recordable,
    recordings_url,
    sheet_url,
)
from participa.channels.forms import AGAIN, Receiving, add_rows, opened_form, read_session
from participa.channels.marks import LONGEST_SOURCE
from participa.channels.models import Recording
from participa.channels.queries import (
    PAGE_SIZE,
    is_recorded,
    places_of,
    recordings_of,
    title_of,
)
from participa.channels.repeated import LooksRecorded
from participa.channels.rules import KINDS, MAX_ROWS, ORGANISATION_KINDS
from participa.channels.scan_pages import SCAN_ROUTES
from participa.channels.service import record_session
from participa.channels.sheet_pages import checked_sheet, record_checked
from participa.channels.sheets import (
    MAX_SHEET_BYTES,
    SheetRefused,
    in_fields,
    read_sheet,
    sheet_key,
)
from participa.channels.waiting import keep_sheet
from participa.deliberation.pages import crumbs
from participa.deliberation.rules import STANCES
from participa.i18n import Text, _
from participa.processes.queries import Schedule, schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

FORM_BYTES = 3 * 1024 * 1024
PLACES_OFFERED = 400


async def recordings(request: Request) -> Response:
    """Show an official what was recorded in a process, and what can be."""
    schedule = await recordable(request)
    process = schedule.process
    url = recordings_url(process.slug)
    start = request.query_params.get("desde", "")
    found = await recordings_of(process.entity_id, process.id, start)
    following = found[PAGE_SIZE:]
    return render(
        request,
        "channels/recordings.html",
        listing={
            "process_title": process.title,
            "kinds": _offered(new_url(process.slug)),
            "paper_url": paper_url(process.slug),
            "items": [_item(each) for each in found[:PAGE_SIZE]],
            "first_url": url if start else None,
            "next_url": with_query(url, desde=following[0].id) if following else None,
        },
        crumbs=desk_crumbs(schedule)[:-1],
    )


def paper_url(slug: str) -> str:
    """Give the page of a process's form to print."""
    return f"/procesos/{slug}/formato"


def _offered(url: str) -> list[tuple[str, Text]]:
    offered = {
        "workshop": _("Registrar una mesa de trabajo"),
        "telephone": _("Registrar llamadas"),
        "paper": _("Registrar formularios en papel"),
        "organisation": _("Registrar a una organización"),
    }
    return [(with_query(url, tipo=kind), words) for kind, words in offered.items()]


def _item(recording: Recording) -> dict[str, object]:
    return {
        "url": f"/registros/{recording.id}",
        "title": title_of(recording),
        "held_on": recording.held_on,
        "people_count": recording.people_count,
        "recorded_by": recording.recorded_by,
    }


async def new_recording(request: Request) -> Response:
    """Show an official the form to record a session of one kind."""
    schedule = await recordable(request)
    form = opened_form({"kind": request.query_params.get("tipo", "")})
    return await _show(request, schedule, form, await receiving_of(request, schedule))


async def _show(request: Request, schedule: Schedule, form: Form, receiving: Receiving) -> Response:
    process = schedule.process
    count = int(form.values["rows"])
    return render(
        request,
        "channels/record.html",
        status=422 if form.has_errors else 200,
        recording={
            "url": new_url(process.slug),
            "process_title": process.title,
            "kind": form.values["kind"],
            "kind_label": KINDS[form.values["kind"]],
            "rows": range(1, count + 1),
            "may_add": count < MAX_ROWS,
            "stances": [("", _("No se sabe")), *STANCES.items()],
            "sorts": [("", _("Elija…")), *ORGANISATION_KINDS.items()],
            "places": [each.label for each in receiving.places.every[:PLACES_OFFERED]],
            "territories": receiving.areas.names,
        },
        form=form,
        crumbs=desk_crumbs(schedule),
    )


async def record(request: Request) -> Response:
    """Record a session; what needs mending comes back with everything typed in it."""
    schedule = await recordable(request)
    form = opened_form(form_data(request))
    receiving = await receiving_of(request, schedule)
    if form.values["do"] == "more":
        add_rows(form)
        return await _show(request, schedule, form, receiving)
    if form.values["do"] == "sheet":
        waiting = await _take_sheet(request, form, schedule, receiving)
        return waiting or await _show(request, schedule, form, receiving)
    session = await asyncio.to_thread(read_session, form, receiving)
    if session is None:
        return await _show(request, schedule, form, receiving)
    try:
        stored = await record_session(
            actor_of(request),
            schedule.process,
            session,
            now=receiving.now,
            request_key=form.request_key,
        )
    except LooksRecorded as refusal:
        form.fail(AGAIN, refusal.title)
        return await _show(request, schedule, form, receiving)
    return see(f"/registros/{stored.id}?aviso=registrado")


async def _take_sheet(
    request: Request, form: Form, schedule: Schedule, receiving: Receiving
) -> Response | None:
    """Fill the form in from a short sheet; lead to the page of a long one."""
    upload = form.files.get("sheet")
    if upload is None or not upload.filename:
        form.fail("sheet", _("Escoja la hoja."))
        return None
    data = await upload.read(MAX_SHEET_BYTES + 1)
    try:
        rows = await asyncio.to_thread(read_sheet, data)
    except SheetRefused as refusal:
        form.fail("sheet", refusal.title)
        return None
    if not form.values["source"].strip():
        form.values["source"] = upload.filename.rpartition(".")[0][:LONGEST_SOURCE]
    if len(rows) > MAX_ROWS:
        return await _put_aside(request, form, schedule, receiving, rows)
    await _fill_in(form, schedule, receiving, rows, sheet_key(schedule.process.id, data))
    return None


async def _put_aside(
    request: Request,
    form: Form,
    schedule: Schedule,
    receiving: Receiving,
    rows: Sequence[dict[str, str]],
) -> Response | None:
    head = head_of(form, receiving)
    if head is None:
        form.fail("sheet", _("Complete lo que falta arriba y escoja otra vez la hoja."))
        return None
    process = schedule.process
    sheet = await keep_sheet(actor_of(request), process, head, rows, now=receiving.now)
    return see(sheet_url(process.slug, sheet.id))


async def _fill_in(
    form: Form,
    schedule: Schedule,
    receiving: Receiving,
    rows: Sequence[dict[str, str]],
    key: str,
) -> None:
    """Fill the rows of a form in, and say what is wrong with them."""
    if await is_recorded(schedule.process.entity_id, key):
        form.fail("sheet", _("Esta hoja ya se registró en este proceso."))
        return
    form.values |= {**in_fields(rows), "request_key": key}
    await asyncio.to_thread(read_session, form, receiving)


async def paper(request: Request) -> Response:
    """Show a form to print and take to where people meet."""
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    process = schedule.process
    places = await places_of(ctx.entity.id, process.id)
    return render(
        request,
        "channels/paper.html",
        paper={
            "process_title": process.title,
            "url": f"{ctx.entity.base_url}/procesos/{process.slug}",
            "sections": [each.label for each in places.every if each.number][:PLACES_OFFERED],
            "stances": list(STANCES.values()),
        },
        crumbs=crumbs(process),
    )


ROUTES = [
    page("/gestion/procesos/{slug}/registros", recordings, action=Action.IMPORT),
    page("/gestion/procesos/{slug}/registros/nuevo", new_recording, action=Action.IMPORT),
    page("/gestion/procesos/{slug}/registros/nuevo", record, action=Action.IMPORT,
         methods=("POST",), limit=POST, body_bytes=FORM_BYTES),
    page("/gestion/procesos/{slug}/registros/hojas/{sheet_id:int}", checked_sheet,
         action=Action.IMPORT),
    page("/gestion/procesos/{slug}/registros/hojas/{sheet_id:int}", record_checked,
         action=Action.IMPORT, methods=("POST",), limit=POST),
    page("/procesos/{slug}/formato", paper, action=Action.READ),
    *SCAN_ROUTES,
]  # fmt: skip
