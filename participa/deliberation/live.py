"""What those who watch a thread are told, as messages in their language.

The words of every message are rendered once for all readers of a language (docs/decisions/0008).
"""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from participa.db import fetch
from participa.deliberation.events import Fact
from participa.deliberation.heading import heading_of
from participa.deliberation.reading import ThreadPages
from participa.deliberation.setting import Setting, setting_of
from participa.deliberation.shown import ShownRow
from participa.deliberation.standing import PhaseNow, Standing, phase_now, standing_of
from participa.deliberation.voices import heard_in_thread
from participa.features import Features
from participa.i18n import number_text
from participa.realtime import Event, Message, News, Words
from participa.realtime.feed import HEARTBEAT_SECONDS
from participa.web.templating import Reader

# More than this many missed events are not told one by one: the page is read again.
MOST_MISSED = 200
MOST_AT_ONCE = 500
# In a thread where everybody writes at once the count is told now and then.
COUNT_EVERY_SECONDS = 1.0
# However much its own process writes, a feed looks at the table so often: a process that is
# taken back, or what others wrote without a word, shows no later than by the heartbeat.
LOOK_EVERY_SECONDS = 2.0
CONCEALING = frozenset({"hidden", "removed", "moved"})
# What changes what stands above the conversation.
HEADED = frozenset(
    {"concluded", "reworded", "reopened", "pinned", "unpinned", "merged", "unmerged"}
)
# Changes it where what they happen to is pinned.
TOUCHING = frozenset({"edited", "removed", "hidden", "restored", "moved"})
# What was hidden or taken back keeps its place, and is counted as before.
COUNTED = frozenset({"published", "moved", "arrived"})


class _Row(NamedTuple):
    """What a message says of a contribution beside its fragment; of the thread itself, nothing."""

    id: int
    receipt: str
    path: str
    supports: int


_THREAD = _Row(0, "", "", 0)


@dataclass(slots=True)
class _Asked:
    """The events above one number and up to another, and what they happened to."""

    after: int
    upto: int
    events: list[tuple[int, str, int]]
    rows: dict[int, _Row] = field(default_factory=dict)
    # Contributions that need not be read, because they are as they were written just now.
    known: dict[int, ShownRow] = field(default_factory=dict)


_EVENTS = """
    SELECT e.number, e.kind, c.id, c.receipt_number, COALESCE(gone.path, c.path),
        c.support_count
    FROM deliberation_event e LEFT JOIN deliberation_contribution c ON c.id = e.contribution_id
    LEFT JOIN deliberation_departure gone ON gone.contribution_id = c.id
        AND gone.thread_id = e.thread_id AND c.thread_id <> e.thread_id
    WHERE e.thread_id = $1 AND e.number > $2 AND e.number <= $3 ORDER BY e.number LIMIT $4
"""


