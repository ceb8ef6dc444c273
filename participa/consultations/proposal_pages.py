"""The pages of a call for everybody: its proposals, making one, and what stands around one."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, can
from participa.consultations.alike import Alike, alike, was_sent
from participa.consultations.categories import in_use, offered
from participa.consultations.courses import course_pill, steps_of
from participa.consultations.desk_pages import categories_url, course_url
from participa.consultations.forms import read_proposal
from participa.consultations.listing import Wanted, draw, wanted
from participa.consultations.models import Consultation
from participa.consultations.proposals import proposal_page
from participa.consultations.queries import call_of, call_target, proposals_url
from participa.consultations.rules import COURSES, PROPOSAL_KIND, PROPOSE, Course
from participa.consultations.service import propose
from participa.deliberation.drafts import draft_form
from participa.deliberation.forms import TOPIC_FIELDS
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import crumbs
from participa.deliberation.queries import pinned_in, thread_of
from participa.deliberation.rules import MAX_BODY
from participa.i18n import Text, _
from participa.processes.queries import schedule_of
from participa.processes.views import activity_pill
from participa.security.limits import POST, address_prefix
from participa.territory.queries import Place, areas_of
from participa.territory.rules import kind_words
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import with_query
from participa.web.templating import render

AreaGroups = Sequence[tuple[Text, Sequence[tuple[int, str]]]]


async def proposals(request: Request) -> Response:
    """Show a page of the proposals of a call: all, or those of a state, a category, a place."""
    ctx = context(request)
    call = await call_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, call_target(call))
    schedule = await schedule_of(ctx.entity.id, call.process_id)
    names = offered(call, await in_use(call))
    areas = await areas_of(ctx.entity.id)
    asked = wanted(request.query_params, names, _with_parts(areas), _lot(request))
    found = await proposal_page(call, asked)
    url = proposals_url(call.id)
    manages = can(actor_of(request), Action.MANAGE_PROCESS, call_target(call))
    return render(
        request,
        "consultations/proposals.html",
        listing={
            "title": call.title,
            "question": call.question,
            "url": url,
            "pill": activity_pill(schedule, PROPOSE, ctx.now, ctx.zone),
            "proposal_count": found.proposal_count,
            "may_propose": schedule.is_open(PROPOSE, ctx.now),
            "propose_url": f"{url}/nueva",
            "categories_url": categories_url(call.id) if manages else "",
            "orders": found.orders,
            "proposals": found.items,
            "pinned": await pinned_in(call.entity_id, PROPOSAL_KIND, call.id),
            "first_url": found.first_url,
            "next_url": found.next_url,
        },
        filters=_filters(asked, names, areas, url),
        crumbs=crumbs(call.process),
    )


def _lot(request: Request) -> int:
    """Draw for this reader and day; who has not signed in is known by the neighbourhood."""
    ctx, actor = context(request), actor_of(request)
    today = ctx.now.astimezone(ctx.zone).date()
    return draw(str(actor.person_id or address_prefix(ctx.address)), today)


def _with_parts(areas: Sequence[Place]) -> Mapping[int, tuple[int, ...]]:
    return {
        area.id: tuple(each.id for each in areas if area.id in {each.id, each.parent_id})
        for area in areas
    }


def by_kind(areas: Sequence[Place]) -> AreaGroups:
    """Group areas by what they are, as a list to choose from shows them."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for area in areas:
        groups.setdefault(area.kind, []).append((area.id, area.name))
    return [(kind_words(kind), inside) for kind, inside in groups.items()]


def _filters(
    asked: Wanted, names: Sequence[str], areas: Sequence[Place], url: str
) -> dict[str, Any]:
    return {
        "order": asked.order,
        "courses": [(course, label, course is asked.course) for course, label in COURSES.items()],
        "categories": [(name, name == asked.category) for name in names],
        "areas": by_kind(areas),
        "place": asked.place,
        "all_url": with_query(url, orden=asked.order) if any(asked.filters.values()) else "",
    }


