"""The officials' page that says where a goal is carried out."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.followup.goal import goal_of
from participa.accountability.followup.importing import areas_by_key
from participa.accountability.followup.places import places_of, set_places
from participa.accountability.followup.queries import followup_url
from participa.accountability.followup.views import goal_url
from participa.accountability.models import Goal
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

FIELDS = ("places",)


def places_url(goal_id: int) -> str:
    """Give the page where an official says where a goal is carried out."""
    return f"/gestion/metas/{goal_id}/lugares"


async def _managed(request: Request) -> Goal:
    goal = await goal_of(context(request).entity.id, request.path_params["goal_id"])
    require(request, Action.MANAGE_PROCESS, process_target(goal.process))
    return goal


async def places(request: Request) -> Response:
    """Show the form with the places named now."""
    goal = await _managed(request)
    named = "\n".join(await places_of(goal))
    return await _show(request, goal, Form({"places": named}, fields=FIELDS))


async def _show(request: Request, goal: Goal, form: Form) -> Response:
    known = await areas_by_key(goal.entity_id)
    return render(
        request,
        "accountability/followup/places.html",
        status=422 if form.has_errors else 200,
        goal={"number": goal.number, "title": goal.title, "url": places_url(goal.id)},
        names=sorted(each.name for each in known.values()),
        form=form,
        crumbs=[
            (followup_url(goal.process.slug), goal.process.title),
            (goal_url(goal.id), _("Meta {number}", number=goal.number)),
        ],
    )


async def save_places(request: Request) -> Response:
    """Keep where a goal is carried out; what is unknown is named beside the field."""
    goal = await _managed(request)
    form = Form(form_data(request), fields=FIELDS)
    lines = form.text("places").replace(",", "\n").splitlines()
    names = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    try:
        if not form.has_errors:
            await set_places(actor_of(request), goal.id, names, now=context(request).now)
    except BadInput as refusal:
        form.fail("places", refusal.title)
    if form.has_errors:
        return await _show(request, goal, form)
    return see(with_query(goal_url(goal.id), aviso="guardado"))


_PLACES = "/gestion/metas/{goal_id:int}/lugares"
PLACE_ROUTES = [
    page(_PLACES, places, action=Action.MANAGE_PROCESS),
    page(_PLACES, save_places, action=Action.MANAGE_PROCESS, methods=("POST",), limit=POST),
]
