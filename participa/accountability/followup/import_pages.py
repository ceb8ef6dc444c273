"""Pages that bring in a planning sheet: what was found line by line, its columns, the button."""

import asyncio
from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.followup.changes import FIELD_WORDS, Change
from participa.accountability.followup.importing import Outcome, known_goals, outcome_of
from participa.accountability.followup.mapping import Mapping, MappingError, load_mapping
from participa.accountability.followup.mapping_form import (
    FIELDS,
    direction_words,
    form_of,
    read_mapping,
    shown,
)
from participa.accountability.followup.queries import followup_url
from participa.accountability.followup.sheet import Reading
from participa.accountability.followup.titles import header_row, read_titles
from participa.accountability.followup.views import change_views
from participa.accountability.followup.waiting import (
    MAX_SHEET_BYTES,
    MAX_SHEET_WORDS,
    SheetRefused,
    cells_of,
    change_mapping,
    guessed,
    import_sheet,
    keep_sheet,
    known_mappings,
    mapping_named,
    reading_of,
    sheet_of,
)
from participa.accountability.models import GoalSheet
from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

SENT = ("file", "mapping", "columns")
PROBLEMS_SHOWN, CHANGES_SHOWN = 100, 50


def import_url(slug: str) -> str:
    """Give the page where an official sends a plan's sheet."""
    return f"/gestion/procesos/{slug}/seguimiento"


async def sheet_form(request: Request) -> Response:
    """Show an official the form to send a sheet."""
    process = await _importable(request)
    return _show_form(request, process, Form(fields=SENT))


async def _importable(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.IMPORT, schedule.target)
    return schedule.process


def _show_form(request: Request, process: Process, form: Form) -> Response:
    named = [(name, name) for name in known_mappings()]
    return render(
        request,
        "accountability/followup/send.html",
        status=422 if form.has_errors else 200,
        sending={
            "url": import_url(process.slug),
            "process_title": process.title,
            "max_size": MAX_SHEET_WORDS,
            "mappings": [("", _("Reconocer las columnas por sus títulos")), *named],
        },
        form=form,
        crumbs=_crumbs(process),
    )


def _crumbs(process: Process) -> list[tuple[str, Text | str]]:
    return [("/gestion", _("Gestión")), *crumbs(process)]


async def send_sheet(request: Request) -> Response:
    """Keep the sheet that was sent until it is imported, and go to what was found in it."""
    process = await _importable(request)
    form = Form(form_data(request), fields=SENT)
    cells = await _cells(form)
    mapping = await _mapping(form, cells)
    if cells is None or mapping is None:
        return _show_form(request, process, form)
    name = (form.files["file"].filename or "").rpartition("/")[2]
    sheet = await keep_sheet(
        actor_of(request), process, name, cells, mapping, now=context(request).now
    )
    return see(f"{import_url(process.slug)}/{sheet.id}")


async def _cells(form: Form) -> tuple[int, list[list[str]]] | None:
    upload = form.files.get("file")
    if upload is None or not upload.filename:
        form.fail("file", _("Escoja la hoja."))
        return None
    try:
        return await asyncio.to_thread(cells_of, await upload.read(MAX_SHEET_BYTES + 1))
    except SheetRefused as refusal:
        form.fail("file", refusal.title)
        return None


async def _mapping(form: Form, cells: tuple[int, list[list[str]]] | None) -> Mapping | None:
    upload = form.files.get("columns")
    name = form.choice("mapping", ("", *known_mappings()))
    try:
        if upload is not None and upload.filename:
            return load_mapping(await upload.read(MAX_SHEET_BYTES))
        if name:
            return mapping_named(name)
    except MappingError as error:
        form.fail("columns", error.text)
        return None
    return guessed(cells[1]) if cells is not None and not form.has_errors else None


async def kept_sheet(request: Request) -> Response:
    """Show what a sheet comes to, line by line, with the form of its columns."""
    process = await _importable(request)
    sheet = await sheet_of(process, request.path_params["sheet_id"])
    mapping = Mapping.model_validate(sheet.mapping)
    return await _show(request, process, sheet, form_of(mapping, _words(sheet)))


