"""Bringing in a conversation from Polis files, giving one out, and the matrix of votes."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from participa.accounts.permissions import Actor
from participa.audit import record
from participa.db import transaction
from participa.i18n import _
from participa.opinion.models import EarlierVote, Participant, Round, Statement, Vote
from participa.opinion.polis import Comment, Conversation, Event, moment_of
from participa.opinion.rules import Choice, State, statement_key
from participa.processes.models import Process
from participa.web.refusals import BadInput, Conflict, NotFound

BATCH = 2000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_STATES = {1: State.PUBLISHED, 0: State.PENDING, -1: State.REJECTED}
_MODERATED = {state: number for number, state in _STATES.items()}
_KEPT = ("topic", "url", "views", "groups", "conversation-description")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import stored; `votes` are the last ones, `changes` those they replaced."""

    round: Round
    participants: int
    statements: int
    votes: int
    changes: int


@dataclass(slots=True)
class VotesMatrix:
    """The present votes as a sparse matrix: three parallel columns of numbers.

    `rows` and `columns` point into `participants` and `statements`, which are ids; `states`
    are those of the statements, `began` the moments of the participants' first votes, in seconds.
    """

    participants: list[int] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    rows: "array[int]" = field(default_factory=lambda: array("l"))
    columns: "array[int]" = field(default_factory=lambda: array("l"))
    choices: "array[int]" = field(default_factory=lambda: array("b"))
    began: "array[float]" = field(default_factory=lambda: array("d"))


async def import_conversation(
    actor: Actor,
    process_id: int,
    found: Conversation,
    now: datetime,
    *,
    title: str = "",
    source: str = "",
) -> Imported:
    """Store a conversation as a round that is over, in one transaction.

    Every vote is kept: the last one by voter and statement as the present one. Refuses with
    BadInput a conversation without votes, with NotFound another entity's process, and with
    Conflict a title that the process has already: repeated, it changes nothing.
    """
    if not found.events:
        raise BadInput(_("Los archivos no tienen votos."))
    title = (title or found.summary.get("topic", "") or "Polis")[:200]
    async with transaction():
        opened = await _round(actor, process_id, found, title, source)
        people = await _participants(opened, found)
        statements = await _statements(opened, found, people)
        votes, changes = await _votes(opened, found, people, statements)
        await record(
            entity_id=opened.entity_id,
            actor_id=actor.person_id,
            actor_name=actor.name,
            action="opinion.import",
            object_kind="round",
            object_id=opened.id,
            object_label=title,
            now=now,
        )
    voters = len({event.voter for event in found.events})
    return Imported(opened, voters, len(statements), votes, changes)


async def _round(
    actor: Actor, process_id: int, found: Conversation, title: str, source: str
) -> Round:
    if not await Process.of(actor.entity_id).filter(id=process_id).exists():
        raise NotFound
    if await Round.of(actor.entity_id).filter(process_id=process_id, title=title).exists():
        raise Conflict(_("Ya hay una ronda con el título «{title}».", title=title))
    return await Round.create(
        entity_id=actor.entity_id,
        process_id=process_id,
        title=title,
        question=found.summary.get("conversation-description", ""),
        closed_at=moment_of(max(event.at for event in found.events)),
        source=source,
        published={name: found.summary[name] for name in _KEPT if name in found.summary},
    )


async def _participants(opened: Round, found: Conversation) -> dict[int, int]:
    numbers = {event.voter for event in found.events} | set(found.groups)
    numbers |= {each.author for each in found.comments if each.author is not None}
    await Participant.bulk_create(
        [
            Participant(
                entity_id=opened.entity_id,
                round=opened,
                number=number,
                opinion_group=found.groups.get(number),
            )
            for number in sorted(numbers)
        ],
        batch_size=BATCH,
    )
    rows = Participant.of(opened.entity_id).filter(round_id=opened.id)
    return {int(str(n)): int(str(key)) for n, key in await rows.values_list("number", "id")}


async def _statements(
    opened: Round, found: Conversation, people: Mapping[int, int]
) -> dict[int, int]:
    counts = Counter((event.comment, event.choice) for event in found.last_votes().values())
    known: set[str] = set()
    await Statement.bulk_create(
        [_statement(opened, each, people, counts, known) for each in found.comments],
        batch_size=BATCH,
    )
    rows = Statement.of(opened.entity_id).filter(round_id=opened.id)
    return {int(str(n)): int(str(key)) for n, key in await rows.values_list("number", "id")}


