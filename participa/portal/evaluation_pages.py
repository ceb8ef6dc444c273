"""The pages after a hearing: its evaluation and improvement plan, and all of them in figures."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_of, session_target, session_url
from participa.accountability.rules import SESSION, SessionState, session_state
from participa.accounts.guard import actor_of, entity_target, page, require, require_bare
from participa.accounts.permissions import Action, can
from participa.commitments.listing import Wanted, items, standings
from participa.commitments.making_pages import making_url
from participa.commitments.routes import today
from participa.deliberation.pages import features_of
from participa.i18n import _
from participa.portal.evaluating import open_evaluation, satisfaction_of
from participa.portal.session_figures import SessionFigures, session_figures
from participa.security.limits import POST
from participa.web.context import context
from participa.web.navigation import see, with_query
from participa.web.templating import render

LISTING = "/rendicion-de-cuentas"
MOST_SHOWN = 200
BEST_SCORE = 5


def evaluation_url(session_id: int) -> str:
    """Give the page of a session's evaluation and improvement plan."""
    return f"{session_url(session_id)}/mejora"


async def _found(request: Request) -> AccountabilitySession:
    return await session_of(context(request).entity.id, request.path_params["id"])


async def evaluation(request: Request) -> Response:
    """Show what people said of a session, and what the entity promised after it."""
    ctx, found = context(request), await _found(request)
    require(request, Action.READ, session_target(found))
    satisfied = await satisfaction_of(found.entity_id, [found], ctx.now)
    asked = Wanted(session_id=found.id)
    actions, more = await items(found.entity_id, asked, today(request), MOST_SHOWN)
    stands = await standings(found.entity_id, asked, today(request))
    manages = can(actor_of(request), Action.MANAGE_PROCESS, session_target(found))
    return render(
        request,
        "portal/evaluation.html",
        evaluation={
            "title": found.title,
            "url": session_url(found.id),
            "held_at": found.held_at,
            "survey_url": found.survey_url,
            "has_ended": found.id in satisfied,
            "satisfaction": satisfied.get(found.id),
            "best": BEST_SCORE,
            "actions": actions,
            "standings": [(pill, count) for _each, pill, count in stands.pills],
            "more_url": with_query("/compromisos", audiencia=found.id) if more else "",
            "promise_url": _promise_url(found) if manages else "",
            "open_url": f"/gestion/audiencias/{found.id}/evaluacion"
            if manages and _may_open(request, found)
            else "",
        },
        crumbs=[(LISTING, _("Rendición de cuentas")), (session_url(found.id), found.title)],
    )


def _promise_url(found: AccountabilitySession) -> str:
    return with_query(making_url(found.process.slug), origen=f"{SESSION}:{found.id}")


def _may_open(request: Request, found: AccountabilitySession) -> bool:
    ctx = context(request)
    is_due = session_state(found.held_at, ctx.now, ctx.zone) is not SessionState.COMING
    return is_due and not found.survey_url


async def open_survey(request: Request) -> Response:
    """Open the survey of those who followed a session."""
    found = await _found(request)
    require(request, Action.MANAGE_PROCESS, session_target(found))
    require_bare(request)
    await open_evaluation(actor_of(request), found.id, now=context(request).now)
    return see(with_query(evaluation_url(found.id), aviso="evaluacion-abierta"))


async def figures(request: Request) -> Response:
    """Show the sessions side by side over the years, as bars and as a table."""
    ctx = context(request)
    require(request, Action.SEE_SITE, entity_target(request))
    calendar = await features_of(request).calendar(ctx.entity.id)
    found = await session_figures(ctx.entity.id, calendar, ctx.now, ctx.zone)
    return render(
        request,
        "portal/session_figures.html",
        figures={
            "sessions": [(evaluation_url_of(each), each) for each in found],
            "best": BEST_SCORE,
            "has_satisfaction": any(each.satisfaction for each in found),
        },
        crumbs=[(LISTING, _("Rendición de cuentas"))],
    )


def evaluation_url_of(each: SessionFigures) -> str:
    """Give the page of the evaluation of a session in figures."""
    return f"{each.url}/mejora"


EVALUATION_ROUTES = [
    page(f"{LISTING}/cifras", figures, action=Action.SEE_SITE),
    page(f"{LISTING}/{{id:int}}/mejora", evaluation, action=Action.READ),
    page("/gestion/audiencias/{id:int}/evaluacion", open_survey, action=Action.MANAGE_PROCESS,
         methods=("POST",), limit=POST),
]  # fmt: skip