async def new_proposal(request: Request) -> Response:
    """Show the form for a proposal, while they are received."""
    call = await _open_call(request)
    needs_less(request, Action.CONTRIBUTE)
    return await _show_proposing(request, call, await draft_form(request, TOPIC_FIELDS))


async def _open_call(request: Request) -> Consultation:
    ctx = context(request)
    call = await call_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, call_target(call))
    schedule = await schedule_of(ctx.entity.id, call.process_id)
    schedule.require_open(PROPOSE, ctx.now)
    return call


async def _show_proposing(
    request: Request, call: Consultation, form: Form, similar: Sequence[Alike] = ()
) -> Response:
    url = proposals_url(call.id)
    names = [(name, name) for name in call.categories]
    none = _("Escoja una") if call.requires_category else _("Otro tema")
    return render(
        request,
        "consultations/propose.html",
        status=422 if form.has_errors else 200,
        proposing={
            "consultation_title": call.title,
            "question": call.question,
            "url": f"{url}/nueva",
            "max_length": MAX_BODY,
            "categories": [("", none), *names] if names else [],
            "similar": similar,
        },
        form=form,
        crumbs=[*crumbs(call.process), (url, call.title)],
    )


async def create_proposal(request: Request) -> Response:
    """Make a proposal, once its writer saw those like it.

    Who has not signed in is asked to, and loses nothing.
    """
    ctx, actor = context(request), actor_of(request)
    call = await _open_call(request)
    read = read_proposal(form_data(request), call)
    title, said, form = read
    if said is not None and not actor.is_anonymous and not await _is_decided(request, form):
        similar = await alike(request, actor, call, title, said.body)
        if similar:
            return await _show_similar(request, call, form, similar)
    return await open_from_form(
        request,
        read,
        target=call_target(call),
        back=f"{proposals_url(call.id)}/nueva",
        show=lambda form: _show_proposing(request, call, form),
        opened=lambda title, said, key: propose(
            actor, call, title=title, body=said.body, category=said.category,
            now=ctx.now, request_key=key,
        ),
    )  # fmt: skip


async def _is_decided(request: Request, form: Form) -> bool:
    """Whether the writer saw the similar ones, or has published this form before."""
    return form.checked("seen") or await was_sent(actor_of(request), form.request_key)


async def _show_similar(
    request: Request, call: Consultation, form: Form, similar: Sequence[Alike]
) -> Response:
    require(request, Action.CONTRIBUTE, call_target(call))
    # The same key goes on: the form counts once, however often and from which step it is sent.
    request.state.draft_token = form.request_key
    return await _show_proposing(request, call, form, similar)


async def around_proposal(request: Request, thread_id: int) -> Mapping[str, Any]:
    """Give what stands around a proposal's conversation; the same for all who hold no role."""
    entity_id = context(request).entity.id
    thread = await thread_of(entity_id, thread_id)
    call = await call_of(entity_id, thread.place_id)
    steps = await steps_of(entity_id, thread_id)
    course = next((step.course for step in steps), Course.RECEIVED)
    url = proposals_url(call.id)
    manages = can(actor_of(request), Action.MANAGE_PROCESS, call_target(call))
    return {
        "proposal": {
            "pill": course_pill(course),
            "steps": steps,
            "received_at": thread.created_at,
            "category": thread.category,
            "category_url": with_query(url, categoria=thread.category),
            "course_url": course_url(thread_id) if manages else "",
        }
    }


_CALL = "/consultas/{id:int}/propuestas"
PROPOSAL_ROUTES = [
    page(_CALL, proposals, action=Action.READ),
    page(f"{_CALL}/nueva", new_proposal, action=Action.CONTRIBUTE),
    page(f"{_CALL}/nueva", create_proposal, action=Action.CONTRIBUTE, methods=("POST",),
         limit=POST),
]  # fmt: skip
