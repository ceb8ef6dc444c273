"""The pages on which officials call a session and prepare it: facts, documents, agenda."""

from datetime import tzinfo

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing.agenda_acts import agenda_fields, read_points, write_agenda
from participa.accountability.hearing.board import agenda_of
from participa.accountability.hearing.calling import (
    Called,
    TitleTaken,
    attach_document,
    call_session,
    change_session,
    documents_of,
    take_document_off,
)
from participa.accountability.hearing.finding import Found, found_session, manage_url, offices_of
from participa.accountability.hearing.forms import (
    CALL_FIELDS,
    RECORDING_FIELDS,
    read_called,
)
from participa.accountability.hearing.jobs import MAKE_AGENDA
from participa.accountability.hearing.playing import recording_of
from participa.accountability.hearing.steps import steps_of
from participa.accountability.models import AccountabilitySession
from participa.accounts.guard import actor_of, page, require, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.db import transaction
from participa.deliberation.pages import crumbs
from participa.deliberation.texts import TextRefused
from participa.files.forms import FILE_FIELDS, body_bytes, read_file
from participa.i18n import _
from participa.jobs import enqueue
from participa.processes.queries import Schedule, schedule_by_slug
from participa.security.limits import CORRECTION, POST, UPLOAD
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import Conflict
from participa.web.templating import render

MEDIA_FIELDS = ("media",)
DOCUMENT_FIELDS = (*FILE_FIELDS, "kind")
_LIST = "/gestion/procesos/{slug}/audiencias"
_ONE = "/gestion/audiencias/{id:int}"


def sessions_url(slug: str) -> str:
    """Give the desk page of a process's sessions."""
    return f"/gestion/procesos/{slug}/audiencias"


async def sessions_desk(request: Request) -> Response:
    """List the sessions of a process, and call another one."""
    schedule = await _process(request)
    return await _list(request, schedule, Form({"minutes": "180"}, fields=CALL_FIELDS))


async def _process(request: Request) -> Schedule:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.MANAGE_PROCESS, schedule.target)
    return schedule