def _words(sheet: GoalSheet) -> list[str]:
    return direction_words(sheet.rows, Mapping.model_validate(sheet.mapping))


async def change_sheet(request: Request) -> Response:
    """Read the sheet by other columns, or import it."""
    process = await _importable(request)
    sheet = await sheet_of(process, request.path_params["sheet_id"])
    form = Form(form_data(request), fields=FIELDS)
    if form.values["do"] == "import":
        return await _import(request, process, sheet)
    mapping = read_mapping(form, Mapping.model_validate(sheet.mapping), _words(sheet))
    if mapping is None:
        return await _show(request, process, sheet, form)
    await change_mapping(sheet, mapping)
    return see(f"{import_url(process.slug)}/{sheet.id}")


async def _import(request: Request, process: Process, sheet: GoalSheet) -> Response:
    reading = await _reading(sheet)
    if reading.fatal:
        mapping = Mapping.model_validate(sheet.mapping)
        return await _show(request, process, sheet, form_of(mapping, _words(sheet)))
    now = context(request).now
    await import_sheet(actor_of(request), process, reading, sheet.name, now=now)
    return see(with_query(followup_url(process.slug), aviso="guardado"))


async def _reading(sheet: GoalSheet) -> Reading:
    mapping = Mapping.model_validate(sheet.mapping)
    return await reading_of(sheet.entity_id, sheet.rows, mapping, sheet.above)


async def _show(request: Request, process: Process, sheet: GoalSheet, form: Form) -> Response:
    reading = await _reading(sheet)
    outcome = outcome_of(await known_goals(process), reading.goals)
    found = [*reading.fatal, *reading.notices]
    changes = list(_changes(outcome))
    return render(
        request,
        "accountability/followup/check.html",
        status=422 if form.has_errors or reading.fatal else 200,
        sheet={
            "url": f"{import_url(process.slug)}/{sheet.id}",
            "again_url": import_url(process.slug),
            "process_title": process.title,
            "name": sheet.name,
            "has_faults": bool(reading.fatal),
            "may_import": not reading.fatal and bool(outcome.changes),
            "is_same": not reading.fatal and not outcome.changes,
            "missing": outcome.done.missing,
            "result": {
                "figures": figures(reading, outcome),
                "problems": found[:PROBLEMS_SHOWN],
                "problem_count": len(found),
                "url": "",
            },
            "changes": changes[:CHANGES_SHOWN],
            "change_count": len(changes),
            "titles": _titles(sheet.rows),
            "fields": shown(_words(sheet)),
        },
        form=form,
        crumbs=_crumbs(process),
    )  # fmt: skip


def figures(reading: Reading, outcome: Outcome) -> list[tuple[Text, int]]:
    """Count what a sheet comes to."""
    done = outcome.done
    return [
        (_("Filas en la hoja"), reading.row_count),
        (_("Metas nuevas"), done.created),
        (_("Metas que cambian"), done.updated),
        (_("Metas sin cambios"), done.unchanged),
        (_("Metas que la hoja no nombra y se quedan"), done.missing),
        (_("Filas con errores"), len({each.line for each in reading.fatal if each.line})),
    ]


def _changes(outcome: Outcome) -> Iterable[dict[str, object]]:
    for number, changes in outcome.changes.items():
        before: Sequence[Change] = [each for each in changes if each.field in FIELD_WORDS]
        for each in change_views(before):
            yield {"number": number, "title": outcome.goals[number].title, "change": each}


def _titles(rows: Sequence[Sequence[str]]) -> list[str]:
    return [each for each in read_titles(rows[header_row(rows)]).written if each]


_PATH = "/gestion/procesos/{slug}/seguimiento"
IMPORT_ROUTES = [
    page(_PATH, sheet_form, action=Action.IMPORT),
    page(_PATH, send_sheet, action=Action.IMPORT, methods=("POST",), limit=POST,
         body_bytes=MAX_SHEET_BYTES + 256 * 1024),
    page(f"{_PATH}/{{sheet_id:int}}", kept_sheet, action=Action.IMPORT),
    page(f"{_PATH}/{{sheet_id:int}}", change_sheet, action=Action.IMPORT, methods=("POST",),
         limit=POST),
]  # fmt: skip
