"""What those who watch a session are told: its events by number, and its board ready as HTML.

Whatever else changes what the board shows (a support, a question typed in elsewhere, a hiding)
is found by the heartbeat: the board is made again and told where it is not as it was.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from participa.accountability.hearing.board import Board, board_of
from participa.accountability.hearing.events import topic
from participa.accountability.hearing.models import HearingEvent
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_target
from participa.accounts.permissions import Target
from participa.deliberation.room import Watched
from participa.entities.models import Entity
from participa.realtime import Event, Message, News, Source, Words
from participa.web.templating import Pages, Reader

PATH = "/en-vivo/audiencias/{id:int}"
MOST_MISSED = 200
_PATH = re.compile(r"/en-vivo/audiencias/([0-9]{1,9})")
# What each page holds in place of the part of the same name.
PARTS = {
    "hall": "accountability/hearing/_hall.html",
    "screen": "accountability/hearing/_screen.html",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a session stands."""

    session: AccountabilitySession
    is_hidden: bool = False

    @property
    def number(self) -> int:
        """The number of its latest event."""
        return self.session.last_number

    @property
    def target(self) -> Target:
        """It as what is acted upon."""
        return session_target(self.session)


async def standing_of(entity_id: int, session_id: int) -> Standing | None:
    """Read where a session stands; None where there is none."""
    rows = AccountabilitySession.of(entity_id).filter(id=session_id)
    found = await rows.select_related("process").first()
    return Standing(found) if found is not None else None


@dataclass
class SessionSource:
    """The news of one session, for its feed."""

    session_id: int
    entity: Entity
    pages: Pages
    clock: Callable[[], datetime]
    was_public: bool
    _told: dict[str, Sequence[Message]] = field(default_factory=dict)

    async def since(
        self, number: int | None, locales: Iterable[str], facts: Sequence[object] = ()
    ) -> News:
        """Read what came after a number; None only asks where the session stands."""
        del facts
        standing = await standing_of(self.entity.id, self.session_id)
        if standing is None or (self.was_public and not standing.target.is_public):
            return News(number or 0, is_gone=True)
        if number is None:
            return News(standing.number)
        wanted = tuple(locales)
        events = await self._events(number, standing.number, wanted)
        return News(standing.number, events, await self._changed(standing, wanted))

    async def _events(self, number: int, upto: int, locales: Sequence[str]) -> list[Event]:
        if upto <= number:
            return []
        rows = HearingEvent.of(self.entity.id).filter(
            session_id=self.session_id, number__gt=number, number__lte=upto
        )
        return [
            Event(row.number, row.thread_id or 0, dict.fromkeys(locales, event_message(row)))
            for row in await rows.order_by("number")
        ]

    async def _changed(self, standing: Standing, locales: Sequence[str]) -> list[Words]:
        """Give the parts that are not as they were told last."""
        found = await board_of(standing.session, self.clock())
        parts: dict[str, dict[str, Message]] = {name: {} for name in PARTS}
        for locale in locales:
            told, fresh = self._told.get(locale, ()), self._parts(found, locale)
            self._told[locale] = fresh
            for message in fresh:
                if message not in told:
                    parts[str(message["t"])][locale] = message
        return [words for words in parts.values() if words]

    def _parts(self, found: Board, locale: str) -> list[Message]:
        return parts_of(self.pages, Reader(self.entity, locale), found)

    async def between(self, number: int, upto: int, locale: str) -> list[Message] | None:
        """Give a returning reader what happened and the board as it is now."""
        if upto - number > MOST_MISSED:
            return None
        standing = await standing_of(self.entity.id, self.session_id)
        if standing is None:
            return None
        events = await self._events(number, upto, (locale,))
        found = await board_of(standing.session, self.clock())
        return [*(event.words[locale] for event in events), *self._parts(found, locale)]

    def greeting(self, number: int, state: str, here: int, locale: str) -> list[Message]:
        """Say that the line stands, and how the board was told last."""
        del state
        return [{"t": "hello", "n": number, "here": here}, *self._told.get(locale, ())]


def event_message(row: HearingEvent) -> Message:
    """Say what happened under a number."""
    return {"t": "event", "n": row.number, "k": row.kind, "id": row.thread_id or 0}


def parts_of(pages: Pages, reader: Reader, found: Board) -> list[Message]:
    """Give the board as the parts of its pages, for nobody in particular."""
    return [
        {"t": name, "html": pages.fragment(reader, file, shown(found)).strip()}
        for name, file in PARTS.items()
    ]


def shown(found: Board, mine: frozenset[int] = frozenset()) -> Mapping[str, Any]:
    """Give what the parts name; for nobody in particular there is nothing of `mine`."""
    return {"board": found, "mine": mine}


def watched(pages: Pages, clock: Callable[[], datetime]) -> Watched:
    """Offer sessions to the room of live pages."""

    def source(key: int, entity: Entity, was_public: bool) -> Source:
        return SessionSource(key, entity, pages, clock, was_public)

    return Watched(_PATH, topic, standing_of, source)
