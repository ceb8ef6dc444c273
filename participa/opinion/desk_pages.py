"""The pages of opinion rounds for those who run them: opening one, reviewing its statements."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, Target
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.opinion.forms import OPENING_FIELDS, read_opening, read_review
from participa.opinion.models import Round
from participa.opinion.queries import (
    owner_of,
    round_of,
    round_target,
    round_url,
    statement_of,
    to_review,
)
from participa.opinion.rules import LONGEST, STATES, State
from participa.opinion.service import create_round, review
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST, SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput, Conflict
from participa.web.templating import render


def desk_url(found: Round) -> str:
    """Give the address where a round's statements are reviewed."""
    return f"/gestion/opiniones/{found.id}"


async def opening(request: Request) -> Response:
    """Show an official the form for a new round."""
    process = await _managed(request)
    return _show_opening(request, process, Form({"reviews_first": "1"}, fields=OPENING_FIELDS))


async def _managed(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.MANAGE_PROCESS, schedule.target)
    return schedule.process


def _show_opening(request: Request, process: Process, form: Form, status: int = 200) -> Response:
    return render(
        request,
        "opinion/opening.html",
        status=status,
        opening={
            "url": f"/gestion/procesos/{process.slug}/frases",
            "polis_url": f"/gestion/procesos/{process.slug}/polis",
            "process_title": process.title,
            "longest": LONGEST,
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def open_round(request: Request) -> Response:
    """Open a round with its first statements."""
    process = await _managed(request)
    sent, form = read_opening(form_data(request))
    if form.has_errors:
        return _show_opening(request, process, form, 422)
    try:
        opened = await create_round(
            entity_id=process.entity_id,
            process_id=process.id,
            title=sent.title,
            question=sent.question,
            seeds=sent.seeds,
            reviews_first=sent.reviews_first,
            shows_groups_live=sent.shows_groups_live,
            now=context(request).now,
        )
    except BadInput as refusal:
        form.fail("seeds", refusal.title)
        return _show_opening(request, process, form, 422)
    except Conflict as refusal:
        form.fail("title", refusal.title)
        return _show_opening(request, process, form, 409)
    return see(with_query(round_url(opened), aviso="guardado"))


async def reviewing(request: Request) -> Response:
    """Show a moderator the statements that wait, and those decided."""
    found = await round_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.MODERATE, round_target(found))
    waiting, decided = await to_review(found)
    return render(
        request,
        "opinion/review.html",
        review={
            "title": found.title,
            "url": desk_url(found),
            "round_url": round_url(found),
            "waiting": waiting,
            "decided": [(each, STATES[State(each.state)]) for each in decided],
        },
        crumbs=[("/gestion", _("Gestión")), *crumbs(found.process)],
    )


async def decide(request: Request) -> Response:
    """Publish a statement or take it out; nobody decides about their own."""
    found = await round_of(context(request).entity.id, request.path_params["id"])
    statement = await statement_of(found, request.path_params["number"])
    target = round_target(found)
    owner = await owner_of(statement)
    require(
        request,
        Action.MODERATE,
        Target(target.entity_id, target.process_id, owner_id=owner, is_public=target.is_public),
    )
    state, reason = read_review(form_data(request))
    await review(actor_of(request), found.id, statement.number, state, reason, context(request).now)
    return see(with_query(desk_url(found), aviso="guardado"))


_OPENING = "/gestion/procesos/{slug}/frases"
_DESK = "/gestion/opiniones/{id:int}"
DESK_ROUTES = [
    page(_OPENING, opening, action=Action.MANAGE_PROCESS),
    page(_OPENING, open_round, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
    page(_DESK, reviewing, action=Action.MODERATE),
    page(
        f"{_DESK}/frases/{{number:int}}",
        decide,
        action=Action.MODERATE,
        methods=("POST",),
        limit=SUPPORT,
    ),
]
