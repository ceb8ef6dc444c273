"""Reads of petitions: a case, the officials' list, the calendar of a town, the public figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tortoise.expressions import Q
from tortoise.functions import Count

from participa.i18n import Text, _, n_
from participa.kit.calendar import BusinessCalendar, FreeDay
from participa.petitions.codes import code_hash, read_filing_number
from participa.petitions.models import ClosedDay, Petition
from participa.petitions.rules import (
    KINDS,
    SOON_DAYS,
    State,
    Term,
    is_late,
    may_extend,
    public_count,
    rulebook,
    was_late,
)
from participa.processes.views import Pill
from participa.web.navigation import with_query
from participa.web.refusals import NotFound

PAGE_SIZE = 50
LONGEST_ID = 9
# What a list reads of a petition: neither its text nor its answer.
_LINE = (
    "id", "filing_number", "subject", "kind", "state", "received_at", "due_on", "answered_at",
)  # fmt: skip
MONTHS_SHOWN = 12
Paragraphs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A petition as whoever filed it, or an official, reads it."""

    petition_id: int
    filing_number: str
    kind_label: Text
    subject: str
    body: Paragraphs
    office: str
    received_at: datetime
    effective_on: date
    first_due_on: date
    due_on: date
    term: Term
    term_days: int
    pill: Pill
    is_late: bool
    is_answered: bool
    extension_days: int
    extension_reason: str
    extended_at: datetime | None
    most_extension: int
    may_extend: bool
    answer: Paragraphs
    answer_office: str
    answered_at: datetime | None
    is_reserved: bool
    author_name: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A petition in a list: no name, no text."""

    url: str
    filing_number: str
    kind_label: Text
    subject: str
    received_at: datetime
    due_on: date
    pill: Pill


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of petitions with the addresses of the other ones."""

    lines: tuple[CaseLine, ...]
    next_url: str | None
    first_url: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the public figures; None where the number is too small to be shown."""

    month: date
    kind_label: Text
    is_open: int | None
    answered: int | None


async def calendar_of(entity_id: int) -> BusinessCalendar:
    """Give the business days of an entity: the national ones less its own closed days."""
    closed = await ClosedDay.of(entity_id).order_by("on")
    return rulebook().calendar.with_free_days([FreeDay(day.on, day.name) for day in closed])


async def closed_days(entity_id: int, since: date) -> list[ClosedDay]:
    """List the days without service that are to come."""
    return await ClosedDay.of(entity_id).filter(on__gte=since).order_by("on")


async def case_by_code(entity_id: int, filing_number: str, code: str) -> Petition | None:
    """Find a petition by number and code together.

    One statement asks for both, so an unknown number and a wrong code are the same nothing,
    in the same time (T14).
    """
    return await _whole(
        entity_id, filing_number=read_filing_number(filing_number), code_hash=code_hash(code)
    )


async def case_of_author(entity_id: int, person_id: int, filing_number: str) -> Petition:
    """Find somebody's own petition. Refuses with NotFound, also for another person's."""
    number = read_filing_number(filing_number)
    found = await _whole(entity_id, filing_number=number, author_id=person_id)
    if found is None:
        raise NotFound
    return found


async def case_of_id(entity_id: int, petition_id: int) -> Petition:
    """Find a petition for an official. Refuses with NotFound, also for another entity's."""
    found = await _whole(entity_id, id=petition_id)
    if found is None:
        raise NotFound
    return found


async def _whole(entity_id: int, **wanted: str | int) -> Petition | None:
    found = Petition.of(entity_id).filter(**wanted)
    return await found.select_related("office", "author").first()


async def case_view(petition: Petition, now: datetime, zone: ZoneInfo) -> CaseView:
    """Show a petition found with its office and author."""
    calendar = await calendar_of(petition.entity_id)
    today = now.astimezone(zone).date()
    term = rulebook().term_kept(petition.kind, petition.rule_version)
    return CaseView(
        petition_id=petition.id,
        filing_number=petition.filing_number,
        kind_label=KINDS[petition.kind].label,
        subject=petition.subject,
        body=paragraphs(petition.body),
        office=petition.office.name if petition.office else "",
        received_at=petition.received_at,
        effective_on=petition.effective_on,
        first_due_on=petition.first_due_on,
        due_on=petition.due_on,
        term=term,
        term_days=petition.term_days,
        pill=_pill(petition, calendar, today, zone),
        is_late=is_late(petition.state, petition.due_on, today),
        is_answered=petition.state == State.ANSWERED,
        extension_days=petition.extension_days,
        extension_reason=petition.extension_reason,
        extended_at=petition.extended_at,
        most_extension=term.longest_days - petition.term_days,
        may_extend=may_extend(petition.state, petition.extension_days, petition.due_on, today),
        answer=paragraphs(petition.answer),
        answer_office=petition.answer_office,
        answered_at=petition.answered_at,
        is_reserved=petition.is_reserved,
        author_name=petition.author.display_name if petition.author else "",
        contact_email=petition.contact_email,
    )


