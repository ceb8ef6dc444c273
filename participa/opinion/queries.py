"""Reads of opinion rounds: what is shown next, one's own votes, results, cards.

Each takes a fixed number of statements, however many people took part.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Subquery
from tortoise.functions import Count, Sum
from tortoise.queryset import QuerySet

from participa.accounts.permissions import Actor, Target
from participa.features import ActivityCard, Dataset
from participa.i18n import Number, _, n_
from participa.kit.csvs import Cell
from participa.kit.tally import Tally, tally_single
from participa.opinion.models import (
    NEVER,
    EarlierVote,
    Participant,
    Round,
    RoundGroups,
    Statement,
    Vote,
)
from participa.opinion.routing import (
    IN_A_ROW,
    NEEDED,
    beginning,
    is_equal_turn,
    next_statement,
)
from participa.opinion.rules import (
    ACTIVITY,
    CHOICES,
    Choice,
    Order,
    State,
)
from participa.processes.queries import Schedule, all_schedules
from participa.web.refusals import NotFound

CSV_HEADER = ("frase", "texto", "opinion", "cuenta", "parte", "total", "oculta")


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a reader stands in a round: the next statement, if any is left, and how many were."""

    statement: Statement | None
    voted: int
    total: int


@dataclass(frozen=True, slots=True)
class StatementResult:
    """The counts of a statement: agree, disagree, pass, in this order."""

    number: int
    text: str
    tally: Tally

    @property
    def agreement(self) -> float:
        """The share that agrees, as far as it is published."""
        return self.tally.cells[0].share or 0.0

    @property
    def division(self) -> float:
        """The smaller of the shares that agree and disagree, as far as they are published."""
        agree, disagree, _passed = self.tally.cells
        return min(agree.share or 0.0, disagree.share or 0.0)


async def round_of(entity_id: int, round_id: int) -> Round:
    """Find a round with its process. Refuses with NotFound, also for another entity's."""
    found = await Round.of(entity_id).filter(id=round_id).select_related("process").first()
    if found is None:
        raise NotFound
    return found


def round_target(found: Round) -> Target:
    """Give a round as what is acted upon: public when its process is."""
    return Target(found.entity_id, found.process_id, is_public=found.process.is_published)


def round_url(found: Round) -> str:
    """Give the address of a round."""
    return f"/opiniones/{found.id}"


def is_open(found: Round, schedule: Schedule, now: datetime) -> bool:
    """Whether votes are taken now."""
    return found.closed_at is None and schedule.is_open(ACTIVITY, now)


def ends_at(found: Round, schedule: Schedule) -> datetime | None:
    """Say when nobody can vote any more; None if no day is set."""
    return found.closed_at or schedule.final_closing(ACTIVITY)


def has_results(found: Round, schedule: Schedule, now: datetime) -> bool:
    """Whether results may be read: the round was open and nobody can vote any more."""
    at = ends_at(found, schedule)
    return at is not None and at <= now


def shows_groups(found: Round, schedule: Schedule, now: datetime) -> bool:
    """Whether opinion groups may be read: results may, or the round shows them while it is open."""
    is_live = found.shows_groups_live and is_open(found, schedule, now)
    return is_live or has_results(found, schedule, now)


async def owner_of(statement: Statement) -> int | None:
    """Say who proposed a statement, if a person of this platform did."""
    authors = Participant.of(statement.entity_id).filter(id=statement.author_id or 0)
    author = await authors.first()
    return None if author is None else author.person_id


async def statement_of(found: Round, number: int) -> Statement:
    """Find a statement by its number, whatever its state. Refuses with NotFound."""
    rows = Statement.of(found.entity_id).filter(round_id=found.id, number=number)
    statement = await rows.first()
    if statement is None:
        raise NotFound
    return statement


def _own_votes(actor: Actor, found: Round) -> QuerySet[Vote]:
    """Find what somebody said in a round; nothing of a visitor."""
    return Vote.of(found.entity_id).filter(
        participant__round_id=found.id, participant__person_id=actor.person_id or 0
    )


