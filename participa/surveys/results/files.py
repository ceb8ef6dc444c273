"""The totals as files, with what each column means; the same counts are hidden as on the page."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from participa.accounts.guard import page
from participa.accounts.permissions import Action
from participa.i18n import Text, _
from participa.kit.csvs import write_rows
from participa.kit.sheets import Sheet, workbook
from participa.security.limits import EXPORT
from participa.surveys.questionnaire import Kind
from participa.surveys.results.figures import Figure, Row
from participa.surveys.results.pages import Found, StillCounting, closed_results, found
from participa.surveys.results.reading import SAMPLINGS, Results, place_names
from participa.territory.queries import Place
from participa.web.context import context
from participa.web.refusals import NotFound

Value = str | int | float | None
HEADER = (
    "version", "pregunta", "texto", "fila", "tipo", "respondieron", "opcion", "cuenta", "parte",
    "desde", "hasta", "oculta", "ponderada", "ponderada_desde", "ponderada_hasta",
)  # fmt: skip
DICTIONARY: dict[str, Text] = {
    "version": _("Versión de las preguntas."),
    "pregunta": _("Número de la pregunta, como en la encuesta."),
    "texto": _("Lo que se preguntó."),
    "fila": _("Fila de una tabla de escalas; vacía en las demás preguntas."),
    "tipo": _("Cómo se responde la pregunta."),
    "respondieron": _("Personas que respondieron esa pregunta o esa fila."),
    "opcion": _("Opción, o grupo de números, fechas o lugares. En un orden de preferencia, la "
                "opción puesta de primera."),
    "cuenta": _("Personas que la marcaron; vacía si está oculta."),
    "parte": _("Cuenta entre respondieron, de 0 a 1; vacía con menos de diez respuestas."),
    "desde": _("Límite inferior del intervalo del 95 % de la parte (Wilson)."),
    "hasta": _("Límite superior del mismo intervalo."),
    "oculta": _("«sí» cuando la cuenta no se publica para proteger a pocas personas."),
    "ponderada": _("Parte con los pesos del censo, redondeada a centésimas; vacía si no los hay."),
    "ponderada_desde": _("Límite inferior de su intervalo del 95 %."),
    "ponderada_hasta": _("Límite superior de su intervalo del 95 %."),
}  # fmt: skip
WIDTHS = (8, 9, 48, 24, 18, 13, 36, 9, 9, 9, 9, 8, 11, 11, 11)


def file_rows(whole: Results) -> Iterator[Sequence[Value]]:
    """Give the totals as rows of HEADER; an open question is one row without option."""
    for figure in whole.figures:
        common = (
            whole.version, figure.number, figure.text, str(figure.row), str(figure.kind_label),
            figure.answered,
        )  # fmt: skip
        if not figure.rows:
            yield (*common, "", None, None, None, None, "", None, None, None)
        for row in figure.rows:
            yield (*common, str(row.label), row.count, *_shares(row))


def _shares(row: Row) -> Sequence[Value]:
    low, high = row.interval or (None, None)
    weighted = row.weighted
    values = (None,) * 3 if weighted is None else (weighted.share, weighted.low, weighted.high)
    return (
        _rounded(row.share, 4), _rounded(low, 4), _rounded(high, 4),
        "sí" if row.count is None else "no", *(_rounded(value, 2) for value in values),
    )  # fmt: skip


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def as_json(here: Found, whole: Results) -> dict[str, Any]:
    """Give the totals with the dictionary of their columns, as one object."""
    return {
        "encuesta": here.survey.title,
        "version": whole.version,
        "respuestas": whole.responses,
        "a_quien_se_pregunto": str(SAMPLINGS[whole.sampling]),
        "censo": whole.population.source,
        "diccionario": {name: str(words) for name, words in DICTIONARY.items()},
        "totales": [dict(zip(HEADER, row, strict=True)) for row in file_rows(whole)],
    }


def as_workbook(here: Found, whole: Results) -> bytes:
    """Write the totals and the dictionary as two sheets."""
    columns = [(name, str(words)) for name, words in DICTIONARY.items()]
    sheets = [
        Sheet("Totales", HEADER, WIDTHS, file_rows(whole)),
        Sheet("Diccionario", ("columna", "significado"), (20, 80), columns),
    ]
    return workbook(sheets, title=here.survey.title,
                    written_at=here.schedule.final_closing(here.survey.activity))  # fmt: skip


def as_geojson(figure: Figure, places: Sequence[Place]) -> dict[str, Any]:
    """Give a question about places as areas with their counts (RFC 7946); null where hidden."""
    rows = {str(row.label): row for row in figure.rows}
    names = place_names(places)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": _geometry(place),
                "properties": {
                    "nombre": place.name,
                    "tipo": place.kind,
                    "cuenta": rows[names[place.id]].count,
                    "oculta": rows[names[place.id]].count is None,
                },
            }
            for place in places
            if names[place.id] in rows
        ],
    }


def _geometry(place: Place) -> dict[str, Any] | None:
    """Give the rings as polygons of their own; an area without a map has none."""
    if not place.rings:
        return None
    return {"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]]] for ring in place.rings]}


async def _closed(request: Request) -> tuple[Found, Results]:
    here = await found(request, Action.EXPORT)
    whole = await closed_results(request, here)
    if whole is None:
        raise StillCounting
    await context(request).limit(EXPORT)
    return here, whole


def _headers(here: Found, ending: str) -> dict[str, str]:
    name = f"encuesta-{here.survey.id}.{ending}"
    disposition = f'attachment; filename="{name}"'
    return {"Content-Disposition": disposition, "Cache-Control": "no-cache"}


async def results_csv(request: Request) -> Response:
    """Send the totals as CSV."""
    here, whole = await _closed(request)
    rows = write_rows(HEADER, file_rows(whole), bom=True)
    headers = _headers(here, "csv")
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


async def results_json(request: Request) -> Response:
    """Send the totals and what their columns mean as JSON."""
    here, whole = await _closed(request)
    return JSONResponse(as_json(here, whole), headers=_headers(here, "json"))


async def results_xlsx(request: Request) -> Response:
    """Send the totals and what their columns mean as a workbook."""
    here, whole = await _closed(request)
    data = await run_in_threadpool(as_workbook, here, whole)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(data, media_type=kind, headers=_headers(here, "xlsx"))


async def results_geojson(request: Request) -> Response:
    """Send the places answered to a question as areas with their counts."""
    here, whole = await _closed(request)
    number = request.path_params["number"]
    figure = next((each for each in whole.figures if each.number == number), None)
    if figure is None or figure.kind is not Kind.PLACE:
        raise NotFound
    return Response(
        json.dumps(as_geojson(figure, whole.places), ensure_ascii=False),
        media_type="application/geo+json",
        headers=_headers(here, "geojson"),
    )


_RESULTS = "/encuestas/{id:int}/resultados"
ROUTES = [
    page(f"{_RESULTS}.csv", results_csv, action=Action.EXPORT),
    page(f"{_RESULTS}.json", results_json, action=Action.EXPORT),
    page(f"{_RESULTS}.xlsx", results_xlsx, action=Action.EXPORT),
    page(f"{_RESULTS}/{{number:int}}.geojson", results_geojson, action=Action.EXPORT),
]
