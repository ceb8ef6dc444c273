"""Reads of the deliberation core: a page of a thread, one contribution, one person's words.

Each takes a fixed number of statements, whatever the length of the thread.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, cast

from tortoise.expressions import Q
from tortoise.functions import Count, Max, Sum
from tortoise.queryset import QuerySet

from participa.accounts.permissions import Action, Actor, Target, can
from participa.deliberation.models import Contribution, Merge, Revision, Support, Thread
from participa.deliberation.rules import (
    MODERATION_RULES,
    ORDERS,
    PAGE_SIZE,
    Order,
    is_path,
    root_path,
)
from participa.deliberation.shown import shown_rows, spots_from
from participa.deliberation.views import ContributionView, contribution_view
from participa.deliberation.voices import Heard, heard_in_thread
from participa.features import BesideOf
from participa.i18n import Text
from participa.kit.receipts import parse_receipt
from participa.web.navigation import with_query
from participa.web.refusals import NotFound

_WITH = ("author__territory", "parent__author")


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of a thread as this reader sees it, before what its feature adds."""

    id: int
    url: str
    last_number: int
    contribution_count: int
    heard: Heard
    order: Order
    path_from: str
    path_to: str
    orders: tuple[tuple[str, Text, bool], ...]
    contributions: tuple[ContributionView, ...]
    first_url: str | None
    next_url: str | None
    reply_to: ContributionView | None
    reasons: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a thread a reader asks for, out of the address."""

    order: Order = Order.CONVERSATION
    start: str = ""
    reply_to: str = ""


def wanted(values: Mapping[str, str]) -> Wanted:
    """Read the order, the cursor and the reply asked for; nonsense means the beginning."""
    order = values.get("orden", "")
    known = Order(order) if order in set(Order) else Order.CONVERSATION
    reply_to = values.get("responder", "")
    return Wanted(known, values.get("desde", ""), reply_to if known is Order.CONVERSATION else "")


async def thread_of(entity_id: int, thread_id: int) -> Thread:
    """Find a thread. Refuses with NotFound, also for another entity's."""
    thread = await Thread.of(entity_id).filter(id=thread_id, is_hidden=False).first()
    if thread is None:
        raise NotFound
    return thread


async def contribution_of(entity_id: int, receipt: str) -> Contribution:
    """Find a contribution by its receipt number, with thread, author and parent.

    Refuses with NotFound, also for another entity's.
    """
    parsed = parse_receipt(receipt)
    if parsed is None:
        raise NotFound
    rows = Contribution.of(entity_id).filter(receipt_number=str(parsed))
    contribution = await rows.select_related("thread", *_WITH).first()
    if contribution is None or contribution.thread.is_hidden:
        raise NotFound
    return contribution


def shell_page(thread: Thread, url: str, asked: Wanted) -> ThreadPage:
    """Give a page of a thread without its conversation."""
    return ThreadPage(
        id=thread.id,
        url=url,
        last_number=thread.last_number,
        contribution_count=thread.contribution_count,
        heard=Heard(),
        order=asked.order,
        path_from=asked.start if is_path(asked.start) else "",
        path_to="",
        orders=(),
        contributions=(),
        first_url=None,
        next_url=None,
        reply_to=None,
        reasons=(),
    )


async def thread_page(
    actor: Actor, thread: Thread, url: str, asked: Wanted, beside_of: BesideOf | None = None
) -> ThreadPage:
    """Read a page of a thread in three statements, four when somebody is signed in.

    One more where its feature shows something with contributions.
    """
    start = await _start(thread, asked)
    spots = await _spots(thread, asked.order, start)
    ids, following = [spot.id for spot in spots[:PAGE_SIZE]], spots[PAGE_SIZE:]
    supported = await supported_by(actor, ids)
    rows = {row.id: row for row in await shown_rows(thread.entity_id, ids, beside_of, thread.id)}
    views = tuple(contribution_view(rows[each], actor, supported=supported) for each in ids)
    order = asked.order if asked.order is not Order.CONVERSATION else None
    next_url = None
    if following:
        next_url = with_query(url, orden=order, desde=_cursor(asked.order, following[0]))
    moderates = can(actor, Action.MODERATE, Target(thread.entity_id, thread.process_id))
    return ThreadPage(
        id=thread.id,
        url=url,
        last_number=thread.last_number,
        contribution_count=thread.contribution_count,
        heard=await heard_in_thread(thread.entity_id, thread.id),
        order=asked.order,
        path_from=start if asked.order is Order.CONVERSATION and is_path(start) else "",
        path_to=following[0].path if following and asked.order is Order.CONVERSATION else "",
        orders=order_links(url, asked.order),
        contributions=views,
        first_url=with_query(url, orden=order) if start else None,
        next_url=next_url,
        reply_to=next((view for view in views if view.receipt == asked.reply_to), None),
        reasons=tuple(MODERATION_RULES.items()) if moderates else (),
    )


def order_links(url: str, current: Order) -> tuple[tuple[str, Text, bool], ...]:
    """Give the orders a thread can be read in, with their addresses and which one is in use."""
    return tuple(
        (
            with_query(url, orden=order if order is not Order.CONVERSATION else None) + "#aportes",
            label,
            order is current,
        )
        for order, label in ORDERS.items()
    )


async def _start(thread: Thread, asked: Wanted) -> str:
    """Give the cursor to start from: that of the branch replied to, or the one asked for."""
    if not asked.reply_to:
        return asked.start
    found = Contribution.of(thread.entity_id).filter(thread_id=thread.id)
    receipt = parse_receipt(asked.reply_to)
    paths = await found.filter(receipt_number=str(receipt or "")).values_list("path", flat=True)
    if not paths or thread.contribution_count <= PAGE_SIZE:
        return ""
    return str(paths[0])


