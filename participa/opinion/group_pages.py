"""The opinion groups of a round as files, and near which of them the reader's votes are."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import page, require
from participa.accounts.permissions import Action, Actor
from participa.i18n import Text, _
from participa.kit.csvs import write_rows
from participa.opinion.group_files import CSV_HEADER, as_json, csv_rows
from participa.opinion.group_views import group_name, kept_groups, lens_of
from participa.opinion.lens import nearest_group
from participa.opinion.models import Round, RoundGroups
from participa.opinion.queries import (
    choices_of,
    published,
    round_of,
    round_target,
    round_url,
    shows_groups,
)
from participa.processes.queries import schedule_of
from participa.security.limits import EXPORT
from participa.web.context import context
from participa.web.refusals import Conflict


class NoGroupsYet(Conflict):
    """Nobody may read them yet, or they have not been found yet."""

    title = _("Todavía no hay grupos que descargar")
    advice = _("Se buscan cuando cierra la ronda; vuelva en unos minutos.")


async def own_group(actor: Actor, found: Round) -> Text | None:
    """Say near which group the votes of this reader are, from these alone; None if unknown.

    In two statements. Nobody else is told, and nothing is kept of it.
    """
    lens = None if actor.is_anonymous else lens_of(await kept_groups(found))
    if lens is None:
        return None
    place = nearest_group(lens, await choices_of(actor, found))
    return None if place is None else group_name(place)


async def groups_csv(request: Request) -> Response:
    """Send what each group says of each statement, as CSV."""
    found, kept = await _published(request)
    rows = csv_rows(kept, await published(found))
    headers = _headers(found, "csv")
    body = write_rows(CSV_HEADER, rows, bom=True)
    return StreamingResponse(body, media_type="text/csv; charset=utf-8", headers=headers)


async def groups_json(request: Request) -> Response:
    """Send everything that is published of the groups, as JSON."""
    found, kept = await _published(request)
    body = as_json(found, kept, await published(found))
    return Response(body, media_type="application/json", headers=_headers(found, "json"))


async def _published(request: Request) -> tuple[Round, RoundGroups]:
    ctx = context(request)
    found = await round_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.EXPORT, round_target(found))
    schedule = await schedule_of(found.entity_id, found.process_id)
    kept = await kept_groups(found) if shows_groups(found, schedule, ctx.now) else None
    if kept is None:
        raise NoGroupsYet
    await ctx.limit(EXPORT)
    return found, kept


def _headers(found: Round, ending: str) -> dict[str, str]:
    name = f"grupos-{found.id}.{ending}"
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
    }


def files_url(found: Round) -> str:
    """Give the address of the files, without their ending."""
    return f"{round_url(found)}/grupos"


GROUP_ROUTES = [
    page("/opiniones/{id:int}/grupos.csv", groups_csv, action=Action.EXPORT),
    page("/opiniones/{id:int}/grupos.json", groups_json, action=Action.EXPORT),
]
