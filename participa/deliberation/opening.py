"""Opening a conversation from a form: a topic, a proposal, a question, all in the same way."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, needs_less, require
from participa.accounts.permissions import Action, Target
from participa.deliberation.drafts import forget_draft, keep_draft
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.texts import TextRefused
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see, with_query

Opened = Callable[[str, Said, str | None], Awaitable[Contribution]]
Show = Callable[[Form], Awaitable[Response]]


async def open_from_form(
    request: Request,
    read: tuple[str, Said | None, Form],
    *,
    target: Target,
    back: str,
    show: Show,
    opened: Opened,
    onward: Callable[[Contribution], str] | None = None,
) -> Response:
    """Open what a form asks for and go there; who has not signed in is asked to, losing nothing.

    `read` is the title, what is said (None where something needs mending) and the form; `show`
    answers with the form as filled in, `back` is where it stands; `opened` does the act;
    `onward` says where to go instead of the conversation.
    """
    title, said, form = read
    if said is None or actor_of(request).is_anonymous:
        needs_less(request, Action.CONTRIBUTE)
        return await (show(form) if said is None else keep_draft(request, back, form.values))
    require(request, Action.CONTRIBUTE, target)
    try:
        opening = await opened(title, said, form.request_key)
    except TextRefused as refusal:
        form.fail("body", refusal.title)
        return await show(form)
    await forget_draft(context(request).entity.id, form.request_key)
    url = onward(opening) if onward is not None else f"/hilos/{opening.thread_id}"
    return see(with_query(url, aviso="aporte", radicado=opening.receipt_number))
