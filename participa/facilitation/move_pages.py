"""The page on which a contribution is moved to another conversation, or made one of its own."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import actor_of, page
from participa.accounts.guard import form as form_data
from participa.accounts.permissions import Action
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.pages import features_of
from participa.deliberation.rules import MAX_TITLE
from participa.deliberation.views import author_name, excerpt
from participa.facilitation.finding import MOST_LETTERS, open_threads
from participa.facilitation.merge_pages import found_for_facilitation
from participa.facilitation.moves import move, split
from participa.facilitation.rules import MAX_REASON
from participa.i18n import Text, _
from participa.kit.html import plain_text
from participa.kit.names import without_controls
from participa.security.limits import POST
from participa.web.context import context
from participa.web.forms import Form
from participa.web.navigation import see
from participa.web.templating import render

FIELDS = ("to", "title", "reason", "buscar")
NEW = "nueva"


async def moving(request: Request) -> Response:
    """Show where a contribution may be moved to."""
    found = await found_for_facilitation(request)
    sought = request.query_params.get("buscar", "").strip()[:MOST_LETTERS]
    return await _show(request, found, Form({"buscar": sought}, fields=FIELDS))


async def _show(request: Request, found: Contribution, form: Form) -> Response:
    threads = await open_threads(found.thread, form.values["buscar"])
    return render(
        request,
        "facilitation/move.html",
        status=422 if form.has_errors else 200,
        moving={
            "url": f"/aportes/{found.receipt_number}",
            "receipt": found.receipt_number,
            "author_name": found.office or author_name(found),
            "excerpt": excerpt(plain_text(found.body_html)),
            "reply_count": found.reply_count,
            "from_title": found.thread.title,
            "sought": form.values["buscar"],
            "places": _grouped(request, threads),
            "may_split": found.thread.sole_key is None,
            "max_title": MAX_TITLE,
        },
        form=form,
        crumbs=[(f"/aportes/{found.receipt_number}", found.receipt_number)],
    )


def _grouped(
    request: Request, threads: Sequence[Thread]
) -> list[tuple[Text, list[tuple[str, str]]]]:
    """Put the conversations offered under the word for their kind."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for thread in threads:
        groups.setdefault(thread.kind, []).append((str(thread.id), thread.title))
    features = features_of(request)
    return [(features.thread_kind(kind).label, each) for kind, each in groups.items()]


async def move_it(request: Request) -> Response:
    """Move a contribution, or make it a conversation of its own, and go to where it is now."""
    found = await found_for_facilitation(request)
    form = Form(form_data(request), fields=FIELDS)
    to = form.text("to", required=_("Escoja adónde va."))
    is_new = to == NEW
    if not is_new and to and not (to.isascii() and to.isdigit() and len(to) <= 9):
        form.fail("to", _("Escoja adónde va."))
    typed = form.text(
        "title", required=_("Escriba un título.") if is_new else None, longest=MAX_TITLE
    )
    reason = form.text("reason", required=_("Diga por qué se traslada."), longest=MAX_REASON)
    if form.has_errors:
        return await _show(request, found, form)
    actor, now = actor_of(request), context(request).now
    if is_new:
        title = without_controls(typed).replace("\n", " ")
        await split(actor, found.id, title, reason=reason, now=now)
    else:
        await move(actor, found.id, int(to), reason=reason, now=now)
    return see(f"/aportes/{found.receipt_number}?aviso=trasladado")


ROUTES = [
    page("/aportes/{receipt}/trasladar", moving, action=Action.FACILITATE),
    page("/aportes/{receipt}/trasladar", move_it, action=Action.FACILITATE, methods=("POST",),
         limit=POST),
]  # fmt: skip
