"""The stages of a hearing by the law, and what shows that each was gone through. No I/O.

Stages of accountability of the Manual Único de Rendición de Cuentas (Ley 1757 de 2015, art. 56).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from participa.accountability.hearing.rules import REPORT_DAYS_BEFORE
from participa.i18n import Text, _


class Stage(StrEnum):
    """A stage, in its order."""

    READINESS = "readiness"
    DESIGN = "design"
    PREPARATION = "preparation"
    EXECUTION = "execution"
    FOLLOW_UP = "follow_up"


STAGES: Mapping[Stage, Text] = {
    Stage.READINESS: _("Aprestamiento"),
    Stage.DESIGN: _("Diseño"),
    Stage.PREPARATION: _("Preparación y capacitación"),
    Stage.EXECUTION: _("Ejecución"),
    Stage.FOLLOW_UP: _("Seguimiento y evaluación"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a hearing has to show, each with the day it was there; None where it was not."""

    held_on: date
    team_on: date | None = None
    announced_on: date | None = None
    report_on: date | None = None
    registration_on: date | None = None
    agenda_on: date | None = None
    ended_on: date | None = None
    answers_due_on: date | None = None
    answered_on: date | None = None
    minutes_on: date | None = None
    survey_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a hearing must have done: by when, and when it was."""

    stage: Stage
    words: Text
    by: date | None
    done_on: date | None

    def is_late(self, today: date) -> bool:
        """Whether its day passed before it was done, or it was done after it."""
        return self.by is not None and (self.done_on or today) > self.by


def steps(facts: Facts) -> list[Step]:
    """List what a hearing must have done, in order, from what it has to show."""
    before = facts.held_on - timedelta(days=REPORT_DAYS_BEFORE)
    held = facts.held_on
    eve = held - timedelta(days=1)
    return [
        Step(Stage.READINESS, _("Se nombró a quienes la organizan"), before, facts.team_on),
        Step(Stage.DESIGN, _("Se convocó, con fecha, lugar y reglas"), before, facts.announced_on),
        Step(Stage.PREPARATION, _("Se publicó el informe"), before, facts.report_on),
        Step(Stage.PREPARATION, _("Se abrió la inscripción"), eve, facts.registration_on),
        Step(Stage.PREPARATION, _("Se publicó el orden del día"), eve, facts.agenda_on),
        Step(Stage.EXECUTION, _("Se hizo la audiencia"), held, facts.ended_on),
        Step(
            Stage.FOLLOW_UP,
            _("Se respondieron todas las preguntas"),
            facts.answers_due_on,
            facts.answered_on,
        ),
        Step(Stage.FOLLOW_UP, _("Se publicó el acta"), facts.answers_due_on, facts.minutes_on),
        Step(Stage.FOLLOW_UP, _("Se abrió la encuesta de evaluación"), None, facts.survey_on),
    ]


def current(found: Sequence[Step]) -> Stage | None:
    """Give the first stage with something still to do; None where all is done."""
    return next((step.stage for step in found if step.done_on is None), None)
