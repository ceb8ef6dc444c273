"""The catalogue of datasets and their files."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import entity_target, page, require
from participa.accounts.permissions import Action
from participa.features import Features
from participa.i18n import _
from participa.kit.csvs import write_rows
from participa.opendata.queries import HEADER, columns_of, contribution_rows, header
from participa.processes.queries import all_schedules, schedule_by_slug
from participa.security.limits import EXPORT
from participa.web.context import context
from participa.web.templating import render


async def catalogue(request: Request) -> Response:
    """List what can be downloaded."""
    ctx = context(request)
    require(request, Action.SEE_SITE, entity_target(request))
    schedules = [each for each in await all_schedules(ctx.entity.id) if each.process.is_published]
    features: Features = request.app.state.features
    return render(
        request,
        "opendata/catalogue.html",
        catalogue={
            "processes": [
                {"title": s.process.title, "url": f"/datos/{s.process.slug}/aportes.csv"}
                for s in schedules
            ],
            "reports": await features.datasets(ctx.entity.id),
            "columns": [
                *((name, COLUMNS[name]) for name in HEADER),
                *columns_of(features).items(),
            ],
        },
        crumbs=[("/", _("Participe"))],
    )


async def contributions_csv(request: Request) -> Response:
    """Send every contribution of a process as CSV."""
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.EXPORT, schedule.target)
    await ctx.limit(EXPORT)
    features: Features = request.app.state.features
    process = schedule.process
    rows = await contribution_rows(ctx.entity.id, process.id, ctx.settings.secret, features)
    name = f"aportes-{process.slug}.csv"
    return StreamingResponse(
        write_rows(header(features), rows, bom=True),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-cache",
        },
    )


COLUMNS = {
    "radicado": _("Número único del aporte"),
    "hilo": _("Conversación en la que está"),
    "titulo_hilo": _("Título de la conversación"),
    "tipo_hilo": _("Foro, apartado de un plan, propuesta o pregunta"),
    "en_respuesta_a": _("Radicado del aporte al que responde"),
    "persona": _("Clave de quien lo escribió, distinta en cada archivo; no es su identidad"),
    "dependencia": _("Oficina de la entidad, cuando es una respuesta oficial"),
    "canal": _("web, telephone (teléfono), paper (papel) o workshop (mesa de trabajo)"),
    "personas": _("Cuántas personas lo dijeron juntas"),
    "lugar": _("Barrio o vereda, cuando se sabe"),
    "categoria": _("Categoría"),
    "postura": _("in_favour (a favor), against (en contra) o neutral"),
    "apoyos": _("Cuántas personas lo apoyan; si se unió a otro, cuentan también en aquel"),
    "respuestas": _("Cuántas respuestas directas tiene"),
    "estado": _("Publicado, retirado por su autor u oculto por moderación"),
    "fecha_utc": _("Fecha y hora universal"),
    "ediciones": _("Cuántas veces se corrigió"),
    "texto": _("Lo que dice, sin formato"),
    "unido_a": _("Radicado del aporte al que se unió, porque dice lo mismo"),
}

ROUTES = [
    page("/datos", catalogue, action=Action.SEE_SITE),
    page("/datos/{slug}/aportes.csv", contributions_csv, action=Action.EXPORT),
]
