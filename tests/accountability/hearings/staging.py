"""A hearing with questions, offices and a desk, for the tests of what happens there."""

from datetime import timedelta

from participa.accountability.hearing import desk
from participa.accountability.hearing.rows import QuestionRow, question_row, question_rows
from participa.accountability.hearing.rules import Move, QuestionState
from participa.accountability.models import AccountabilitySession
from participa.entities.models import Office
from participa.kit.calendar import BusinessCalendar
from participa.petitions.rules import rulebook
from tests.people import NOW, Municipality

PLANNING, WORKS = "Secretaría de Planeación", "Secretaría de Obras"
CALENDAR: BusinessCalendar = rulebook().calendar
LATER = NOW + timedelta(minutes=20)


async def office(town: Municipality, name: str = WORKS) -> Office:
    """Give an office of the municipality."""
    found, _new = await Office.get_or_create(entity_id=town.entity.id, name=name)
    return found


async def row_of(session: AccountabilitySession, thread_id: int) -> QuestionRow:
    """Read where a question stands."""
    found = await question_row(session.entity_id, session.id, thread_id)
    assert found is not None
    return found


async def states(session: AccountabilitySession) -> dict[str, QuestionState]:
    """Give where every question stands, by its title."""
    rows = await question_rows(session.entity_id, session.id)
    return {row.title: row.state for row in rows}


async def press(
    town: Municipality, session: AccountabilitySession, thread_id: int, *moves: Move
) -> QuestionState:
    """Let the moderator press buttons, each after seeing the page."""
    state = (await row_of(session, thread_id)).state
    for wanted in moves:
        state = await desk.move(town.carmen, session.id, thread_id, wanted, state, now=LATER)
    return state