@dataclass
class ThreadSource:
    """The news of one thread, for its feed and for pages that ask again and again."""

    thread_id: int
    entity: object
    kept: ThreadPages
    features: Features
    clock: Callable[[], datetime]
    phase: PhaseNow | None = None
    # Whether those who watch were let in as everybody is: when that ends, they go.
    was_public: bool = False
    # As the table said, or as the facts said since.
    _stood: Standing | None = None
    _looked_at: float = -math.inf
    _count_due: bool = False
    _counted_at: float = -math.inf

    async def since(
        self, number: int | None, locales: Iterable[str], facts: Sequence[object] = ()
    ) -> News:
        """Read what came after a number; None only asks where the thread stands.

        Where the facts follow the number without a gap, and the table was looked at lately,
        nothing is read.
        """
        now, wanted = self.clock(), tuple(locales)
        if number is not None and (asked := self._handed(number, facts, now)) is not None:
            return await self._told(asked, wanted, now)
        standing = await standing_of(self.thread_id)
        if standing is None or standing.is_hidden or self._closed_to_the_public(standing):
            return News(number or 0, is_gone=True)
        self._stood, self._looked_at = standing, time.monotonic()
        before, self.phase = self.phase, await phase_now(standing, now)
        wait = self.phase.seconds_left(now, HEARTBEAT_SECONDS)
        if number is None:
            return News(standing.number, wait=wait)
        upto = min(standing.number, number + MOST_AT_ONCE)
        asked = await self._asked(number, upto) if upto > number else _Asked(number, upto, [])
        changed = before is not None and before.state != self.phase.state
        phase = [self._phase_words(wanted)] if changed else []
        return await self._news(standing, asked, wanted, wait, phase)

    def _handed(self, number: int, facts: Sequence[object], now: datetime) -> _Asked | None:
        """Give the events that facts tell of; None where the table has to be asked."""
        phase, looked = self.phase, self._looked_at + LOOK_EVERY_SECONDS > time.monotonic()
        if not looked or phase is None or (phase.next_at is not None and phase.next_at <= now):
            return None
        return _asked_of(number, facts)

    async def _told(self, asked: _Asked, locales: Sequence[str], now: datetime) -> News:
        if self._stood is None or self.phase is None:
            raise RuntimeError("asked before the thread was looked at")
        new = sum(1 for _number, kind, _of in asked.events if kind == "published")
        count = self._stood.contribution_count + new
        standing = self._stood._replace(number=asked.upto, contribution_count=count)
        self._stood = standing
        wait = self.phase.seconds_left(now, HEARTBEAT_SECONDS)
        return await self._news(standing, asked, locales, wait, [])

    async def _news(
        self,
        standing: Standing,
        asked: _Asked,
        locales: Sequence[str],
        wait: float,
        after: list[Words],
    ) -> News:
        events = await self._events(standing, asked, locales)
        self._count_due |= any(kind in COUNTED for _number, kind, _of in asked.events)
        left = self._counted_at + COUNT_EVERY_SECONDS - time.monotonic()
        if self._count_due and left <= 0:
            self._count_due, self._counted_at = False, time.monotonic()
            after = [*after, await self._count_words(standing, locales)]
        elif self._count_due:
            wait = min(wait, left)
        kinds = {kind for _number, kind, _of in asked.events}
        after = [*after, *await self._heading_words(kinds, standing, locales)]
        return News(asked.upto, events, after, wait=0.0 if asked.upto < standing.number else wait)

    def _closed_to_the_public(self, standing: Standing) -> bool:
        was, self.was_public = self.was_public, standing.is_published
        return was and not standing.is_published

    async def _events(
        self, standing: Standing, asked: _Asked, locales: Sequence[str]
    ) -> list[Event]:
        if not asked.events:
            return []
        messages = {locale: await self._messages(standing, asked, locale) for locale in locales}
        return [
            Event(
                number,
                contribution_id,
                {locale: said[at] for locale, said in messages.items()},
                conceals=kind in CONCEALING,
            )
            for at, (number, kind, contribution_id) in enumerate(asked.events)
        ]

    async def _asked(self, number: int, upto: int) -> _Asked:
        read = await fetch(_EVENTS, self.thread_id, number, upto, MOST_AT_ONCE)
        events = [(number, kind, of or 0) for number, kind, of, *_row in read]
        rows = {row[2]: _Row(*row[2:]) for row in read if row[2] is not None}
        return _Asked(number, upto, events, {0: _THREAD, **rows})

    async def _messages(self, standing: Standing, asked: _Asked, locale: str) -> list[Message]:
        thread = self.kept.fragments.of(self.thread_id, standing.number)
        if asked.after <= thread.number and asked.upto == standing.number:
            thread.forget(asked.rows, asked.upto)
        else:
            await thread.advance(standing.number)
        changed = {of for _n, kind, of in asked.events if of and kind != "supported"}
        ids = list(changed)
        reader, setting = self._reader(locale), self._setting(standing)
        # Where a page has read further meanwhile, what was known may be hidden by now.
        known = asked.known if thread.number == asked.upto else {}
        found = await self.kept.fragments.fragments(thread, ids, reader, setting, known)
        html = {each.contribution_id: each.html.decode().strip() for each in found}
        return [
            _message(number, kind, asked.rows[of], html, locale)
            for number, kind, of in asked.events
        ]

    def _setting(self, standing: Standing) -> Setting:
        kind = self.features.thread_kind(standing.kind)
        url = kind.url(self.thread_id, standing.place_id)
        is_open = self.phase is not None and self.phase.state == "open"
        return setting_of(url, kind.beside_of, is_open=is_open)

    def _reader(self, locale: str) -> Reader:
        return Reader(self.entity, locale)

    async def _count_words(self, standing: Standing, locales: Sequence[str]) -> Words:
        facts = {
            "contribution_count": standing.contribution_count,
            "heard": await heard_in_thread(standing.entity_id, self.thread_id),
        }
        return {
            locale: {"t": "count", "html": self._rendered("_count", locale, facts)}
            for locale in locales
        }

    async def _heading_words(
        self, kinds: set[str], standing: Standing, locales: Sequence[str]
    ) -> list[Words]:
        if kinds.isdisjoint(HEADED | TOUCHING):
            return []
        heading = await heading_of(standing.entity_id, self.thread_id)
        if kinds.isdisjoint(HEADED) and not heading.follows:
            return []
        words: Words = {
            locale: {"t": "heading", "html": self._rendered("_heading", locale, heading)}
            for locale in locales
        }
        return [words]

    def _phase_words(self, locales: Sequence[str]) -> Words:
        return {locale: self._phase_message(locale) for locale in locales}

    def _phase_message(self, locale: str) -> Message:
        if self.phase is None:
            raise RuntimeError("asked before the thread was looked at")
        html = self._rendered("_phase", locale, self.phase)
        return {"t": "phase", "state": self.phase.state, "html": html}

    def _rendered(self, name: str, locale: str, shown: object) -> str:
        reader = self._reader(locale)
        values = {"heading" if name == "_heading" else "thread": shown}
        return self.kept.templates.fragment(reader, f"deliberation/{name}.html", values).strip()

    async def between(self, number: int, upto: int, locale: str) -> list[Message] | None:
        """Read again what a returning reader missed; None where that is too much."""
        if upto - number > MOST_MISSED:
            return None
        standing = await standing_of(self.thread_id)
        if standing is None:
            return None
        messages = await self._messages(standing, await self._asked(number, upto), locale)
        kinds = {str(message["k"]) for message in messages}
        if not kinds.isdisjoint(COUNTED):
            messages.append((await self._count_words(standing, (locale,)))[locale])
        heading = await self._heading_words(kinds, standing, (locale,))
        return [*messages, *(words[locale] for words in heading)]

    def greeting(self, number: int, state: str, here: int, locale: str) -> list[Message]:
        """Give what a reader is told first: where it stands, and the phase if its page is old."""
        now = self.phase.state if self.phase is not None else ""
        hello: Message = {"t": "hello", "n": number, "state": now, "here": here}
        return [hello] if state in {now, ""} else [hello, self._phase_message(locale)]


