"""Pages of results reports: published ones for everybody, drafts for those who prepare them."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.deliberation.verdicts import VERDICTS
from participa.i18n import Text, _
from participa.insights import service
from participa.insights.correct_pages import CORRECT_ROUTES
from participa.insights.document import Theme
from participa.insights.documents import read_document
from participa.insights.files.routes import FILE_ROUTES, asked_report
from participa.insights.forms import read_answer
from participa.insights.models import Cluster, ResultReport
from participa.insights.queries import (
    report_listing,
    report_target,
    report_url,
    theme_anchor,
    themes_in,
)
from participa.insights.quoting import once_listing
from participa.insights.review_pages import REVIEW_ROUTES, id_in, managed, show_report
from participa.insights.views import answer_url
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

Crumbs = list[tuple[str, Text | str]]
_RESULTS: tuple[str, Text] = ("/informes", _("Resultados"))
_DESK: tuple[str, Text] = ("/gestion", _("Gestión"))


def _number_asked(request: Request, name: str) -> int | None:
    """Read a cursor; what is no number begins at the beginning."""
    asked = request.query_params.get(name, "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) <= 9
    return int(asked) if is_number else None


async def reports(request: Request) -> Response:
    """List the published reports."""
    ctx = context(request)
    listing = await report_listing(ctx.entity.id, _number_asked(request, "antes"))
    return render(request, "insights/reports.html", listing=listing)


async def report(request: Request) -> Response:
    """Show a published report on its permanent page."""
    found = await asked_report(request)
    may_answer = can(actor_of(request), Action.SPEAK_FOR_ENTITY, report_target(found))
    return await show_report(request, found, [_RESULTS], may_answer=may_answer)


async def heard_once(request: Request) -> Response:
    """Show, page by page, what was said once."""
    found = await asked_report(request)
    listing = await once_listing(found, _number_asked(request, "desde") or 0)
    shown = {"title": found.title, "once_count": found.ledger.get("once", 0)}
    crumbs: Crumbs = [_RESULTS, (report_url(found), found.title)]
    return render(request, "insights/once.html", report=shown, listing=listing, crumbs=crumbs)


async def prepare_report(request: Request) -> Response:
    """Ask for a report of a process."""
    ctx = context(request)
    schedule = await schedule_by_slug(ctx.entity.id, request.path_params["slug"])
    require(request, Action.PUBLISH_REPORT, schedule.target)
    key = Form(form_data(request)).request_key
    asked = await service.prepare_report(actor_of(request), schedule.process.id, ctx.now, key)
    return see(with_query(report_url(asked), aviso="informe-en-cola"))


async def publish_report(request: Request) -> Response:
    """Publish a draft."""
    found = await managed(request, Action.PUBLISH_REPORT)
    published = await service.publish_report(actor_of(request), found.id, context(request).now)
    return see(with_query(report_url(published), aviso="informe-publicado"))


async def _theme(request: Request) -> tuple[ResultReport, Cluster, Theme]:
    """Find a theme of a report, for who may speak for the entity."""
    found = await managed(request, Action.SPEAK_FOR_ENTITY)
    cluster_id = id_in(request, "cluster_id")
    cluster = await themes_in(found).filter(id=cluster_id).first()
    if cluster is None:
        raise NotFound
    themes = (await read_document(found)).themes
    return found, cluster, next(theme for theme in themes if theme.id == cluster.id)


async def answering(request: Request) -> Response:
    """Show the form with which an official answers a theme."""
    found, cluster, view = await _theme(request)
    kept = {"decision": cluster.answer_decision, "answer": cluster.answer}
    return _answer_page(request, found, cluster, view, Form(kept, fields=tuple(kept)))


def _answer_page(
    request: Request, found: ResultReport, cluster: Cluster, view: Theme, form: Form
) -> Response:
    office = actor_of(request).office or context(request).entity.short_name
    options = list(VERDICTS.items())
    return render(
        request,
        "insights/answer.html",
        status=422 if form.has_errors else 200,
        theme=view,
        answer={"url": answer_url(found.id, cluster.id), "options": options, "office": office},
        form=form,
        crumbs=[_RESULTS, (report_url(found), found.title)],
    )


async def answer_theme(request: Request) -> Response:
    """Answer a theme in the name of the entity."""
    found, cluster, view = await _theme(request)
    answer, form = read_answer(form_data(request))
    if answer is None:
        return _answer_page(request, found, cluster, view, form)
    await service.answer_theme(actor_of(request), cluster.id, *answer, context(request).now)
    return see(with_query(f"{report_url(found)}#{theme_anchor(cluster)}", aviso="responsable"))


_REPORT = "/informes/{number:int}"
_VERSION = f"{_REPORT}/v{{version:int}}"
_DRAFT = "/gestion/informes/{report_id:int}"
_ANSWER = f"{_DRAFT}/temas/{{cluster_id:int}}/respuesta"
ROUTES = [
    *REVIEW_ROUTES,
    *CORRECT_ROUTES,
    page("/informes", reports, action=Action.SEE_SITE, on_entity=True),
    page(_REPORT, report, action=Action.READ),
    page(f"{_REPORT}/una-vez", heard_once, action=Action.READ),
    page(_VERSION, report, action=Action.READ),
    page(f"{_VERSION}/una-vez", heard_once, action=Action.READ),
    *FILE_ROUTES,
    page(
        "/gestion/procesos/{slug}/informes",
        prepare_report,
        action=Action.PUBLISH_REPORT,
        methods=("POST",),
        limit=POST,
    ),
    page(f"{_DRAFT}/publicar", publish_report, action=Action.PUBLISH_REPORT, methods=("POST",)),
    page(_ANSWER, answering, action=Action.SPEAK_FOR_ENTITY),
    page(_ANSWER, answer_theme, action=Action.SPEAK_FOR_ENTITY, methods=("POST",), limit=POST),
]
