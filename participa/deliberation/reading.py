"""Answering for a page that shows a thread, from what is kept where that is possible.

For visitors and citizens. Staff see their own buttons, and a form that comes back or a draft is
its writer's: those pages are rendered each time.
"""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from participa.accounts.guard import actor_of
from participa.accounts.permissions import Action, can
from participa.db import fetch
from participa.deliberation.fragments import FragmentStore
from participa.deliberation.heading import heading_of
from participa.deliberation.kept import (
    NO_PLACES,
    PLACES,
    KeptPage,
    Key,
    PageStore,
    Shell,
    cut,
    joined,
)
from participa.deliberation.queries import order_links
from participa.deliberation.rules import PAGE_SIZE, Order, is_path
from participa.deliberation.setting import setting_of
from participa.deliberation.shown import spots_from
from participa.deliberation.standing import Standing, standing_of
from participa.deliberation.voices import Heard, heard_in_thread
from participa.features import BesideOf
from participa.i18n import Text
from participa.web.context import PageContext, context
from participa.web.encoding import takes_gzip
from participa.web.navigation import with_query
from participa.web.templating import Pages, Reader, new_request_key, pages_of

LONGEST_TRUE = timedelta(minutes=10)
_ASKED = frozenset({"desde", "idioma"})


class ThreadPages:
    """What this process keeps of threads: fragments and pages."""

    def __init__(self, pages: Pages) -> None:
        self.templates = pages
        self.fragments = FragmentStore(pages)
        self.pages = PageStore()


def kept_of(request: Request) -> ThreadPages:
    """Give what this process keeps."""
    kept: ThreadPages = request.app.state.threads
    return kept


def key_of(request: HTTPConnection) -> Key | None:
    """Name the kept page that answers a request; None where it has to be rendered."""
    ctx = context(request)
    query: str = request.scope["query_string"].decode("latin-1")
    if ctx.actor.grants or (query and not _is_plain(request)):
        return None
    path: str = request.scope["path"]
    return Key(ctx.entity.id, path, query, ctx.locale, not ctx.actor.is_anonymous)


def _is_plain(request: HTTPConnection) -> bool:
    asked = request.query_params
    start = asked.get("desde", "")
    return _ASKED.issuperset(asked.keys()) and (not start or is_path(start))


