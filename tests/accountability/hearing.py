"""A session with a question and a plan with goals, for the tests of accountability."""

from datetime import timedelta

from participa.accountability.followup.figures import GoalFigures, YearFigures
from participa.accountability.followup.importing import Imported, import_goals
from participa.accountability.models import AccountabilitySession
from participa.accountability.service import ask, create_session
from participa.accounts.permissions import Actor
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.processes.models import Process
from tests.people import NOW, Municipality

OFFICE = "Secretaría de Planeación"
HELD_AT = NOW + timedelta(days=5)


async def call(
    town: Municipality, process: Process | None = None, **changes: object
) -> AccountabilitySession:
    """Call a session in five days, in the open process unless another is given."""
    where = process or town.process
    values: dict[str, object] = {
        "title": "Audiencia del año",
        "summary": "Lo **prometido** y lo hecho.<script>alert(1)</script>",
        "place": "Coliseo",
        "held_at": HELD_AT,
        **changes,
    }
    return await create_session(
        entity_id=where.entity_id,
        process_id=where.id,
        **values,  # type: ignore[arg-type]
    )


async def asked(
    actor: Actor, session: AccountabilitySession, title: str = "¿Y el puente?", **options: object
) -> Contribution:
    """Ask a question."""
    options.setdefault("now", NOW)
    said = Said("Lo prometieron hace un año.")
    return await ask(actor, session, title=title, said=said, **options)  # type: ignore[arg-type]


async def answered(official: Actor, question: Contribution) -> Contribution:
    """Answer a question in the name of the official's office, in its thread."""
    said = Said("Empieza en marzo.", office=official.office)
    return await publish(official, question.thread_id, said, now=NOW, parent_id=question.id)


def year(number: int, programmed: float, executed: float | None = None) -> YearFigures:
    """Give a year's figures, with money where it is closed."""
    if executed is None:
        return YearFigures(number, programmed)
    return YearFigures(
        number, programmed, executed, appropriated=2_000_000, committed=1_500_000, paid=1_000_000
    )


def goal(number: str = "1.1.1", **changes: object) -> GoalFigures:
    """Give a goal: two years closed, 6 of 8 km done."""
    values: dict[str, object] = {
        "axis": "Campo con camino",
        "programme": "Vías",
        "number": number,
        "title": "Placa huella construida",
        "indicator": "Kilómetros terminados",
        "unit": "km",
        "direction": "sum",
        "base_line": 11.0,
        "office": OFFICE,
        "years": (year(2024, 3, 2.6), year(2025, 5, 3.4), year(2026, 5), year(2027, 4)),
        **changes,
    }
    return GoalFigures(**values)  # type: ignore[arg-type]


async def bring(town: Municipality, *goals: GoalFigures) -> Imported:
    """Import goals into the open process."""
    return await import_goals(town.diego, town.process.id, goals, now=NOW)
