"""Where a question stands at the desk, who may register, what a registration needs. No I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from participa.i18n import Text, _
from participa.kit.calendar import BusinessCalendar

# The usual written term after a hearing, in business days: no law sets one, entities promise it.
ANSWER_TERM_DAYS = 15
# How long before a hearing its report is published (Manual Único de Rendición de Cuentas).
REPORT_DAYS_BEFORE = 30
MAX_DURATION, MAX_SEATS = 600, 5000
MAX_NOTE, MAX_LINK = 200, 300
TOPIC_KIND = "accountability.topic"
REPORT_FILES, DOCUMENT_FILES = "accountability.report", "accountability.document"
RECORDING_FILES = "accountability.recording"
MOST_FILES = 12


class Phase(StrEnum):
    """Whether a hearing is to come, in course or over, as those who hold it said."""

    COMING = "coming"
    LIVE = "live"
    OVER = "over"


def phase_of(started_at: datetime | None, ended_at: datetime | None) -> Phase:
    """Say where a hearing is."""
    if ended_at is not None:
        return Phase.OVER
    return Phase.COMING if started_at is None else Phase.LIVE


class QuestionState(StrEnum):
    """Where a question stands; every question stands in exactly one."""

    RECEIVED = "received"
    SHORTLISTED = "shortlisted"
    LIVE = "live"
    ANSWERED = "answered"
    PENDING = "pending"
    MERGED = "merged"


STATE_WORDS: Mapping[QuestionState, Text] = {
    QuestionState.RECEIVED: _("Recibida"),
    QuestionState.SHORTLISTED: _("En lista"),
    QuestionState.LIVE: _("En pantalla"),
    QuestionState.ANSWERED: _("Respondida"),
    QuestionState.PENDING: _("Respuesta por escrito"),
    QuestionState.MERGED: _("Unida a otra"),
}


class Move(StrEnum):
    """What the desk does with a question; the value is what its button sends."""

    SHORTLIST = "lista"
    UNLIST = "fuera"
    SHOW = "pantalla"
    TAKE_DOWN = "bajar"
    ANSWER = "responder"
    OWE = "pendiente"


_R, _S, _L = QuestionState.RECEIVED, QuestionState.SHORTLISTED, QuestionState.LIVE
_A, _P = QuestionState.ANSWERED, QuestionState.PENDING
_OPEN = (_R, _S, _L, _P)

TRANSITIONS: Mapping[tuple[QuestionState, Move], QuestionState] = {
    (_R, Move.SHORTLIST): _S,
    (_P, Move.SHORTLIST): _S,
    (_S, Move.UNLIST): _R,
    (_R, Move.SHOW): _L,
    (_S, Move.SHOW): _L,
    (_P, Move.SHOW): _L,
    (_L, Move.TAKE_DOWN): _S,
    **{(state, Move.ANSWER): _A for state in _OPEN},
    **{(state, Move.OWE): _P for state in _OPEN},
}
# Once a hearing is over nothing goes on the screen any more: a question is answered or owed.
_AFTERWARDS = frozenset({Move.ANSWER, Move.OWE})


def state_of(stored: str, *, is_merged: bool, is_answered: bool) -> QuestionState:
    """Say where a question stands from what the desk stored and what its conversation shows.

    What was merged and what an office answered is true whatever the desk noted; where an answer
    was taken back, it is owed again.
    """
    if is_merged:
        return QuestionState.MERGED
    if is_answered:
        return QuestionState.ANSWERED
    known = QuestionState(stored) if stored else QuestionState.RECEIVED
    if known in {QuestionState.ANSWERED, QuestionState.MERGED}:
        return QuestionState.PENDING
    return known


def moved(state: QuestionState, move: Move, phase: Phase) -> QuestionState | None:
    """Give the state after a move; None where it cannot be made.

    Only while a hearing is in course does anything go on the screen.
    """
    if phase is Phase.OVER and move not in _AFTERWARDS:
        return None
    if phase is not Phase.LIVE and move is Move.SHOW:
        return None
    return TRANSITIONS.get((state, move))


def moves_from(state: QuestionState, phase: Phase) -> tuple[Move, ...]:
    """List what can be done with a question, in the order of its buttons."""
    return tuple(move for move in Move if moved(state, move, phase) is not None)


def settled(state: QuestionState) -> bool:
    """Whether a question may be left so when its hearing ends."""
    return state in {QuestionState.ANSWERED, QuestionState.PENDING, QuestionState.MERGED}


def due_on(held_on: date, asked_on: date, calendar: BusinessCalendar) -> date:
    """Give the last day for a written answer: from the hearing, or from a later asking."""
    return calendar.due_on(max(held_on, asked_on), ANSWER_TERM_DAYS)


class Mode(StrEnum):
    """How somebody takes part in a hearing."""

    IN_PERSON = "in_person"
    VIRTUAL = "virtual"


MODES: Mapping[Mode, Text] = {
    Mode.IN_PERSON: _("En el lugar"),
    Mode.VIRTUAL: _("Por internet o por teléfono"),
}

NEEDS: Mapping[str, Text] = {
    "sign_language": _("Intérprete de lengua de señas"),
    "wheelchair": _("Acceso en silla de ruedas"),
    "large_print": _("Documentos en letra grande o en braille"),
    "language": _("Intérprete de una lengua indígena o criolla"),
    "children": _("Cuidado de niñas y niños"),
    "transport": _("Transporte desde la vereda"),
}


@dataclass(frozen=True, slots=True)
class Registering:
    """What somebody says when they register."""

    mode: Mode
    needs: tuple[str, ...] = ()
    note: str = ""


def has_room(seats: int | None, taken: int, mode: Mode) -> bool:
    """Whether one more fits: only places in the room are counted, where there is a limit."""
    return mode is not Mode.IN_PERSON or seats is None or taken < seats


def minute_text(second: int) -> str:
    """Write a moment of a recording: 4:05, or 1:04:05 from the first hour on."""
    hours, rest = divmod(max(second, 0), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def read_minute(text: str) -> int | None:
    """Read a moment of a recording such as 12:30 or 1:02:03, in seconds; None for anything else."""
    parts = text.strip().split(":")
    if len(parts) not in {2, 3} or not all(p.isascii() and p.isdigit() for p in parts):
        return None
    if any(len(part) > 3 for part in parts) or any(int(part) >= 60 for part in parts[1:]):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total
