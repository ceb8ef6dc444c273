"""Where a commitment stands, where it may go, and when its owner is reminded. No I/O.

The states are those of the Manual Único de Rendición de Cuentas: open, in progress, late, done,
cancelled with a reason. Being late is what the calendar says of a commitment, so it is computed
and never stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from participa.i18n import Text, _
from participa.kit.calendar import BusinessCalendar

FILE_OWNER = "commitments.evidence"
KIND = "commitments.commitment"
# What a commitment may be made on, by the names that higher floors give it (Feature.links), and
# the kind of threads whose place is a session.
SESSION, QUESTION = "accountability.session", "accountability.question"
MAX_TITLE, MAX_INDICATOR, MAX_REASON, MAX_URL, MAX_DESCRIPTION = 200, 300, 2000, 500, 200
MAX_FILES, MAX_LINKS, MAX_SOURCES = 10, 10, 100
MAX_TERM_DAYS = 500
PAGE_SIZE = 30
REMIND_DAYS = 5


class State(StrEnum):
    """What somebody said of a commitment."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where a commitment stands today; the value is what addresses and files call it."""

    LATE = "atrasado"
    OPEN = "pendiente"
    IN_PROGRESS = "en-curso"
    DONE = "cumplido"
    CANCELLED = "cancelado"


STANDINGS: dict[Standing, Text] = {
    Standing.LATE: _("Atrasado"),
    Standing.OPEN: _("Pendiente"),
    Standing.IN_PROGRESS: _("En curso"),
    Standing.DONE: _("Cumplido"),
    Standing.CANCELLED: _("Cancelado"),
}
STANDING_PILLS: dict[Standing, str] = {
    Standing.LATE: "late",
    Standing.OPEN: "coming",
    Standing.IN_PROGRESS: "follow",
    Standing.DONE: "done",
    Standing.CANCELLED: "closed",
}
SETTLED = frozenset({State.DONE, State.CANCELLED})
MOVES: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.IN_PROGRESS, State.DONE, State.CANCELLED}),
    State.IN_PROGRESS: frozenset({State.DONE, State.CANCELLED}),
    State.DONE: frozenset({State.IN_PROGRESS}),
    State.CANCELLED: frozenset({State.IN_PROGRESS}),
}


class Act(StrEnum):
    """What a step of the history tells."""

    MADE = "made"
    PROGRESS = "progress"
    CHANGED = "changed"
    DONE = "done"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    DISPUTED = "disputed"


ACTS: dict[Act, Text] = {
    Act.MADE: _("Se comprometió"),
    Act.PROGRESS: _("Contó cómo va"),
    Act.CHANGED: _("Cambió el compromiso"),
    Act.DONE: _("Lo dio por cumplido"),
    Act.CANCELLED: _("Lo canceló"),
    Act.REOPENED: _("Lo reabrió"),
    Act.DISPUTED: _("Quien lo pidió objetó: quedó reabierto"),
}
# Of these, those who asked are told by mail; how it goes stands on the page.
TOLD = frozenset(Act) - {Act.PROGRESS, Act.DISPUTED}


class Reminder(StrEnum):
    """Of what the owner is reminded."""

    SOON = "soon"
    LATE = "late"


def standing(state: str, due_on: date, today: date) -> Standing:
    """Say where a commitment stands; on its last day there is still time."""
    match State(state):
        case State.DONE:
            return Standing.DONE
        case State.CANCELLED:
            return Standing.CANCELLED
        case _ if today > due_on:
            return Standing.LATE
        case State.IN_PROGRESS:
            return Standing.IN_PROGRESS
        case _:
            return Standing.OPEN


def was_late(due_on: date, done_on: date | None) -> bool:
    """Whether a commitment was fulfilled after its day."""
    return done_on is not None and done_on > due_on


def may_move(since: str, to: str) -> bool:
    """Whether an official may say that a commitment goes from one state to another."""
    return State(to) in MOVES[State(since)]


def needs_reason(since: str, to: str) -> bool:
    """Whether a step has to be explained: a promise taken back, or opened again."""
    return to == State.CANCELLED or State(since) in SETTLED


def act_of(since: str, to: str) -> Act:
    """Name the step from one state to another."""
    if State(since) in SETTLED:
        return Act.REOPENED
    return {State.DONE: Act.DONE, State.CANCELLED: Act.CANCELLED}.get(State(to), Act.PROGRESS)


def after_dispute(state: str) -> State | None:
    """Give where a dispute brings a commitment; None where there is nothing to dispute."""
    return State.IN_PROGRESS if state == State.DONE else None


def due_after(term_days: int, today: date, calendar: BusinessCalendar) -> date:
    """Give the last day of a term in working days that begins today.

    Refuses with ValueError a term below one day or above MAX_TERM_DAYS.
    """
    if not 1 <= term_days <= MAX_TERM_DAYS:
        raise ValueError("a term has from one day to MAX_TERM_DAYS")
    return calendar.due_on(today, term_days)


def reminder_due(state: str, due_on: date, today: date) -> Reminder | None:
    """Say of what the owner is to be reminded today: in its last days, and once it is late."""
    if State(state) in SETTLED:
        return None
    if today > due_on:
        return Reminder.LATE
    return Reminder.SOON if due_on - today <= timedelta(days=REMIND_DAYS) else None


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised: by which office and official, for which day, and on what it was made.

    `origin` is a kind of Feature.links with an id. `sources` are ids of contributions.
    """

    title: str
    office_id: int
    owner_id: int
    due_on: date
    indicator: str = ""
    term_days: int | None = None
    origin: tuple[str, int] | None = None
    session_id: int | None = None
    sources: tuple[int, ...] = ()


def may_judge(state: str, *, has_asked: bool, is_owner: bool, has_judged: bool) -> bool:
    """Whether somebody may confirm or dispute: who asked, once for each time it is called done.

    Nobody judges what they answer for themselves.
    """
    return state == State.DONE and has_asked and not is_owner and not has_judged
