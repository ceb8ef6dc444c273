"""The pages of accountability: sessions, their questions, a plan's follow-up."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accountability.followup import (
    HEADER,
    csv_url,
    follow_up,
    followed_processes,
    followup_of,
    followup_url,
    goal_rows,
)
from participa.accountability.forms import QUESTION_FIELDS, read_question
from participa.accountability.hearing.around import around_session
from participa.accountability.hearing.routes import HEARING_ROUTES
from participa.accountability.models import AccountabilitySession
from participa.accountability.origin_pages import ORIGIN_ROUTES, origin_url
from participa.accountability.origins import origins_of
from participa.accountability.queries import (
    owed_in,
    session_of,
    session_pill,
    session_target,
    session_url,
    sessions,
    summary_html,
)
from participa.accountability.questions import question_page
from participa.accountability.rules import ACTIVITY, KIND
from participa.accountability.service import ask
from participa.accounts.guard import actor_of, entity_target, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.deliberation.drafts import draft_form
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import crumbs, features_of
from participa.deliberation.queries import pinned_in
from participa.i18n import Day, Text, _
from participa.kit.csvs import write_rows
from participa.processes.queries import Schedule, schedule_by_slug, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import EXPORT, POST
from participa.territory.asking import choosing, where_of
from participa.territory.picking import Step, field_values, keep, picked
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.refusals import NotFound
from participa.web.templating import render

LISTING = "/rendicion-de-cuentas"


async def session_list(request: Request) -> Response:
    """List sessions to come and held, and the plans that are followed."""
    ctx = context(request)
    require(request, Action.SEE_SITE, entity_target(request))
    coming, held = await sessions(actor_of(request), ctx.now, ctx.zone)
    followed = await followed_processes(ctx.entity.id)
    return render(
        request,
        "accountability/sessions.html",
        listing={
            "coming": coming,
            "held": held,
            "followed": [(followup_url(each.slug), each.title) for each in followed],
        },
    )


async def session(request: Request) -> Response:
    """Show a session with its questions and, while they are taken, the form for one."""
    found = await session_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.READ, session_target(found))
    return await _show(request, found, await draft_form(request, QUESTION_FIELDS))


async def _show(request: Request, found: AccountabilitySession, form: Form) -> Response:
    ctx = context(request)
    schedule = await schedule_of(found.entity_id, found.process_id)
    query = request.query_params
    listing = await question_page(
        found, query.get("orden", ""), query.get("desde", ""), ctx.now, ctx.zone
    )
    owed = (await owed_in(found.entity_id, [found.id])).get(found.id)
    may_ask = schedule.is_open(ACTIVITY, ctx.now)
    return render(
        request,
        "accountability/session.html",
        status=422 if form.has_errors else 200,
        session={
            "title": found.title,
            "summary": summary_html(found),
            "place": found.place,
            "held_at": found.held_at,
            "url": session_url(found.id),
            "pill": session_pill(found, listing.asked, owed, ctx.now, ctx.zone),
            "asking_pill": activity_pill(schedule, ACTIVITY, ctx.now, ctx.zone),
            "may_ask": may_ask,
            "area": field_values(await areas_of(found.entity_id), form) if may_ask else None,
            "closed_note": _closed_note(request, schedule),
            "pinned": await pinned_in(found.entity_id, KIND, found.id),
            "followup_url": await followup_of(found.process),
            **await around_session(request, found),
        },
        listing=listing,
        form=form,
        crumbs=[(LISTING, _("Rendición de cuentas")), *crumbs(found.process)],
    )


def _closed_note(request: Request, schedule: Schedule) -> Text | str:
    ctx = context(request)
    if opens_at := schedule.opens_at(ACTIVITY, ctx.now):
        return _("Las preguntas se reciben desde el {day}.", day=Day(opens_at, ctx.zone))
    if closed_at := schedule.closed_since(ACTIVITY, ctx.now):
        return _(
            "Se recibieron preguntas hasta el {day}. Aquí quedan todas, con su respuesta.",
            day=Day(closed_at, ctx.zone),
        )
    return ""


async def ask_question(request: Request) -> Response:
    """Ask a question; who has not signed in is asked to, and loses nothing."""
    ctx = context(request)
    found = await session_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, session_target(found))
    schedule = await schedule_of(ctx.entity.id, found.process_id)
    schedule.require_open(ACTIVITY, ctx.now)
    calendar = await features_of(request).calendar(ctx.entity.id)
    areas = await areas_of(ctx.entity.id)
    title, said, form = read_question(form_data(request))
    place = picked(form, areas)
    keep(form, place)
    if place.step is not Step.SEND:
        form.errors.clear()
        return await choosing(
            request, form, areas, place, url=f"{session_url(found.id)}/preguntas",
            crumbs=[*crumbs(found.process), (session_url(found.id), found.title)],
            show=lambda form: _show(request, found, form),
        )  # fmt: skip
    return await open_from_form(
        request,
        (title, said, form),
        target=session_target(found),
        back=f"{session_url(found.id)}#preguntar",
        show=lambda form: _show(request, found, form),
        opened=lambda title, said, key: ask(
            actor_of(request), found, title=title, said=said, where=where_of(place), now=ctx.now,
            request_key=key, calendar=calendar,
        ),
    )  # fmt: skip


async def plan_follow_up(request: Request) -> Response:
    """Show how far a plan has come, goal by goal."""
    schedule = await _followed(request, Action.READ)
    process = schedule.process
    plan = await follow_up(process, request.query_params.get("dependencia", ""))
    if not plan.goal_count:
        raise NotFound
    return render(
        request,
        "accountability/followup.html",
        title=process.title,
        plan=plan,
        origins=await origins_of(process),
        origin_url=origin_url
        if can(actor_of(request), Action.MANAGE_PROCESS, schedule.target)
        else None,
        csv_url=csv_url(process.slug),
        crumbs=[(LISTING, _("Rendición de cuentas")), *crumbs(process)],
    )


async def goals_csv(request: Request) -> Response:
    """Send a plan's goals and years as CSV."""
    schedule = await _followed(request, Action.EXPORT)
    await context(request).limit(EXPORT)
    rows = await goal_rows(schedule.process)
    if not rows:
        raise NotFound
    return StreamingResponse(
        write_rows(HEADER, rows, bom=True),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="metas-{schedule.process.slug}.csv"',
            "Cache-Control": "no-cache",
        },
    )


async def _followed(request: Request, action: Action) -> Schedule:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, action, schedule.target)
    return schedule


ROUTES = [
    page(LISTING, session_list, action=Action.SEE_SITE),
    page("/rendicion-de-cuentas/{id:int}", session, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/preguntas", ask_question, action=Action.CONTRIBUTE,
         methods=("POST",), limit=POST),
    page("/rendicion-de-cuentas/seguimiento/{slug}", plan_follow_up, action=Action.READ),
    page("/rendicion-de-cuentas/seguimiento/{slug}/metas.csv", goals_csv, action=Action.EXPORT),
    *ORIGIN_ROUTES,
    *HEARING_ROUTES,
]  # fmt: skip
