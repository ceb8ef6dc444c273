"""A round of statements that was held on paper, brought in whole, with its opinion groups."""

from collections.abc import Iterator
from datetime import datetime, time
from hashlib import blake2s

from pydantic import BaseModel, ConfigDict

from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.opinion.grouping import find_groups
from participa.opinion.importing import import_conversation
from participa.opinion.models import Round
from participa.opinion.polis import Comment, Conversation, Event
from participa.opinion.rules import Choice
from participa.processes.models import Process

_BEGAN, _ENDED = time(6, 30), time(13, 0)
# Which part of the voters was asked about a statement.
_ASKED = 0.8


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MarketPart(_Part):
    """What the round is called, when it was held, and how many of each kind voted.

    So many more, `alike`, voted exactly like the first one.
    """

    title: str
    question: str
    source: str
    began_days_ago: int
    ended_days_ago: int
    people: tuple[int, ...]
    alike: int


class AskedPart(_Part):
    """A statement with the part of each kind of people that agrees and that disagrees."""

    text: str
    agree: tuple[float, ...]
    disagree: tuple[float, ...]


class MarketFile(_Part):
    """The file of the round."""

    round: MarketPart
    statement: tuple[AskedPart, ...]


async def load_market_round(cast: Cast, process: Process, calendar: Calendar) -> Round:
    """Bring the round into a process, as typed in, and find its groups."""
    part = content(MarketFile, "market_round.toml")
    began = calendar.ago(part.round.began_days_ago, _BEGAN)
    ended = calendar.ago(part.round.ended_days_ago, _ENDED)
    official = cast.staff["official"]
    imported = await import_conversation(
        official,
        process.id,
        _conversation(part, began, ended),
        ended,
        title=part.round.title,
        source=part.round.source,
    )
    await find_groups(cast.entity.id, imported.round.id, ended)
    return imported.round


def _conversation(part: MarketFile, began: datetime, ended: datetime) -> Conversation:
    at = _milliseconds(began)
    comments = [
        Comment(number, None, each.text, 1, at, is_seed=True)
        for number, each in enumerate(part.statement)
    ]
    events = [
        Event(_milliseconds(began + (ended - began) * _chance("at", str(voter))) + number,
              number, voter, choice)
        for voter, number, choice in (*_votes(part), *_copies(part))
    ]  # fmt: skip
    return Conversation({"conversation-description": part.round.question}, comments, events)


def _votes(part: MarketFile) -> Iterator[tuple[int, int, Choice]]:
    kinds = [kind for kind, many in enumerate(part.round.people) for _one in range(many)]
    for voter, kind in enumerate(kinds):
        for number, asked in enumerate(part.statement):
            if _chance("asked", str(voter), asked.text) > _ASKED:
                continue
            drawn = _chance("says", str(voter), asked.text)
            agree = asked.agree[kind]
            choice = Choice.AGREE if drawn < agree else Choice.PASS
            if agree <= drawn < agree + asked.disagree[kind]:
                choice = Choice.DISAGREE
            yield voter, number, choice


def _copies(part: MarketFile) -> Iterator[tuple[int, int, Choice]]:
    first = [(number, choice) for voter, number, choice in _votes(part) if voter == 0]
    voters = sum(part.round.people)
    for copy in range(part.round.alike):
        for number, choice in first:
            yield voters + copy, number, choice


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _chance(*of: str) -> float:
    digest = blake2s(" ".join(of).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
