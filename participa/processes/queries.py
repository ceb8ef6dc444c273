"""Reads about processes: one by slug, and what is open now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from participa.accounts.permissions import Target
from participa.db import Rows, moment, unpacked
from participa.processes.models import Phase, Process
from participa.processes.rules import (
    PhaseState,
    final_closing,
    is_open,
    last_closing,
    next_opening,
    phase_state,
)
from participa.web.refusals import NotFound, PhaseClosed

PHASES = """
    SELECT opens, opens_at, closes_at FROM processes_phase
    WHERE entity_id = $1 AND process_id = $2
"""


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """The part of a phase that decides what is open, as `PHASES` reads it."""

    opens: tuple[str, ...]
    opens_at: datetime
    closes_at: datetime


def phases_from(rows: Rows) -> tuple[PhaseSpan, ...]:
    """Give the phases that `PHASES` read."""
    return tuple(_phase(*row) for row in rows)


@lru_cache(maxsize=1000)
def _phase(opens: Any, begins: Any, ends: Any) -> PhaseSpan:
    """Unpack a phase once for all who read the same row."""
    return PhaseSpan(tuple(unpacked(opens)), moment(begins), moment(ends))


@dataclass(frozen=True, slots=True)
class Schedule:
    """A process with its phases: everything that decides what may be done when."""

    process: Process
    phases: Sequence[Phase] = field(default_factory=tuple)

    @property
    def target(self) -> Target:
        """The process as what is acted upon."""
        return process_target(self.process)

    def is_open(self, activity: str, now: datetime) -> bool:
        """Whether an activity may be done now."""
        return is_open(self.phases, activity, now)

    def require_open(self, activity: str, now: datetime) -> None:
        """Refuse with PhaseClosed outside the phases that open an activity."""
        if not self.is_open(activity, now):
            raise PhaseClosed

    def closed_since(self, activity: str, now: datetime) -> datetime | None:
        """Say since when an activity is closed; None while open or if it never opened."""
        return None if self.is_open(activity, now) else last_closing(self.phases, activity, now)

    def opens_at(self, activity: str, now: datetime) -> datetime | None:
        """Say when an activity opens next."""
        return next_opening(self.phases, activity, now)

    def final_closing(self, activity: str) -> datetime | None:
        """Say when an activity closes for good; None where no phase opens it."""
        return final_closing(self.phases, activity)

    def closes_at(self, now: datetime) -> datetime | None:
        """Say when the last open phase ends; None when nothing is open."""
        ends = [p.closes_at for p in self.phases if phase_state(p, now) is PhaseState.OPEN]
        return max(ends, default=None)

    def ended_at(self, now: datetime) -> datetime | None:
        """Say when everything was over; None while something is open or to come."""
        if not self.phases or any(p.closes_at > now for p in self.phases):
            return None
        return max(p.closes_at for p in self.phases)


def process_target(process: Process) -> Target:
    """Give a process as what is acted upon."""
    return Target(process.entity_id, process_id=process.id, is_public=process.is_published)


async def schedule_of(entity_id: int, process_id: int) -> Schedule:
    """Load a process and its phases by id. Refuses with NotFound."""
    process = await Process.of(entity_id).filter(id=process_id).first()
    return await _with_phases(process)


async def schedule_by_slug(entity_id: int, slug: str) -> Schedule:
    """Load a process and its phases by its name in addresses. Refuses with NotFound."""
    process = await Process.of(entity_id).filter(slug=slug).first()
    return await _with_phases(process)


async def _with_phases(process: Process | None) -> Schedule:
    if process is None:
        raise NotFound
    phases = await Phase.of(process.entity_id).filter(process_id=process.id).order_by("position")
    return Schedule(process, phases)


async def all_schedules(entity_id: int) -> list[Schedule]:
    """Load every process of an entity with its phases, in two statements."""
    processes = await Process.of(entity_id).select_related("territory").order_by("-id")
    phases: dict[int, list[Phase]] = {process.id: [] for process in processes}
    for phase in await Phase.of(entity_id).order_by("position"):
        phases[phase.process_id].append(phase)
    return [Schedule(process, phases[process.id]) for process in processes]
