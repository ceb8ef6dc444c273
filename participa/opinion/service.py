"""The acts of opinion: opening a round, voting, proposing statements, reviewing them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import after_commit, transaction
from participa.i18n import _
from participa.opinion.models import EarlierVote, Participant, Round, RoundGroups, Statement, Vote
from participa.opinion.queries import round_of
from participa.opinion.rules import (
    ACTIVITY,
    MAX_OWN,
    MAX_SEEDS,
    Choice,
    State,
    statement_key,
    statement_problem,
    tidy,
)
from participa.processes.models import Process
from participa.processes.queries import schedule_of
from participa.realtime import wake
from participa.web.refusals import BadInput, Conflict, NotFound, PhaseClosed, SignInNeeded

Done = TypeVar("Done")
# Somebody's first vote can meet itself twice: over who takes part, and over the vote.
_TRIES = 3
_COUNTERS = {Choice.AGREE: "agrees", Choice.DISAGREE: "disagrees", Choice.PASS: "passes"}


class AlreadySaid(Conflict):
    """The round has a statement with these words; `statement` is that one."""

    title = _("Esa frase ya está en la ronda")

    def __init__(self, statement: Statement) -> None:
        super().__init__(advice=_ALREADY[State(statement.state)])
        self.statement = statement


_ALREADY = {
    State.PENDING: _("Otra persona la propuso y está en revisión."),
    State.PUBLISHED: _("Le llegará para que diga si está de acuerdo."),
    State.REJECTED: _("Ya se propuso y no se publicó. Dígalo de otra manera."),
}


async def create_round(
    *,
    entity_id: int,
    process_id: int,
    title: str,
    question: str,
    seeds: Sequence[str],
    now: datetime,
    reviews_first: bool = True,
    shows_groups_live: bool = False,
) -> Round:
    """Create a round inside a process, with the statements it begins with.

    Refuses with BadInput seeds that are no statements, are repeated, or are too many, with
    NotFound another entity's process, and with Conflict a title that the process has already.
    """
    texts = [tidy(seed) for seed in seeds]
    _check_seeds(texts)
    async with transaction():
        if not await Process.of(entity_id).filter(id=process_id).exists():
            raise NotFound
        if await Round.of(entity_id).filter(process_id=process_id, title=title).exists():
            raise Conflict(_("Ya hay una ronda con el título «{title}».", title=title))
        opened = await Round.create(
            entity_id=entity_id, process_id=process_id, title=title, question=question,
            reviews_first=reviews_first, shows_groups_live=shows_groups_live,
        )  # fmt: skip
        await Statement.bulk_create(
            [_seed(opened, number, text, now) for number, text in enumerate(texts)]
        )
    return opened


def _check_seeds(texts: Sequence[str]) -> None:
    if not 1 <= len(texts) <= MAX_SEEDS:
        raise BadInput(_("Una ronda empieza con 1 a {most} frases.", most=MAX_SEEDS))
    for text in texts:
        problem = statement_problem(text)
        if problem is not None:
            raise BadInput(_("«{text}»: {problem}", text=text, problem=problem))
    if len({statement_key(text) for text in texts}) < len(texts):
        raise BadInput(_("Hay frases repetidas."))


def _seed(opened: Round, number: int, text: str, now: datetime) -> Statement:
    return Statement(
        entity_id=opened.entity_id, round=opened, number=number, text=text,
        key=statement_key(text), state=State.PUBLISHED, is_seed=True, created_at=now,
    )  # fmt: skip


async def vote(actor: Actor, round_id: int, number: int, choice: Choice, now: datetime) -> Vote:
    """Store what a person says of a statement; said again, the last word counts.

    The database lets one vote of a person on a statement in, whatever arrives at once.
    Refuses with SignInNeeded, NotFound, and PhaseClosed once the round is over.
    """
    if actor.person_id is None:
        raise SignInNeeded
    return await _settled(lambda: _vote(actor, round_id, number, choice, now))


async def _settled(act: Callable[[], Awaitable[Done]]) -> Done:
    """Do an act in a transaction, and again when it met the same act done at once."""
    for _attempt in range(_TRIES - 1):
        try:
            async with transaction():
                return await act()
        except IntegrityError:
            continue
    async with transaction():
        return await act()


async def _vote(actor: Actor, round_id: int, number: int, choice: Choice, now: datetime) -> Vote:
    found = await _open_round(actor, round_id, now)
    statements = Statement.of(actor.entity_id).filter(round_id=found.id, number=number)
    statement = await statements.filter(state=State.PUBLISHED).first()
    if statement is None:
        raise NotFound
    participant = await _participant(actor, found)
    votes = Vote.of(actor.entity_id).filter(
        statement_id=statement.id, participant_id=participant.id
    )
    present = await votes.select_for_update().first()
    if present is None:
        present = await Vote.create(
            entity_id=actor.entity_id, statement=statement, participant=participant,
            choice=choice, at=now,
        )  # fmt: skip
        await _count(statement, {choice: 1})
    elif present.choice != choice:
        await _change(present, statement, choice, now)
    return present


async def _change(present: Vote, statement: Statement, choice: Choice, now: datetime) -> None:
    await EarlierVote.create(
        entity_id=present.entity_id, statement=statement,
        participant_id=present.participant_id, choice=present.choice, at=present.at,
    )  # fmt: skip
    await _count(statement, {Choice(present.choice): -1, choice: 1})
    present.choice, present.at = choice, now
    await present.save(update_fields=["choice", "at"])


async def _count(statement: Statement, changes: dict[Choice, int]) -> None:
    values = {_COUNTERS[choice]: F(_COUNTERS[choice]) + by for choice, by in changes.items()}
    values["views"] = F("views") + sum(changes.values())
    await Statement.of(statement.entity_id).filter(id=statement.id).update(**values)


async def _open_round(actor: Actor, round_id: int, now: datetime) -> Round:
    found = await round_of(actor.entity_id, round_id)
    if found.closed_at is not None:
        raise PhaseClosed
    schedule = await schedule_of(actor.entity_id, found.process_id)
    schedule.require_open(ACTIVITY, now)
    return found


async def _participant(actor: Actor, found: Round) -> Participant:
    rows = Participant.of(actor.entity_id).filter(round_id=found.id, person_id=actor.person_id)
    return await rows.first() or await Participant.create(
        entity_id=actor.entity_id, round=found, person_id=actor.person_id
    )


async def propose(actor: Actor, round_id: int, text: str, now: datetime) -> Statement:
    """Add a participant's statement, which a moderator sees first if the round says so.

    Sent twice it is there once. Refuses with AlreadySaid words that somebody else put there,
    with Conflict a person's eleventh, and with SignInNeeded, NotFound, BadInput, PhaseClosed.
    """
    if actor.person_id is None:
        raise SignInNeeded
    text = tidy(text)
    problem = statement_problem(text)
    if problem is not None:
        raise BadInput(problem)
    return await _settled(lambda: _propose(actor, round_id, text, now))


async def _propose(actor: Actor, round_id: int, text: str, now: datetime) -> Statement:
    found = await _open_round(actor, round_id, now)
    # Numbers have no gaps: whoever adds a statement waits for the one before.
    await Round.of(actor.entity_id).filter(id=found.id).select_for_update().first()
    participant = await _participant(actor, found)
    rows = Statement.of(actor.entity_id).filter(round_id=found.id)
    same = await rows.filter(key=statement_key(text)).first()
    if same is not None:
        if same.author_id == participant.id:
            return same
        raise AlreadySaid(same)
    if await rows.filter(author_id=participant.id).count() >= MAX_OWN:
        raise Conflict(_("Ya propuso {most} frases en esta ronda: no caben más.", most=MAX_OWN))
    last = await rows.order_by("-number").first()
    return await Statement.create(
        entity_id=actor.entity_id,
        round=found,
        number=0 if last is None else last.number + 1,
        author=participant,
        text=text,
        key=statement_key(text),
        state=State.PENDING if found.reviews_first else State.PUBLISHED,
        created_at=now,
    )


async def forget_groups(entity_id: int, round_id: int) -> None:
    """Forget the groups of a round, inside a transaction; open pages are told."""
    if await RoundGroups.of(entity_id).filter(round_id=round_id).delete():
        await count_groups(entity_id, round_id)


async def count_groups(entity_id: int, round_id: int) -> None:
    """Note, inside a transaction, that the groups of a round are others now."""
    rows = Round.of(entity_id).filter(id=round_id)
    await rows.update(groups_number=F("groups_number") + 1)
    after_commit(lambda: wake(topic(round_id)))


def topic(round_id: int) -> str:
    """Name what those who watch a round's groups listen to."""
    return f"opinion.round:{round_id}"


async def review(
    actor: Actor, round_id: int, number: int, state: State, reason: str, now: datetime
) -> Statement:
    """Publish a statement, or take it out of the round with a reason its author reads.

    The caller has asked permission. Done twice it is recorded once. Refuses with NotFound, and
    with BadInput a rejection without reason or a return to waiting.
    """
    if state is State.PENDING or (state is State.REJECTED and not reason):
        raise BadInput(_("Diga por qué no se publica: su autor lo leerá."))
    async with transaction():
        rows = Statement.of(actor.entity_id).filter(round_id=round_id, number=number)
        statement = await rows.select_for_update().first()
        if statement is None:
            raise NotFound
        if statement.state == state:
            return statement
        statement.state = state
        statement.reason = reason if state is State.REJECTED else ""
        await statement.save(update_fields=["state", "reason"])
        # Groups that were found with other statements are no longer those of the round.
        await forget_groups(actor.entity_id, round_id)
        await record(
            entity_id=actor.entity_id, actor_id=actor.person_id, actor_name=actor.name,
            action=f"opinion.{state}", object_kind="statement", object_id=statement.id,
            object_label=statement.text, reason=statement.reason, now=now,
        )  # fmt: skip
    return statement
