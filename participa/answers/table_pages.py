"""The public table of observations and answers of a process: a page, for print, CSV, XLSX."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from tortoise.expressions import Subquery

from participa.accounts.guard import page, require
from participa.accounts.permissions import Action
from participa.answers.files import HEADER, WIDTHS, Row, file_row
from participa.answers.models import Answer
from participa.answers.rules import PAGE_SIZE
from participa.answers.standing import FILTERS, counts, spots, total, wanted
from participa.answers.table import all_rows, commented_sections, table_rows
from participa.deliberation.pages import crumbs, features_of
from participa.deliberation.voices import heard_in_process
from participa.features import Dataset, Filling
from participa.i18n import _
from participa.kit.csvs import write_rows
from participa.kit.sheets import Sheet, workbook
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import EXPORT
from participa.web.context import context
from participa.web.navigation import with_query
from participa.web.templating import render

# On one page for print; whoever has more takes the workbook.
PRINTED = 1000
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_url(slug: str) -> str:
    """Give the address of the observations and answers of a process."""
    return f"/procesos/{slug}/respuestas"


async def table(request: Request) -> Response:
    """Show what was said and what was answered; with `imprimir`, on one page."""
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.READ, schedule.target)
    process, asked = schedule.process, wanted(request.query_params)
    is_print = request.query_params.get("imprimir") == "1"
    size = PRINTED if is_print else PAGE_SIZE
    found = await spots(process.entity_id, process.id, asked, size + 1)
    listed = await counts(process.entity_id, process.id)
    section = str(asked.section_id or "")
    url = table_url(process.slug)
    here = with_query(url, estado=asked.standing or None, apartado=section or None)
    more = len(found) > size
    return render(
        request,
        "answers/table.html",
        table={
            "title": process.title,
            "url": url,
            "rows": await table_rows(features_of(request), process, found[:size], ctx.now),
            "counts": listed,
            "total": total(listed),
            "heard": await heard_in_process(process.entity_id, process.id),
            "states": [("", _("Todos")), *FILTERS.items()],
            "state": asked.standing,
            "sections": await commented_sections(process),
            "section": section,
            "is_print": is_print,
            "print_url": with_query(here, imprimir="1"),
            "csv_url": here.replace(url, f"{url}.csv", 1),
            "xlsx_url": here.replace(url, f"{url}.xlsx", 1),
            "first_url": here if asked.after or is_print else None,
            "next_url": with_query(here, desde=found[size - 1].id) if more else None,
        },
        crumbs=crumbs(process),
    )


async def table_csv(request: Request) -> Response:
    """Send the table as CSV."""
    process, rows = await _file_rows(request)
    return StreamingResponse(
        write_rows(HEADER, rows, bom=True),
        media_type="text/csv; charset=utf-8",
        headers=_attachment(process, "csv"),
    )


async def table_xlsx(request: Request) -> Response:
    """Send the table as a workbook."""
    process, rows = await _file_rows(request)
    sheet = Sheet(str(_("Observaciones y respuestas")), HEADER, WIDTHS, rows)
    data = await asyncio.to_thread(workbook, [sheet])
    return Response(data, media_type=SHEET, headers=_attachment(process, "xlsx"))


async def _file_rows(request: Request) -> tuple[Process, list[Row]]:
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.EXPORT, schedule.target)
    await ctx.limit(EXPORT)
    asked = wanted(request.query_params)
    rows = await all_rows(features_of(request), schedule.process, asked, ctx.now)
    return schedule.process, [file_row(row) for row in rows]


async def datasets_of(entity_id: int) -> list[Dataset]:
    """List the tables of the processes that the public can see, latest first."""
    rows = Process.of(entity_id).filter(is_published=True).order_by("-id")
    return [
        Dataset(
            _("Observaciones y respuestas: {title}", title=process.title),
            f"{table_url(process.slug)}.csv",
        )
        for process in await rows
    ]


async def fillings_of(entity_id: int, processes: Sequence[int]) -> list[Filling]:
    """Give the tables of the processes in which something was answered, for the Menú Participa."""
    answered = Answer.of(entity_id).filter(process_id__in=list(processes)).values("process_id")
    rows = Process.of(entity_id).filter(id__in=Subquery(answered))
    return [Filling("answers", each.title, table_url(each.slug), each.id) for each in await rows]


def _attachment(process: Process, ending: str) -> dict[str, str]:
    name = f"observaciones-y-respuestas-{process.slug}.{ending}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
    }


_TABLE = "/procesos/{slug}/respuestas"
TABLE_ROUTES = [
    page(_TABLE, table, action=Action.READ),
    page(f"{_TABLE}.csv", table_csv, action=Action.EXPORT),
    page(f"{_TABLE}.xlsx", table_xlsx, action=Action.EXPORT),
]
