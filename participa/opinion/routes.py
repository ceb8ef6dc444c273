"""The pages of opinion rounds for everybody: voting, one's own votes, proposing, results."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.deliberation.drafts import draft_form, forget_draft, keep_draft
from participa.deliberation.pages import crumbs
from participa.i18n import Moment, Text, _
from participa.kit.csvs import write_rows
from participa.opinion.desk_pages import DESK_ROUTES, desk_url
from participa.opinion.forms import ROUND_FIELDS, read_statement, read_vote
from participa.opinion.group_pages import GROUP_ROUTES, files_url, own_group
from participa.opinion.group_views import groups_of
from participa.opinion.models import Round, Statement
from participa.opinion.polis_pages import POLIS_ROUTES
from participa.opinion.queries import (
    CSV_HEADER,
    csv_rows,
    ends_at,
    has_results,
    is_open,
    own_statements,
    people_count,
    published,
    results_of,
    round_of,
    round_target,
    round_url,
    shows_groups,
    turn_of,
    votes_of,
)
from participa.opinion.rules import (
    ACTIVITY,
    CHOICES,
    LONGEST,
    NAME_OF,
    ORDERS,
    STATES,
    Choice,
    Order,
    State,
)
from participa.opinion.service import AlreadySaid, propose, vote
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import Pill, activity_pill, ended_pill
from participa.security.limits import EXPORT, POST, SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import Conflict, PhaseClosed
from participa.web.templating import render


class ResultsSealed(Conflict):
    """Nobody reads totals while somebody can still vote."""

    title = _("Los resultados todavía no se publican")
    advice = _("Se publican cuando cierre la ronda, para todo el mundo a la vez.")


async def _found(request: Request, action: Action) -> tuple[Round, Schedule]:
    found = await round_of(context(request).entity.id, request.path_params["id"])
    require(request, action, round_target(found))
    return found, await schedule_of(found.entity_id, found.process_id)


async def one_round(request: Request) -> Response:
    """Show the next statement with its three buttons, and the form for one's own."""
    found, schedule = await _found(request, Action.READ)
    return await _show(request, found, schedule, await draft_form(request, ROUND_FIELDS))


async def _show(
    request: Request, found: Round, schedule: Schedule, form: Form, status: int = 200
) -> Response:
    ctx, actor = context(request), actor_of(request)
    turn = await turn_of(actor, found, form.values["frase"])
    return render(
        request,
        "opinion/round.html",
        status=status,
        round={
            **_head(request, found, schedule),
            "statement": turn.statement,
            "chosen": form.values["voto"],
            "buttons": _buttons(),
            "voted": turn.voted,
            "total": turn.total,
            "is_open": is_open(found, schedule, ctx.now),
            "has_results": has_results(found, schedule, ctx.now),
            "shows_groups": shows_groups(found, schedule, ctx.now),
            "own_group": await own_group(actor, found)
            if shows_groups(found, schedule, ctx.now)
            else None,
            "note": _note(request, found, schedule),
            "longest": LONGEST,
            "reviews_first": found.reviews_first,
            "own": [_own(each) for each in await own_statements(actor, found)],
            "desk_url": desk_url(found) if can(actor, Action.MODERATE, round_target(found)) else "",
        },
        form=form,
        crumbs=crumbs(found.process),
    )


def _head(request: Request, found: Round, schedule: Schedule) -> dict[str, Any]:
    return {
        "title": found.title,
        "question": found.question,
        "url": round_url(found),
        "process_title": found.process.title,
        "pill": _pill(request, found, schedule),
    }


def _pill(request: Request, found: Round, schedule: Schedule) -> Pill:
    ctx = context(request)
    if found.closed_at is not None:
        return ended_pill(found.closed_at, ctx.zone)
    return activity_pill(schedule, ACTIVITY, ctx.now, ctx.zone)


def _buttons() -> list[tuple[str, Text]]:
    return [(NAME_OF[choice], label) for choice, label in CHOICES.items()]


def _own(statement: Statement) -> dict[str, Any]:
    kinds = {State.PENDING: "coming", State.PUBLISHED: "done", State.REJECTED: "closed"}
    state = State(statement.state)
    return {
        "text": statement.text,
        "pill": Pill(kinds[state], STATES[state]),
        "reason": statement.reason,
    }


def _note(request: Request, found: Round, schedule: Schedule) -> Text | str:
    """Say why there are no results yet; empty once there are."""
    ctx = context(request)
    if has_results(found, schedule, ctx.now):
        return ""
    at = ends_at(found, schedule)
    if at is None:
        return _("Esta ronda todavía no tiene fechas.")
    if found.shows_groups_live:
        return _(
            "Los totales de cada frase se publican el {when}, cuando cierre la ronda.",
            when=Moment(at, ctx.zone),
        )
    return _(
        "Los resultados se publican el {when}, cuando cierre la ronda. Antes este sitio no se "
        "los muestra a nadie, tampoco a la entidad.",
        when=Moment(at, ctx.zone),
    )


async def cast(request: Request) -> Response:
    """Store a vote and go on; who has not signed in is asked to, and loses nothing."""
    ctx, actor = context(request), actor_of(request)
    found, schedule = await _found(request, Action.READ)
    if not is_open(found, schedule, ctx.now):
        raise PhaseClosed
    sent = read_vote(form_data(request))
    url = round_url(found)
    if actor.is_anonymous:
        needs_less(request, Action.SUPPORT)
        return await keep_draft(request, url, _kept(sent.form, "frase", "voto"))
    require(request, Action.SUPPORT, round_target(found))
    await vote(actor, found.id, sent.number, sent.choice, ctx.now)
    await forget_draft(ctx.entity.id, sent.form.request_key)
    return see(f"{url}/mis-votos#f-{sent.number}" if sent.from_list else f"{url}#frase")