async def votes_of(actor: Actor, found: Round) -> dict[int, Choice]:
    """Give what somebody said, by statement id."""
    pairs = await _own_votes(actor, found).values_list("statement_id", "choice")
    return {int(str(statement)): Choice(int(str(choice))) for statement, choice in pairs}


async def choices_of(actor: Actor, found: Round) -> dict[int, int]:
    """Give what somebody said, by the number of the statement."""
    pairs = await _own_votes(actor, found).values_list("statement__number", "choice")
    return {int(str(number)): int(str(choice)) for number, choice in pairs}


async def published(found: Round) -> list[Statement]:
    """List the statements that are put to everybody, in their order."""
    rows = Statement.of(found.entity_id).filter(round_id=found.id, state=State.PUBLISHED)
    return await rows.order_by("number")


async def turn_of(actor: Actor, found: Round, wanted: str = "") -> Turn:
    """Choose the statement a reader is shown; `wanted` is the number of a certain one.

    In five statements at most, of which none reads more than a few rows of the round however
    many statements it has: a count reads the index only.
    """
    statements = Statement.of(found.entity_id).filter(round_id=found.id, state=State.PUBLISHED)
    own = Subquery(_own_votes(actor, found).values("statement_id"))
    total, voted = await statements.count(), await statements.filter(id__in=own).count()
    shown = await statements.filter(number=int(wanted)).first() if _is_number(wanted) else None
    if shown is None and voted < total:
        shown = await _next(f"{found.id}:{actor.person_id or ''}", statements, own, voted)
    return Turn(shown, voted, total)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


async def _next(
    reader: str, statements: QuerySet[Statement], own: Subquery, voted: int
) -> Statement | None:
    """Draw the next statement from the least seen, or every few turns from all."""
    unseen = statements.filter(id__not_in=own)
    equally = is_equal_turn(voted)
    if equally:
        last = await statements.order_by("-number").first()
        start = beginning(reader, voted, last.number if last else 0)
        in_a_row = unseen.order_by("number").limit(IN_A_ROW)
        few = await in_a_row.filter(number__gte=start) or await in_a_row
    else:
        few = await unseen.order_by("views", "id").limit(NEEDED)
    chosen = next_statement(reader, ((each.id, each.views) for each in few), equally=equally)
    return next((each for each in few if each.id == chosen), None)


async def own_statements(actor: Actor, found: Round) -> list[Statement]:
    """List what somebody proposed in a round, whatever became of it."""
    if actor.person_id is None:
        return []
    rows = Statement.of(found.entity_id).filter(round_id=found.id)
    return await rows.filter(author__person_id=actor.person_id).order_by("number")


async def to_review(found: Round) -> tuple[list[Statement], list[Statement]]:
    """List the statements that wait, and those already decided, the latest first."""
    rows = await Statement.of(found.entity_id).filter(round_id=found.id).order_by("-number")
    waiting = [row for row in rows if row.state == State.PENDING]
    return waiting[::-1], [row for row in rows if row.state != State.PENDING]


async def waiting_counts(entity_id: int, processes: Collection[int]) -> list[tuple[Round, int]]:
    """Count the statements that wait for a moderator, by round, where there are any."""
    rows = Statement.of(entity_id).filter(
        round__process_id__in=list(processes), state=State.PENDING
    )
    grouped = rows.annotate(n=Count("id")).group_by("round_id")
    counts = {int(str(key)): int(str(n)) for key, n in await grouped.values_list("round_id", "n")}
    rounds = await Round.of(entity_id).filter(id__in=list(counts)).order_by("id")
    return [(each, counts[each.id]) for each in rounds]


