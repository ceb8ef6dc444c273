"""What those who watch a round's opinion groups are told: the groups, ready as HTML."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.accounts.permissions import Target
from participa.deliberation.room import Watched
from participa.entities.models import Entity
from participa.opinion.group_views import groups_of
from participa.opinion.models import Round
from participa.opinion.queries import is_open, round_target, shows_groups
from participa.opinion.service import topic
from participa.processes.queries import schedule_of
from participa.realtime import Event, Message, News, Source
from participa.web.templating import Pages, Reader

PATH = "/en-vivo/opiniones/{id:int}"
_PATH = re.compile(r"/en-vivo/opiniones/([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the groups of a round stand; hidden where they may not be read now.

    `is_live`: people still vote.
    """

    round: Round
    is_hidden: bool
    is_live: bool

    @property
    def number(self) -> int:
        """How often the groups changed."""
        return self.round.groups_number

    @property
    def target(self) -> Target:
        """The round as what is acted upon."""
        return round_target(self.round)


async def standing_of(entity_id: int, round_id: int, now: datetime) -> Standing | None:
    """Read where the groups of a round stand; None where there is none."""
    found = await Round.of(entity_id).filter(id=round_id).select_related("process").first()
    if found is None:
        return None
    schedule = await schedule_of(found.entity_id, found.process_id)
    return Standing(
        found,
        is_hidden=not shows_groups(found, schedule, now),
        is_live=is_open(found, schedule, now),
    )


@dataclass
class GroupsSource:
    """The news of one round's groups: whatever was missed, only the latest is told."""

    round_id: int
    entity: Entity
    pages: Pages
    clock: Callable[[], datetime]
    was_public: bool

    async def since(
        self, number: int | None, locales: Iterable[str], facts: Sequence[object] = ()
    ) -> News:
        """Read the groups if they changed; None only asks where they stand."""
        del facts
        standing = await standing_of(self.entity.id, self.round_id, self.clock())
        if standing is None or standing.is_hidden or self._closed_to_the_public(standing):
            return News(number or 0, is_gone=True)
        if number is None or number >= standing.number:
            return News(standing.number)
        words = {locale: await self._message(standing, locale) for locale in locales}
        return News(standing.number, [Event(standing.number, 0, words)])

    def _closed_to_the_public(self, standing: Standing) -> bool:
        return self.was_public and not standing.target.is_public

    async def _message(self, standing: Standing, locale: str) -> Message:
        values = {"groups": await groups_of(standing.round), "is_live": standing.is_live}
        html = self.pages.fragment(Reader(self.entity, locale), "opinion/_groups.html", values)
        return {"t": "groups", "n": standing.number, "html": html.strip()}

    async def between(self, number: int, upto: int, locale: str) -> list[Message] | None:
        """Give the latest to a returning reader."""
        del number, upto
        standing = await standing_of(self.entity.id, self.round_id, self.clock())
        return None if standing is None else [await self._message(standing, locale)]

    def greeting(self, number: int, state: str, here: int, locale: str) -> list[Message]:
        """Say that the line stands."""
        del state, locale
        return [{"t": "hello", "n": number, "here": here}]


def watched(pages: Pages, clock: Callable[[], datetime]) -> Watched:
    """Offer rounds to the room of live pages."""

    async def standing(entity_id: int, key: int) -> Standing | None:
        return await standing_of(entity_id, key, clock())

    def source(key: int, entity: Entity, was_public: bool) -> Source:
        return GroupsSource(key, entity, pages, clock, was_public)

    return Watched(_PATH, topic, standing, source)