async def _list(request: Request, schedule: Schedule, form: Form) -> Response:
    process = schedule.process
    rows = AccountabilitySession.of(process.entity_id).filter(process_id=process.id)
    return render(
        request,
        "accountability/hearing/sessions.html",
        status=422 if form.has_errors else 200,
        desk={
            "url": sessions_url(process.slug),
            "process_title": process.title,
            "sessions": [
                (manage_url(row.id), row.title, row.held_at)
                for row in await rows.order_by("-held_at")
            ],
            "offices": await _office_options(process.entity_id),
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def _office_options(entity_id: int) -> list[tuple[str, object]]:
    offices = await offices_of(entity_id)
    return [("", _("Ninguna todavía")), *((str(each.id), each.name) for each in offices)]


async def _read(request: Request, form: Form) -> Called | None:
    ctx = context(request)
    offices = {office.id for office in await offices_of(ctx.entity.id)}
    return read_called(form, offices, ctx.zone)


async def send_call(request: Request) -> Response:
    """Call a session and go to its page."""
    schedule = await _process(request)
    form = Form(form_data(request), fields=CALL_FIELDS)
    called = await _read(request, form)
    if called is not None:
        try:
            session = await call_session(
                actor_of(request), schedule.process.id, called, now=context(request).now
            )
            return see(with_query(manage_url(session.id), aviso="audiencia-convocada"))
        except (TextRefused, TitleTaken) as refusal:
            form.fail("summary" if isinstance(refusal, TextRefused) else "title", refusal.title)
    return await _list(request, schedule, form)


async def preparing(request: Request) -> Response:
    """Show what a session has and what it still lacks, with the forms for it."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    return await show_preparation(request, found)


def _filled(session: AccountabilitySession, zone: tzinfo) -> Form:
    at = session.held_at.astimezone(zone)
    values = {
        "title": session.title,
        "summary": session.summary_source,
        "place": session.place,
        "on": at.strftime("%Y-%m-%d"),
        "at": at.strftime("%H:%M"),
        "minutes": str(session.minutes),
        "seats": str(session.seats or ""),
        "team": session.team,
        "stream_url": session.stream_url,
        "survey_url": session.survey_url,
        "office": str(session.office_id or ""),
    }
    return Form(values, fields=CALL_FIELDS)


async def show_preparation(
    request: Request,
    found: Found,
    facts: Form | None = None,
    *,
    document: Form | None = None,
    recording: Form | None = None,
    media: Form | None = None,
) -> Response:
    """Show the page again with the forms that are to be mended."""
    ctx, session = context(request), found.session
    form = facts or _filled(session, ctx.zone)
    report, documents = await documents_of(session)
    held = {"recording_url": session.recording_url}
    forms = [form, *filter(None, (document, recording, media))]
    return render(
        request,
        "accountability/hearing/prepare.html",
        status=422 if any(each.has_errors for each in forms) else 200,
        prepare={
            "url": found.desk_url,
            "session_url": found.url,
            "title": session.title,
            "steps": await steps_of(session, ctx.now, ctx.zone),
            "report": report,
            "documents": documents,
            "agenda": await agenda_of(session, ctx.now),
            "offices": await _office_options(session.entity_id),
            "is_over": session.ended_at is not None,
            "recording": await recording_of(session),
            "recording_mb": ctx.settings.max_recording_mb,
        },
        form=next((each for each in forms if each.has_errors), form),
        facts=form,
        document=document or Form(fields=DOCUMENT_FIELDS),
        recording=recording or Form(held, fields=RECORDING_FIELDS),
        media=media or Form(fields=MEDIA_FIELDS),
        crumbs=[("/gestion", _("Gestión")), *crumbs(session.process), (found.url, session.title)],
    )


async def send_changes(request: Request) -> Response:
    """Change what a session was called with."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    form = Form(form_data(request), fields=CALL_FIELDS)
    called = await _read(request, form)
    if called is not None:
        try:
            await change_session(
                actor_of(request), found.session.id, called, now=context(request).now
            )
            return see(with_query(found.desk_url, aviso="guardado"))
        except (TextRefused, TitleTaken) as refusal:
            form.fail("summary" if isinstance(refusal, TextRefused) else "title", refusal.title)
    return await show_preparation(request, found, form)


async def send_document(request: Request) -> Response:
    """Publish the report or another document of a session."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    ctx = context(request)
    form = Form(form_data(request), fields=DOCUMENT_FIELDS)
    kind = form.choice("kind", ("report", "other"), required=_("Diga si es el informe."))
    received = await read_file(form, ctx.settings)
    if received is not None and kind is not None:
        try:
            await attach_document(
                actor_of(request), found.session.id, received,
                is_report=kind == "report", now=ctx.now,
            )  # fmt: skip
            return see(with_query(f"{found.desk_url}#documentos", aviso="adjunto"))
        except Conflict as refusal:
            form.fail("file", refusal.title)
    return await show_preparation(request, found, document=form)


async def remove_document(request: Request) -> Response:
    """Take a document off a session."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    form = Form(form_data(request), fields=("file", "kind"))
    await take_document_off(
        actor_of(request), found.session.id, form.number("file") or 0,
        is_report=form.values["kind"] == "report", now=context(request).now,
    )  # fmt: skip
    return see(with_query(f"{found.desk_url}#documentos", aviso="adjunto-quitado"))


async def make_agenda(request: Request) -> Response:
    """Have the agenda made from what was asked until now, by the worker."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    require_bare(request)
    entity_id, now = found.session.entity_id, context(request).now
    order: dict[str, object] = {"entity_id": entity_id, "session_id": found.session.id}
    async with transaction():
        await enqueue(MAKE_AGENDA, order, entity_id=entity_id, run_at=now)
    return see(with_query(f"{found.desk_url}#orden", aviso="orden-en-camino"))


async def change_agenda(request: Request) -> Response:
    """Keep the titles and minutes of the agenda as an official corrected them."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    points = await agenda_of(found.session, context(request).now)
    form = Form(form_data(request), fields=agenda_fields(points))
    written = read_points(form, points)
    await write_agenda(actor_of(request), found.session.id, written, now=context(request).now)
    return see(with_query(f"{found.desk_url}#orden", aviso="guardado"))


MANAGE_ROUTES = [
    page(_LIST, sessions_desk, action=Action.MANAGE_PROCESS),
    page(_LIST, send_call, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
    page(_ONE, preparing, action=Action.MANAGE_PROCESS),
    page(_ONE, send_changes, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
    page(f"{_ONE}/documentos", send_document, action=Action.MANAGE_PROCESS, methods=("POST",),
         limit=UPLOAD, body_bytes=body_bytes),
    page(f"{_ONE}/documentos/quitar", remove_document, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=POST),
    page(f"{_ONE}/orden", make_agenda, action=Action.MANAGE_PROCESS, methods=("POST",),
         limit=POST),
    page(f"{_ONE}/orden/cambiar", change_agenda, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=CORRECTION),
]  # fmt: skip