class KeptPages:
    """Answers with kept pages before any route is looked for; passes everything else on."""

    def __init__(self, app: ASGIApp, *, kept: "ThreadPages") -> None:
        self.app = app
        self.kept = kept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer where there is a page that is true, and that this reader may see."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            request = HTTPConnection(scope)
            page = await self._found(request)
            if page is not None:
                await (await _answer(request, page))(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _found(self, request: HTTPConnection) -> KeptPage | None:
        key = key_of(request)
        page = self.kept.pages.get(key) if key is not None else None
        if key is None or page is None:
            return None
        ctx = context(request)
        standing = await standing_of(page.shell.thread_id)
        if standing is None or not _is_true(page, standing, ctx.now):
            self.kept.pages.drop(key)
            return None
        if not can(ctx.actor, Action.READ, standing.target):
            return None
        if page.number != standing.number:
            facts = Facts(standing.number, standing.contribution_count)
            page = await _join(self.kept, page.shell, facts, reader_of(request))
            self.kept.pages.put(key, page)
        return page


def _is_true(page: KeptPage, standing: Standing, now: datetime) -> bool:
    shell = page.shell
    if standing.is_hidden or standing.revision != shell.revision or now >= shell.valid_until:
        return False
    return page.number == standing.number or not shell.follows


@dataclass(frozen=True, slots=True)
class Facts:
    """What a thread's row says at the moment a page is made."""

    number: int
    contribution_count: int


@dataclass(frozen=True, slots=True)
class Making:
    """What a page to be kept is made of: the template's values, and what it shows."""

    template: str
    values: dict[str, Any]
    thread_id: int
    url: str
    is_open: bool
    facts: Facts
    revision: int
    changes_at: datetime | None
    follows: bool = False
    beside_of: BesideOf | None = None


async def keep(request: Request, key: Key, making: Making) -> Response:
    """Render a page's shell, keep the page, and answer with it. Permission has been asked."""
    ctx, kept = context(request), kept_of(request)
    pieces, slots = cut(_shell_html(request, making))
    shell = Shell(
        pieces=pieces,
        slots=slots,
        thread_id=making.thread_id,
        url=making.url,
        start=request.query_params.get("desde", ""),
        is_open=making.is_open,
        revision=making.revision,
        valid_until=_valid_until(ctx, making.changes_at),
        follows=making.follows,
        beside_of=making.beside_of,
    )
    page = await _join(kept, shell, making.facts, reader_of(request))
    kept.pages.put(key, page)
    return await _answer(request, page)


def _shell_html(request: Request, making: Making) -> str:
    request.state.places = NO_PLACES if actor_of(request).is_anonymous else PLACES
    try:
        return pages_of(request).html(request, making.template, making.values)
    finally:
        request.state.places = None


def _valid_until(ctx: PageContext, changes_at: datetime | None) -> datetime:
    """Until the next phase begins or ends, until midnight ("closes in 3 days"), or a while."""
    midnight = datetime.combine(
        ctx.now.astimezone(ctx.zone).date() + timedelta(days=1), datetime.min.time(), ctx.zone
    )
    until = min(midnight, ctx.now + LONGEST_TRUE)
    return until if changes_at is None else min(until, changes_at)


def reader_of(request: HTTPConnection) -> Reader:
    """Give all readers of this request's language."""
    ctx = context(request)
    return Reader(ctx.entity, ctx.locale)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What the small texts around a conversation say."""

    contribution_count: int
    heard: Heard
    orders: tuple[tuple[str, Text, bool], ...]
    may_post: bool
    first_url: str | None
    next_url: str | None


async def _join(kept: ThreadPages, shell: Shell, facts: Facts, reader: Reader) -> KeptPage:
    rows = await spots_from(shell.thread_id, shell.start, PAGE_SIZE + 1)
    shown, following = rows[:PAGE_SIZE], rows[PAGE_SIZE:]
    thread = kept.fragments.of(shell.thread_id, facts.number)
    await thread.advance(facts.number)
    setting = setting_of(shell.url, shell.beside_of, is_open=shell.is_open)
    ids = [row[0] for row in shown]
    fragments = await kept.fragments.fragments(thread, ids, reader, setting)
    next_path = following[0][1] if following else ""
    numbers = _Numbers(
        contribution_count=facts.contribution_count,
        heard=await heard_in_thread(reader.entity.id, shell.thread_id),
        orders=order_links(shell.url, Order.CONVERSATION),
        may_post=shell.is_open,
        first_url=shell.url if shell.start else None,
        next_url=with_query(shell.url, desde=next_path) if next_path else None,
    )
    texts = {
        name: kept.templates.fragment(reader, f"deliberation/_{name}.html", {"thread": numbers})
        for name in ("count", "orders", "none", "pager")
    }
    heading = await heading_of(reader.entity.id, shell.thread_id)
    texts["heading"] = kept.templates.fragment(
        reader, "deliberation/_heading.html", {"heading": heading}
    ).strip()
    return joined(
        shell, facts.number, fragments, {**texts, "after": str(facts.number), "to": next_path}
    )


async def _answer(request: HTTPConnection, page: KeptPage) -> Response:
    await page.count_reading()
    zipped = takes_gzip(request.headers)
    ctx = context(request)
    if ctx.actor.is_anonymous:
        return _public(request, page, zipped=zipped)
    person_id = ctx.actor.person_id
    written = page.written(
        ctx.form_token().encode(),
        new_request_key().encode(),
        person_id,
        await _supported(person_id, tuple(page.pressed)),
    )
    return _sent(page, written, {"Cache-Control": "no-store"}, zipped=zipped)


def _public(request: HTTPConnection, page: KeptPage, *, zipped: bool) -> Response:
    headers = {"Cache-Control": "no-cache", "ETag": page.etag}
    if page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**headers, "Vary": _VARY})
    return _sent(page, page.body, headers, zipped=zipped)


_VARY = "Cookie, Accept-Encoding"


def _sent(
    page: KeptPage, body: bytes | bytearray, headers: dict[str, str], *, zipped: bool
) -> Response:
    headers["Vary"] = _VARY
    if not zipped:
        return Response(bytes(body), headers=headers, media_type="text/html")
    headers["Content-Encoding"] = "gzip"
    # Its first readers get what is quick to make.
    packed = page.compressed(body) or gzip.compress(body, 1)
    return Response(packed, headers=headers, media_type="text/html")


@lru_cache(maxsize=PAGE_SIZE + 1)
def _supported_sql(count: int) -> str:
    places = ", ".join(f"${at}" for at in range(2, count + 2))
    return (
        "SELECT contribution_id FROM deliberation_support "  # noqa: S608 - numbers of places
        f"WHERE person_id = $1 AND contribution_id IN ({places})"
    )


async def _supported(person_id: int | None, ids: Sequence[int]) -> list[int]:
    if not ids:
        return []
    rows = await fetch(_supported_sql(len(ids)), person_id, *ids)
    return [row[0] for row in rows]
