"""The public pages of a plan's follow-up: the whole, one goal, the open tables."""

import asyncio
from collections.abc import Iterable
from datetime import date

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accountability.followup.goal import goal_of, goal_page
from participa.accountability.followup.import_pages import import_url
from participa.accountability.followup.overview import ASKED, overview
from participa.accountability.followup.place_pages import places_url
from participa.accountability.followup.queries import FORMATS, Plan, data_url, followup_url, plan_of
from participa.accountability.followup.report_pages import report_url, this_year
from participa.accountability.followup.rows import (
    HEADER,
    PART_COLUMNS,
    as_json,
    as_workbook,
    dictionary,
    part_rows,
    year_rows,
)
from participa.accountability.origin_pages import origin_url
from participa.accountability.origins import origins_of_goal
from participa.accountability.rules import GOAL
from participa.accounts.guard import actor_of, page, require
from participa.accounts.permissions import Action, can
from participa.commitments.queries import commitments_on
from participa.deliberation.pages import crumbs
from participa.i18n import _
from participa.kit.csvs import write_rows
from participa.processes.queries import Schedule, process_target, schedule_by_slug
from participa.security.limits import EXPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.refusals import NotFound
from participa.web.templating import render

LISTING = "/rendicion-de-cuentas"
_MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


async def _followed(request: Request, action: Action) -> Schedule:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, action, schedule.target)
    return schedule


async def plan_follow_up(request: Request) -> Response:
    """Show how far a plan has come, as a whole and goal by goal."""
    schedule = await _followed(request, Action.READ)
    process = schedule.process
    plan = await plan_of(process)
    if not plan.goals:
        raise NotFound
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    found = overview(plan, asked, this_year(request))
    may_import = can(actor_of(request), Action.IMPORT, schedule.target)
    return render(
        request,
        "accountability/followup/plan.html",
        title=process.title,
        plan=found,
        form=Form(found.values, fields=ASKED),
        url=followup_url(process.slug),
        downloads=[(ending.upper(), data_url(process.slug, ending)) for ending in FORMATS],
        parts_url=f"{followup_url(process.slug)}/periodos.csv" if plan.parts else "",
        columns=dictionary(),
        import_url=import_url(process.slug) if may_import else "",
        crumbs=[(LISTING, _("Rendición de cuentas")), *crumbs(process)],
    )


async def goal(request: Request) -> Response:
    """Show a goal: its figures, where it comes from, and what changed in it."""
    found = await goal_of(context(request).entity.id, request.path_params["goal_id"])
    target = process_target(found.process)
    require(request, Action.READ, target)
    may_manage = can(actor_of(request), Action.MANAGE_PROCESS, target)
    return render(
        request,
        "accountability/followup/goal.html",
        shown=await goal_page(found, this_year(request)),
        origins=await origins_of_goal(found),
        commitments=await commitments_on(found.entity_id, GOAL, found.id, _today(request)),
        origin_url=origin_url(found.id) if may_manage else "",
        report_url=report_url(found.id) if may_manage else "",
        places_url=places_url(found.id) if may_manage else "",
        crumbs=[
            (LISTING, _("Rendición de cuentas")),
            (followup_url(found.process.slug), found.process.title),
        ],
    )


def _today(request: Request) -> date:
    ctx = context(request)
    return ctx.now.astimezone(ctx.zone).date()


async def _exported(request: Request) -> Plan:
    schedule = await _followed(request, Action.EXPORT)
    await context(request).limit(EXPORT)
    plan = await plan_of(schedule.process)
    if not plan.goals:
        raise NotFound
    return plan


def _headers(plan: Plan, name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name.format(plan.process.slug)}"',
        "Cache-Control": "no-cache",
    }


async def goals_data(request: Request) -> Response:
    """Send a plan's goals and years as CSV, workbook or JSON."""
    ending = request.path_params["format"]
    if ending not in FORMATS:
        raise NotFound
    plan, ctx = await _exported(request), context(request)
    headers = _headers(plan, f"metas-{{}}.{ending}")
    content: bytes | Iterable[bytes]
    if ending == "csv":
        return StreamingResponse(
            write_rows(HEADER, year_rows(plan), bom=True), media_type=_MEDIA["csv"], headers=headers
        )
    if ending == "xlsx":
        content = await asyncio.to_thread(as_workbook, plan, ctx.locale, ctx.now)
    else:
        content = await asyncio.to_thread(as_json, plan, ctx.locale)
    return Response(content, media_type=_MEDIA[ending], headers=headers)


async def parts_csv(request: Request) -> Response:
    """Send the quarters or months of a plan's goals as CSV."""
    plan = await _exported(request)
    return StreamingResponse(
        write_rows(tuple(PART_COLUMNS), part_rows(plan), bom=True),
        media_type=_MEDIA["csv"],
        headers=_headers(plan, "periodos-{}.csv"),
    )


_PLAN = "/rendicion-de-cuentas/seguimiento/{slug}"
FOLLOWUP_ROUTES = [
    page(_PLAN, plan_follow_up, action=Action.READ),
    page(f"{_PLAN}/periodos.csv", parts_csv, action=Action.EXPORT),
    page(f"{_PLAN}/metas.{{format}}", goals_data, action=Action.EXPORT),
    page("/rendicion-de-cuentas/metas/{goal_id:int}", goal, action=Action.READ),
]