def _statement(
    opened: Round,
    comment: Comment,
    people: Mapping[int, int],
    counts: Mapping[tuple[int, int], int],
    known: set[str],
) -> Statement:
    key = statement_key(comment.text)
    is_new = bool(key) and key not in known
    known.add(key)
    agrees, disagrees, passes = (
        counts.get((comment.number, choice), 0)
        for choice in (Choice.AGREE, Choice.DISAGREE, Choice.PASS)
    )
    return Statement(
        entity_id=opened.entity_id,
        round=opened,
        number=comment.number,
        author_id=None if comment.author is None else people[comment.author],
        text=comment.text,
        key=key if is_new else None,
        state=_STATES[comment.moderated],
        is_seed=comment.is_seed,
        agrees=agrees,
        disagrees=disagrees,
        passes=passes,
        views=agrees + disagrees + passes,
        created_at=moment_of(comment.at),
    )


async def _votes(
    opened: Round,
    found: Conversation,
    people: Mapping[int, int],
    statements: Mapping[int, int],
) -> tuple[int, int]:
    last = found.last_votes()
    present = {id(event) for event in last.values()}
    earlier = (event for event in found.events if id(event) not in present)
    common = {"entity_id": opened.entity_id}

    def values(event: Event) -> dict[str, object]:
        return {
            **common,
            "statement_id": statements[event.comment],
            "participant_id": people[event.voter],
            "choice": event.choice,
            "at": moment_of(event.at),
        }

    await Vote.bulk_create((Vote(**values(event)) for event in last.values()), batch_size=BATCH)
    await EarlierVote.bulk_create(
        (EarlierVote(**values(event)) for event in earlier), batch_size=BATCH
    )
    return len(last), len(found.events) - len(last)


async def conversation_of(found: Round) -> Conversation:
    """Give a round as a conversation, in five statements.

    Those who took part on this platform are numbered from 0, by nothing that names them. The
    caller has asked permission, and that nobody can vote any more.
    """
    inside = {"statement__round_id": found.id}
    people = await Participant.of(found.entity_id).filter(round_id=found.id).order_by("id")
    numbers = {
        each.id: number if each.number is None else each.number
        for number, each in enumerate(people)
    }
    rows = await Statement.of(found.entity_id).filter(round_id=found.id).order_by("id")
    comments = {row.id: row.number for row in rows}
    columns = ("at", "statement_id", "participant_id", "choice")
    # A vote replaced within the same millisecond stays before the one that replaced it.
    earlier = EarlierVote.of(found.entity_id).filter(**inside).order_by("id")
    present = Vote.of(found.entity_id).filter(**inside).order_by("id")
    votes = [*await earlier.values_list(*columns), *await present.values_list(*columns)]
    return Conversation(
        summary={
            **found.published,
            "topic": found.published.get("topic", found.title),
            "conversation-description": found.question,
        },
        comments=[_comment(row, numbers) for row in rows],
        events=sorted(_events(votes, comments, numbers), key=lambda event: event.at),
        groups={numbers[each.id]: each.opinion_group for each in people},
    )


def _comment(row: Statement, numbers: Mapping[int, int]) -> Comment:
    return Comment(
        number=row.number,
        author=None if row.author_id is None else numbers[row.author_id],
        text=row.text,
        moderated=_MODERATED[State(row.state)],
        at=(row.created_at - _EPOCH) // _MILLISECOND,
        is_seed=row.is_seed,
    )


def _events(
    votes: Iterable[tuple[object, ...]], comments: Mapping[int, int], numbers: Mapping[int, int]
) -> Iterable[Event]:
    for at, statement, participant, choice in votes:
        if isinstance(at, datetime):
            yield Event(
                (at - _EPOCH) // _MILLISECOND,
                comments[int(str(statement))],
                numbers[int(str(participant))],
                int(str(choice)),
            )


async def votes_matrix(entity_id: int, round_id: int) -> VotesMatrix:
    """Read every present vote of a round, a batch at a time: the raw material of its groups."""
    matrix = VotesMatrix()
    rows = await Statement.of(entity_id).filter(round_id=round_id).order_by("number")
    matrix.statements = [row.id for row in rows]
    matrix.states = [row.state for row in rows]
    column = {key: place for place, key in enumerate(matrix.statements)}
    line: dict[int, int] = {}
    votes = Vote.of(entity_id).filter(statement__round_id=round_id).order_by("id")
    after = 0
    while found := await votes.filter(id__gt=after).limit(10 * BATCH):
        for vote in found:
            row = line.setdefault(vote.participant_id, len(line))
            if row == len(matrix.began):
                matrix.began.append(vote.at.timestamp())
            matrix.began[row] = min(matrix.began[row], vote.at.timestamp())
            matrix.rows.append(row)
            matrix.columns.append(column[vote.statement_id])
            matrix.choices.append(vote.choice)
        after = found[-1].id
    matrix.participants = list(line)
    return matrix
