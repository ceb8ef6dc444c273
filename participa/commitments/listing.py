"""The list of commitments: filtered, those that are late first, some at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from participa.commitments.models import Commitment
from participa.commitments.queries import Agreed, agreed_of, commitment_url, standing_pill
from participa.commitments.rules import (
    PAGE_SIZE,
    SETTLED,
    STANDING_PILLS,
    STANDINGS,
    Standing,
    State,
)
from participa.entities.models import Office
from participa.i18n import Text, _
from participa.processes.models import Process
from participa.processes.views import Pill

LARGEST_ID = 2**31 - 1
_STATES: dict[Standing, State] = {
    Standing.OPEN: State.OPEN,
    Standing.IN_PROGRESS: State.IN_PROGRESS,
    Standing.DONE: State.DONE,
    Standing.CANCELLED: State.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which commitments are asked for; `owner_id` is for the officials' own list."""

    standing: Standing | None = None
    office_id: int | None = None
    process_id: int | None = None
    session_id: int | None = None
    owner_id: int | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A commitment in a list."""

    id: int
    url: str
    title: str
    office: str
    owner_name: str
    process_title: str
    due_on: date
    done_on: date | None
    pill: Pill
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class Standings:
    """How many commitments stand where, in the order of STANDINGS."""

    counts: Mapping[Standing, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def pills(self) -> list[tuple[Standing, Pill, int]]:
        """Those that there are, with how they are shown."""
        return [
            (each, Pill(STANDING_PILLS[each], STANDINGS[each]), self.counts[each])
            for each in STANDINGS
            if self.counts.get(each)
        ]


def wanted(query: Mapping[str, str], *, owner_id: int | None = None) -> Wanted:
    """Read the filters of an address, for one owner if wanted; what is unknown asks for nothing."""
    stands = query.get("estado", "")
    return Wanted(
        standing=Standing(stands) if stands in set(Standing) else None,
        office_id=_number(query.get("dependencia", "")),
        process_id=_number(query.get("proceso", "")),
        session_id=_number(query.get("audiencia", "")),
        owner_id=owner_id,
        after=_number(query.get("desde", "")) or 0,
    )


def _number(typed: str) -> int | None:
    fits = typed.isascii() and typed.isdigit() and len(typed) <= 10 and int(typed) <= LARGEST_ID
    return int(typed) if fits else None


def selected(entity_id: int, asked: Wanted, today: date) -> QuerySet[Commitment]:
    """Select what is asked for, in processes that the public can see."""
    rows = Commitment.of(entity_id).filter(process__is_published=True)
    filters = {
        "office_id": asked.office_id, "process_id": asked.process_id,
        "session_id": asked.session_id, "owner_id": asked.owner_id,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in filters.items() if value is not None})
    if asked.standing is Standing.LATE:
        return rows.filter(is_settled=False, due_on__lt=today)
    if asked.standing is None:
        return rows
    rows = rows.filter(state=_STATES[asked.standing])
    return rows if asked.standing.value in _SETTLED_WORDS else rows.filter(due_on__gte=today)


_SETTLED_WORDS = {word for word, state in _STATES.items() if state in SETTLED}


async def items(
    entity_id: int, asked: Wanted, today: date, size: int = PAGE_SIZE
) -> tuple[list[Item], int | None]:
    """Give a page of commitments and the id after which the next one begins, if there is more.

    Those not settled come first, by their day: so the late ones lead.
    """
    rows = await _after(entity_id, selected(entity_id, asked, today), asked.after)
    related = rows.select_related("office", "owner", "process")
    found = await related.order_by("is_settled", "due_on", "id").limit(size + 1)
    shown = found[:size]
    agreed = await agreed_of(entity_id, shown)
    views = [_item(each, agreed[each.id], today) for each in shown]
    return views, shown[-1].id if len(found) > size else None


async def _after(entity_id: int, rows: QuerySet[Commitment], after: int) -> QuerySet[Commitment]:
    last = await Commitment.of(entity_id).filter(id=after).first() if after else None
    if last is None:
        return rows
    same_day = Q(due_on=last.due_on, id__gt=last.id)
    following = Q(Q(due_on__gt=last.due_on), same_day, join_type="OR")
    here = Q(Q(is_settled=last.is_settled), following)
    return rows.filter(here if last.is_settled else Q(here, Q(is_settled=True), join_type="OR"))


def _item(made: Commitment, agreed: Agreed, today: date) -> Item:
    return Item(
        id=made.id,
        url=commitment_url(made.id),
        title=made.title,
        office=made.office.name,
        owner_name=made.owner.display_name if made.owner is not None else "",
        process_title=made.process.title,
        due_on=made.due_on,
        done_on=made.done_on,
        pill=standing_pill(made, today),
        agreed=agreed,
    )


async def standings(entity_id: int, asked: Wanted, today: date) -> Standings:
    """Count where the commitments asked for stand, whatever state is asked for."""
    rows = selected(entity_id, replace(asked, standing=None), today)
    grouped = rows.annotate(n=Count("id")).group_by("state")
    counts = {str(state): int(str(n)) for state, n in await grouped.values_list("state", "n")}
    late = rows.filter(is_settled=False, due_on__lt=today)
    grouped = late.annotate(n=Count("id")).group_by("state")
    past = {str(state): int(str(n)) for state, n in await grouped.values_list("state", "n")}
    found = {each: counts.get(state, 0) - past.get(state, 0) for each, state in _STATES.items()}
    return Standings({**found, Standing.LATE: sum(past.values())})


Options = list[tuple[str, str | Text]]


async def filter_options(entity_id: int) -> tuple[Options, Options]:
    """List the offices and the processes that have commitments, in two statements."""
    rows = Commitment.of(entity_id).filter(process__is_published=True)
    offices = await rows.distinct().values_list("office_id", flat=True)
    processes = await rows.distinct().values_list("process_id", flat=True)
    by_office = Office.of(entity_id).filter(id__in=_ids(offices)).order_by("name")
    by_process = Process.of(entity_id).filter(id__in=_ids(processes)).order_by("-id")
    return (
        [("", _("Todas")), *((str(each.id), each.name) for each in await by_office)],
        [("", _("Todos")), *((str(each.id), each.title) for each in await by_process)],
    )


def _ids(found: Sequence[object]) -> list[int]:
    return [int(str(each)) for each in found]
