"""The pages of forums."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form
from participa.deliberation.forms import TOPIC_FIELDS, read_topic
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import crumbs
from participa.deliberation.queries import pinned_in
from participa.forums.models import Forum
from participa.forums.queries import ACTIVITY, KIND, forum_of, forum_target, topic_page
from participa.forums.service import start_topic
from participa.i18n import Day, Text, _
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import POST
from participa.territory.asking import choosing, where_of
from participa.territory.picking import (
    PLACE_FIELDS,
    PLACE_FORM,
    Step,
    field_values,
    keep,
    picked,
)
from participa.territory.queries import areas_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.templating import render

DRAFT_FIELDS = (*TOPIC_FIELDS, *PLACE_FIELDS)


async def forum(request: Request) -> Response:
    """Show a forum with its topics and, while it is open, the form for a new one."""
    found = await forum_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.READ, forum_target(found))
    return await _show(request, found, await draft_form(request, DRAFT_FIELDS))


async def _show(request: Request, found: Forum, form: Form) -> Response:
    ctx = context(request)
    schedule = await schedule_of(found.entity_id, found.process_id)
    topics = await topic_page(found, request.query_params.get("desde", ""))
    may_start = schedule.is_open(ACTIVITY, ctx.now)
    return render(
        request,
        "forums/forum.html",
        status=422 if form.has_errors else 200,
        forum={
            "title": found.title,
            "lede": found.question,
            "url": f"/foros/{found.id}",
            "pill": activity_pill(schedule, ACTIVITY, ctx.now, ctx.zone),
            "topic_count": topics.topic_count,
            "said": topics.said,
            "topics": topics.topics,
            "pinned": await pinned_in(found.entity_id, KIND, found.id),
            "first_url": topics.first_url,
            "next_url": topics.next_url,
            "may_start": may_start,
            "closed_note": _closed_note(request, schedule),
            "area": field_values(await areas_of(found.entity_id), form) if may_start else None,
        },
        form=form,
        crumbs=crumbs(found.process),
    )


def _closed_note(request: Request, schedule: Schedule) -> Text | str:
    ctx = context(request)
    if opens_at := schedule.opens_at(ACTIVITY, ctx.now):
        return _("Este foro abre el {day}.", day=Day(opens_at, ctx.zone))
    if closed_at := schedule.closed_since(ACTIVITY, ctx.now):
        return _("Este foro cerró el {day}. Se puede leer completo.", day=Day(closed_at, ctx.zone))
    return ""


async def start(request: Request) -> Response:
    """Open a topic; who has not signed in is asked to, and loses nothing."""
    ctx = context(request)
    found = await forum_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, forum_target(found))
    schedule = await schedule_of(ctx.entity.id, found.process_id)
    schedule.require_open(ACTIVITY, ctx.now)
    areas = await areas_of(ctx.entity.id)
    title, said, form = read_topic(form_data(request), PLACE_FORM)
    place = picked(form, areas)
    keep(form, place)
    if place.step is not Step.SEND:
        form.errors.clear()
        return await choosing(
            request, form, areas, place, url=f"/foros/{found.id}/hilos",
            crumbs=[*crumbs(found.process), (f"/foros/{found.id}", found.title)],
            show=lambda form: _show(request, found, form),
        )  # fmt: skip
    return await open_from_form(
        request,
        (title, said, form),
        target=forum_target(found),
        back=f"/foros/{found.id}#nuevo",
        show=lambda form: _show(request, found, form),
        opened=lambda title, said, key: start_topic(
            actor_of(request), found, title=title, said=said, where=where_of(place), now=ctx.now,
            request_key=key,
        ),
    )  # fmt: skip


ROUTES = [
    page("/foros/{id:int}", forum, action=Action.READ),
    page("/foros/{id:int}/hilos", start, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
]