async def votes_count(entity_id: int, round_id: int) -> int:
    """Count the votes cast so far, also those that were changed."""
    summed = (
        await Statement.of(entity_id)
        .filter(round_id=round_id)
        .annotate(n=Sum("views"))
        .group_by("round_id")
        .values_list("n")
    )
    earlier = EarlierVote.of(entity_id).filter(statement__round_id=round_id)
    return (int(str(summed[0][0])) if summed else 0) + await earlier.count()


async def people_count(found: Round) -> int:
    """Count who voted."""
    rows = Vote.of(found.entity_id).filter(participant__round_id=found.id)
    grouped = rows.annotate(n=Count("participant_id", distinct=True))
    counted = await grouped.group_by("participant__round_id").values_list("n")
    return int(str(counted[0][0])) if counted else 0


async def results_of(
    found: Round, order: Order, aware: Mapping[int, int] | None = None
) -> list[StatementResult]:
    """Count every statement. The caller has made sure that it may be read.

    Only what is published decides the order, so that it tells nothing of hidden counts. `aware`
    is the group-aware consensus by number of statement.
    """
    results = [result_of(statement) for statement in await published(found)]
    if order is Order.AGREED:
        results.sort(key=lambda result: -result.agreement)
    elif order is Order.DIVIDED:
        results.sort(key=lambda result: -result.division)
    elif order is Order.AWARE and aware:
        results.sort(key=lambda result: (-aware.get(result.number, -1), -result.agreement))
    return results


def result_of(statement: Statement) -> StatementResult:
    """Give a statement's counts, with small ones hidden."""
    counts = (statement.agrees, statement.disagrees, statement.passes)
    labels = [str(label) for label in CHOICES.values()]
    return StatementResult(statement.number, statement.text, tally_single(labels, counts))


def csv_rows(results: Iterable[StatementResult]) -> Iterator[Sequence[Cell]]:
    """Give the totals as rows of CSV_HEADER."""
    for result in results:
        for cell in result.tally.cells:
            share = None if cell.share is None else round(cell.share, 4)
            hidden = "sí" if cell.count is None else "no"
            yield (result.number, result.text, cell.label, cell.count, share,
                   result.tally.answered, hidden)  # fmt: skip


async def datasets_of(entity_id: int) -> list[Dataset]:
    """List what can be downloaded of published rounds: groups, and totals once they are over."""
    schedules = {each.process.id: each for each in await all_schedules(entity_id)}
    groups = RoundGroups.of(entity_id).filter(round__process__is_published=True, found_at__gt=NEVER)
    found = []
    for each in await groups.select_related("round").order_by("-round_id"):
        url, title = round_url(each.round), each.round.title
        found.append(Dataset(_("Grupos de opinión: {title}", title=title), f"{url}/grupos.csv"))
        end = ends_at(each.round, schedules[each.round.process_id])
        if end is not None and end <= each.found_at:
            name = _("Opinión sobre frases: {title}", title=title)
            found.append(Dataset(name, f"{url}/resultados.csv"))
    return found


async def cards_of(entity_id: int, processes: Sequence[int]) -> list[ActivityCard]:
    """Give the rounds of several processes as cards, in two statements."""
    rows = Round.of(entity_id).filter(process_id__in=list(processes))
    rounds = await rows.order_by("process_id", "id")
    statements = Statement.of(entity_id).filter(
        round_id__in=[each.id for each in rounds], state=State.PUBLISHED
    )
    grouped = statements.annotate(n=Count("id")).group_by("round_id")
    counts = {int(str(key)): int(str(n)) for key, n in await grouped.values_list("round_id", "n")}
    return [_card(each, counts.get(each.id, 0)) for each in rounds]


def _card(found: Round, statements: int) -> ActivityCard:
    return ActivityCard(
        kind="survey",
        kind_label=_("Frases"),
        process_id=found.process_id,
        activity=ACTIVITY,
        title=found.title,
        summary=found.question,
        url=round_url(found),
        fact=n_("{n} frase", "{n} frases", statements, n=Number(statements)),
        action=_("Decir si está de acuerdo"),
    )
