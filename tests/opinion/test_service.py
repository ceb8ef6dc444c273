"""The acts of opinion: one vote of a person on a statement, changed until the round closes."""

import asyncio

import pytest

from participa.accounts.permissions import Actor
from participa.audit import AuditRecord
from participa.opinion.models import EarlierVote, Participant, Round, Statement, Vote
from participa.opinion.rules import MAX_OWN, Choice, State
from participa.opinion.service import AlreadySaid, create_round, propose, review, vote
from participa.web.refusals import BadInput, Conflict, NotFound, PhaseClosed, SignInNeeded
from tests.opinion.rounds import SEEDS, a_round, counts
from tests.people import CLOSES, NOW, Municipality

NEW = "El mercado necesita techo."


async def _stored(town: Municipality) -> tuple[int, int, int]:
    entity = town.entity.id
    return (
        await Vote.of(entity).all().count(),
        await EarlierVote.of(entity).all().count(),
        await Participant.of(entity).all().count(),
    )


async def test_the_last_word_counts_once(town: Municipality) -> None:
    """A vote is counted, a changed one instead of it, the same again not twice; all is kept."""
    opened = await a_round(town)
    await vote(town.ana, opened.id, 0, Choice.AGREE, NOW)
    await vote(town.beto, opened.id, 0, Choice.PASS, NOW)
    assert await counts(opened, 0) == (1, 0, 1)
    for _ in range(2):
        await vote(town.ana, opened.id, 0, Choice.DISAGREE, NOW)
    assert await counts(opened, 0) == (0, 1, 1)
    assert await _stored(town) == (2, 1, 2)
    earlier = await EarlierVote.of(town.entity.id).get()
    assert Choice(earlier.choice) is Choice.AGREE


async def test_twenty_at_once_are_one_vote(town: Municipality) -> None:
    """Twenty parallel first votes of one person leave one row, one participant, one count."""
    opened = await a_round(town)
    await asyncio.gather(*(vote(town.ana, opened.id, 1, Choice.AGREE, NOW) for _ in range(20)))
    assert await counts(opened, 1) == (1, 0, 0)
    assert await _stored(town) == (1, 0, 1)


async def test_who_may_not_vote(town: Municipality) -> None:
    """Nobody in particular, a neighbour, anybody outside the phase, on what is not there."""
    opened = await a_round(town)
    closed = await a_round(town, town.closed_process.id)
    nobody = Actor(town.entity.id)
    tries: list[tuple[type[Exception], Actor, Round, int]] = [
        (SignInNeeded, nobody, opened, 0),
        (NotFound, town.nora, opened, 0),
        (NotFound, town.ana, opened, 99),
        (PhaseClosed, town.ana, closed, 0),
    ]
    for refusal, actor, found, number in tries:
        with pytest.raises(refusal):
            await vote(actor, found.id, number, Choice.AGREE, NOW)
    with pytest.raises(PhaseClosed):
        await vote(town.ana, opened.id, 0, Choice.AGREE, CLOSES)
    assert await _stored(town) == (0, 0, 0)


async def test_a_round_held_elsewhere_takes_nothing(town: Municipality) -> None:
    """One with its own end is closed, whatever the phases of its process say."""
    opened = await a_round(town)
    await Round.of(town.entity.id).filter(id=opened.id).update(closed_at=NOW)
    with pytest.raises(PhaseClosed):
        await vote(town.ana, opened.id, 0, Choice.AGREE, NOW)
    with pytest.raises(PhaseClosed):
        await propose(town.ana, opened.id, NEW, NOW)


