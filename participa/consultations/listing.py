"""Which proposals of a call are asked for, in which order: read out of an address and back."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tortoise.expressions import Q, RawSQL, Subquery
from tortoise.queryset import QuerySet

from participa.consultations.models import Consultation, CourseStep
from participa.consultations.rules import PROPOSAL_KIND, PROPOSAL_ORDERS, Course, ProposalOrder
from participa.deliberation.models import Contribution, Thread
from participa.i18n import Text
from participa.territory.models import Placement
from participa.web.navigation import with_query

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds, until the year 5138.
_LONGEST_MOMENT = 17
# A prime: multiplied by any number below it, no two proposals fall on the same place.
_PLACES = 2_147_483_647
_LONGEST = {
    ProposalOrder.RECENT: _LONGEST_MOMENT,
    ProposalOrder.SUPPORTED: 9,
    ProposalOrder.LOT: 10,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for; `areas` are the one chosen and its parts.

    `lot` is what the order by lot is drawn with.
    """

    order: ProposalOrder = ProposalOrder.RECENT
    start: str = ""
    course: Course | None = None
    category: str = ""
    place: int | None = None
    areas: tuple[int, ...] = ()
    lot: int = 1

    @property
    def filters(self) -> dict[str, str | int | None]:
        """The part of an address that says which proposals."""
        return {"estado": self.course, "categoria": self.category or None, "lugar": self.place}

    def url(self, base: str, order: ProposalOrder, start: str | None = None) -> str:
        """Give the address of these proposals in an order, from a cursor on."""
        return with_query(
            base,
            **self.filters,
            orden=order if order is not ProposalOrder.RECENT else None,
            sorteo=self.lot if order is ProposalOrder.LOT and start else None,
            desde=start,
        )


def wanted(
    query: Mapping[str, str], categories: list[str], areas: Mapping[int, tuple[int, ...]], lot: int
) -> Wanted:
    """Read what is asked for; nonsense means everything, from the beginning.

    `areas` gives each area that may be chosen with its parts, `lot` today's draw of this reader:
    who goes on from one page to the next keeps the draw of the first.
    """
    order, course = query.get("orden", ""), query.get("estado", "")
    category, place = query.get("categoria", ""), _number(query.get("lugar", ""), 9)
    kept = _number(query.get("sorteo", ""), 10)
    known = place if place in areas else None
    return Wanted(
        order=ProposalOrder(order) if order in set(ProposalOrder) else ProposalOrder.RECENT,
        start=query.get("desde", ""),
        course=Course(course) if course in set(Course) else None,
        category=category if category in categories else "",
        place=known,
        areas=areas[known] if known is not None else (),
        lot=kept if kept is not None and 0 < kept < _PLACES else lot,
    )


def _number(text: str, longest: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None


def draw(reader: str, day: date) -> int:
    """Draw the order of a reader's day: everybody another, each proposal at every place once."""
    digest = hashlib.blake2b(f"{reader} {day}".encode(), digest_size=8).digest()
    # Neither near nothing nor near the whole, which would leave the order of their numbers.
    return _PLACES // 4 + int.from_bytes(digest) % (_PLACES // 2)


def found_rows(call: Consultation, asked: Wanted) -> QuerySet[Thread]:
    """Give the proposals asked for, in no order yet."""
    rows = Thread.of(call.entity_id).filter(
        kind=PROPOSAL_KIND, place_id=call.id, is_hidden=False, merged_at=None
    )
    if asked.category:
        rows = rows.filter(category=asked.category)
    if asked.course is not None:
        rows = _in_course(rows, call.entity_id, asked.course)
    if asked.areas:
        placed = Placement.of(call.entity_id).filter(territory_id__in=asked.areas)
        openings = Contribution.of(call.entity_id).filter(
            is_opening=True, id__in=Subquery(placed.values("contribution_id"))
        )
        rows = rows.filter(id__in=Subquery(openings.values("thread_id")))
    return rows


def _in_course(rows: QuerySet[Thread], entity_id: int, course: Course) -> QuerySet[Thread]:
    steps = CourseStep.of(entity_id).filter(is_current=True)
    if course is Course.RECEIVED:
        return rows.exclude(id__in=Subquery(steps.values("thread_id")))
    return rows.filter(id__in=Subquery(steps.filter(course=course).values("thread_id")))


def has_start(asked: Wanted) -> bool:
    """Whether a cursor that can be read says where to begin."""
    return _cursor(asked) is not None


def ordered(rows: QuerySet[Thread], asked: Wanted) -> QuerySet[Thread]:
    """Sort, beginning at the cursor; the bound on the sorted column lets the index begin there."""
    cursor = _cursor(asked)
    if asked.order is ProposalOrder.LOT:
        rows = rows.annotate(lot=RawSQL(_lot_sql(asked.lot)))
        rows = rows.filter(lot__gte=cursor[0]) if cursor else rows
        return rows.order_by("lot")
    if asked.order is ProposalOrder.SUPPORTED:
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


def _lot_sql(lot: int) -> str:
    return f'CAST("deliberation_thread"."id" AS BIGINT) * {lot:d} % {_PLACES}'


def cursor_at(asked: Wanted, thread: Thread) -> str:
    """Write the cursor of a page that begins with a proposal."""
    if asked.order is ProposalOrder.LOT:
        return f"{thread.id * asked.lot % _PLACES}.{thread.id}"
    if asked.order is ProposalOrder.SUPPORTED:
        return f"{thread.support_count}.{thread.id}"
    return f"{(thread.last_activity_at - _EPOCH) // timedelta(microseconds=1)}.{thread.id}"


def _cursor(asked: Wanted) -> tuple[int, int] | None:
    value, _dot, last = asked.start.partition(".")
    at, thread_id = _number(value, _LONGEST[asked.order]), _number(last, 9)
    return None if at is None or thread_id is None else (at, thread_id)


def order_links(base: str, asked: Wanted) -> tuple[tuple[str, Text, bool], ...]:
    """Give the orders with their addresses and which one is in use."""
    return tuple(
        (asked.url(base, order), label, order is asked.order)
        for order, label in PROPOSAL_ORDERS.items()
    )
