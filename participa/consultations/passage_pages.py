"""The page on which officials say where passages stand that a new version left in doubt."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.consultations.anchors import Choice, PassageUnclear, decide
from participa.consultations.rules import MAX_PASSAGE
from participa.consultations.waiting import waiting_page
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.plans.models import Plan
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, NotFound
from participa.web.templating import render

FIELDS = ("hacer", "version", "words")


def passages_url(slug: str) -> str:
    """Give the page of the passages of a process that wait for a person."""
    return f"/gestion/procesos/{slug}/pasajes"


async def waiting(request: Request) -> Response:
    """List the comments whose passage is not surely found in the version in force."""
    process = await _managed(request)
    return await _show(request, process, None, Form(fields=FIELDS))


async def _managed(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.MANAGE_PROCESS, schedule.target)
    return schedule.process


async def _show(request: Request, process: Process, anchor_id: int | None, form: Form) -> Response:
    plan = await Plan.of(process.entity_id).filter(process_id=process.id).first()
    if plan is None:
        raise NotFound
    start = request.query_params.get("desde", "")
    asked = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 0
    found = await waiting_page(plan, anchor_id or asked)
    url = passages_url(process.slug)
    return render(
        request,
        "consultations/passages.html",
        status=422 if form.has_errors else 200,
        passages={
            "url": url,
            "process_title": process.title,
            "version": plan.current_version,
            "items": found.items,
            "count": found.count,
            "mending": anchor_id,
            "first_url": url if asked else None,
            "next_url": with_query(url, desde=found.next_id) if found.next_id else None,
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def place(request: Request) -> Response:
    """Say where a passage stands; words that are not in the text are asked for again."""
    process = await _managed(request)
    anchor_id: int = request.path_params["id"]
    form = Form(form_data(request), fields=FIELDS)
    choice, version = form.choice("hacer", tuple(Choice)), form.number("version")
    if choice is None or version is None:
        raise BadInput
    words = ""
    if choice is Choice.PASSAGE:
        missing = _("Copie del texto actual las palabras del pasaje.")
        words = form.text("words", required=missing, longest=MAX_PASSAGE)
    if not form.has_errors:
        try:
            await decide(
                actor_of(request), process.id, anchor_id, choice,
                version=version, words=words, now=context(request).now,
            )  # fmt: skip
        except PassageUnclear as refusal:
            form.fail("words", refusal.title)
    if form.has_errors:
        return await _show(request, process, anchor_id, form)
    return see(with_query(passages_url(process.slug), aviso="guardado"))


_PASSAGES = "/gestion/procesos/{slug}/pasajes"
PASSAGE_ROUTES = [
    page(_PASSAGES, waiting, action=Action.MANAGE_PROCESS),
    page(f"{_PASSAGES}/{{id:int}}", place, action=Action.MANAGE_PROCESS, methods=("POST",),
         limit=SUPPORT),
]  # fmt: skip
