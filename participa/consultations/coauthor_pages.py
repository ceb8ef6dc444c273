"""The pages of a proposal's authors: who they are, inviting, joining, leaving."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page, require
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action, Target
from participa.consultations.coauthors import (
    LINK_LIFE,
    MOST,
    coauthors_of,
    invited_to,
    join,
    leave,
    make_link,
    opening_of,
)
from participa.consultations.queries import call_of, call_target
from participa.consultations.rules import PROPOSE
from participa.deliberation.models import Contribution
from participa.deliberation.pages import crumbs
from participa.deliberation.views import author_name, excerpt
from participa.kit.html import plain_text
from participa.processes.queries import schedule_of
from participa.security.limits import POST, SUPPORT
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.refusals import BadInput
from participa.web.templating import render

# A link in a page, or in its address, is a key: nobody keeps the page.
PRIVATE = {"Cache-Control": "no-store"}


def authors_url(thread_id: int) -> str:
    """Give the page of a proposal's authors."""
    return f"/propuestas/{thread_id}/autores"


async def authors(request: Request) -> Response:
    """Show who made a proposal; to its author, how to invite."""
    opening = await _proposal(request, Action.READ)
    return await _show(request, opening)


async def _proposal(request: Request, action: Action) -> Contribution:
    opening = await opening_of(context(request).entity.id, request.path_params["id"])
    call = await call_of(opening.entity_id, opening.thread.place_id)
    whole = call_target(call)
    target = Target(
        whole.entity_id, whole.process_id, owner_id=opening.author_id, is_public=whole.is_public
    )
    require(request, action, target)
    return opening


async def _show(request: Request, opening: Contribution, link: str = "") -> Response:
    ctx, actor = context(request), actor_of(request)
    schedule = await schedule_of(opening.entity_id, opening.process_id)
    others = (await coauthors_of(opening.entity_id, [opening.thread_id])).get(opening.thread_id, [])
    is_author = not actor.is_anonymous and opening.author_id == actor.person_id
    is_open = schedule.is_open(PROPOSE, ctx.now)
    return render(
        request,
        "consultations/authors.html",
        headers=PRIVATE if link else None,
        authors={
            **_head(opening),
            "url": authors_url(opening.thread_id),
            "others": [(each, is_author or each.person_id == actor.person_id) for each in others],
            "is_author": is_author,
            "may_invite": is_author and is_open and len(others) < MOST,
            "link": link,
            "days": LINK_LIFE.days,
        },
        crumbs=[*crumbs(schedule.process), (f"/hilos/{opening.thread_id}", opening.thread.title)],
    )


def _head(opening: Contribution) -> dict[str, Any]:
    return {
        "title": opening.thread.title,
        "thread_url": f"/hilos/{opening.thread_id}",
        "author_name": opening.office or author_name(opening),
        "excerpt": excerpt(plain_text(opening.body_html)),
    }


async def invite(request: Request) -> Response:
    """Make a link to be handed to co-authors, and show it this once."""
    opening = await _proposal(request, Action.EDIT)
    Form(form_data(request))
    token = await make_link(actor_of(request), opening.thread_id, context(request).now)
    base = context(request).entity.base_url
    return await _show(request, opening, f"{base}/propuestas/invitacion/{token}")


async def take_off(request: Request) -> Response:
    """Take a co-author off."""
    opening = await _proposal(request, Action.CONTRIBUTE)
    person_id = Form(form_data(request), fields=("person",)).number("person")
    if person_id is None:
        raise BadInput
    await leave(actor_of(request), opening.thread_id, person_id)
    return see(f"{authors_url(opening.thread_id)}?aviso=guardado")


async def invitation(request: Request) -> Response:
    """Show what a link invites to, with the button that joins."""
    opening = await invited_to(
        context(request).entity.id, request.path_params["token"], context(request).now
    )
    return render(
        request,
        "consultations/invitation.html",
        headers=PRIVATE,
        invitation={**_head(opening), "url": request.url.path},
    )


async def accept(request: Request) -> Response:
    """Become a co-author of the proposal a link invites to."""
    Form(form_data(request))
    opening = await join(actor_of(request), request.path_params["token"], context(request).now)
    return see(f"/hilos/{opening.thread_id}?aviso=coautoria")


_AUTHORS = "/propuestas/{id:int}/autores"
_INVITATION = "/propuestas/invitacion/{token}"
COAUTHOR_ROUTES = [
    page(_AUTHORS, authors, action=Action.READ),
    page(f"{_AUTHORS}/enlace", invite, action=Action.EDIT, methods=("POST",), limit=POST),
    page(f"{_AUTHORS}/quitar", take_off, action=Action.CONTRIBUTE, methods=("POST",),
         limit=SUPPORT),
    page(_INVITATION, invitation, action=Action.SEE_OWN, on_entity=True),
    page(_INVITATION, accept, action=Action.SEE_OWN, methods=("POST",), limit=POST,
         on_entity=True),
]  # fmt: skip
