"""The page where it is said of which place a contribution speaks, and what others show of that."""

from collections.abc import Collection, Mapping

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, refuse
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.models import Contribution
from participa.deliberation.pages import crumbs, readable
from participa.deliberation.rules import State
from participa.deliberation.views import contribution_target, excerpt
from participa.features import PlaceLink
from participa.i18n import _
from participa.kit.html import plain_text
from participa.processes.queries import schedule_of
from participa.security.limits import POST
from participa.territory.asking import choosing, where_of
from participa.territory.models import Placement
from participa.territory.picking import (
    PLACE_FORM,
    Step,
    field_values,
    keep,
    picked,
    picture_url,
    written,
)
from participa.territory.queries import areas_of, placement_of
from participa.territory.routes import places_url
from participa.territory.service import may_place, say_where
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound
from participa.web.templating import render

URL = "lugar"


async def place_of(entity_id: int, slug: str, contribution_id: int) -> PlaceLink | None:
    """Give the place that a contribution of a process speaks of, if it says so."""
    found = await placement_of(entity_id, contribution_id)
    if found is None:
        return None
    mark = found.point
    return PlaceLink(
        found.territory_id,
        found.territory.name,
        with_query(places_url(slug), lugar=found.territory_id),
        picture_url(found.territory_id, mark) if mark else "",
    )


COLUMNS = {
    "habla_de": _("Barrio o vereda de la que habla, si lo dice"),
    "punto": _("El punto que se señaló en el mapa: longitud y latitud, en grados"),
}


async def cells_of(
    entity_id: int, contributions: Collection[int]
) -> Mapping[int, Mapping[str, str]]:
    """Give the columns of open data for the contributions of which some place is said."""
    rows = Placement.of(entity_id).filter(contribution_id__in=list(contributions))
    found: dict[int, Mapping[str, str]] = {}
    for row in await rows.select_related("territory"):
        cells = (row.territory.name, written(row.point))
        found[row.contribution_id] = dict(zip(COLUMNS, cells, strict=True))
    return found


async def said_place(request: Request) -> Response:
    """Show the form in which it is said of which place a contribution speaks."""
    found = await _found(request)
    place = await placement_of(found.entity_id, found.id)
    values = {"area": "", "point": ""}
    if place is not None:
        values = {"area": str(place.territory_id), "point": written(place.point)}
    return await _show(request, found, Form(values, fields=PLACE_FORM))


async def _found(request: Request) -> Contribution:
    """Find a contribution whose place the actor may say."""
    found = await readable(request)
    if not may_place(actor_of(request), found):
        refuse(actor_of(request), contribution_target(found))
    if found.state != State.PUBLISHED:
        raise NotFound
    return found


async def _show(request: Request, found: Contribution, form: Form) -> Response:
    schedule = await schedule_of(found.entity_id, found.process_id)
    areas = await areas_of(found.entity_id)
    url = f"/aportes/{found.receipt_number}"
    return render(
        request,
        "territory/said_place.html",
        placing={
            "receipt": found.receipt_number,
            "url": f"{url}/{URL}",
            "back_url": url,
            "thread_title": found.thread.title,
            "words": excerpt(plain_text(found.body_html)),
            "place": field_values(areas, form),
        },
        form=form,
        crumbs=[*crumbs(schedule.process), (url, found.receipt_number)],
    )


async def say_place(request: Request) -> Response:
    """Keep the place that was chosen, or go one step on towards choosing it."""
    found = await _found(request)
    areas = await areas_of(found.entity_id)
    form = Form(form_data(request), fields=PLACE_FORM)
    place = picked(form, areas)
    keep(form, place)
    url = f"/aportes/{found.receipt_number}"
    if place.step is not Step.SEND:
        return await choosing(
            request, form, areas, place, url=f"{url}/{URL}", crumbs=[(url, found.receipt_number)],
            show=lambda form: _show(request, found, form), action=Action.READ,
        )  # fmt: skip
    now = context(request).now
    await say_where(actor_of(request), found.id, where_of(place), now=now)
    return see(f"{url}?aviso=lugar")


_PLACE = f"/aportes/{{receipt}}/{URL}"
PLACE_ROUTES = [
    page(_PLACE, said_place, action=Action.READ),
    page(_PLACE, say_place, action=Action.READ, methods=("POST",), limit=POST),
]
