"""The officials' pages of formal answers: choosing what to answer, answering, changing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.answers import service
from participa.answers.forms import (
    CHOSEN,
    FIELDS,
    Sent,
    chosen,
    form_of,
    picked,
    read_answer,
    read_change,
)
from participa.answers.models import Answer
from participa.answers.queries import (
    answer_by_id,
    answer_target,
    receipts_of,
    section_name,
)
from participa.answers.rows import desk_rows
from participa.answers.rules import MAX_OF_FILTER, NEXT_VERSION, PAGE_SIZE, seen_mark
from participa.answers.standing import (
    FILTERS,
    Spot,
    Standing,
    Wanted,
    counts,
    spots,
    spots_of,
    wanted,
)
from participa.answers.told import told_url, waiting_count
from participa.deliberation.pages import crumbs, features_of
from participa.deliberation.verdicts import VERDICTS
from participa.i18n import Text, _
from participa.insights.queries import latest_themes
from participa.plans.queries import Outline, current_outline
from participa.processes.models import Process
from participa.processes.queries import schedule_by_slug
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.refusals import NotFound, Refusal
from participa.web.templating import render

Options = list[tuple[str, str | Text]]


def desk_url(slug: str) -> str:
    """Give the address where the contributions of a process are answered."""
    return f"/gestion/procesos/{slug}/respuestas"


async def _managed(request: Request) -> Process:
    schedule = await schedule_by_slug(context(request).entity.id, request.path_params["slug"])
    require(request, Action.SPEAK_FOR_ENTITY, schedule.target)
    return schedule.process


async def desk(request: Request) -> Response:
    """List the contributions of a process to be answered, those that wait longest first."""
    process = await _managed(request)
    one = picked(request.query_params.get("aporte", ""))
    return await _show_desk(request, process, Form(fields=FIELDS), one)


async def answer(request: Request) -> Response:
    """Answer the contributions chosen; what cannot be done keeps all that was typed and chosen."""
    process = await _managed(request)
    data = form_data(request)
    beside = features_of(request).along_answers
    sent, form = read_answer(data, beside.fields if beside is not None else ())
    along = await beside.read(request, form, process.id) if beside is not None else None
    if sent is None or form.has_errors:
        return await _show_desk(request, process, form, chosen(data), 422)
    try:
        await service.answer(
            actor_of(request), process.id, sent.decision, await _answered(request, process, sent),
            now=context(request).now, request_key=form.request_key, along=along,
        )  # fmt: skip
    except NotFound:
        raise
    except service.SectionNotThere as refusal:
        form.fail("version", refusal.title)
        return await _show_desk(request, process, form, sent.seen, 422)
    except Refusal as refusal:
        form.fail(CHOSEN, _("{title}. {advice}", title=refusal.title, advice=refusal.advice))
        return await _show_desk(request, process, form, sent.seen, refusal.status)
    return see(with_query(_filtered(request, process), aviso="respondidos"))


async def _answered(request: Request, process: Process, sent: Sent) -> dict[str, str]:
    """Give what is answered: the boxes ticked and, if asked for, the rest of the filter."""
    if not sent.rest:
        return sent.seen
    asked = replace(_asked(request), after=0)
    found = await spots(process.entity_id, process.id, asked, MAX_OF_FILTER, unanswered=True)
    return {spot.receipt: "0" for spot in found if spot.source != "withheld"} | sent.seen


def _asked(request: Request) -> Wanted:
    return wanted({"estado": Standing.NONE, **request.query_params})


def _filtered(request: Request, process: Process) -> str:
    asked = request.query_params
    filters = {name: asked[name] for name in ("estado", "apartado", "tema") if asked.get(name)}
    return with_query(desk_url(process.slug), **filters)


async def _show_desk(
    request: Request, process: Process, form: Form, ticked: Mapping[str, str], status: int = 200
) -> Response:
    entity_id = process.entity_id
    asked = _asked(request)
    first = await spots_of(entity_id, process.id, list(ticked))
    found = await spots(entity_id, process.id, asked, PAGE_SIZE + 1)
    known = {spot.id for spot in first}
    listed = [*first, *(spot for spot in found[:PAGE_SIZE] if spot.id not in known)]
    rows = await desk_rows(entity_id, listed, ticked, context(request).now)
    url = _filtered(request, process)
    outline = await _outline(process)
    return render(
        request,
        "answers/desk.html",
        status=status,
        desk={
            "process_title": process.title,
            "url": desk_url(process.slug),
            "post_url": url,
            "rows": rows,
            "told_url": told_url(process.slug),
            "to_tell": await waiting_count(process),
            "counts": await counts(entity_id, process.id),
            "states": [("todos", _("Todos")), *FILTERS.items()],
            "state": request.query_params.get("estado", Standing.NONE),
            "sections": _section_options(outline, _("Todo el proceso")),
            "section": request.query_params.get("apartado", ""),
            "themes": await _theme_options(process),
            "theme": request.query_params.get("tema", ""),
            "first_url": url if asked.after else None,
            "next_url": _next_url(url, found),
            **_answering(request, outline),
            **await _along(request, process),
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), *crumbs(process)],
    )


async def _along(request: Request, process: Process) -> dict[str, object]:
    """Give what another feature offers to do in the act of answering."""
    beside = features_of(request).along_answers
    if beside is None:
        return {"along_template": ""}
    offered = await beside.offer(request, process.id)
    return {"along_template": beside.template, "along": offered}


def _next_url(url: str, found: Sequence[Spot]) -> str | None:
    return with_query(url, desde=found[PAGE_SIZE - 1].id) if len(found) > PAGE_SIZE else None


async def _outline(process: Process) -> Outline | None:
    try:
        return await current_outline(process.entity_id, process.id)
    except NotFound:
        return None


async def _theme_options(process: Process) -> Options:
    themes = await latest_themes(process.entity_id, process.id)
    return [("", _("Todos los temas")), *themes] if themes else []


def _section_options(outline: Outline | None, none: Text) -> Options:
    if outline is None:
        return []
    return [("", none), *((str(each.section_id), section_name(each)) for each in outline.entries)]


def _answering(request: Request, outline: Outline | None) -> dict[str, object]:
    """Give what the form of an answer offers: verdicts, sections, versions."""
    last = outline.version.number if outline is not None else 0
    versions: Options = [
        ("", _("Ninguna")),
        (NEXT_VERSION, _("La próxima versión (queda como pendiente)")),
        *((str(each), _("Versión {number}", number=each)) for each in range(last, 0, -1)),
    ]
    return {
        "verdicts": list(VERDICTS.items()),
        "places": _section_options(outline, _("Ninguno")),
        "versions": versions if outline is not None else [],
        "office": actor_of(request).office or context(request).entity.short_name,
    }


async def _changed(request: Request) -> Answer:
    found = await answer_by_id(context(request).entity.id, request.path_params["answer_id"])
    require(request, Action.SPEAK_FOR_ENTITY, answer_target(found))
    return found


async def changing(request: Request) -> Response:
    """Show an answer to be changed, with the contributions that it counts for."""
    found = await _changed(request)
    mark = seen_mark(found.id, found.edit_count)
    return await _show_change(request, found, form_of(service.decision_of(found), mark))


async def change(request: Request) -> Response:
    """Change an answer; its earlier wording stays public."""
    found = await _changed(request)
    decision, form = read_change(form_data(request))
    if decision is None:
        return await _show_change(request, found, form, 422)
    try:
        await service.change(
            actor_of(request), found.id, decision, form.values["seen"], now=context(request).now
        )
    except service.SectionNotThere as refusal:
        form.fail("version", refusal.title)
        return await _show_change(request, found, form, 422)
    except service.AnsweredMeanwhile as refusal:
        form.fail("reason", _("{title}. {advice}", title=refusal.title, advice=refusal.advice))
        form.values["seen"] = seen_mark(found.id, found.edit_count)
        return await _show_change(request, found, form, refusal.status)
    return see(with_query(f"/gestion/respuestas/{found.id}", aviso="guardado"))


async def _show_change(request: Request, found: Answer, form: Form, status: int = 200) -> Response:
    receipts = await receipts_of(found)
    if not receipts:
        raise NotFound
    outline = await _outline(found.process)
    url = desk_url(found.process.slug)
    return render(
        request,
        "answers/change.html",
        status=status,
        change={
            "url": f"/gestion/respuestas/{found.id}",
            "receipts": receipts,
            "edit_count": found.edit_count,
            **_answering(request, outline),
        },
        form=form,
        crumbs=[("/gestion", _("Gestión")), (url, _("Responder aportes"))],
    )


_DESK = "/gestion/procesos/{slug}/respuestas"
_CHANGE = "/gestion/respuestas/{answer_id:int}"
DESK_ROUTES = [
    page(_DESK, desk, action=Action.SPEAK_FOR_ENTITY),
    page(_DESK, answer, action=Action.SPEAK_FOR_ENTITY, methods=("POST",), limit=POST),
    page(_CHANGE, changing, action=Action.SPEAK_FOR_ENTITY),
    page(_CHANGE, change, action=Action.SPEAK_FOR_ENTITY, methods=("POST",), limit=POST),
]
