"""Reads of a session's questions: a page of them in the order asked for, cut by cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from participa.accountability.hearing.rules import STATE_WORDS, QuestionState
from participa.accountability.models import AccountabilitySession, HearingQuestion
from participa.accountability.queries import (
    Asked,
    official_answers_in,
    questions_asked,
    session_url,
)
from participa.accountability.rules import KIND, QUESTION_ORDERS, QuestionOrder
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.queries import activity_by_place
from participa.deliberation.rules import State
from participa.deliberation.tallies import Tally, tally_places
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Day, Text, _, n_
from participa.kit.html import plain_text
from participa.processes.views import Pill
from participa.web.navigation import with_query

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question in its session's list."""

    url: str
    title: str
    excerpt: str
    author_name: str | Text
    support_count: int
    created_at: datetime
    channel: str
    people_count: int
    state: str
    pill: Pill | None
    is_concluded: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A page of a session's questions, with the ways to the next one and to other orders."""

    items: tuple[QuestionView, ...]
    asked: Asked
    said: Tally
    orders: tuple[tuple[str, Text, bool], ...]
    first_url: str | None
    next_url: str | None


async def question_page(
    session: AccountabilitySession, order: str, start: str, now: datetime, zone: ZoneInfo
) -> QuestionPage:
    """Read a page of questions in a fixed number of statements; nonsense means the beginning."""
    known = QuestionOrder(order) if order in set(QuestionOrder) else QuestionOrder.SUPPORTED
    rows = Thread.of(session.entity_id).filter(
        kind=KIND, place_id=session.id, is_hidden=False, merged_at=None
    )
    cursor = _cursor(start)
    found = await _ordered(rows, known, cursor).limit(PAGE_SIZE + 1)
    following = found[PAGE_SIZE:]
    url = session_url(session.id)
    asked_for = known if known is not QuestionOrder.SUPPORTED else None
    next_url = None
    if following:
        after = f"{following[0].support_count}.{following[0].id}"
        next_url = with_query(url, orden=asked_for, desde=after) + "#preguntas"
    asked = await questions_asked(session.entity_id, [session.id])
    return QuestionPage(
        items=tuple(await _views(session, found[:PAGE_SIZE], now, zone)),
        asked=asked.get(session.id, Asked()),
        said=await _said(session),
        orders=_order_links(url, known),
        first_url=with_query(url, orden=asked_for) + "#preguntas" if cursor else None,
        next_url=next_url,
    )


async def _said(session: AccountabilitySession) -> Tally:
    counts = await activity_by_place(session.entity_id, KIND, [session.id])
    _questions, said, _last = counts.get(session.id, (0, 0, None))
    return (await tally_places(session.entity_id, KIND, {session.id: said}))[session.id]


def _order_links(url: str, current: QuestionOrder) -> tuple[tuple[str, Text, bool], ...]:
    return tuple(
        (
            with_query(url, orden=order if order is not QuestionOrder.SUPPORTED else None)
            + "#preguntas",
            label,
            order is current,
        )
        for order, label in QUESTION_ORDERS.items()
    )


def _ordered(
    rows: QuerySet[Thread], order: QuestionOrder, cursor: tuple[int, int] | None
) -> QuerySet[Thread]:
    if order is QuestionOrder.RECENT:
        return (rows.filter(id__lte=cursor[1]) if cursor else rows).order_by("-id")
    if cursor is not None:
        supports, last = cursor
        same = Q(support_count=supports, id__lte=last)
        # The bound on the sorted column lets the index begin there.
        rows = rows.filter(Q(support_count__lt=supports) | same, support_count__lte=supports)
    return rows.order_by("-support_count", "-id")


def _cursor(start: str) -> tuple[int, int] | None:
    supports, _dot, last = start.partition(".")
    fits = all(part.isascii() and part.isdigit() and len(part) < 10 for part in (supports, last))
    return (int(supports), int(last)) if fits else None


async def _views(
    session: AccountabilitySession, threads: Sequence[Thread], now: datetime, zone: ZoneInfo
) -> list[QuestionView]:
    ids = [thread.id for thread in threads]
    inside = Contribution.of(session.entity_id).filter(thread_id__in=ids)
    openings = await inside.filter(is_opening=True).select_related("author")
    first = {row.thread_id: row for row in openings}
    official = official_answers_in(session.entity_id).filter(thread_id__in=ids).order_by("-id")
    offices = {
        int(str(thread)): str(office)
        for thread, office in await official.values_list("thread_id", "office")
    }
    desk = await HearingQuestion.of(session.entity_id).filter(thread_id__in=ids)
    kept = {row.thread_id: row for row in desk}
    return [
        _view(
            thread,
            opening,
            answer_pill(opening.created_at, offices.get(thread.id), kept.get(thread.id), now, zone),
        )
        for thread in threads
        if (opening := first.get(thread.id)) is not None
    ]


def _view(thread: Thread, opening: Contribution, pill: Pill) -> QuestionView:
    readable = opening.state == State.PUBLISHED
    words = plain_text(opening.body_html) if readable else ""
    return QuestionView(
        url=f"/hilos/{thread.id}",
        title=thread.title,
        excerpt=excerpt(words) if words != thread.title else "",
        author_name=opening.office or author_name(opening),
        support_count=thread.support_count,
        created_at=opening.created_at,
        channel=opening.channel,
        people_count=opening.people_count,
        state=opening.state,
        pill=pill if readable else None,
        is_concluded=thread.closed_at is not None,
    )


def answer_pill(
    asked_at: datetime,
    office: str | None,
    desk: HearingQuestion | None,
    now: datetime,
    zone: ZoneInfo,
) -> Pill:
    """Say which office answered a question, who owes the answer until when, or that it waits.

    `desk` is where it stands at its session's desk, if it was there.
    """
    if office is not None:
        return Pill("done", _("Respondida por {office}", office=office))
    if desk is not None and desk.due_on is not None:
        day = Day(desk.due_on, zone)
        if now.astimezone(zone).date() > desk.due_on:
            words = _("{office} debía responder antes del {day}", office=desk.owner_name, day=day)
            return Pill("late", words)
        words = _("{office} responde antes del {day}", office=desk.owner_name, day=day)
        return Pill("follow", words)
    state = QuestionState(desk.state) if desk is not None else QuestionState.RECEIVED
    if state in {QuestionState.SHORTLISTED, QuestionState.LIVE}:
        return Pill("soon", STATE_WORDS[state])
    days = (now - asked_at).days
    return Pill("coming", n_("Sin respuesta, {count} día", "Sin respuesta, {count} días", days))
