"""The pages of accountability: sessions, their questions, a plan's follow-up."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.followup.import_pages import IMPORT_ROUTES
from participa.accountability.followup.pages import FOLLOWUP_ROUTES
from participa.accountability.followup.place_pages import PLACE_ROUTES
from participa.accountability.followup.queries import (
    followed_processes,
    followup_of,
    followup_url,
)
from participa.accountability.followup.report_pages import REPORT_ROUTES
from participa.accountability.forms import QUESTION_FIELDS, read_question
from participa.accountability.hearing.around import around_session
from participa.accountability.hearing.routes import HEARING_ROUTES
from participa.accountability.models import AccountabilitySession
from participa.accountability.origin_pages import ORIGIN_ROUTES
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
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import crumbs, features_of
from participa.deliberation.queries import pinned_in
from participa.i18n import Day, Text, _
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import POST
from participa.territory.asking import choosing, where_of
from participa.territory.picking import Step, field_values, keep, picked
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import Form
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


ROUTES = [
    page(LISTING, session_list, action=Action.SEE_SITE),
    page("/rendicion-de-cuentas/{id:int}", session, action=Action.READ),
    page("/rendicion-de-cuentas/{id:int}/preguntas", ask_question, action=Action.CONTRIBUTE,
         methods=("POST",), limit=POST),
    *FOLLOWUP_ROUTES,
    *ORIGIN_ROUTES,
    *IMPORT_ROUTES,
    *REPORT_ROUTES,
    *PLACE_ROUTES,
    *HEARING_ROUTES,
]  # fmt: skip
