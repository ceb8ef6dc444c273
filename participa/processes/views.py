"""How processes and their dates are shown: pills and phase lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from participa.i18n import Day, Moment, Text, _, n_
from participa.processes.queries import Schedule
from participa.processes.rules import PhaseState, open_phase, phase_state

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in a word and a shape: open, soon, late, done, follow, closed or coming."""

    kind: str
    text: Text


@dataclass(frozen=True, slots=True)
class PhaseView:
    """A phase in the line of phases."""

    title: str
    dates: Text
    state: str


def closing_pill(closes_at: datetime, now: datetime, zone: ZoneInfo) -> Pill:
    """Say how long something stays open; the last three days look urgent."""
    days = (closes_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    when = Moment(closes_at, zone)
    if days == 0:
        return Pill("soon", _("Cierra hoy, {when}", when=when))
    words = n_(
        "Abierto · cierra mañana, {when}",
        "Abierto · cierra en {count} días ({when})",
        days,
        when=Day(closes_at, zone, short=True),
    )
    return Pill("soon" if closes_at - now <= SOON else "open", words)


def activity_pill(schedule: Schedule, activity: str, now: datetime, zone: ZoneInfo) -> Pill:
    """Say whether an activity of a process is open, and until when."""
    phase = open_phase(schedule.phases, activity, now)
    if phase is not None:
        return closing_pill(phase.closes_at, now, zone)
    return _not_open(schedule.opens_at(activity, now), schedule.closed_since(activity, now), zone)


def ended_pill(closed_at: datetime, zone: ZoneInfo) -> Pill:
    """Say since when something is over."""
    return Pill("closed", _("Cerró el {day}", day=Day(closed_at, zone)))


def process_pill(schedule: Schedule, now: datetime, zone: ZoneInfo) -> Pill:
    """Say where a process stands as a whole."""
    closes_at = schedule.closes_at(now)
    if closes_at is not None:
        return closing_pill(closes_at, now, zone)
    opens = min((p.opens_at for p in schedule.phases if p.opens_at > now), default=None)
    return _not_open(opens, schedule.ended_at(now), zone)


def _not_open(opens_at: datetime | None, closed_at: datetime | None, zone: ZoneInfo) -> Pill:
    if opens_at is not None:
        return Pill("coming", _("Abre el {day}", day=Day(opens_at, zone)))
    if closed_at is not None:
        return ended_pill(closed_at, zone)
    return Pill("closed", _("Sin fecha de apertura"))


def phase_views(schedule: Schedule, now: datetime, zone: ZoneInfo) -> Sequence[PhaseView]:
    """List the phases with their dates in words."""
    return [
        PhaseView(
            title=phase.title,
            dates=_(
                "{start} – {end}",
                start=Day(phase.opens_at, zone, short=True),
                end=Day(phase.closes_at - timedelta(seconds=1), zone, short=True),
            ),
            state=_STATES[phase_state(phase, now)],
        )
        for phase in schedule.phases
    ]


_STATES = {
    PhaseState.COMING: "coming",
    PhaseState.OPEN: "open",
    PhaseState.CLOSED: "closed",
}
