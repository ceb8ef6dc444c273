"""When a process is open, computed from dates at each act; never a stored flag.

Plain values in, decisions out.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from participa.i18n import Text, _


class PhaseLike(Protocol):
    """The part of a phase its rules look at."""

    @property
    def opens(self) -> Collection[str]:
        """The activities it opens."""
        ...

    @property
    def opens_at(self) -> datetime:
        """When it begins."""
        ...

    @property
    def closes_at(self) -> datetime:
        """The instant from which it is over."""
        ...


PhaseT = TypeVar("PhaseT", bound=PhaseLike)


class PhaseState(StrEnum):
    """Where a phase stands in time."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


PROMISES: dict[str, Text] = {
    "informs": _("La entidad informa lo que hizo con los aportes."),
    "answered": _("La entidad responde a los aportes, tema por tema."),
    "decides": _("Lo que aquí se decida obliga a la entidad."),
}

PROMISE_NAMES: dict[str, Text] = {
    "informs": _("Se informa"),
    "answered": _("Se responde"),
    "decides": _("Se decide"),
}

# Resolución MinTIC 1519 of 2020, annex 2: the six parts of the Menú Participa, after the
# general one.
PARTICIPA_ITEMS: dict[str, Text] = {
    "6.1": _("Información general de participación"),
    "6.2.1": _("Diagnóstico e identificación de problemas"),
    "6.2.2": _("Planeación y presupuesto participativo"),
    "6.2.3": _("Consulta ciudadana"),
    "6.2.4": _("Colaboración e innovación abierta"),
    "6.2.5": _("Rendición de cuentas"),
    "6.2.6": _("Control social"),
}

ACTIVITIES: dict[str, Text] = {
    "forums.discuss": _("Conversar en los foros"),
    "consultations.comment": _("Comentar el texto"),
    "consultations.propose": _("Proponer"),
    "surveys.answer": _("Responder la encuesta"),
    "opinion.vote": _("Opinar sobre frases"),
    "accountability.ask": _("Preguntar en la rendición de cuentas"),
}


def kind_of_activity(activity: str) -> str:
    """Give the kind of an activity: "surveys.answer" of "surveys.answer:7".

    What a phase opens for one thing alone has a name of its own behind a colon, so that nothing
    else of the process opens again with it.
    """
    return activity.partition(":")[0]


def phase_state(phase: PhaseLike, now: datetime) -> PhaseState:
    """Say whether a phase is to come, open or closed; the closing instant is already closed."""
    if now < phase.opens_at:
        return PhaseState.COMING
    return PhaseState.OPEN if now < phase.closes_at else PhaseState.CLOSED


def open_phase(phases: Sequence[PhaseT], activity: str, now: datetime) -> PhaseT | None:
    """Give the phase that opens an activity now; of several, the one that closes last."""
    fitting = [
        phase
        for phase in phases
        if activity in phase.opens and phase_state(phase, now) is PhaseState.OPEN
    ]
    return max(fitting, key=lambda phase: phase.closes_at, default=None)


def is_open(phases: Sequence[PhaseLike], activity: str, now: datetime) -> bool:
    """Whether an activity may be done now."""
    return open_phase(phases, activity, now) is not None


def next_opening(phases: Sequence[PhaseLike], activity: str, now: datetime) -> datetime | None:
    """Say when an activity opens next, if a date is set."""
    coming = [p.opens_at for p in phases if activity in p.opens and p.opens_at > now]
    return min(coming, default=None)


def last_closing(phases: Sequence[PhaseLike], activity: str, now: datetime) -> datetime | None:
    """Say since when an activity is closed, if it ever was open."""
    gone = [p.closes_at for p in phases if activity in p.opens and p.closes_at <= now]
    return max(gone, default=None)


def final_closing(phases: Sequence[PhaseLike], activity: str) -> datetime | None:
    """Say when an activity closes for good; None where no phase opens it.

    What is sealed until then stays so while the activity pauses between two phases, or two
    readings of its totals would tell what those said who came in between (T38).
    """
    return max((phase.closes_at for phase in phases if activity in phase.opens), default=None)
