"""Asking for a place in the forms of conversations: in those that open one, and in any of them."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import needs_less
from participa.accounts.permissions import Action
from participa.db import Statement, Steps
from participa.entities.models import Territory
from participa.features import Keeping
from participa.i18n import Text, _
from participa.territory.picking import Picked, by_kind, show_map
from participa.territory.queries import Place, named_areas
from participa.territory.service import Where
from participa.web.forms import Form

_KEEP = """
    INSERT INTO territory_placement (entity_id, contribution_id, territory_id) VALUES ($1, $2, $3)
"""


def where_of(found: Picked) -> Where | None:
    """Give the place that was chosen in a form."""
    return Where(found.area.id, found.point) if found.area else None


async def choosing(
    request: Request,
    form: Form,
    areas: Sequence[Place],
    found: Picked,
    *,
    url: str,
    crumbs: Sequence[tuple[str, Any]],
    show: Callable[[Form], Awaitable[Response]],
    action: Action = Action.CONTRIBUTE,
) -> Response:
    """Answer a step on the way to a place: with the map, or with the form again by `show`.

    The same key goes on: the form counts once, from whichever step it is sent.
    """
    needs_less(request, action)
    request.state.draft_token = form.request_key
    if not found.is_on_map or not any(area.rings for area in areas):
        return await show(form)
    title = _("¿De qué lugar habla?")
    return show_map(request, form, areas, found, url=url, title=title, crumbs=crumbs)


async def choices(entity_id: int) -> Sequence[tuple[Text, Sequence[tuple[int, str]]]]:
    """Give the areas to choose from in the form of a contribution, by what they are."""
    return by_kind(await named_areas(entity_id))


async def read_area(form: Form, entity_id: int) -> Keeping | None:
    """Read the area chosen in the form of a contribution; None where there is nothing to keep."""
    area_id = form.number("area")
    if area_id is None or form.has_errors:
        return None
    if not await Territory.of(entity_id).filter(id=area_id).exists():
        form.fail("area", _("Escoja un lugar de la lista."))
        return None
    return lambda contribution_id: _keeping(entity_id, contribution_id, area_id)


def _keeping(entity_id: int, contribution_id: int, area_id: int) -> Steps[None]:
    yield Statement(_KEEP, (entity_id, contribution_id, area_id))
