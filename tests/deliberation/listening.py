"""Listening to a conversation: what its feed is given for those who watch, without sockets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from participa.accounts.permissions import Actor
from participa.deliberation.events import topic
from participa.deliberation.live import ThreadSource
from participa.realtime import Message, News, current_hub
from tests.deliberation.reading import LANGUAGES, inner_app, kept_in
from tests.deliberation.sheets import Sheet, sheet_of
from tests.people import Municipality
from tests.visitors import Visitor, Web

Messages = dict[str, list[Message]]


def source_of(web: Web, town: Municipality, thread_id: int | None = None) -> ThreadSource:
    """Give what a feed of this process reads."""
    return ThreadSource(
        thread_id or town.topic.thread_id,
        town.entity,
        kept_in(web),
        inner_app(web).state.features,
        web.clock,
    )


def messages_of(news: News) -> Messages:
    """Give what a feed would send, by language and in order."""
    return {
        language: [
            *(event.words[language] for event in news.events),
            *(words[language] for words in news.after),
        ]
        for language in LANGUAGES
    }


@dataclass
class Ear:
    """A feed that remembers each thing it told."""

    source: ThreadSource
    number: int = 0
    told: list[Messages] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    # What the wakes since the last look carried, where somebody listens to them.
    facts: list[object] = field(default_factory=list)

    async def start(self) -> None:
        """Begin where things stand."""
        self.number = (await self.source.since(None, ())).number

    @contextmanager
    def handed(self) -> Iterator[list[object]]:
        """Listen to the wakes, so that looks are handed what they carry."""
        with current_hub().listening(topic(self.source.thread_id), self.facts.append):
            yield self.facts

    async def hear(self) -> Messages:
        """Look once, as after a wake."""
        facts, self.facts[:] = tuple(self.facts), ()
        news = await self.source.since(self.number, LANGUAGES, facts)
        assert not news.is_gone
        self.number = news.number
        self.told.append(messages_of(news))
        self.numbers += [event.number for event in news.events]
        return self.told[-1]

    def since(self, page: Sheet, language: str, heard: int) -> list[Message]:
        """Give what a page served at a number is sent, that joined after so many looks."""
        return [
            message
            for messages in self.told[heard:]
            for message in messages[language]
            if message["t"] != "event" or _number(message) > page.number
        ]


def _number(message: Message) -> int:
    number = message["n"]
    assert isinstance(number, int)
    return number


@dataclass
class Looker:
    """Readers of a conversation's pages, in both languages."""

    web: Web
    path: str
    _visitors: dict[int | None, Visitor] = field(default_factory=dict)

    async def html(self, actor: Actor, language: str, path: str | None = None) -> str:
        """Read the page."""
        visitor = self._visitors.get(actor.person_id)
        if visitor is None:
            visitor = self._visitors[actor.person_id] = await self.web.visit(actor)
        address = path or self.path
        page = await visitor.get(f"{address}{'&' if '?' in address else '?'}idioma={language}")
        assert page.status_code == 200
        return page.text

    async def sheet(self, actor: Actor, language: str, path: str | None = None) -> Sheet:
        """Read the page and take it apart."""
        return sheet_of(await self.html(actor, language, path))
