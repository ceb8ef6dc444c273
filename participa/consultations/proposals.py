"""Reads of a call for proposals: a page of them, cut by cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from participa.consultations.models import Consultation
from participa.consultations.queries import proposals_url
from participa.consultations.rules import PROPOSAL_KIND, PROPOSAL_ORDERS, ProposalOrder
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.rules import State
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text
from participa.kit.html import plain_text
from participa.web.navigation import with_query

PAGE_SIZE = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds, until the year 5138.
_LONGEST_MOMENT = 17


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal in a list."""

    url: str
    title: str
    excerpt: str
    author_name: str | Text
    category: str
    support_count: int
    comment_count: int
    created_at: datetime
    channel: str
    people_count: int
    state: str
    has_official_answer: bool
    is_concluded: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A page of a call's proposals, with the ways to the next one and to other orders."""

    items: tuple[ProposalView, ...]
    proposal_count: int
    orders: tuple[tuple[str, Text, bool], ...]
    first_url: str | None
    next_url: str | None


async def proposal_page(call: Consultation, order: str, start: str) -> ProposalPage:
    """Read a page of proposals in four statements; nonsense means the beginning."""
    known = ProposalOrder(order) if order in set(ProposalOrder) else ProposalOrder.RECENT
    rows = Thread.of(call.entity_id).filter(kind=PROPOSAL_KIND, place_id=call.id, is_hidden=False)
    cursor = _cursor(known, start)
    found = await _ordered(rows, known, cursor).limit(PAGE_SIZE + 1)
    following = found[PAGE_SIZE:]
    url = proposals_url(call.id)
    asked = known if known is not ProposalOrder.RECENT else None
    next_url = None
    if following:
        next_url = with_query(url, orden=asked, desde=_written(known, following[0]))
    return ProposalPage(
        items=tuple(await _views(call.entity_id, found[:PAGE_SIZE])),
        proposal_count=await rows.count(),
        orders=_order_links(url, known),
        first_url=with_query(url, orden=asked) if cursor else None,
        next_url=next_url,
    )


def _order_links(url: str, current: ProposalOrder) -> tuple[tuple[str, Text, bool], ...]:
    return tuple(
        (
            with_query(url, orden=order if order is not ProposalOrder.RECENT else None),
            label,
            order is current,
        )
        for order, label in PROPOSAL_ORDERS.items()
    )


def _ordered(
    rows: QuerySet[Thread], order: ProposalOrder, cursor: tuple[int, int] | None
) -> QuerySet[Thread]:
    """Sort, beginning at the cursor; the bound on the sorted column lets the index begin there."""
    if order is ProposalOrder.SUPPORTED:
        if cursor is not None:
            supports, last = cursor
            same = Q(support_count=supports, id__lte=last)
            rows = rows.filter(Q(support_count__lt=supports) | same, support_count__lte=supports)
        return rows.order_by("-support_count", "-id")
    if cursor is not None:
        at, last = _EPOCH + timedelta(microseconds=cursor[0]), cursor[1]
        same = Q(last_activity_at=at, id__lte=last)
        rows = rows.filter(Q(last_activity_at__lt=at) | same, last_activity_at__lte=at)
    return rows.order_by("-last_activity_at", "-id")


def _written(order: ProposalOrder, thread: Thread) -> str:
    if order is ProposalOrder.SUPPORTED:
        return f"{thread.support_count}.{thread.id}"
    return f"{(thread.last_activity_at - _EPOCH) // timedelta(microseconds=1)}.{thread.id}"


def _cursor(order: ProposalOrder, start: str) -> tuple[int, int] | None:
    value, _dot, last = start.partition(".")
    longest = 9 if order is ProposalOrder.SUPPORTED else _LONGEST_MOMENT
    fits = all(part.isascii() and part.isdigit() for part in (value, last))
    if not fits or len(value) > longest or len(last) > 9:
        return None
    return int(value), int(last)


async def _views(entity_id: int, threads: Sequence[Thread]) -> list[ProposalView]:
    inside = Contribution.of(entity_id).filter(thread_id__in=[thread.id for thread in threads])
    openings = await inside.filter(is_opening=True).select_related("author")
    first = {row.thread_id: row for row in openings}
    official = inside.exclude(office="").filter(is_opening=False, state=State.PUBLISHED)
    answered = {int(str(each)) for each in await official.values_list("thread_id", flat=True)}
    return [
        _view(thread, first.get(thread.id), has_answer=thread.id in answered) for thread in threads
    ]


def _view(thread: Thread, opening: Contribution | None, *, has_answer: bool) -> ProposalView:
    readable = opening is not None and opening.state == State.PUBLISHED
    return ProposalView(
        url=f"/hilos/{thread.id}",
        title=thread.title,
        excerpt=excerpt(plain_text(opening.body_html)) if opening and readable else "",
        author_name=(opening.office or author_name(opening)) if opening else "",
        category=thread.category,
        support_count=thread.support_count,
        comment_count=max(thread.contribution_count - 1, 0),
        created_at=thread.created_at,
        channel=opening.channel if opening else "web",
        people_count=opening.people_count if opening else 1,
        state=opening.state if opening else State.PUBLISHED,
        has_official_answer=has_answer,
        is_concluded=thread.closed_at is not None,
    )
