"""What the desk pages of other channels share: the process, its places, the way back."""

from datetime import tzinfo

from starlette.requests import Request

from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.channels.forms import Receiving
from participa.channels.queries import area_names, places_of
from participa.deliberation.pages import crumbs
from participa.i18n import Text, _
from participa.processes.queries import Schedule, schedule_by_slug
from participa.web.context import context


def recordings_url(slug: str) -> str:
    """Give the desk page of what was recorded in a process."""
    return f"/gestion/procesos/{slug}/registros"


def new_url(slug: str) -> str:
    """Give the page of the form that records."""
    return f"{recordings_url(slug)}/nuevo"


def sheet_url(slug: str, sheet_id: int) -> str:
    """Give the page of a sheet that waits to be recorded."""
    return f"{recordings_url(slug)}/hojas/{sheet_id}"


async def recordable(request: Request) -> Schedule:
    """Find the process of an address in which the reader may record."""
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.IMPORT, schedule.target)
    return schedule


async def receiving_of(request: Request, schedule: Schedule) -> Receiving:
    """Give what decides whether something was received in a process."""
    ctx = context(request)
    zone: tzinfo = ctx.entity.zone
    places = await places_of(schedule.process.entity_id, schedule.process.id)
    areas = await area_names(schedule.process.entity_id)
    return Receiving(places, areas, schedule.phases, ctx.now, zone)


def desk_crumbs(schedule: Schedule) -> list[tuple[str, str | Text]]:
    """Give the way to the page of what was recorded, that page included."""
    process = schedule.process
    url = recordings_url(process.slug)
    return [("/gestion", _("Gestión")), *crumbs(process), (url, _("Otros canales"))]