def _asked_of(number: int, facts: Sequence[object]) -> _Asked | None:
    """Give the events of facts that follow a number without a gap; None for others."""
    asked = _Asked(number, number, events=[])
    for fact in facts:
        if not isinstance(fact, Fact):
            return None
        if fact.number <= number:
            continue
        if fact.number != asked.upto + 1:
            return None
        asked.upto = fact.number
        asked.events.append((fact.number, fact.kind, fact.contribution_id))
        # What happened to it since it was published is not in its row.
        is_first = fact.contribution_id not in asked.rows
        asked.rows[fact.contribution_id] = _Row(*fact[2:6])
        asked.known.pop(fact.contribution_id, None)
        if is_first and fact.row is not None:
            asked.known[fact.contribution_id] = fact.row
    return asked if facts else None


def _message(number: int, kind: str, row: _Row, html: dict[int, str], locale: str) -> Message:
    what: dict[str, object] = {"t": "event", "n": number, "k": kind, "id": row.receipt}
    if kind == "supported":
        return {**what, "html": count_text(row.supports, locale)}
    return {**what, "p": row.path, "html": html.get(row.id, "")}


def count_text(supports: int, locale: str) -> str:
    """Write what a support button says beside its word."""
    return f" · {number_text(supports, locale)}" if supports else ""
