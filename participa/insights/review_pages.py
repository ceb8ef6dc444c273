"""The pages on which an official reviews a draft and sees it as it will be."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.i18n import Text, _
from participa.insights.document import Document, Theme
from participa.insights.documents import read_document
from participa.insights.forms import names_form, read_names
from participa.insights.members import member_listing
from participa.insights.models import Cluster, ResultReport
from participa.insights.queries import (
    LARGEST_ID,
    report_by_id,
    report_target,
    report_url,
    themes_in,
)
from participa.insights.review_forms import (
    NEW,
    Sent,
    read_merge,
    read_move,
    read_split,
    review_form,
)
from participa.insights.reviewing import edit_report, new_number, rename_themes, undo_edit
from participa.insights.rules import ReportState
from participa.insights.views import report_page, review_view
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, NotFound
from participa.web.templating import render

Crumbs = list[tuple[str, Text | str]]
_DESK: tuple[str, Text] = ("/gestion", _("Gestión"))
REFRESH_SECONDS = 3


def id_in(request: Request, name: str) -> int:
    """Read the id in an address. Refuses with NotFound what no id can be."""
    number: int = request.path_params[name]
    if number > LARGEST_ID:
        raise NotFound
    return number


async def managed(request: Request, action: Action) -> ResultReport:
    """Find a report by its id, for who may do this. Refuses with NotFound."""
    found = await report_by_id(context(request).entity.id, id_in(request, "report_id"))
    require(request, action, report_target(found))
    return found


async def show_report(
    request: Request, found: ResultReport, crumbs: Crumbs, *, may_answer: bool = False
) -> Response:
    """Show a report as citizens read it."""
    may_correct = can(actor_of(request), Action.PUBLISH_REPORT, report_target(found))
    return render(
        request,
        "insights/report.html",
        report=await read_document(found),
        around=report_page(
            found, context(request).now, may_answer=may_answer, may_correct=may_correct
        ),
        crumbs=crumbs,
    )


async def review(request: Request) -> Response:
    """Show how a report is coming along, then its draft to be reviewed and published."""
    found = await managed(request, Action.READ)
    if found.state == ReportState.PUBLISHED:
        return see(report_url(found))
    return await _review_page(request, found)


async def _review_page(request: Request, found: ResultReport, form: Form | None = None) -> Response:
    may_publish = can(actor_of(request), Action.PUBLISH_REPORT, report_target(found))
    view = review_view(found, await read_document(found), may_publish=may_publish)
    if form is None:
        form = names_form(found.title, found.introduction, view.themes, seen=found.edit_count)
    return render(
        request,
        "insights/review.html",
        status=422 if form.has_errors else 200,
        headers={"Refresh": str(REFRESH_SECONDS)} if view.is_under_way else None,
        review=view,
        form=form,
        crumbs=[_DESK],
    )


async def rename(request: Request) -> Response:
    """Save the title, the introduction and the names of the themes."""
    ctx = context(request)
    found = await managed(request, Action.PUBLISH_REPORT)
    themes = (await read_document(found)).themes
    form = names_form(found.title, found.introduction, themes, form_data(request))
    names = read_names(form, themes)
    if names is None:
        return await _review_page(request, found, form)
    await rename_themes(
        actor_of(request),
        found.id,
        title=names.title,
        introduction=names.introduction,
        names=names.themes,
        now=ctx.now,
        seen=names.seen,
    )
    return see(with_query(report_url(found), aviso="guardado"))


async def preview(request: Request) -> Response:
    """Show a draft as citizens will see it."""
    found = await managed(request, Action.READ)
    if found.state != ReportState.DRAFT:
        return see(report_url(found))
    return await show_report(request, found, [_DESK, (report_url(found), _("Revisar el informe"))])


@dataclass(frozen=True, slots=True)
class _Place:
    """What is being reviewed: a theme of a draft, or what was said once."""

    report: ResultReport
    document: Document
    cluster: Cluster | None
    theme: Theme | None

    @property
    def url(self) -> str:
        """Its page."""
        base = f"/gestion/informes/{self.report.id}"
        return f"{base}/temas/{self.cluster.id}" if self.cluster else f"{base}/dichos-una-vez"


async def _place(request: Request, action: Action) -> _Place:
    found = await managed(request, action)
    document = await read_document(found)
    if "cluster_id" not in request.path_params:
        return _Place(found, document, None, None)
    cluster = await themes_in(found).filter(id=id_in(request, "cluster_id")).first()
    if cluster is None:
        raise NotFound
    theme = next(theme for theme in document.themes if theme.id == cluster.id)
    return _Place(found, document, cluster, theme)


async def review_place(request: Request) -> Response:
    """Show a theme, or what was said once, with its contributions and what can be done."""
    place = await _place(request, Action.PUBLISH_REPORT)
    if place.report.state != ReportState.DRAFT:
        return see(report_url(place.report))
    return await _show_place(request, place, review_form(None, place.report.edit_count))


async def _show_place(request: Request, place: _Place, form: Form) -> Response:
    asked = request.query_params.get("desde", "")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 9 else 0
    listing = await member_listing(place.report, place.cluster, after)
    names = [(str(t.number), f"{t.position}. {t.name}") for t in place.document.themes]
    own = str(place.theme.number) if place.theme else "0"
    others = [(number, name) for number, name in names if number != own]
    once = [("0", _("Dichos una sola vez"))] if place.theme else []
    return render(
        request,
        "insights/review_theme.html",
        status=422 if form.has_errors else 200,
        theme=place.theme,
        url=place.url,
        others=others,
        places=[("", _("Elija")), *others, *once, (NEW, _("Un tema nuevo"))],
        listing=listing,
        after=after,
        next_url=with_query(place.url, desde=listing.after) if listing.after else None,
        form=form,
        crumbs=[_DESK, (report_url(place.report), _("Revisar el informe"))],
    )


async def _change(request: Request, place: _Place, read: tuple[Sent | None, Form]) -> Response:
    """Make a change that was sent; one that cannot be made keeps what was typed."""
    sent, form = read
    if sent is None:
        return await _show_place(request, place, form)
    try:
        await edit_report(
            actor_of(request), place.report.id, sent.change,
            seen=sent.seen, reason=sent.reason, now=context(request).now,
        )  # fmt: skip
    except BadInput as refusal:
        form.fail("into", refusal.title)
        return await _show_place(request, place, form)
    return see(with_query(report_url(place.report), aviso="guardado"))


async def merge(request: Request) -> Response:
    """Merge a theme into another one."""
    place = await _place(request, Action.PUBLISH_REPORT)
    if place.theme is None:
        raise NotFound
    read = read_merge(form_data(request), place.theme, place.document.themes)
    return await _change(request, place, read)


async def split(request: Request) -> Response:
    """Take parts of a theme out as a theme of their own."""
    place = await _place(request, Action.PUBLISH_REPORT)
    read = read_split(form_data(request), await new_number(place.report))
    return await _change(request, place, read)


async def move(request: Request) -> Response:
    """Move contributions to where they belong."""
    place = await _place(request, Action.PUBLISH_REPORT)
    new = await new_number(place.report)
    return await _change(request, place, read_move(form_data(request), place.document.themes, new))


async def undo(request: Request) -> Response:
    """Leave out an edit."""
    found = await managed(request, Action.PUBLISH_REPORT)
    form = Form(form_data(request), fields=("seen",))
    await undo_edit(
        actor_of(request),
        found.id,
        id_in(request, "number"),
        seen=form.number("seen") or 0,
        now=context(request).now,
    )
    return see(with_query(report_url(found), aviso="guardado"))


_DRAFT = "/gestion/informes/{report_id:int}"
_THEME = f"{_DRAFT}/temas/{{cluster_id:int}}"
_ONCE = f"{_DRAFT}/dichos-una-vez"
_WRITES = Action.PUBLISH_REPORT


def _post(path: str, endpoint: Callable[[Request], Awaitable[Response]]) -> Route:
    return page(path, endpoint, action=_WRITES, methods=("POST",), limit=POST)


REVIEW_ROUTES = [
    page(_DRAFT, review, action=Action.READ),
    page(f"{_DRAFT}/vista", preview, action=Action.READ),
    _post(f"{_DRAFT}/nombres", rename),
    page(_THEME, review_place, action=_WRITES),
    _post(f"{_THEME}/unir", merge),
    _post(f"{_THEME}/separar", split),
    _post(f"{_THEME}/mover", move),
    page(_ONCE, review_place, action=_WRITES),
    _post(f"{_ONCE}/mover", move),
    _post(f"{_DRAFT}/cambios/{{number:int}}/deshacer", undo),
]
