"""The public pages of commitments: the list, one, its open data, and the word of who asked."""

import asyncio
import json
from datetime import date

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from participa.accounts.guard import actor_of, entity_target, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.commitments.askers import has_asked
from participa.commitments.evidence_reads import evidence_steps, files_of, links_of
from participa.commitments.files import HEADER, WIDTHS, Row, dictionary_rows, table_rows
from participa.commitments.forms import VERDICT_FIELDS, read_verdict
from participa.commitments.listing import filter_options, items, standings, wanted
from participa.commitments.models import Commitment
from participa.commitments.queries import (
    agreed_of,
    commitment_of,
    commitment_target,
    commitment_url,
    desk_url,
    sources_of,
    standing_pill,
    steps_of,
)
from participa.commitments.rules import SESSION, STANDINGS, State, may_judge
from participa.commitments.steps import today_of
from participa.commitments.verdicts import hide_reason, judge, verdict_of
from participa.deliberation.pages import crumbs, features_of
from participa.deliberation.rules import MODERATION_RULES
from participa.features import CosignersOf, Dataset, Origin
from participa.i18n import Text, _
from participa.kit.csvs import write_rows
from participa.kit.sheets import Sheet, workbook
from participa.security.limits import EXPORT, POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render

LISTING = "/compromisos"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILTERS = ("estado", "dependencia", "proceso", "audiencia")


def today(request: Request) -> date:
    """Give the day by the entity's clock."""
    ctx = context(request)
    return today_of(ctx.entity, ctx.now)


async def commitment_list(request: Request) -> Response:
    """List the commitments that the filters ask for, those that are late first."""
    ctx = context(request)
    require(request, Action.SEE_SITE, entity_target(request))
    asked, day = wanted(request.query_params), today(request)
    shown, last = await items(ctx.entity.id, asked, day)
    offices, processes = await filter_options(ctx.entity.id)
    here = _filtered(request, LISTING)
    stands = await standings(ctx.entity.id, asked, day)
    return render(
        request,
        "commitments/list.html",
        listing={
            "url": LISTING,
            "items": shown,
            "total": stands.total,
            "standings": [
                (with_query(here, estado=each.value), pill, count)
                for each, pill, count in stands.pills
            ],
            "states": [("", _("Todos")), *((key.value, words) for key, words in STANDINGS.items())],
            "offices": offices,
            "processes": processes,
            "chosen": {name: request.query_params.get(name, "") for name in FILTERS},
            "session": await _session(request, asked.session_id),
            "files": [(_filtered(request, f"{LISTING}.{end}"), end.upper())
                      for end in ("csv", "xlsx", "json")],
            "dictionary_url": f"{LISTING}/diccionario.csv",
            "first_url": here if asked.after else None,
            "next_url": with_query(here, desde=last) if last is not None else None,
        },
    )  # fmt: skip


async def _session(request: Request, session_id: int | None) -> Origin | None:
    if session_id is None:
        return None
    return await features_of(request).link(context(request).entity.id, SESSION, session_id)


def _filtered(request: Request, url: str) -> str:
    query = request.query_params
    return with_query(url, **{name: query[name] for name in FILTERS if query.get(name)})


async def _found(request: Request) -> Commitment:
    found = await commitment_of(context(request).entity.id, request.path_params["commitment_id"])
    require(request, Action.READ, commitment_target(found))
    return found


async def commitment(request: Request) -> Response:
    """Show a commitment: who answers, until when, what led to it, what shows that it was done."""
    return await _show(request, await _found(request), Form(fields=VERDICT_FIELDS))


async def _show(request: Request, found: Commitment, form: Form) -> Response:
    actor, entity_id = actor_of(request), found.entity_id
    target = commitment_target(found)
    mine = await verdict_of(actor, found, found.done_count)
    may_hide = can(actor, Action.MODERATE, target)
    return render(
        request,
        "commitments/commitment.html",
        status=422 if form.has_errors else 200,
        made={
            "url": commitment_url(found.id),
            "title": found.title,
            "indicator": found.indicator,
            "office": found.office.name,
            "owner_name": found.owner.display_name if found.owner is not None else "",
            "due_on": found.due_on,
            "first_due_on": found.first_due_on,
            "term_days": found.term_days,
            "made_at": found.made_at,
            "is_done": found.state == State.DONE,
            "done_on": found.done_on,
            "done_count": found.done_count,
            "pill": standing_pill(found, today(request)),
            "origin": await origin_of(request, found),
            "sources": await sources_of(found),
            "files": await files_of(entity_id, found.id),
            "links": await links_of(entity_id, found.id),
            "file_steps": await evidence_steps(entity_id, found.id),
            "steps": await steps_of(found),
            "agreed": (await agreed_of(entity_id, [found]))[found.id],
            "desk_url": desk_url(found.id) if can(actor, Action.MANAGE_PROCESS, target) else "",
            "reasons": tuple(MODERATION_RULES.items()) if may_hide else (),
        },
        judging={
            "mine": mine,
            "may": await _may_judge(request, found, has_judged=mine is not None),
            "number": found.done_count,
        },
        form=form,
        crumbs=[*crumbs(found.process), (LISTING, _("Compromisos"))],
    )


async def _may_judge(request: Request, found: Commitment, *, has_judged: bool) -> bool:
    person_id = actor_of(request).person_id
    if person_id is None or found.state != State.DONE:
        return False
    asked = await has_asked(found.entity_id, found.id, person_id, cosigners_of(request))
    is_owner = found.owner_id == person_id
    return may_judge(found.state, has_asked=asked, is_owner=is_owner, has_judged=has_judged)


