"""What the hall, the screen, the speaker and the desk see of a session, from two statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.accountability.hearing.agenda import POINT_WORDS, Point, point_now, times
from participa.accountability.hearing.models import AgendaPoint
from participa.accountability.hearing.rows import QuestionRow, question_rows
from participa.accountability.hearing.rules import (
    Phase,
    QuestionState,
    minute_text,
    phase_of,
)
from participa.accountability.models import AccountabilitySession
from participa.i18n import Text

# How many of each are shown: a telephone in a hall must not carry a thousand questions.
MOST_OPEN, MOST_ANSWERED, MOST_NEXT = 30, 10, 3


@dataclass(frozen=True, slots=True)
class PointView:
    """A point of the agenda with its hour."""

    id: int
    title: str | Text
    point: str
    starts_at: datetime
    minutes: int
    questions: int
    voices: int
    is_minority: bool
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """A session as it stands. `open` are questions that are neither answered nor on the screen."""

    session_id: int
    title: str
    phase: Phase
    held_at: datetime
    number: int
    live: QuestionRow | None
    next: tuple[QuestionRow, ...]
    open: tuple[QuestionRow, ...]
    answered: tuple[QuestionRow, ...]
    counts: dict[str, int]
    point: PointView | None
    stream_url: str

    @property
    def waiting(self) -> int:
        """How many questions are neither answered nor on the screen."""
        states = (QuestionState.RECEIVED, QuestionState.SHORTLISTED, QuestionState.PENDING)
        return sum(self.counts[state] for state in states)


async def board_of(session: AccountabilitySession, now: datetime) -> Board:
    """Read a session's board in two statements."""
    rows = await question_rows(session.entity_id, session.id)
    return board(session, rows, await agenda_of(session, now))


def board(
    session: AccountabilitySession, rows: Sequence[QuestionRow], points: Sequence[PointView]
) -> Board:
    """Sort a session's questions into what its pages show."""
    listed = [row for row in rows if row.state is QuestionState.SHORTLISTED]
    waiting = [row for row in rows if row.state is QuestionState.RECEIVED]
    owed = [row for row in rows if row.state is QuestionState.PENDING]
    done = [row for row in rows if row.state is QuestionState.ANSWERED]
    done.sort(key=lambda row: row.changed_at or row.asked_at, reverse=True)
    return Board(
        session_id=session.id,
        title=session.title,
        phase=phase_of(session.started_at, session.ended_at),
        held_at=session.held_at,
        number=session.last_number,
        live=next((row for row in rows if row.state is QuestionState.LIVE), None),
        next=tuple(listed[:MOST_NEXT]),
        open=tuple([*listed, *waiting, *owed][:MOST_OPEN]),
        answered=tuple(done[:MOST_ANSWERED]),
        counts={state: sum(row.state is state for row in rows) for state in QuestionState},
        point=next((point for point in points if point.is_now), None),
        stream_url=session.stream_url,
    )


async def agenda_of(session: AccountabilitySession, now: datetime) -> list[PointView]:
    """Read a session's agenda with its hours, from when it began or is to begin."""
    rows = (
        await AgendaPoint.of(session.entity_id).filter(session_id=session.id).order_by("position")
    )
    minutes = [row.minutes for row in rows]
    starts_at = session.started_at or session.held_at
    is_live = phase_of(session.started_at, session.ended_at) is Phase.LIVE
    current = point_now(starts_at, minutes, now) if is_live else None
    return [
        PointView(
            id=row.id,
            title=row.title or POINT_WORDS[Point(row.point)],
            point=row.point,
            starts_at=begins,
            minutes=row.minutes,
            questions=row.questions,
            voices=row.voices,
            is_minority=row.is_minority,
            is_now=at == current,
        )
        for at, (row, begins) in enumerate(zip(rows, times(starts_at, minutes), strict=True))
    ]


def mark_text(row: QuestionRow) -> str:
    """Write the moment of the recording at which a question was answered; empty if unknown."""
    return "" if row.second is None else minute_text(row.second)
