"""Files of published reports, for whoever may have its data."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import page, require
from participa.accounts.permissions import Action
from participa.insights.export import report_csv
from participa.insights.files.keeping import Format
from participa.insights.files.writing import kept_file
from participa.insights.models import ResultReport
from participa.insights.queries import report_by_number, report_target, report_url
from participa.security.limits import EXPORT
from participa.web.context import context
from participa.web.refusals import NotFound

_MEDIA = {
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json; charset=utf-8",
}


async def asked_report(request: Request, action: Action = Action.READ) -> ResultReport:
    """Find the published report, or the version of it, that an address names."""
    params = request.path_params
    found = await report_by_number(
        context(request).entity.id, params["number"], params.get("version", 1)
    )
    require(request, action, report_target(found))
    return found


async def _exported(request: Request) -> ResultReport:
    found = await asked_report(request, Action.EXPORT)
    await context(request).limit(EXPORT)
    found.entity = context(request).entity
    return found


def _headers(report: ResultReport, ending: str) -> dict[str, str]:
    name = report_url(report).strip("/").replace("/", "-").replace("informes", "informe")
    return {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
        "Cache-Control": "no-cache",
    }


async def report_data(request: Request) -> Response:
    """Send the contributions of a published report."""
    found = await _exported(request)
    return StreamingResponse(
        report_csv(found), media_type="text/csv; charset=utf-8", headers=_headers(found, "csv")
    )


async def report_file(request: Request) -> Response:
    """Send a published report as a file; 304 to who has it as it is now."""
    ending = request.path_params["format"]
    if ending not in list(Format):
        raise NotFound
    found, ctx, format_ = await _exported(request), context(request), Format(ending)
    kept = await kept_file(found, format_, ctx.locale, ctx.settings)
    headers = _headers(found, format_) | {"ETag": f'"{kept.digest}"'}
    if kept.digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = await asyncio.to_thread(kept.path.read_bytes)
    return Response(content, media_type=_MEDIA[format_], headers=headers)


FILE_ROUTES = [
    route
    for at in ("/informes/{number:int}", "/informes/{number:int}/v{version:int}")
    for route in (
        page(f"{at}/datos.csv", report_data, action=Action.EXPORT),
        page(f"{at}/informe.{{format}}", report_file, action=Action.EXPORT),
    )
]
