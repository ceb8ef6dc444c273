"""The handover page: what whoever takes an office over finds open, and by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.followup.overview import overview
from participa.accountability.followup.queries import followed_processes, followup_url, plan_of
from participa.accountability.queries import sessions
from participa.accounts.guard import actor_of, entity_target, require
from participa.accounts.permissions import Action, Actor, can
from participa.commitments.listing import Wanted, items
from participa.commitments.rules import STANDING_PILLS, Standing
from participa.consultations.draft_views import draft_link
from participa.deliberation.pages import features_of
from participa.i18n import Number, Text, _, n_
from participa.insights.queries import unpublished_reports
from participa.menu.queries import checked_menu
from participa.menu.routes import DESK_URL
from participa.menu.rules import Status
from participa.petitions.queries import open_cases
from participa.plans.drafts import open_drafts
from participa.portal.desk import counts_said, open_tasks, works_on
from participa.processes.queries import Schedule, all_schedules
from participa.processes.views import Pill
from participa.surveys.builder_pages import builder_url
from participa.surveys.models import Survey
from participa.web.context import context
from participa.web.templating import render

SOON = timedelta(days=30)
_SETTLED = {STANDING_PILLS[Standing.DONE], STANDING_PILLS[Standing.CANCELLED]}


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has to be done by a day."""

    on: date | datetime
    title: str | Text
    url: str
    what: Text
    pill: Pill | None = None


async def handover(request: Request) -> Response:
    """Show what is open in the processes that the actor works on, and in the entity."""
    ctx, actor = context(request), actor_of(request)
    require(request, Action.SEE_DESK, entity_target(request))
    entity_id = ctx.entity.id
    schedules = [each for each in await all_schedules(entity_id) if works_on(actor, each)]
    drafts = await unpublished_reports(entity_id)
    dues = [*_phases(schedules, ctx.now), *await _petitions(request), *await _sessions(request)]
    dues += await _commitments(request)
    return render(
        request,
        "portal/handover.html",
        dues=sorted(dues, key=_day),
        tasks=await open_tasks(ctx, actor, schedules, drafts, await counts_said(entity_id)),
        drafts=await _drafts(actor, schedules, ctx.now),
        goals=await _goals(request, schedules),
        menu=await _menu(request),
        crumbs=[("/gestion", _("Gestión"))],
    )


def _day(due: Due) -> str:
    day = due.on.date() if isinstance(due.on, datetime) else due.on
    return day.isoformat()


def _phases(schedules: Sequence[Schedule], now: datetime) -> list[Due]:
    """List the phases that close within a month."""
    return [
        Due(phase.closes_at, schedule.process.title, f"/procesos/{schedule.process.slug}",
            _("Cierra la fase «{phase}»", phase=phase.title))
        for schedule in schedules
        for phase in schedule.phases
        if now < phase.closes_at <= now + SOON
    ]  # fmt: skip


async def _petitions(request: Request) -> list[Due]:
    """List the petitions that are due first; their words stay on their own desk."""
    ctx = context(request)
    if not can(actor_of(request), Action.HANDLE_PETITIONS, entity_target(request)):
        return []
    found = await open_cases(ctx.entity.id, ctx.now, ctx.zone, "")
    return [
        Due(each.due_on, each.filing_number, each.url, _("Vence la petición"), each.pill)
        for each in found.lines
    ]


async def _sessions(request: Request) -> list[Due]:
    ctx = context(request)
    coming, _held = await sessions(actor_of(request), ctx.now, ctx.zone)
    return [
        Due(each.held_at, each.title, each.url, _("Rendición de cuentas"), each.pill)
        for each in coming
    ]


async def _commitments(request: Request) -> list[Due]:
    """List the commitments that are not settled and due within a month, or late."""
    ctx = context(request)
    today = ctx.now.astimezone(ctx.zone).date()
    shown, _after = await items(ctx.entity.id, Wanted(), today)
    return [
        Due(each.due_on, each.title, each.url, _("Compromiso de {office}", office=each.office),
            each.pill)
        for each in shown
        if each.done_on is None and each.pill.kind not in _SETTLED and each.due_on <= today + SOON
    ]  # fmt: skip


async def _drafts(
    actor: Actor, schedules: Sequence[Schedule], now: datetime
) -> list[dict[str, object]]:
    """List what somebody began and nobody published: texts of plans, and surveys."""
    managed = [each.process.id for each in schedules
               if can(actor, Action.MANAGE_PROCESS, each.target)]  # fmt: skip
    plans = await open_drafts(actor.entity_id)
    surveys = await Survey.of(actor.entity_id).filter(process_id__in=managed, version=0)
    links = [draft_link(each, now) for id_ in managed for each in plans.get(id_, ())]
    return [
        *({"url": link.url, "title": link.title, "what": _("Texto de un plan")} for link in links),
        *({"url": builder_url(each), "title": each.title, "what": _("Encuesta")}
          for each in surveys),
    ]  # fmt: skip


async def _goals(request: Request, schedules: Sequence[Schedule]) -> list[dict[str, object]]:
    """Say, for each plan that is followed, how many goals are late or have no figures."""
    ctx = context(request)
    own = {each.process.id for each in schedules}
    year = ctx.now.astimezone(ctx.zone).year
    found: list[dict[str, object]] = []
    for process in await followed_processes(ctx.entity.id):
        if process.id in own:
            lights = overview(await plan_of(process), {}, year).lights
            url = followup_url(process.slug)
            found.append({"url": url, "title": process.title, "lights": lights})
    return found


async def _menu(request: Request) -> dict[str, object] | None:
    if not can(actor_of(request), Action.MANAGE_PROCESS, entity_target(request)):
        return None
    checked = await checked_menu(context(request).entity.id, features_of(request))
    missing = sum(each.status is Status.EMPTY for each in checked)
    words = n_("Falta publicar {n} cosa", "Falta publicar {n} cosas", missing, n=Number(missing))
    return {"url": DESK_URL, "words": words, "missing": missing}
