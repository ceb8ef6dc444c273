"""The content as lines to be spoken: who says what where, at which moment, after which line."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from participa.accounts.permissions import Actor
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.voices import mesa_voice
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Comment, Post, Proposal, Topic, Words

# What answers call the opening of their thread.
OPENING = "opening"

Opening = Callable[[Actor, Said, datetime], Awaitable[Contribution]]


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution to be.

    `key` names it in the whole script and `thread` its thread; the first line of a thread that
    does not exist yet has what `opens` it.
    """

    key: str
    thread: str
    at: datetime
    actor: Actor
    said: Said
    words: Words
    reply_to: str | None = None
    opens: Opening | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Where lines are spoken: the people, the days, and until when they are supported."""

    cast: Cast
    calendar: Calendar
    until: datetime

    def topic(self, forum: str, topic: Topic, opens: Opening) -> Iterator[Line]:
        """Give a topic's opening and its answers."""
        thread = f"{forum}/{topic.key}"
        at = self.calendar.ago(topic.days_ago, topic.at)
        yield self._line(f"{thread}/{OPENING}", thread, at, topic, opens=opens)
        yield from self._posts(thread, at, topic.post)

    def proposal(self, proposal: Proposal, opens: Opening) -> Iterator[Line]:
        """Give a proposal and what was said of it."""
        thread = proposal_thread(proposal)
        at = self.calendar.ago(proposal.days_ago, proposal.at)
        yield self._line(f"{thread}/{OPENING}", thread, at, proposal, proposal.category, opens)
        yield from self._posts(thread, at, proposal.comment)

    def comments(self, document: str, comments: Iterable[Comment]) -> Iterator[Line]:
        """Give what was said on the sections of a document."""
        for comment in comments:
            at = self.calendar.ago(comment.days_ago, comment.at)
            thread = section_thread(document, comment.section)
            reply_to = f"{document}/{comment.reply_to}" if comment.reply_to else None
            yield self._line(f"{document}/{comment.key}", thread, at, comment, reply_to=reply_to)

    def _posts(self, thread: str, opened: datetime, posts: Iterable[Post]) -> Iterator[Line]:
        for post in posts:
            at = opened + timedelta(minutes=post.after)
            reply_to = f"{thread}/{post.reply_to}" if post.reply_to else None
            yield self._line(f"{thread}/{post.key}", thread, at, post, reply_to=reply_to)

    def _line(
        self,
        key: str,
        thread: str,
        at: datetime,
        words: Words,
        category: str = "",
        opens: Opening | None = None,
        reply_to: str | None = None,
    ) -> Line:
        actor = self.cast.speaker(words.author, words.office)
        place = self.cast.places[words.place] if words.place else ""
        said = Said(
            body=words.body.strip(),
            stance=words.stance,
            channel=words.channel,
            people_count=words.people_count,
            voice=self._voice(words, place, at),
            place=place,
            category=category,
            office=actor.office if words.office else "",
        )
        return Line(key, thread, at, actor, said, words, reply_to, opens)

    def _voice(self, words: Words, place: str, at: datetime) -> str:
        if words.channel != "workshop":
            return ""
        return mesa_voice(place, self.calendar.day_of(at), words.people_count)


def proposal_thread(proposal: Proposal) -> str:
    """Name the thread of a proposal."""
    return f"proposal/{proposal.key}"


def section_thread(document: str, number: str) -> str:
    """Name the thread of a section."""
    return f"{document}#{number}"