def _kept(form: Form, *names: str) -> dict[str, str]:
    return {name: form.values[name] for name in names}


async def add(request: Request) -> Response:
    """Propose a statement; who has not signed in is asked to, and loses nothing."""
    ctx, actor = context(request), actor_of(request)
    found, schedule = await _found(request, Action.READ)
    if not is_open(found, schedule, ctx.now):
        raise PhaseClosed
    text, form = read_statement(form_data(request))
    if form.has_errors:
        needs_less(request, Action.CONTRIBUTE)
        return await _show(request, found, schedule, form, 422)
    if actor.is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
        return await keep_draft(request, f"{round_url(found)}#nueva", _kept(form, "texto"))
    require(request, Action.CONTRIBUTE, round_target(found))
    try:
        added = await propose(actor, found.id, text, ctx.now)
    except AlreadySaid as refusal:
        form.fail("texto", _("{title}. {advice}", title=refusal.title, advice=refusal.advice))
        return await _show(request, found, schedule, form, 409)
    await forget_draft(ctx.entity.id, form.request_key)
    notice = "frase-en-revision" if added.state == State.PENDING else "frase"
    return see(with_query(f"{round_url(found)}#nueva", aviso=notice))


async def my_votes(request: Request) -> Response:
    """Show what the reader said of each statement, to be changed while the round is open."""
    found, schedule = await _found(request, Action.SEE_OWN)
    votes = await votes_of(actor_of(request), found)
    return render(
        request,
        "opinion/votes.html",
        round={
            **_head(request, found, schedule),
            "is_open": is_open(found, schedule, context(request).now),
            "buttons": _buttons(),
            "votes": [_voted(each, votes[each.id]) for each in await published(found)
                      if each.id in votes],
        },
        crumbs=[*crumbs(found.process), (round_url(found), found.title)],
    )  # fmt: skip


def _voted(statement: Statement, choice: Choice) -> dict[str, Any]:
    return {
        "number": statement.number,
        "text": statement.text,
        "chosen": NAME_OF[choice],
        "words": CHOICES[choice],
    }


async def results(request: Request) -> Response:
    """Show the totals of every statement, once the round has closed."""
    found, schedule = await _found(request, Action.READ)
    order = _order(request)
    ctx, actor = context(request), actor_of(request)
    may_read = has_results(found, schedule, ctx.now)
    shows = shows_groups(found, schedule, ctx.now)
    manages = may_read and can(actor, Action.MANAGE_PROCESS, round_target(found))
    groups = await groups_of(found) if shows else None
    aware = groups.aware if groups else {}
    url = f"{round_url(found)}/resultados"
    return render(
        request,
        "opinion/results.html",
        round={
            **_head(request, found, schedule),
            "note": _note(request, found, schedule),
            "results": await results_of(found, order, aware) if may_read else None,
            "people": await people_count(found) if may_read else 0,
            "shows_groups": shows,
            "is_live": shows and not may_read,
            "id": found.id,
            "groups_number": found.groups_number,
            "groups": groups,
            "own_group": await own_group(actor, found) if shows else None,
            "groups_url": files_url(found),
            "manages": manages,
            "source": found.source,
            "labels": list(CHOICES.values()),
            "csv_url": f"{url}.csv",
            "polis_url": f"{desk_url(found)}/polis.zip" if manages else "",
            "orders": [(f"{with_query(url, orden=each)}#frases", label, each is order)
                       for each, label in ORDERS.items() if aware or each is not Order.AWARE],
        },
        crumbs=[*crumbs(found.process), (round_url(found), found.title)],
    )  # fmt: skip


def _order(request: Request) -> Order:
    asked = request.query_params.get("orden", "")
    return Order(asked) if asked in set(Order) else Order.AGREED


async def results_csv(request: Request) -> Response:
    """Send the totals as CSV, with the same counts hidden as on the page."""
    ctx = context(request)
    found, schedule = await _found(request, Action.EXPORT)
    if not has_results(found, schedule, ctx.now):
        raise ResultsSealed
    await ctx.limit(EXPORT)
    rows = csv_rows(await results_of(found, Order.NUMBER))
    headers = {
        "Content-Disposition": f'attachment; filename="frases-{found.id}.csv"',
        "Cache-Control": "no-cache",
    }
    body = write_rows(CSV_HEADER, rows, bom=True)
    return StreamingResponse(body, media_type="text/csv; charset=utf-8", headers=headers)


_ROUND = "/opiniones/{id:int}"
ROUTES = [
    page(_ROUND, one_round, action=Action.READ),
    page(f"{_ROUND}/votos", cast, action=Action.SUPPORT, methods=("POST",), limit=SUPPORT),
    page(f"{_ROUND}/frases", add, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
    page(f"{_ROUND}/mis-votos", my_votes, action=Action.SEE_OWN),
    page(f"{_ROUND}/resultados", results, action=Action.READ),
    page(f"{_ROUND}/resultados.csv", results_csv, action=Action.EXPORT),
    *GROUP_ROUTES,
    *DESK_ROUTES,
    *POLIS_ROUTES,
]