async def test_a_proposed_statement_waits(town: Municipality) -> None:
    """It is numbered on, waits for review, cannot be voted on before, and is there once."""
    opened = await a_round(town)
    first = await propose(town.ana, opened.id, f"  {NEW}\n", NOW)
    again = await propose(town.ana, opened.id, NEW.upper(), NOW)
    assert (first.id, first.number, first.text) == (again.id, len(SEEDS), NEW)
    assert first.state == State.PENDING
    with pytest.raises(NotFound):
        await vote(town.beto, opened.id, first.number, Choice.AGREE, NOW)
    await review(town.carmen, opened.id, first.number, State.PUBLISHED, "", NOW)
    await vote(town.beto, opened.id, first.number, Choice.AGREE, NOW)
    assert await counts(opened, first.number) == (1, 0, 0)


async def test_a_round_without_review_publishes_at_once(town: Municipality) -> None:
    """Where the entity trusts first, a statement is there when it is sent."""
    opened = await a_round(town, reviews_first=False)
    assert (await propose(town.ana, opened.id, NEW, NOW)).state == State.PUBLISHED


async def test_what_may_not_be_proposed(town: Municipality) -> None:
    """Repeated words, no statement, an eleventh one, from nobody or a neighbour, too late."""
    opened = await a_round(town)
    with pytest.raises(AlreadySaid):
        await propose(town.ana, opened.id, SEEDS[0].upper(), NOW)
    with pytest.raises(BadInput):
        await propose(town.ana, opened.id, "No.", NOW)
    with pytest.raises(SignInNeeded):
        await propose(Actor(town.entity.id), opened.id, NEW, NOW)
    with pytest.raises(NotFound):
        await propose(town.nora, opened.id, NEW, NOW)
    with pytest.raises(PhaseClosed):
        await propose(town.ana, opened.id, NEW, CLOSES)
    assert await Statement.of(town.entity.id).all().count() == len(SEEDS)
    for number in range(MAX_OWN):
        await propose(town.ana, opened.id, f"Frase número {number}.", NOW)
    with pytest.raises(Conflict):
        await propose(town.ana, opened.id, NEW, NOW)


async def test_proposals_at_once_have_numbers_of_their_own(town: Municipality) -> None:
    """Parallel proposals of several people are numbered without gaps or collisions."""
    opened = await a_round(town)
    people = (town.ana, town.beto, town.carmen, town.diego)
    added = await asyncio.gather(
        *(propose(actor, opened.id, f"{actor.name} pide un parque.", NOW) for actor in people)
    )
    assert sorted(each.number for each in added) == [3, 4, 5, 6]


async def test_a_decision_is_recorded_once(town: Municipality) -> None:
    """Taking a statement out needs a reason, stands in the log once, and can be undone."""
    opened = await a_round(town)
    with pytest.raises(BadInput):
        await review(town.carmen, opened.id, 0, State.REJECTED, "", NOW)
    with pytest.raises(NotFound):
        await review(town.carmen, opened.id, 99, State.PUBLISHED, "", NOW)
    for _ in range(2):
        await review(town.carmen, opened.id, 0, State.REJECTED, "Nombra a alguien.", NOW)
    acts = await AuditRecord.of(town.entity.id).filter(object_kind="statement")
    assert [(act.action, act.reason) for act in acts] == [("opinion.rejected", "Nombra a alguien.")]
    back = await review(town.carmen, opened.id, 0, State.PUBLISHED, "", NOW)
    assert (back.state, back.reason) == (State.PUBLISHED, "")


async def test_rounds_that_cannot_be(town: Municipality) -> None:
    """No statement, repeated or unfit ones, a taken title or a neighbour's process: nothing."""
    await a_round(town)

    async def tried(*seeds: str, title: str = "Otra", process: int = town.process.id) -> None:
        await create_round(
            entity_id=town.entity.id, process_id=process, title=title, question="",
            seeds=seeds, now=NOW,
        )  # fmt: skip

    for seeds in ((), ("No.",), (NEW, NEW.upper())):
        with pytest.raises(BadInput):
            await tried(*seeds)
    with pytest.raises(Conflict):
        await tried(NEW, title="Qué va primero")
    with pytest.raises(NotFound):
        await tried(NEW, process=town.neighbour_process.id)
    assert await Round.of(town.entity.id).all().count() == 1
