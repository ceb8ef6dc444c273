"""What became of each session of accountability, side by side over the years."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tortoise.functions import Count, Min

from participa.accountability.hearing.models import Registration
from participa.accountability.hearing.rules import due_on
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import official_answers_in, session_url
from participa.accountability.rules import KIND, SessionState, session_state
from participa.commitments.models import Commitment
from participa.commitments.rules import Standing, standing
from participa.db import moment
from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.kit.calendar import BusinessCalendar
from participa.portal.evaluating import satisfaction_of
from participa.portal.satisfaction import Satisfaction


@dataclass(frozen=True, slots=True)
class Answered:
    """The questions of a session: how many, answered by its end, and within the term.

    `owed` are those without an answer whose term has not run out; the rest had none in time.
    """

    count: int = 0
    there: int = 0
    in_term: int = 0
    owed: int = 0

    @property
    def share_in_term(self) -> float | None:
        """The part answered in time of those whose time is over or that were answered in it."""
        due = self.count - self.owed
        return self.in_term / due if due else None


@dataclass(frozen=True, slots=True)
class Promised:
    """The commitments of a session: how many, done, and late."""

    count: int = 0
    done: int = 0
    late: int = 0

    @property
    def share_done(self) -> float | None:
        """The part that was done."""
        return self.done / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class SessionFigures:
    """A session with what became of it."""

    url: str
    title: str
    held_at: datetime
    attended: int
    questions: Answered
    promised: Promised
    satisfaction: Satisfaction | None


async def session_figures(
    entity_id: int, calendar: BusinessCalendar, now: datetime, zone: ZoneInfo
) -> list[SessionFigures]:
    """Give the figures of sessions held in public processes, oldest first, in ten statements."""
    rows = AccountabilitySession.of(entity_id).filter(process__is_published=True)
    sessions = [
        each
        for each in await rows.order_by("held_at", "id")
        if session_state(each.held_at, now, zone) is SessionState.HELD
    ]
    ids = [each.id for each in sessions]
    asked = await _asked(entity_id, ids)
    came = await _came(entity_id, ids)
    promised = await _promised(entity_id, ids, now.astimezone(zone).date())
    satisfied = await satisfaction_of(entity_id, sessions, now)
    clock = Clock(calendar, zone, now)
    return [
        SessionFigures(
            url=session_url(each.id),
            title=each.title,
            held_at=each.held_at,
            attended=came.get(each.id, 0),
            questions=answered(each.held_at, _ended_at(each), asked.get(each.id, ()), clock),
            promised=promised.get(each.id, Promised()),
            satisfaction=satisfied.get(each.id),
        )
        for each in sessions
    ]


def _ended_at(session: AccountabilitySession) -> datetime:
    return session.ended_at or session.held_at + timedelta(minutes=session.minutes)


@dataclass(frozen=True, slots=True)
class Clock:
    """By what days are counted, and the moment they are read at."""

    calendar: BusinessCalendar
    zone: ZoneInfo
    now: datetime

    def day(self, moment: datetime) -> date:
        """Give the day of a moment by the entity's clock."""
        return moment.astimezone(self.zone).date()


Question = tuple[datetime, datetime | None]
"""When something was asked, and first answered."""


def answered(
    held_at: datetime, ended_at: datetime, questions: Sequence[Question], clock: Clock
) -> Answered:
    """Count the questions of a session by when they were answered. Pure."""
    there = in_term = owed = 0
    for asked_at, answered_at in questions:
        last = due_on(clock.day(held_at), clock.day(asked_at), clock.calendar)
        there += answered_at is not None and answered_at <= ended_at
        in_term += answered_at is not None and clock.day(answered_at) <= last
        owed += answered_at is None and clock.day(clock.now) <= last
    return Answered(len(questions), there, in_term, owed)


async def _asked(entity_id: int, sessions: Collection[int]) -> Mapping[int, list[Question]]:
    openings = Contribution.of(entity_id).filter(
        is_opening=True, state=State.PUBLISHED, thread__kind=KIND,
        thread__place_id__in=list(sessions), thread__is_hidden=False, thread__merged_at=None,
    )  # fmt: skip
    found = await openings.values_list("thread_id", "thread__place_id", "created_at")
    said = official_answers_in(entity_id).filter(
        thread__kind=KIND, thread__place_id__in=list(sessions)
    )
    first = said.annotate(at=Min("created_at")).group_by("thread_id")
    answers = {int(str(thread)): at for thread, at in await first.values_list("thread_id", "at")}
    asked: dict[int, list[Question]] = defaultdict(list)
    for thread, session, at in found:
        first_at = answers.get(int(str(thread)))
        answer = None if first_at is None else moment(first_at)
        asked[int(str(session))].append((moment(at), answer))
    return asked


async def _came(entity_id: int, sessions: Collection[int]) -> Mapping[int, int]:
    rows = Registration.of(entity_id).filter(session_id__in=list(sessions))
    came = rows.filter(attended_at__isnull=False).annotate(n=Count("id")).group_by("session_id")
    found = await came.values_list("session_id", "n")
    return {int(str(session)): int(str(n)) for session, n in found}


async def _promised(
    entity_id: int, sessions: Collection[int], today: date
) -> Mapping[int, Promised]:
    rows = Commitment.of(entity_id).filter(
        session_id__in=list(sessions), process__is_published=True
    )
    stands: dict[int, list[Standing]] = defaultdict(list)
    for each in await rows.only("id", "session_id", "state", "due_on"):
        stands[each.session_id or 0].append(standing(each.state, each.due_on, today))
    return {
        session: Promised(
            count=sum(each is not Standing.CANCELLED for each in found),
            done=found.count(Standing.DONE),
            late=found.count(Standing.LATE),
        )
        for session, found in stands.items()
    }
