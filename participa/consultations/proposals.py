"""Reads of a call for proposals: a page of them, cut by cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.consultations.coauthors import coauthors_of
from participa.consultations.courses import course_pill, courses_of
from participa.consultations.listing import (
    Wanted,
    cursor_at,
    found_rows,
    has_start,
    order_links,
    ordered,
)
from participa.consultations.models import Consultation
from participa.consultations.queries import proposals_url
from participa.consultations.rules import PROPOSAL_KIND, Course
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.queries import activity_by_place
from participa.deliberation.rules import State
from participa.deliberation.tallies import Tally, tally_places, tally_threads
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text
from participa.kit.html import plain_text
from participa.processes.views import Pill

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal in a list."""

    url: str
    title: str
    excerpt: str
    author_name: str | Text
    # The names of who made it together with its author.
    coauthors: tuple[str, ...]
    category: str
    # None until the entity moved it on from being received.
    course: Pill | None
    support_count: int
    comment_count: int
    # Its opening and the comments.
    said: Tally
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
    said: Tally
    orders: tuple[tuple[str, Text, bool], ...]
    first_url: str | None
    next_url: str | None


async def proposal_page(call: Consultation, asked: Wanted) -> ProposalPage:
    """Read a page of proposals in a fixed number of statements."""
    rows = found_rows(call, asked)
    found = await ordered(rows, asked).limit(PAGE_SIZE + 1)
    following = found[PAGE_SIZE:]
    url = proposals_url(call.id)
    next_url = asked.url(url, asked.order, cursor_at(asked, following[0])) if following else None
    return ProposalPage(
        items=tuple(await _views(call.entity_id, found[:PAGE_SIZE])),
        proposal_count=await rows.count(),
        said=await _said(call),
        orders=order_links(url, asked),
        first_url=asked.url(url, asked.order) if has_start(asked) else None,
        next_url=next_url,
    )


async def _said(call: Consultation) -> Tally:
    counts = await activity_by_place(call.entity_id, PROPOSAL_KIND, [call.id])
    _proposals, said, _last = counts.get(call.id, (0, 0, None))
    return (await tally_places(call.entity_id, PROPOSAL_KIND, {call.id: said}))[call.id]


async def _views(entity_id: int, threads: Sequence[Thread]) -> list[ProposalView]:
    ids = [thread.id for thread in threads]
    inside = Contribution.of(entity_id).filter(thread_id__in=ids)
    openings = await inside.filter(is_opening=True).select_related("author")
    first = {row.thread_id: row for row in openings}
    official = inside.exclude(office="").filter(is_opening=False, state=State.PUBLISHED)
    answered = {int(str(each)) for each in await official.values_list("thread_id", flat=True)}
    courses = await courses_of(entity_id, ids)
    others = await coauthors_of(entity_id, ids)
    totals = {thread.id: thread.contribution_count for thread in threads}
    said = await tally_threads(entity_id, totals)
    return [
        _view(
            thread,
            first.get(thread.id),
            courses.get(thread.id),
            tuple(each.name for each in others.get(thread.id, ())),
            said[thread.id],
            has_answer=thread.id in answered,
        )
        for thread in threads
    ]


def _view(
    thread: Thread,
    opening: Contribution | None,
    course: Course | None,
    coauthors: tuple[str, ...],
    said: Tally,
    *,
    has_answer: bool,
) -> ProposalView:
    readable = opening is not None and opening.state == State.PUBLISHED
    return ProposalView(
        url=f"/hilos/{thread.id}",
        title=thread.title,
        excerpt=excerpt(plain_text(opening.body_html)) if opening and readable else "",
        author_name=(opening.office or author_name(opening)) if opening else "",
        coauthors=coauthors if readable else (),
        category=thread.category,
        course=course_pill(course) if course else None,
        support_count=thread.support_count,
        comment_count=max(thread.contribution_count - 1, 0),
        said=said,
        created_at=thread.created_at,
        channel=opening.channel if opening else "web",
        people_count=opening.people_count if opening else 1,
        state=opening.state if opening else State.PUBLISHED,
        has_official_answer=has_answer,
        is_concluded=thread.closed_at is not None,
    )
