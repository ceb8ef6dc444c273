"""Addresses of other channels: recording a session, its receipts, a form to print."""

import asyncio
from datetime import tzinfo

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.channels.forms import Receiving, add_rows, opened_form, read_session
from participa.channels.models import Recording
from participa.channels.queries import (
    PAGE_SIZE,
    is_recorded,
    places_of,
    recording_of,
    recordings_of,
    said_in,
    territory_names,
    title_of,
)
from participa.channels.rules import KINDS, MAX_ROWS, ORGANISATION_KINDS, Places
from participa.channels.service import record_session
from participa.channels.sheets import MAX_SHEET_BYTES, SheetRefused, read_sheet, sheet_key
from participa.deliberation.pages import crumbs
from participa.deliberation.rules import STANCES
from participa.i18n import Text, _
from participa.processes.queries import Schedule, process_target, schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

FORM_BYTES = 1024 * 1024
PLACES_OFFERED = 400


async def recordings(request: Request) -> Response:
    """Show an official what was recorded in a process, and what can be."""
    schedule = await _recordable(request)
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
            "kinds": [(with_query(f"{url}/nuevo", tipo=kind), words) for kind, words in _offered()],
            "paper_url": paper_url(process.slug),
            "items": [_item(each) for each in found[:PAGE_SIZE]],
            "first_url": url if start else None,
            "next_url": with_query(url, desde=following[0].id) if following else None,
        },
        crumbs=_crumbs(schedule)[:-1],
    )


def recordings_url(slug: str) -> str:
    """Give the desk page of what was recorded in a process."""
    return f"/gestion/procesos/{slug}/registros"


def paper_url(slug: str) -> str:
    """Give the page of a process's form to print."""
    return f"/procesos/{slug}/formato"


def _offered() -> list[tuple[str, Text]]:
    return [
        ("workshop", _("Registrar una mesa de trabajo")),
        ("telephone", _("Registrar llamadas")),
        ("paper", _("Registrar formularios en papel")),
        ("organisation", _("Registrar a una organización")),
    ]


def _item(recording: Recording) -> dict[str, object]:
    return {
        "url": f"/registros/{recording.id}",
        "title": title_of(recording),
        "held_on": recording.held_on,
        "people_count": recording.people_count,
        "recorded_by": recording.recorded_by,
    }


async def _recordable(request: Request) -> Schedule:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.IMPORT, schedule.target)
    return schedule


def _crumbs(schedule: Schedule) -> list[tuple[str, str | Text]]:
    process = schedule.process
    url = recordings_url(process.slug)
    return [("/gestion", _("Gestión")), *crumbs(process), (url, _("Otros canales"))]


async def new_recording(request: Request) -> Response:
    """Show an official the form to record a session of one kind."""
    schedule = await _recordable(request)
    form = opened_form({"kind": request.query_params.get("tipo", "")})
    return await _show(request, schedule, form, await _places(schedule))


async def _places(schedule: Schedule) -> Places:
    return await places_of(schedule.process.entity_id, schedule.process.id)


async def _show(request: Request, schedule: Schedule, form: Form, places: Places) -> Response:
    process = schedule.process
    count = int(form.values["rows"])
    return render(
        request,
        "channels/record.html",
        status=422 if form.has_errors else 200,
        recording={
            "url": f"{recordings_url(process.slug)}/nuevo",
            "process_title": process.title,
            "kind": form.values["kind"],
            "kind_label": KINDS[form.values["kind"]],
            "rows": range(1, count + 1),
            "may_add": count < MAX_ROWS,
            "stances": [("", _("No se sabe")), *STANCES.items()],
            "sorts": [("", _("Elija…")), *ORGANISATION_KINDS.items()],
            "places": [each.label for each in places.every[:PLACES_OFFERED]],
            "territories": await territory_names(process.entity_id),
        },
        form=form,
        crumbs=_crumbs(schedule),
    )


async def record(request: Request) -> Response:
    """Record a session; what needs mending comes back with everything typed in it."""
    schedule = await _recordable(request)
    ctx = context(request)
    form = opened_form(form_data(request))
    places = await _places(schedule)
    if form.values["do"] == "more":
        add_rows(form)
        return await _show(request, schedule, form, places)
    receiving = Receiving(places, schedule.phases, ctx.now, _zone(request))
    if form.values["do"] == "sheet":
        await _fill_in(form, schedule, receiving)
        return await _show(request, schedule, form, places)
    session = await read_session(form, receiving)
    if session is None:
        return await _show(request, schedule, form, places)
    stored = await record_session(
        actor_of(request), schedule.process, session, now=ctx.now, request_key=form.request_key
    )
    return see(f"/registros/{stored.id}?aviso=registrado")


async def _fill_in(form: Form, schedule: Schedule, receiving: Receiving) -> None:
    """Fill the rows of a form in from the sheet sent, and say what is wrong with them."""
    upload = form.files.get("sheet")
    if upload is None or not upload.filename:
        form.fail("sheet", _("Escoja la hoja."))
        return
    data = await upload.read(MAX_SHEET_BYTES + 1)
    key = sheet_key(schedule.process.id, data)
    try:
        values = await asyncio.to_thread(read_sheet, data)
    except SheetRefused as refusal:
        form.fail("sheet", refusal.title)
        return
    if await is_recorded(schedule.process.entity_id, key):
        form.fail("sheet", _("Esta hoja ya se registró en este proceso."))
        return
    form.values |= {**values, "request_key": key}
    await read_session(form, receiving)


def _zone(request: Request) -> tzinfo:
    zone: tzinfo = context(request).entity.zone
    return zone


async def recording(request: Request) -> Response:
    """Show a recording with the receipts of what it left, to be read or printed."""
    ctx = context(request)
    found = await recording_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, process_target(found.process))
    return render(
        request,
        "channels/recording.html",
        recording={
            "title": title_of(found),
            "process_title": found.process.title,
            "held_on": found.held_on,
            "people_count": found.people_count,
            "organisation_kind": _organisation_kind(found),
            "nit": found.organisation.nit if found.organisation else "",
            "recorded_by": found.recorded_by,
            "recorded_at": found.recorded_at,
            "said": await said_in(found),
            "look_up": ctx.entity.base_url,
        },
        crumbs=crumbs(found.process),
    )


def _organisation_kind(found: Recording) -> Text | str:
    return ORGANISATION_KINDS.get(found.organisation.kind, "") if found.organisation else ""


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
    page("/registros/{id:int}", recording, action=Action.READ),
    page("/procesos/{slug}/formato", paper, action=Action.READ),
]  # fmt: skip
