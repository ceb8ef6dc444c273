"""The demonstration's round of statements, and what the cast says of them.

`load_round` needs a process with a phase that opens "opinion.vote" on those days.
"""

from datetime import time, timedelta
from hashlib import blake2s

from pydantic import BaseModel, ConfigDict

from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Municipality, content
from participa.opinion.models import Round
from participa.opinion.rules import Choice, State
from participa.opinion.service import create_round, propose, review, vote
from participa.processes.models import Process

_AT = time(18, 40)
# Which part of those who were there when a statement came says something of it.
_VOTERS = 0.55


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RoundPart(_Part):
    """What the round is called and when it opened."""

    title: str
    question: str
    days_ago: int


class StatementPart(_Part):
    """A statement, who proposed it (nobody: the entity), and who agrees or disagrees."""

    text: str
    town: tuple[float, float]
    country: tuple[float, float]
    author: str | None = None
    days_ago: int = 0
    waits: bool = False


class OpinionFile(_Part):
    """The file of the round."""

    round: RoundPart
    statement: tuple[StatementPart, ...]


async def load_round(cast: Cast, process: Process, calendar: Calendar) -> Round:
    """Create the round in a process, let the cast propose and vote.

    Refuses with PhaseClosed where the process does not open the round on those days.
    """
    part = content(OpinionFile, "opinion.toml")
    seeds = [each.text for each in part.statement if each.author is None]
    opened = await create_round(
        entity_id=cast.entity.id,
        process_id=process.id,
        title=part.round.title,
        question=part.round.question,
        seeds=seeds,
        now=calendar.ago(part.round.days_ago, _AT),
    )
    for number, statement in enumerate(part.statement):
        if statement.author is not None:
            await _propose(cast, opened, statement, calendar)
        if not statement.waits:
            days = statement.days_ago if statement.author else part.round.days_ago
            await _vote(cast, opened, number, statement, days, calendar)
    return opened


async def _propose(cast: Cast, opened: Round, statement: StatementPart, calendar: Calendar) -> None:
    at = calendar.ago(statement.days_ago, _AT)
    author = cast.people[str(statement.author)]
    added = await propose(author, opened.id, statement.text, at)
    if not statement.waits:
        moderator = cast.staff["moderator"]
        await review(moderator, opened.id, added.number, State.PUBLISHED, "", at)


async def _vote(
    cast: Cast, opened: Round, number: int, part: StatementPart, days: int, calendar: Calendar
) -> None:
    for position, (key, lives_in_town) in enumerate(_homes(cast).items()):
        if _chance("votes", part.text, key) > _VOTERS:
            continue
        agree, disagree = part.town if lives_in_town else part.country
        drawn = _chance("says", part.text, key)
        choice = Choice.AGREE if drawn < agree else Choice.PASS
        if agree <= drawn < agree + disagree:
            choice = Choice.DISAGREE
        at = calendar.ago(days, _AT) + timedelta(minutes=position)
        await vote(cast.people[key], opened.id, number, choice, at)


def _homes(cast: Cast) -> dict[str, bool]:
    """Say of everybody in the cast whether they live in a barrio."""
    town = content(Municipality, "municipality.toml")
    kinds = {part.key: part.kind for part in town.territory}
    homes = {part.key: kinds[part.territory] == "barrio" for part in town.person}
    return {key: home for key, home in homes.items() if key in cast.people}


def _chance(*of: str) -> float:
    digest = blake2s(" ".join(of).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
