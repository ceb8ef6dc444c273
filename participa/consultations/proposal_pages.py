"""The pages of a call for everybody: its proposals, making one, and what stands around one."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, Actor, can
from participa.consultations.alike import Alike, alike, was_sent
from participa.consultations.call_pages import call_url
from participa.consultations.categories import in_use, offered
from participa.consultations.coauthor_pages import authors_url
from participa.consultations.coauthors import also_by, coauthors_of
from participa.consultations.courses import course_pill, steps_of
from participa.consultations.desk_pages import categories_url, course_url
from participa.consultations.forms import PROPOSAL_FIELDS, read_proposal
from participa.consultations.listing import Wanted, draw, wanted
from participa.consultations.models import Consultation
from participa.consultations.proposals import proposal_page
from participa.consultations.queries import (
    call_of,
    call_pill,
    call_target,
    is_receiving,
    proposals_url,
)
from participa.consultations.rules import COURSES, PROPOSAL_KIND, PROPOSE, Course
from participa.consultations.service import CallClosed, propose
from participa.deliberation.attachment_pages import files_url
from participa.deliberation.attachments import files_of
from participa.deliberation.drafts import draft_form
from participa.deliberation.forms import TOPIC_FIELDS
from participa.deliberation.models import Contribution
from participa.deliberation.opening import open_from_form
from participa.deliberation.pages import crumbs
from participa.deliberation.queries import pinned_in, thread_of
from participa.deliberation.rules import MAX_BODY, MAX_FILES, State
from participa.deliberation.views import author_name
from participa.i18n import _
from participa.processes.queries import schedule_of
from participa.security.limits import POST, address_prefix
from participa.territory.asking import choosing, where_of
from participa.territory.picking import (
    PLACE_FIELDS,
    Picked,
    Step,
    by_kind,
    field_values,
    keep,
    picked,
)
from participa.territory.queries import Place, areas_of
from participa.territory.said_places import place_of
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import with_query
from participa.web.templating import render

DRAFT_FIELDS = (*TOPIC_FIELDS, "attach", *PLACE_FIELDS)


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
            "pill": call_pill(call, schedule, ctx.now, ctx.zone),
            "proposal_count": found.proposal_count,
            "said": found.said,
            "may_propose": is_receiving(call, schedule, ctx.now),
            "propose_url": f"{url}/nueva",
            "manage_url": call_url(call.id) if manages else "",
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
    return await _show_proposing(request, call, await draft_form(request, DRAFT_FIELDS))


async def _open_call(request: Request) -> Consultation:
    ctx = context(request)
    call = await call_of(ctx.entity.id, request.path_params["id"])
    require(request, Action.READ, call_target(call))
    schedule = await schedule_of(ctx.entity.id, call.process_id)
    schedule.require_open(PROPOSE, ctx.now)
    if not is_receiving(call, schedule, ctx.now):
        raise CallClosed
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
            "max_files": MAX_FILES,
            "categories": [("", none), *names] if names else [],
            "similar": similar,
            "place": field_values(await areas_of(call.entity_id), form),
        },
        form=form,
        crumbs=[*crumbs(call.process), (url, call.title)],
    )


async def create_proposal(request: Request) -> Response:
    """Make a proposal, once its writer chose its place and saw those like it.

    Who has not signed in is asked to, and loses nothing.
    """
    call = await _open_call(request)
    areas = await areas_of(call.entity_id)
    form = Form(form_data(request), fields=(*TOPIC_FIELDS, *PROPOSAL_FIELDS))
    place = picked(form, areas)
    keep(form, place)
    if place.step is not Step.SEND:
        return await choosing(
            request, form, areas, place,
            url=f"{proposals_url(call.id)}/nueva",
            crumbs=[*crumbs(call.process), (proposals_url(call.id), call.title)],
            show=lambda form: _show_proposing(request, call, form),
        )  # fmt: skip
    return await _sent(request, call, place)


async def _sent(request: Request, call: Consultation, place: Picked) -> Response:
    actor = actor_of(request)
    title, said, form = read_proposal(form_data(request), call)
    keep(form, place)
    if said is not None and not actor.is_anonymous and not await _is_decided(request, form):
        similar = await alike(request, actor, call, title, said.body)
        if similar:
            return await _show_similar(request, call, form, similar)
    return await open_from_form(
        request,
        (title, said, form),
        target=call_target(call),
        back=f"{proposals_url(call.id)}/nueva",
        show=lambda form: _show_proposing(request, call, form),
        onward=files_url if form.checked("attach") else None,
        opened=lambda title, said, key: propose(
            actor, call, title=title, body=said.body, category=said.category, where=where_of(place),
            now=context(request).now, request_key=key,
        ),
    )  # fmt: skip


async def _is_decided(request: Request, form: Form) -> bool:
    """Whether the writer saw the similar ones, or has published this form before."""
    return form.checked("seen") or await was_sent(actor_of(request), form.request_key)


async def _show_similar(
    request: Request, call: Consultation, form: Form, similar: Sequence[Alike]
) -> Response:
    require(request, Action.CONTRIBUTE, call_target(call))
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
            **await _readable_facts(call, thread_id, actor_of(request)),
        }
    }


async def _readable_facts(call: Consultation, thread_id: int, actor: Actor) -> Mapping[str, Any]:
    """Give what is said of a proposal's author and place, while it can be read."""
    openings = Contribution.of(call.entity_id).filter(thread_id=thread_id, is_opening=True)
    opening = await openings.filter(state=State.PUBLISHED).select_related("author").first()
    if opening is None:
        return {
            "authors": (),
            "authors_url": "",
            "also_by": (),
            "place": None,
            "files": (),
            "files_url": "",
        }
    others = (await coauthors_of(call.entity_id, [thread_id])).get(thread_id, [])
    return {
        "authors": (opening.office or author_name(opening), *(each.name for each in others)),
        "authors_url": authors_url(thread_id),
        "also_by": await also_by(call.entity_id, thread_id),
        "place": await _place_of(call, opening),
        "files": await files_of(opening, actor),
        "files_url": files_url(opening),
    }


async def _place_of(call: Consultation, opening: Contribution) -> Mapping[str, str] | None:
    found = await place_of(call.entity_id, call.process.slug, opening.id)
    if found is None:
        return None
    url = with_query(proposals_url(call.id), lugar=found.area)
    return {"name": found.name, "url": url, "map_url": found.url, "picture": found.picture}


_CALL = "/consultas/{id:int}/propuestas"
PROPOSAL_ROUTES = [
    page(_CALL, proposals, action=Action.READ),
    page(f"{_CALL}/nueva", new_proposal, action=Action.CONTRIBUTE),
    page(f"{_CALL}/nueva", create_proposal, action=Action.CONTRIBUTE, methods=("POST",),
         limit=POST),
]  # fmt: skip
