"""Where a thread stands, read by key: its last number, whether it may be seen, its phase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from participa.accounts.permissions import Target
from participa.db import fetch, moment
from participa.processes.queries import PHASES, phases_from
from participa.processes.rules import PhaseLike, is_open, last_closing, next_opening


class Standing(NamedTuple):
    """One row that says whether what is kept of a thread is still true."""

    entity_id: int
    number: int
    is_hidden: bool
    process_id: int
    is_published: bool
    revision: int
    contribution_count: int
    kind: str
    place_id: int
    activity: str
    closed_at: datetime | None

    @property
    def target(self) -> Target:
        """The thread as what is acted upon."""
        is_public = self.is_published and not self.is_hidden
        return Target(self.entity_id, process_id=self.process_id, is_public=is_public)


_STANDING = """
    SELECT t.entity_id, t.last_number, t.is_hidden, t.process_id, p.is_published, p.revision,
        t.contribution_count, t.kind, t.place_id, t.activity,
        t.closed_at
    FROM deliberation_thread t JOIN processes_process p ON p.id = t.process_id
    WHERE t.id = $1
"""


async def standing_of(thread_id: int) -> Standing | None:
    """Read where a thread stands; None where there is none. The caller asks whose it is."""
    rows = await fetch(_STANDING, thread_id)
    if not rows:
        return None
    *rest, closed_at = rows[0]
    return Standing._make((*rest, moment(closed_at) if closed_at is not None else None))


@dataclass(frozen=True, slots=True)
class PhaseNow:
    """Whether a thread may be written in: `state` is open, coming, closed, never or concluded.

    `changes_at` is what the page shows: since when it is closed, or when it opens.
    """

    state: str
    changes_at: datetime | None
    next_at: datetime | None

    def seconds_left(self, now: datetime, longest: float) -> float:
        """Say how long this stays so, no longer than asked."""
        if self.next_at is None:
            return longest
        return min(longest, max((self.next_at - now).total_seconds(), 0.0) + 0.01)


async def phase_now(standing: Standing, now: datetime) -> PhaseNow:
    """Read the phases and say what they allow now."""
    rows = await fetch(PHASES, standing.entity_id, standing.process_id)
    return phase_at(phases_from(rows), standing.activity, now, standing.closed_at)


def phase_at(
    phases: Sequence[PhaseLike], activity: str, now: datetime, closed_at: datetime | None = None
) -> PhaseNow:
    """Say what phases allow at a moment, and when that changes next.

    A thread closed with a conclusion stays closed, whatever they allow.
    """
    edges = [edge for phase in phases for edge in (phase.opens_at, phase.closes_at)]
    next_at = min((edge for edge in edges if edge > now), default=None)
    if closed_at is not None:
        return PhaseNow("concluded", closed_at, next_at)
    if is_open(phases, activity, now):
        return PhaseNow("open", None, next_at)
    opens_at = next_opening(phases, activity, now)
    closed_at = last_closing(phases, activity, now)
    state = "coming" if opens_at else "closed" if closed_at else "never"
    return PhaseNow(state, opens_at or closed_at, next_at)
