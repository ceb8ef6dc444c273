"""Bringing in and giving out a conversation in Polis files by page, for officials."""

import asyncio
import io
import zipfile
from collections import defaultdict
from dataclasses import replace
from typing import IO

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.opinion.group_views import kept_groups, lens_of
from participa.opinion.importing import conversation_of, import_conversation
from participa.opinion.lens import nearest_group
from participa.opinion.models import Round
from participa.opinion.polis import (
    FILES,
    Conversation,
    PolisError,
    read_conversation,
    write_conversation,
)
from participa.opinion.queries import has_results, round_of, round_target, round_url
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug, schedule_of
from participa.security.limits import EXPORT, POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, Conflict
from participa.web.templating import render

FIELDS = ("file", "title", "source")
MAX_BODY_BYTES = 11 * 1024 * 1024
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILE_WORDS = "10 MB"
# What the four files may grow to; larger conversations go by the command.
MAX_UNPACKED_BYTES = 12 * 1024 * 1024


class StillOpen(Conflict):
    """Nobody sees single votes while somebody can still vote."""

    title = _("La ronda todavía no ha cerrado")
    advice = _("Los votos se pueden descargar cuando cierre.")


async def importing(request: Request) -> Response:
    """Show an official the form to bring in a conversation."""
    return _show(request, await _importable(request), Form(fields=FIELDS))


async def _importable(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.IMPORT, schedule.target)
    return schedule.process


def _show(request: Request, process: Process, form: Form) -> Response:
    return render(
        request,
        "opinion/import_polis.html",
        status=422 if form.has_errors else 200,
        importing={
            "url": f"/gestion/procesos/{process.slug}/polis",
            "process_title": process.title,
            "max_size": MAX_FILE_WORDS,
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def import_files(request: Request) -> Response:
    """Bring in the conversation of the archive sent."""
    process = await _importable(request)
    form = Form(form_data(request), fields=FIELDS)
    title, source = form.text("title", longest=200), form.text("source", longest=1000)
    upload = form.files.get("file")
    if upload is None or not upload.filename:
        form.fail("file", _("Escoja el archivo."))
    elif (upload.size or 0) > MAX_FILE_BYTES:
        form.fail("file", _("El archivo pesa más de {size}. Divídalo.", size=MAX_FILE_WORDS))
    if upload is None or form.has_errors:
        return _show(request, process, form)
    opened = await _imported(request, process, form, upload.file, (title, source))
    if opened is None:
        return _show(request, process, form)
    return see(with_query(f"{round_url(opened)}/resultados", aviso="importado"))


async def _imported(
    request: Request, process: Process, form: Form, stream: IO[bytes], said: tuple[str, str]
) -> Round | None:
    """Import an archive, or put into the form why it cannot be."""
    title, source = said
    try:
        files = await asyncio.to_thread(_unpacked, stream)
        found = await asyncio.to_thread(read_conversation, files)
        now = context(request).now
        done = await import_conversation(
            actor_of(request), process.id, found, now, title=title, source=source
        )
    except PolisError as error:
        words = _("No se entiende {file}.csv, línea {line}.", file=error.file, line=error.line)
        form.fail("file", words)
        return None
    except (BadInput, Conflict) as refusal:
        form.fail("file", refusal.title)
        return None
    return done.round


def _unpacked(stream: IO[bytes]) -> dict[str, IO[bytes]]:
    """Take the four files out of an archive. Refuses with BadInput what is none or too large."""
    try:
        with zipfile.ZipFile(stream) as archive:
            wanted = {each.filename.rsplit("/", 1)[-1]: each for each in archive.infolist()}
            members = {name: wanted[f"{name}.csv"] for name in FILES if f"{name}.csv" in wanted}
            if sum(each.file_size for each in members.values()) > MAX_UNPACKED_BYTES:
                raise BadInput(_("El archivo descomprimido es demasiado grande."))
            return {name: io.BytesIO(archive.read(each)) for name, each in members.items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise BadInput(_("El archivo comprimido está dañado o incompleto.")) from error


async def export(request: Request) -> Response:
    """Send a round that is over as an archive of the four files."""
    ctx = context(request)
    found = await round_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.MANAGE_PROCESS, round_target(found))
    if not has_results(found, await schedule_of(ctx.entity.id, found.process_id), ctx.now):
        raise StillOpen
    await ctx.limit(EXPORT)
    conversation = await _with_groups(found, await conversation_of(found))
    headers = {
        "Content-Disposition": f'attachment; filename="frases-{found.id}-polis.zip"',
        "Cache-Control": "no-store",
    }
    files = await asyncio.to_thread(write_conversation, conversation)
    return Response(_packed(files), media_type="application/zip", headers=headers)


async def _with_groups(found: Round, conversation: Conversation) -> Conversation:
    """Name the group near which each participant's votes are, where the source named none."""
    lens = lens_of(await kept_groups(found))
    if lens is None or any(group is not None for group in conversation.groups.values()):
        return conversation
    own: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for (voter, comment), event in conversation.last_votes().items():
        own[voter][comment] = event.choice
    groups = {voter: nearest_group(lens, own[voter]) for voter in conversation.groups}
    return replace(conversation, groups=groups)


def _packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"{name}.csv", data)
    return buffer.getvalue()


_IMPORT = "/gestion/procesos/{slug}/polis"
POLIS_ROUTES = [
    page(_IMPORT, importing, action=Action.IMPORT),
    page(
        _IMPORT,
        import_files,
        action=Action.IMPORT,
        methods=("POST",),
        limit=POST,
        body_bytes=MAX_BODY_BYTES,
    ),
    page("/gestion/opiniones/{id:int}/polis.zip", export, action=Action.MANAGE_PROCESS),
]
