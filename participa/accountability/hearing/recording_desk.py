"""The desk's forms for the recording of a session: its link, its captions, its file."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing.calling import keep_recording
from participa.accountability.hearing.captions import NotCaptions
from participa.accountability.hearing.finding import Found, found_session
from participa.accountability.hearing.forms import (
    CAPTION_BYTES,
    RECORDING_FIELDS,
    read_captions_of,
    read_recording,
)
from participa.accountability.hearing.manage_pages import MEDIA_FIELDS, show_preparation
from participa.accountability.hearing.playing import (
    attach_recording,
    recording_of,
    take_recording_off,
)
from participa.accountability.queries import session_url
from participa.accounts.guard import actor_of, page, require_bare
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.files.recordings import read_recording_file, recording_bytes
from participa.security.limits import POST, UPLOAD
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query

_PATH = "/gestion/audiencias/{id:int}/grabacion"


async def send_recording(request: Request) -> Response:
    """Say where the recording is, and keep its captions."""
    found = await found_session(request, Action.MANAGE_PROCESS)
    ctx = context(request)
    form = Form(form_data(request), fields=RECORDING_FIELDS)
    has_file = await recording_of(found.session) is not None
    url, captions = read_recording(form, has_file=has_file), await read_captions_of(form)
    if not form.has_errors:
        try:
            await keep_recording(actor_of(request), found.session.id, url, captions, now=ctx.now)
            return see(with_query(f"{session_url(found.session.id)}/grabacion", aviso="guardado"))
        except NotCaptions as mistake:
            form.fail("file" if form.files else "captions", mistake.reason)
    return await show_preparation(request, found, recording=form)


async def _may_prepare(request: Request) -> Found:
    return await found_session(request, Action.MANAGE_PROCESS)


async def send_recording_file(request: Request) -> Response:
    """Publish the recording itself, in place of the file before."""
    found = await _may_prepare(request)
    ctx, form = context(request), Form(form_data(request), fields=MEDIA_FIELDS)
    received = await read_recording_file(form, ctx.settings)
    if received is None:
        return await show_preparation(request, found, media=form)
    await attach_recording(actor_of(request), found.session.id, received, now=ctx.now)
    return see(with_query(f"{session_url(found.session.id)}/grabacion", aviso="guardado"))


async def remove_recording_file(request: Request) -> Response:
    """Take the file of the recording off."""
    found = await _may_prepare(request)
    require_bare(request)
    await take_recording_off(actor_of(request), found.session.id, now=context(request).now)
    return see(with_query(f"{found.desk_url}#grabacion", aviso="adjunto-quitado"))


RECORDING_DESK_ROUTES = [
    page(f"{_PATH}", send_recording, action=Action.MANAGE_PROCESS, methods=("POST",),
         limit=POST, body_bytes=3 * CAPTION_BYTES),
    page(f"{_PATH}/archivo", send_recording_file, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=UPLOAD, body_bytes=recording_bytes, before=_may_prepare),
    page(f"{_PATH}/archivo/quitar", remove_recording_file,
         action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
]  # fmt: skip