def cosigners_of(request: Request) -> CosignersOf:
    """Give who made what opens a thread together with its author, for any kind of thread."""
    features = features_of(request)

    async def cosigners(entity_id: int, thread_id: int) -> set[int]:
        people: set[int] = set()
        for each in features.every:
            for kind in each.thread_kinds.values():
                if kind.cosigners is not None:
                    people |= set(await kind.cosigners(entity_id, thread_id))
        return people

    return cosigners


async def origin_of(request: Request, found: Commitment) -> Origin | None:
    """Link what a commitment was made on, if the public can see it."""
    if not found.origin_kind or found.origin_id is None:
        return None
    return await features_of(request).link(found.entity_id, found.origin_kind, found.origin_id)


async def give_verdict(request: Request) -> Response:
    """Take the word of one of those who asked: it was fulfilled, or it was not."""
    found = await _found(request)
    require(request, Action.CONTRIBUTE, commitment_target(found))
    confirms, reason, number, form = read_verdict(form_data(request))
    if form.has_errors:
        return await _show(request, found, form)
    await judge(
        actor_of(request), found.id, confirms=confirms, reason=reason, done_number=number,
        cosigners=cosigners_of(request), now=context(request).now,
    )  # fmt: skip
    notice = "confirmado" if confirms else "objetado"
    return see(with_query(commitment_url(found.id), aviso=notice))


async def hide_words(request: Request) -> Response:
    """Hide the words of a dispute under a published rule."""
    found = await _found(request)
    require(request, Action.MODERATE, commitment_target(found))
    form = Form(form_data(request), fields=("verdict", "reason"))
    rule, number = form.text("reason"), form.number("verdict") or 0
    await hide_reason(actor_of(request), found.id, number, rule=rule, now=context(request).now)
    return see(with_query(commitment_url(found.id), aviso="oculto"))


async def table_csv(request: Request) -> Response:
    """Send the commitments asked for as CSV."""
    return StreamingResponse(
        write_rows(HEADER, await _rows(request), bom=True),
        media_type="text/csv; charset=utf-8",
        headers=_attachment("compromisos.csv"),
    )


async def table_xlsx(request: Request) -> Response:
    """Send the commitments asked for as a workbook, what the columns mean on a second sheet."""
    rows = await _rows(request)
    words = dictionary_rows(context(request).locale)
    sheets = [
        Sheet(str(_("Compromisos")), HEADER, WIDTHS, rows),
        Sheet(str(_("Diccionario")), ("columna", "significado"), (18, 90), words),
    ]
    data = await asyncio.to_thread(workbook, sheets)
    return Response(data, media_type=SHEET, headers=_attachment("compromisos.xlsx"))


async def table_json(request: Request) -> Response:
    """Send the commitments asked for as JSON, with what each field means."""
    rows = await _rows(request)
    told = {
        "campos": dict(dictionary_rows(context(request).locale)),
        "compromisos": [dict(zip(HEADER, row, strict=True)) for row in rows],
    }
    data = json.dumps(told, ensure_ascii=False, indent=1)
    return Response(data, media_type="application/json", headers=_attachment("compromisos.json"))


async def dictionary(request: Request) -> Response:
    """Send what the columns mean as CSV."""
    require(request, Action.EXPORT, entity_target(request))
    rows = dictionary_rows(context(request).locale)
    return StreamingResponse(
        write_rows(("columna", "significado"), rows, bom=True),
        media_type="text/csv; charset=utf-8",
        headers=_attachment("compromisos-diccionario.csv"),
    )


async def _rows(request: Request) -> list[Row]:
    ctx = context(request)
    require(request, Action.EXPORT, entity_target(request))
    await ctx.limit(EXPORT)
    return await table_rows(ctx.entity.id, wanted(request.query_params), today(request))


def _attachment(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
    }


async def datasets_of(entity_id: int) -> list[Dataset]:
    """List the tables of commitments that can be downloaded."""
    rows = Commitment.of(entity_id).filter(process__is_published=True)
    if not await rows.exists():
        return []
    names: list[tuple[Text, str, str]] = [
        (_("Compromisos de la entidad"), f"{LISTING}.{end}", end.upper())
        for end in ("csv", "xlsx", "json")
    ]
    words = (_("Compromisos: qué significa cada columna"), f"{LISTING}/diccionario.csv", "CSV")
    return [Dataset(title, url, kind) for title, url, kind in (*names, words)]


_ONE = "/compromisos/{commitment_id:int}"
ROUTES = [
    page(LISTING, commitment_list, action=Action.SEE_SITE),
    page(f"{LISTING}.csv", table_csv, action=Action.EXPORT),
    page(f"{LISTING}.xlsx", table_xlsx, action=Action.EXPORT),
    page(f"{LISTING}.json", table_json, action=Action.EXPORT),
    page(f"{LISTING}/diccionario.csv", dictionary, action=Action.EXPORT),
    page(_ONE, commitment, action=Action.READ),
    page(f"{_ONE}/veredicto", give_verdict, action=Action.CONTRIBUTE, methods=("POST",),
         limit=POST),
    page(f"{_ONE}/ocultar", hide_words, action=Action.MODERATE, methods=("POST",), limit=POST),
]  # fmt: skip
