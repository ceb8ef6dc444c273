"""The demonstration's hearing and plan: everything in the files arrives, at its day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from participa.accountability.followup.overview import overview
from participa.accountability.followup.queries import plan_of
from participa.accountability.hearing.board import agenda_of
from participa.accountability.hearing.minutes import minutes_of
from participa.accountability.hearing.models import Captions
from participa.accountability.hearing.rows import question_rows
from participa.accountability.hearing.rules import QuestionState, due_on
from participa.accountability.models import AccountabilitySession
from participa.accountability.questions import question_page
from participa.accountability.rules import days_until
from participa.db import transaction
from participa.deliberation.models import Contribution, Thread
from participa.demo.accountability import FollowUpFile, Hearing, load_accountability
from participa.demo.calendar import Calendar
from participa.demo.cast import create_cast
from participa.demo.content import Municipality, Officials, content
from participa.demo.hearings import HeldHearing
from participa.petitions.rules import rulebook
from participa.processes.queries import schedule_of
from participa.settings import Settings
from tests.people import NOW


@pytest.fixture
async def session(database: Settings) -> AccountabilitySession:
    """Load the people and, through one transaction, what they gave account of."""
    town = content(Municipality, "municipality.toml")
    calendar = Calendar(NOW, ZoneInfo(town.entity.timezone))
    async with transaction():
        cast = await create_cast(
            town,
            content(Officials, "officials.toml").official,
            base_url="http://demo.test",
            hosts=(),
            password_hashes=dict.fromkeys(town.logins, ""),
            now=calendar.start_of(-90),
        )
        loaded = await load_accountability(cast, calendar)
    return await AccountabilitySession.get(id=loaded.id).select_related("process", "entity")


async def test_every_question_and_answer_arrives(session: AccountabilitySession) -> None:
    """All are there with their supports, those answered by their office, none from tomorrow."""
    parts = content(Hearing, "hearing.toml").question
    page = await question_page(session, "", "", NOW, session.entity.zone)
    given = [part for part in parts if part.answer]
    assert (page.asked.count, page.asked.answered) == (len(parts), len(given))
    assert [each.title for each in page.items[:1]] == [max(parts, key=lambda p: p.supports).title]
    supports = sorted((part.supports for part in parts), reverse=True)
    assert [each.support_count for each in page.items] == supports
    answers = (
        Contribution.of(session.entity_id).exclude(office="").filter(thread__place_id=session.id)
    )
    assert await answers.filter(parent__is_opening=True).count() == len(given)
    assert await Contribution.all().filter(created_at__gt=NOW).count() == 0
    for thread in await Thread.all():
        assert thread.last_number == thread.contribution_count + thread.support_count


async def test_the_hearing_is_to_come_and_questions_are_taken(
    session: AccountabilitySession,
) -> None:
    """So many days ahead, and until the last written answer is due."""
    part = content(Hearing, "hearing.toml").session
    assert days_until(session.held_at, NOW, session.entity.zone) == part.days_ahead
    schedule = await schedule_of(session.entity_id, session.process_id)
    last = due_on(session.held_at.date(), NOW.date(), rulebook().calendar)
    after = datetime.combine(last, time(22), tzinfo=UTC)
    for moment in (NOW, session.held_at, after):
        assert schedule.is_open("accountability.ask", moment)
    assert not schedule.is_open("accountability.ask", session.held_at + timedelta(days=31))


async def test_a_hearing_was_held_and_is_on_record(session: AccountabilitySession) -> None:
    """Each of its questions is answered or owed by an office; acta and captions are there."""
    held = await AccountabilitySession.of(session.entity_id).exclude(id=session.id).get()
    part = content(HeldHearing, "held_hearing.toml")
    rows = await question_rows(session.entity_id, held.id)
    assert len(rows) == len(part.question)
    answered = {row.title for row in rows if row.state is QuestionState.ANSWERED}
    assert answered == {each.title for each in part.question if each.answer}
    assert all(row.due_on and row.owner for row in rows if row.title not in answered)
    marks = {row.title: row.second for row in rows if row.second is not None}
    assert marks == {each.title: each.minute * 60 for each in part.question if each.minute}
    assert len(await minutes_of(held)) == 1
    assert sum(point.minutes for point in await agenda_of(held, NOW)) == part.minutes
    assert await Captions.of(session.entity_id).filter(session_id=held.id).exists()


async def test_the_plan_in_force_has_its_goals(session: AccountabilitySession) -> None:
    """Every goal of the file is followed, with the money of its closed years added up."""
    file = content(FollowUpFile, "followup.toml")
    plan = overview(await plan_of(session.process), {}, NOW.year)
    assert (plan.goal_count, plan.until) == (len(file.goal), max(file.followup.closed_years))
    closed = file.followup.closed_years
    paid = sum(each.paid or 0 for each in plan.money if each.year in closed)
    assert paid == pytest.approx(sum(sum(goal.paid) for goal in file.goal) / 1_000_000, abs=0.1)
    assert len(plan.offices) == len({goal.office for goal in file.goal})
