"""What the worker does for a hearing: its agenda in a process apart, mail to who owes answers."""

from datetime import timedelta

import pytest

from participa.accountability.hearing import desk, holding
from participa.accountability.hearing.jobs import agenda_maker
from participa.accountability.hearing.models import AgendaPoint
from participa.accountability.hearing.telling import owed_told, tell_owed
from participa.accountability.models import AccountabilitySession
from participa.jobs.models import Job
from participa.notifications.models import Notice
from participa.settings import Settings
from tests.accountability.hearing import asked, call
from tests.accountability.hearings.staging import CALENDAR, LATER, WORKS, office
from tests.people import NOW, Municipality

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@only_sqlite
async def test_the_worker_makes_the_agenda_in_a_process_apart(
    town: Municipality, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process of the worker groups nothing itself, and finds the agenda in the database."""
    session = await call(town)
    await asked(town.ana, session, "¿Y el puente?")
    monkeypatch.setattr(
        "participa.accountability.hearing.grouping.themes_of", lambda _openings: pytest.fail("here")
    )
    await agenda_maker(database)({"entity_id": town.entity.id, "session_id": session.id})
    points = await AgendaPoint.filter(session_id=session.id)
    assert sum(point.questions for point in points) == 1


@only_sqlite
async def test_the_office_that_owes_is_told_once(town: Municipality) -> None:
    """Its officials and nobody else, however often the session is ended; not what is answered."""
    session, planning = await call(town), await office(town, "Secretaría de Planeación")
    await office(town)
    questions = [await asked(town.ana, session, title) for title in ("¿El puente?", "¿El agua?")]
    await holding.start(town.carmen, session.id, now=NOW)
    for now in (LATER, LATER + timedelta(hours=1)):
        await holding.end(town.carmen, session.id, planning.id, calendar=CALENDAR, now=now)
    jobs = await Job.filter(name=holding.TELL_OWED)
    assert len(jobs) == 2
    order: dict[str, object] = {"entity_id": town.entity.id, "session_id": session.id}
    for _time in range(2):
        await tell_owed(order)
    (notice,) = await Notice.filter(kind="hearing")
    assert notice.person_id == town.diego.person_id
    told = await owed_told("https://x.example", town.entity.id, notice.object_id)
    assert told is not None
    words = " ".join(str(each) for each in told.paragraphs)
    assert "Secretaría de Planeación quedó de responder por escrito: 2." in words
    assert f"https://x.example/gestion/audiencias/{session.id}/mesa" in words
    said = desk.Answered("Secretaría de Planeación", "En marzo.")
    await desk.answer(town.diego, session.id, questions[0].thread_id, said, now=LATER)
    told = await owed_told("https://x.example", town.entity.id, notice.object_id)
    assert told is not None
    assert "por escrito: 1." in str(told.paragraphs[0])
    await desk.answer(town.diego, session.id, questions[1].thread_id, said, now=LATER)
    assert await owed_told("https://x.example", town.entity.id, notice.object_id) is None


@only_sqlite
async def test_an_office_without_officials_and_a_draft_tell_nobody(town: Municipality) -> None:
    """Nobody of another office is told, nor anybody of what is not published."""
    session, works = await call(town), await office(town, WORKS)
    await asked(town.ana, session, "¿El puente?")
    await holding.start(town.carmen, session.id, now=NOW)
    order: dict[str, object] = {"entity_id": town.entity.id, "session_id": session.id}
    await tell_owed(order)
    await holding.end(town.carmen, session.id, works.id, calendar=CALENDAR, now=LATER)
    await tell_owed(order)
    await AccountabilitySession.filter(id=session.id).update(process_id=town.draft_process.id)
    await tell_owed(order)
    assert await Notice.filter(kind="hearing").count() == 0