class _Spot(NamedTuple):
    """Where a contribution stands in each order."""

    id: int
    path: str
    support_count: int


async def _spots(thread: Thread, order: Order, start: str) -> list[_Spot]:
    if order is Order.CONVERSATION:
        from_path = start if is_path(start) else ""
        return [_Spot(*row) for row in await spots_from(thread.id, from_path, PAGE_SIZE + 1)]
    rows = Contribution.of(thread.entity_id).filter(thread_id=thread.id)
    ordered = _ordered(rows, order, start).limit(PAGE_SIZE + 1)
    return [_Spot(*row) for row in await ordered.values_list("id", "path", "support_count")]


def _ordered(rows: QuerySet[Contribution], order: Order, start: str) -> QuerySet[Contribution]:
    if order is Order.RECENT:
        since = rows.filter(id__lte=int(start)) if _is_number(start) else rows
        return since.order_by("-id")
    supports, _dot, last = start.partition(".")
    if _is_number(supports) and _is_number(last):
        fewer = Q(support_count__lt=int(supports))
        rows = rows.filter(fewer | Q(support_count=int(supports), id__lte=int(last)))
    return rows.order_by("-support_count", "-id")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _cursor(order: Order, row: _Spot) -> str:
    if order is Order.CONVERSATION:
        return row.path
    if order is Order.RECENT:
        return str(row.id)
    return f"{row.support_count}.{row.id}"


async def supported_by(actor: Actor, contributions: Collection[int]) -> frozenset[int]:
    """Say which of these contributions the actor supports."""
    if actor.is_anonymous or not contributions:
        return frozenset()
    mine = Support.of(actor.entity_id).filter(
        person_id=actor.person_id, contribution_id__in=list(contributions)
    )
    ids = await mine.values_list("contribution_id", flat=True)
    return frozenset(int(str(each)) for each in ids)


async def replies_to(contribution: Contribution, actor: Actor) -> list[ContributionView]:
    """List the first answers to a contribution."""
    rows = Contribution.of(contribution.entity_id).filter(parent_id=contribution.id)
    found = await rows.select_related(*_WITH).order_by("path").limit(PAGE_SIZE)
    supported = await supported_by(actor, [row.id for row in found])
    merges = Merge.of(contribution.entity_id).filter(contribution__parent_id=contribution.id)
    kept = {each.contribution_id: each.into for each in await merges.select_related("into")}
    return [
        contribution_view(row, actor, supported=supported, kept=kept.get(row.id)) for row in found
    ]


async def official_answers(
    entity_id: int, contributions: Sequence[Contribution]
) -> dict[int, Contribution]:
    """Give the entity's own answer to each of these contributions that has one.

    What the entity says in a thread without answering anybody in particular answers who
    opened it. Its first answer counts.
    """
    openings = {each.thread_id: each.id for each in contributions if each.is_opening}
    direct = Q(parent_id__in=[each.id for each in contributions])
    to_all = Q(thread_id__in=list(openings), parent_id=None, is_opening=False)
    answers = Contribution.of(entity_id).filter(direct | to_all, state="published")
    found = await answers.exclude(office="").order_by("-id")
    return {
        openings[row.thread_id] if row.parent_id is None else row.parent_id: row for row in found
    }


async def revisions_of(contribution: Contribution) -> list[Revision]:
    """List what a contribution said before, newest first."""
    rows = Revision.of(contribution.entity_id).filter(contribution_id=contribution.id)
    return await rows.order_by("-number")


async def contributions_by(
    entity_id: int, person_id: int, before: int | None, limit: int = PAGE_SIZE
) -> list[Contribution]:
    """List what a person said, newest first, one more than asked to know if there is more."""
    rows = Contribution.of(entity_id).filter(author_id=person_id)
    if before is not None:
        rows = rows.filter(id__lte=before)
    return await rows.select_related("thread").order_by("-id").limit(limit + 1)


def start_of_page(thread: Thread, contribution: Contribution) -> str | None:
    """Give the cursor of a page that shows a contribution; None for a thread of one page."""
    if thread.contribution_count <= PAGE_SIZE:
        return None
    return root_path(contribution.path)


async def activity_by_place(
    entity_id: int, kind: str, places: Sequence[int]
) -> dict[int, tuple[int, int, datetime | None]]:
    """Count threads and contributions of several places, in one statement."""
    rows = Thread.of(entity_id).filter(
        kind=kind, place_id__in=list(places), is_hidden=False, merged_at=None
    )
    found = await (
        rows.annotate(
            threads=Count("id"), said=Sum("contribution_count"), last=Max("last_activity_at")
        )
        .group_by("place_id")
        .values_list("place_id", "threads", "said", "last")
    )
    return {
        int(str(place)): (int(str(n)), int(str(said)), _moment(last))
        for place, n, said, last in found
    }


async def pinned_in(entity_id: int, kind: str, place_id: int) -> list[Thread]:
    """List the threads that a place's list shows first."""
    rows = Thread.of(entity_id).filter(kind=kind, place_id=place_id, is_hidden=False)
    return await rows.filter(pinned_at__isnull=False).order_by("pinned_at", "id")


def _moment(value: object) -> datetime | None:
    # SQLite gives the text it keeps, PostgreSQL a moment.
    return datetime.fromisoformat(value) if isinstance(value, str) else cast("datetime", value)
