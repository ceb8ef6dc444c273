"""The page on which an official begins to correct a published report."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.i18n import Text, _
from participa.insights.correcting import MAX_CORRECTION, correct_report
from participa.insights.models import ResultReport
from participa.insights.queries import report_url
from participa.insights.review_pages import managed
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.templating import render

_DESK: tuple[str, Text] = ("/gestion", _("Gestión"))


async def correcting(request: Request) -> Response:
    """Ask what a correction of a published report changes."""
    found = await managed(request, Action.PUBLISH_REPORT)
    return _correct_page(request, found, Form(fields=("correction",)))


def _correct_page(request: Request, found: ResultReport, form: Form) -> Response:
    return render(
        request,
        "insights/correct.html",
        status=422 if form.has_errors else 200,
        report={"title": found.title, "url": f"/gestion/informes/{found.id}/corregir"},
        form=form,
        crumbs=[_DESK, (report_url(found), found.title)],
    )


async def correct(request: Request) -> Response:
    """Begin the correction of a published report."""
    found = await managed(request, Action.PUBLISH_REPORT)
    form = Form(form_data(request), fields=("correction",))
    words = form.text(
        "correction",
        required=_("Diga qué corrige: lo leerá quien leyó el informe."),
        longest=MAX_CORRECTION,
    )
    if form.has_errors:
        return _correct_page(request, found, form)
    draft = await correct_report(actor_of(request), found.id, words, context(request).now)
    return see(report_url(draft))


_URL = "/gestion/informes/{report_id:int}/corregir"
CORRECT_ROUTES = [
    page(_URL, correcting, action=Action.PUBLISH_REPORT),
    page(_URL, correct, action=Action.PUBLISH_REPORT, methods=("POST",), limit=POST),
]
