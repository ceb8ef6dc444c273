"""The pages of forums."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.drafts import draft_form, forget_draft, keep_draft
from participa.deliberation.forms import TOPIC_FIELDS, read_topic
from participa.deliberation.pages import crumbs
from participa.deliberation.texts import TextRefused
from participa.forums.models import Forum
from participa.forums.queries import ACTIVITY, forum_of, forum_target, topic_page
from participa.forums.service import start_topic
from participa.i18n import Day, Text, _
from participa.processes.queries import Schedule, schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query
from participa.web.templating import render


async def forum(request: Request) -> Response:
    """Show a forum with its topics and, while it is open, the form for a new one."""
    found = await forum_of(context(request).entity.id, request.path_params["id"])
    require(request, Action.READ, forum_target(found))
    return await _show(request, found, await draft_form(request, TOPIC_FIELDS))


async def _show(request: Request, found: Forum, form: Form) -> Response:
    ctx = context(request)
    schedule = await schedule_of(found.entity_id, found.process_id)
    topics = await topic_page(found, request.query_params.get("desde", ""))
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
            "contribution_count": topics.contribution_count,
            "topics": topics.topics,
            "first_url": topics.first_url,
            "next_url": topics.next_url,
            "may_start": schedule.is_open(ACTIVITY, ctx.now),
            "closed_note": _closed_note(request, schedule),
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
    actor = actor_of(request)
    found = await forum_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, forum_target(found))
    schedule = await schedule_of(ctx.entity.id, found.process_id)
    schedule.require_open(ACTIVITY, ctx.now)
    title, said, form = read_topic(form_data(request))
    if said is None:
        needs_less(request, Action.CONTRIBUTE)
        return await _show(request, found, form)
    if actor.is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
        return await keep_draft(request, f"/foros/{found.id}#nuevo", form.values)
    require(request, Action.CONTRIBUTE, forum_target(found))
    try:
        opening = await start_topic(
            actor, found, title=title, said=said, now=ctx.now, request_key=form.request_key
        )
    except TextRefused as refusal:
        form.fail("body", refusal.title)
        return await _show(request, found, form)
    await forget_draft(ctx.entity.id, form.request_key)
    notice = with_query(
        f"/hilos/{opening.thread_id}", aviso="aporte", radicado=opening.receipt_number
    )
    return see(notice)


ROUTES = [
    page("/foros/{id:int}", forum, action=Action.READ),
    page("/foros/{id:int}/hilos", start, action=Action.CONTRIBUTE, methods=("POST",), limit=POST),
]
