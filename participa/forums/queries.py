"""Reads of forums: one with a page of its topics, and what lists show of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tortoise.expressions import Q

from participa.accounts.permissions import Target
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.queries import activity_by_place
from participa.deliberation.rules import State
from participa.deliberation.tallies import Tally, tally_places, tally_threads
from participa.deliberation.views import author_name, excerpt
from participa.features import ActivityCard
from participa.forums.models import Forum
from participa.i18n import Text, _, n_
from participa.kit.html import plain_text
from participa.web.navigation import with_query
from participa.web.refusals import NotFound

KIND = "forums.topic"
ACTIVITY = "forums.discuss"
PAGE_SIZE = 20
LONGEST_ID = 9


@dataclass(frozen=True, slots=True)
class TopicView:
    """A topic in a list."""

    url: str
    title: str
    excerpt: str
    author_name: str | Text
    said: Tally
    last_activity_at: datetime
    has_official_answer: bool
    is_concluded: bool = False


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A page of a forum's topics, those last spoken in first."""

    topics: tuple[TopicView, ...]
    topic_count: int
    said: Tally
    next_url: str | None
    first_url: str | None


async def forum_of(entity_id: int, forum_id: int) -> Forum:
    """Find a forum with its process. Refuses with NotFound, also for another entity's."""
    forum = await Forum.of(entity_id).filter(id=forum_id).select_related("process").first()
    if forum is None:
        raise NotFound
    return forum


def forum_target(forum: Forum) -> Target:
    """Give a forum as what is acted upon: public when its process is."""
    return Target(forum.entity_id, forum.process_id, is_public=forum.process.is_published)


async def topic_page(forum: Forum, start: str) -> TopicPage:
    """Read a page of topics in a fixed number of statements; `start` is a cursor "seconds.id"."""
    rows = Thread.of(forum.entity_id).filter(
        kind=KIND, place_id=forum.id, is_hidden=False, merged_at=None
    )
    cursor = _cursor(start)
    if cursor is not None:
        at, last = cursor
        rows = rows.filter(Q(last_activity_at__lt=at) | Q(last_activity_at=at, id__lte=last))
    found = await rows.order_by("-last_activity_at", "-id").limit(PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    counts = await activity_by_place(forum.entity_id, KIND, [forum.id])
    topics, said, _last = counts.get(forum.id, (0, 0, None))
    url = f"/foros/{forum.id}"
    return TopicPage(
        topics=tuple(await _views(forum.entity_id, shown)),
        topic_count=topics,
        said=(await tally_places(forum.entity_id, KIND, {forum.id: said}))[forum.id],
        next_url=with_query(url, desde=_written(found[PAGE_SIZE])) if found[PAGE_SIZE:] else None,
        first_url=url if cursor is not None else None,
    )


def _written(thread: Thread) -> str:
    return f"{thread.last_activity_at.timestamp():.6f}.{thread.id}"


def _cursor(start: str) -> tuple[datetime, int] | None:
    seconds, _dot, last = start.rpartition(".")
    if not (last.isascii() and last.isdigit() and len(last) <= LONGEST_ID):
        return None
    try:
        return datetime.fromtimestamp(float(seconds), tz=UTC), int(last)
    except (ValueError, OverflowError, OSError):
        return None


async def _views(entity_id: int, threads: Sequence[Thread]) -> list[TopicView]:
    ids = [thread.id for thread in threads]
    inside = Contribution.of(entity_id).filter(thread_id__in=ids)
    openings = await inside.filter(is_opening=True).select_related("author")
    first = {row.thread_id: row for row in openings}
    official = inside.exclude(office="").filter(state=State.PUBLISHED)
    answered = {int(str(each)) for each in await official.values_list("thread_id", flat=True)}
    totals = {thread.id: thread.contribution_count for thread in threads}
    said = await tally_threads(entity_id, totals)
    return [
        _view(thread, first.get(thread.id), said[thread.id], has_answer=thread.id in answered)
        for thread in threads
    ]


def _view(
    thread: Thread, opening: Contribution | None, said: Tally, *, has_answer: bool
) -> TopicView:
    readable = opening is not None and opening.state == State.PUBLISHED
    return TopicView(
        url=f"/hilos/{thread.id}",
        title=thread.title,
        excerpt=excerpt(plain_text(opening.body_html)) if opening and readable else "",
        author_name=(opening.office or author_name(opening)) if opening else "",
        said=said,
        last_activity_at=thread.last_activity_at,
        has_official_answer=has_answer,
        is_concluded=thread.closed_at is not None,
    )


async def cards_of(entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
    """Give the forums of several processes as cards, in three statements."""
    rows = Forum.of(entity_id).filter(process_id__in=list(processes))
    forums = await rows.order_by("process_id", "position", "id")
    counts = await activity_by_place(entity_id, KIND, [forum.id for forum in forums])
    totals = {place: said for place, (_topics, said, _last) in counts.items()}
    tallies = await tally_places(entity_id, KIND, totals)
    return [
        _card(forum, counts.get(forum.id, (0,))[0], tallies.get(forum.id, Tally()))
        for forum in forums
    ]


def _card(forum: Forum, topics: int, said: Tally) -> ActivityCard:
    return ActivityCard(
        kind="forum",
        kind_label=_("Foro"),
        process_id=forum.process_id,
        activity=ACTIVITY,
        title=forum.title,
        summary=forum.question,
        url=f"/foros/{forum.id}",
        fact=_(
            "{topics}, {said}",
            topics=n_("{count} tema", "{count} temas", topics),
            said=said.words,
        ),
        action=_("Entrar al foro"),
    )
