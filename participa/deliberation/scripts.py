"""What the scripts of a thread's page are answered: ready fragments, as the sockets send them."""

from starlette.requests import Request
from starlette.responses import Response

from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.db import fetch
from participa.deliberation.acts import Placed
from participa.deliberation.fragments import shown_to_author
from participa.deliberation.live import ThreadSource, count_text
from participa.deliberation.models import Contribution
from participa.deliberation.pages import features_of
from participa.deliberation.reading import kept_of, reader_of
from participa.deliberation.setting import setting_of
from participa.deliberation.standing import Standing, phase_now, standing_of
from participa.realtime import Message
from participa.web.context import context
from participa.web.refusals import NotFound
from participa.web.scripts import json_answer, wants_json

# RFC 7240, section 4.2.
MINIMAL = "return=minimal"


def prefers_less(request: Request) -> bool:
    """Whether a script asks that wants no more than the number: its socket brings the rest."""
    return wants_json(request) and request.headers.get("prefer") == MINIMAL


def noted(request: Request, new: Placed) -> Response:
    """Answer with where a contribution just published stands, and nothing else."""
    return json_answer(request, _place(new), status=201)


def _place(new: Placed) -> dict[str, object]:
    return {"n": new.number, "id": new.receipt_number, "p": new.path}


async def published(request: Request, standing: Standing, new: Placed, url: str) -> Response:
    """Answer with a contribution just published, as its author sees it."""
    html = await _as_author_sees(request, standing, new)
    return json_answer(request, {**_place(new), "html": html, "url": url}, status=201)


async def _as_author_sees(request: Request, standing: Standing, new: Placed) -> str:
    kept = kept_of(request)
    phase = await phase_now(standing, context(request).now)
    thread = kept.fragments.of(new.thread_id, standing.number)
    # A form sent again gives what was made the first time, as it is by now.
    await thread.advance(max(new.number, standing.number))
    kind = features_of(request).thread_kind(standing.kind)
    place = kind.url(new.thread_id, standing.place_id)
    setting = setting_of(place, kind.beside_of, is_open=phase.state == "open")
    found = await kept.fragments.fragments(thread, [new.id], reader_of(request), setting)
    return shown_to_author(found[0]).decode().strip() if found else ""


async def supported(request: Request, found: Contribution, *, pressed: bool) -> Response:
    """Answer with what a support button shows from now on."""
    sql = "SELECT support_count FROM deliberation_contribution WHERE id = $1"
    ((count,),) = await fetch(sql, found.id)
    html = count_text(count, context(request).locale)
    return json_answer(request, {"id": found.receipt_number, "pressed": pressed, "html": html})


async def news(request: Request) -> Response:
    """Answer a page whose sockets are blocked with what it missed, or with 304."""
    ctx = context(request)
    thread_id: int = request.path_params["id"]
    standing = await standing_of(thread_id)
    if standing is None or standing.is_hidden:
        raise NotFound
    require(request, Action.READ, standing.target)
    source = ThreadSource(
        thread_id, ctx.entity, kept_of(request), features_of(request), lambda: ctx.now
    )
    number = (await source.since(None, ())).number
    state = source.phase.state if source.phase is not None else ""
    etag = f'W/"{thread_id}-{number}-{state}"'
    # A draft's are for its staff alone.
    kept = "no-cache" if standing.target.is_public else "no-store"
    headers = {"Cache-Control": kept, "ETag": etag, "Vary": "Cookie, Accept-Encoding"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    messages = await _missed(source, request, number)
    return json_answer(request, {"n": number, "messages": messages}, headers=headers)


async def _missed(source: ThreadSource, request: Request, number: int) -> list[Message]:
    after = request.query_params.get("despues", "")
    if not (after.isascii() and after.isdigit() and len(after) <= 9):
        raise NotFound
    locale = context(request).locale
    read = await source.between(int(after), number, locale) if int(after) < number else []
    if read is None:
        return [{"t": "reload"}]
    said = request.query_params.get("estado", "")
    _hello, *phase = source.greeting(number, said, 0, locale)
    return [*read, *phase]
