"""Importing another platform's contributions by page, for officials.

A page imports what it can finish while its reader waits; larger files go by the command. A job
would have to keep a file of other people's words on the disk of one of several servers.
"""

import asyncio
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.importing import (
    FileRefused,
    ImportResult,
    count_rows,
    import_file,
    told_in_column,
)
from participa.deliberation.mapping import LineError, Mapping, MappingError
from participa.deliberation.pages import crumbs
from participa.i18n import Number, Text, _
from participa.portal.import_places import (
    MAX_MAPPING_BYTES,
    PlaceRefused,
    destination,
    joined,
    mapping_from,
    opener,
)
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.web.context import context
from participa.web.forms import Form
from participa.web.problems import Problem
from participa.web.templating import render

FIELDS = ("file", "mapping", "do")
MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_FILE_BYTES = 30 * 1024 * 1024
MAX_FILE_WORDS = "30 MB"
# What a small compressed file may grow to while it is read.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 5000
_GZIP = b"\x1f\x8b"
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a trial or an import found."""

    is_trial: bool
    is_same: bool
    figures: Sequence[tuple[Text, int]]
    problems: Sequence[Problem]
    problem_count: int
    url: str


async def contributions_form(request: Request) -> Response:
    """Show an official the form to import contributions."""
    process = await _importable(request)
    return _show(request, process, Form(fields=FIELDS))


async def _importable(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.IMPORT, schedule.target)
    return schedule.process


def _show(request: Request, process: Process, form: Form, result: Sheet | None = None) -> Response:
    return render(
        request,
        "portal/import_contributions.html",
        status=422 if form.has_errors else 200,
        importing={
            "url": f"/gestion/procesos/{process.slug}/aportes",
            "process_title": process.title,
            "max_size": MAX_FILE_WORDS,
            "result": result,
            "was_sent": request.method == "POST",
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def import_contributions(request: Request) -> Response:
    """Try or import the file sent, and tell what was found line by line."""
    process = await _importable(request)
    form = Form(form_data(request), fields=FIELDS)
    mapping = await _mapping(form)
    stream = await _file(form)
    result = None
    if mapping is not None and stream is not None:
        try:
            result = await _tried_or_done(request, process, mapping, stream)
        except FileRefused as refusal:
            form.fail("file", refusal.title)
        except MappingError as error:
            form.fail("file", joined(error))
        except PlaceRefused as refusal:
            form.fail("mapping", refusal.title)
    return _show(request, process, form, result)


def _upload(form: Form, name: str, missing: Text) -> UploadFile | None:
    upload = form.files.get(name)
    if upload is None or not upload.filename:
        form.fail(name, missing)
        return None
    return upload


async def _mapping(form: Form) -> Mapping | None:
    upload = _upload(form, "mapping", _("Escoja el archivo de columnas."))
    if upload is None:
        return None
    try:
        return mapping_from(await upload.read(MAX_MAPPING_BYTES + 1))
    except MappingError as error:
        form.fail("mapping", joined(error))
        return None


async def _file(form: Form) -> IO[bytes] | None:
    upload = _upload(form, "file", _("Escoja el archivo de aportes."))
    if upload is None:
        return None
    if (upload.size or 0) > MAX_FILE_BYTES:
        form.fail("file", _("El archivo pesa más de {size}. Divídalo.", size=MAX_FILE_WORDS))
        return None
    try:
        await asyncio.to_thread(_check_length, upload.file)
    except FileRefused as refusal:
        form.fail("file", refusal.title)
        return None
    return upload.file


def _check_length(stream: IO[bytes]) -> None:
    """Refuse with FileRefused what cannot be read, unpacks without end, or is for the command."""
    _check_unpacked(stream)
    if count_rows(stream, stop_after=MAX_ROWS) > MAX_ROWS:
        raise FileRefused(
            _("Tiene más de {rows} filas: pida a quien administra el servidor que lo traiga con "
              "«participa import contributions», o divídalo.", rows=Number(MAX_ROWS))
        )  # fmt: skip


def _check_unpacked(stream: IO[bytes]) -> None:
    packed = stream.read(len(_GZIP)) == _GZIP
    stream.seek(0)
    size = 0
    try:
        if packed:
            with gzip.GzipFile(fileobj=stream, mode="rb") as unpacked:
                while piece := unpacked.read(_CHUNK):
                    size += len(piece)
                    if size > MAX_UNPACKED_BYTES:
                        raise FileRefused(_("El archivo descomprimido es demasiado grande."))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        words = _("El archivo comprimido está dañado o incompleto.")
        raise FileRefused(words) from error
    finally:
        stream.seek(0)


async def _tried_or_done(
    request: Request, process: Process, mapping: Mapping, stream: IO[bytes]
) -> Sheet:
    where = await destination(process, mapping)
    result = await import_file(
        process.entity_id,
        process.id,
        stream,
        mapping,
        now=context(request).now,
        place_of=opener(where),
        dry_run=form_data(request).get("do") != "import",
        actor=actor_of(request),
    )
    url = await where.url() if where is not None else f"/procesos/{process.slug}"
    return _sheet(result, url)


def _sheet(result: ImportResult, url: str) -> Sheet:
    shown = [_problem(error) for error in result.errors]
    return Sheet(
        is_trial=result.is_trial,
        is_same=result.is_repetition,
        figures=result.figures(),
        problems=shown,
        problem_count=result.error_count,
        url="" if result.is_trial or result.is_failure else url,
    )


def _problem(error: LineError) -> Problem:
    return Problem(error.line, told_in_column(error))
