"""The officials' page that says from which contributions a goal comes."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.followup.goal import goal_of
from participa.accountability.followup.queries import followup_url
from participa.accountability.followup.views import goal_url
from participa.accountability.models import Goal
from participa.accountability.origins import origins_of_goal, set_origins
from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.i18n import _
from participa.processes.queries import process_target
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import BadInput
from participa.web.templating import render

FIELDS = ("receipts",)


def origin_url(goal_id: int) -> str:
    """Give the address where an official says what a goal came from."""
    return f"/gestion/metas/{goal_id}/origen"


async def _managed(request: Request) -> Goal:
    goal = await goal_of(context(request).entity.id, request.path_params["goal_id"])
    require(request, Action.MANAGE_PROCESS, process_target(goal.process))
    return goal


async def origin(request: Request) -> Response:
    """Show the form with the contributions named now."""
    goal = await _managed(request)
    named = await origins_of_goal(goal)
    return _show(request, goal, Form({"receipts": "\n".join(named)}, fields=FIELDS))


def _show(request: Request, goal: Goal, form: Form) -> Response:
    url = followup_url(goal.process.slug)
    return render(
        request,
        "accountability/origin.html",
        status=422 if form.has_errors else 200,
        goal={"number": goal.number, "title": goal.title, "url": origin_url(goal.id)},
        form=form,
        crumbs=[
            (url, goal.process.title),
            (goal_url(goal.id), _("Meta {number}", number=goal.number)),
        ],
    )


async def save_origin(request: Request) -> Response:
    """Keep what an official says a goal came from; what is unknown is named beside the field."""
    goal = await _managed(request)
    form = Form(form_data(request), fields=FIELDS)
    receipts = form.text("receipts").replace(",", " ").upper().split()
    try:
        if not form.has_errors:
            named = list(dict.fromkeys(receipts))
            await set_origins(actor_of(request), goal.id, named, context(request).now)
    except BadInput as refusal:
        form.fail("receipts", refusal.title)
    if form.has_errors:
        return _show(request, goal, form)
    return see(with_query(goal_url(goal.id), aviso="guardado"))


_ORIGIN = "/gestion/metas/{goal_id:int}/origen"
ORIGIN_ROUTES = [
    page(_ORIGIN, origin, action=Action.MANAGE_PROCESS),
    page(_ORIGIN, save_origin, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
]