def paragraphs(text: str) -> Paragraphs:
    """Cut a plain text into paragraphs of lines; templates escape each line."""
    blocks = (block.strip("\n") for block in text.split("\n\n"))
    return tuple(tuple(block.split("\n")) for block in blocks if block.strip())


def _pill(petition: Petition, calendar: BusinessCalendar, today: date, zone: ZoneInfo) -> Pill:
    if petition.answered_at is not None:
        late = was_late(petition.due_on, petition.answered_at.astimezone(zone).date())
        return Pill("done", _("Respondida fuera de término") if late else _("Respondida"))
    left = calendar.days_between(today, petition.due_on)
    if today > petition.due_on:
        # At least one: a Saturday after a Friday is late although no business day has passed.
        return Pill(
            "late",
            n_(
                "Vencida hace {count} día hábil", "Vencida hace {count} días hábiles", max(1, -left)
            ),
        )
    if left == 0:
        return Pill("soon", _("Vence hoy"))
    words = n_("Queda {count} día hábil", "Quedan {count} días hábiles", left)
    return Pill("soon" if left <= SOON_DAYS else "open", words)


async def open_cases(entity_id: int, now: datetime, zone: ZoneInfo, start: str) -> CasePage:
    """List what awaits an answer, the first to be due first; `start` is a cursor "day.id"."""
    return await _page(entity_id, State.OPEN, now, zone, start)


async def answered_cases(entity_id: int, now: datetime, zone: ZoneInfo, start: str) -> CasePage:
    """List what was answered, in the order in which it was due."""
    return await _page(entity_id, State.ANSWERED, now, zone, start)


async def _page(
    entity_id: int, state: State, now: datetime, zone: ZoneInfo, start: str
) -> CasePage:
    rows = Petition.of(entity_id).filter(state=state)
    cursor = _cursor(start)
    if cursor is not None:
        due_on, last = cursor
        rows = rows.filter(Q(due_on__gt=due_on) | Q(due_on=due_on, id__gte=last))
    found = await rows.order_by("due_on", "id").limit(PAGE_SIZE + 1).only(*_LINE)
    url = with_query("/gestion/peticiones", estado=None if state == State.OPEN else "respondidas")
    following = found[PAGE_SIZE:]
    return CasePage(
        lines=tuple(
            await _lines(entity_id, found[:PAGE_SIZE], now, zone, "/gestion/peticiones/{0.id}")
        ),
        next_url=with_query(url, desde=f"{following[0].due_on}.{following[0].id}")
        if following
        else None,
        first_url=url if cursor is not None else None,
    )


def _cursor(start: str) -> tuple[date, int] | None:
    day, _dot, last = start.partition(".")
    try:
        since = date.fromisoformat(day)
    except ValueError:
        return None
    is_id = last.isascii() and last.isdigit() and len(last) <= LONGEST_ID
    return (since, int(last)) if is_id else None


async def cases_by(entity_id: int, person_id: int, now: datetime, zone: ZoneInfo) -> list[CaseLine]:
    """List the petitions somebody filed with their account, the latest first."""
    rows = Petition.of(entity_id).filter(author_id=person_id).order_by("-id")
    own = "/peticiones/{0.filing_number}"
    return await _lines(entity_id, await rows.limit(PAGE_SIZE).only(*_LINE), now, zone, own)


async def _lines(
    entity_id: int, rows: Sequence[Petition], now: datetime, zone: ZoneInfo, url: str
) -> list[CaseLine]:
    calendar = await calendar_of(entity_id)
    today = now.astimezone(zone).date()
    return [
        CaseLine(
            url=url.format(row),
            filing_number=row.filing_number,
            kind_label=KINDS[row.kind].label,
            subject=row.subject,
            received_at=row.received_at,
            due_on=row.due_on,
            pill=_pill(row, calendar, today, zone),
        )
        for row in rows
    ]


async def public_figures(entity_id: int, now: datetime, zone: ZoneInfo) -> list[Figure]:
    """Count the petitions of the months that ended, by kind and state, and nothing else.

    Small counts are left out and no totals are given, from which they could be taken back.
    """
    this_month = f"{now.astimezone(zone):%Y-%m}"
    rows = Petition.of(entity_id).filter(month__lt=this_month).annotate(n=Count("id"))
    counted = await rows.group_by("month", "kind", "state").values_list(
        "month", "kind", "state", "n"
    )
    cells = {(str(m), str(k), str(s)): int(str(n)) for m, k, s, n in counted}
    months = sorted({month for month, _kind, _state in cells}, reverse=True)[:MONTHS_SHOWN]
    found = [
        Figure(
            month=date.fromisoformat(f"{month}-01"),
            kind_label=KINDS[kind].label,
            is_open=public_count(cells.get((month, kind, State.OPEN), 0)),
            answered=public_count(cells.get((month, kind, State.ANSWERED), 0)),
        )
        for month in months
        for kind in KINDS
    ]
    return [f for f in found if f.is_open is not None or f.answered is not None]
