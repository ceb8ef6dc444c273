"""The question desk: states, answers, debts, and that no question is left without one."""

from datetime import date, timedelta

import pytest

from participa.accountability.hearing import desk, holding
from participa.accountability.hearing.board import board_of
from participa.accountability.hearing.jobs import settle_entity
from participa.accountability.hearing.models import HearingEvent, HearingQuestion
from participa.accountability.hearing.rules import Move, QuestionState
from participa.accountability.queries import session_of
from participa.audit import AuditRecord
from participa.db import transaction
from participa.deliberation.models import Contribution
from participa.deliberation.posting import Opening, Post, post_many
from participa.deliberation.saying import Said
from participa.deliberation.service import remove, set_support
from participa.deliberation.texts import render
from participa.entities.models import Entity
from participa.moderation.service import hide
from participa.web.refusals import BadInput, Conflict, NotFound
from tests.accountability.hearing import asked, call
from tests.accountability.hearings.staging import (
    CALENDAR,
    LATER,
    WORKS,
    office,
    press,
    row_of,
    states,
)
from tests.people import NOW, Municipality

R, S, L = QuestionState.RECEIVED, QuestionState.SHORTLISTED, QuestionState.LIVE
A, P, M = QuestionState.ANSWERED, QuestionState.PENDING, QuestionState.MERGED


async def _calendar(_entity_id: int) -> object:
    return CALENDAR


async def test_a_hearing_from_its_first_question_to_its_last(town: Municipality) -> None:
    """Web, telephone and paper; list, screen, answer, merge: at the end each has a state."""
    session, works = await call(town), await office(town)
    bridge = await asked(town.ana, session, "¿Y el puente?")
    same = await asked(town.beto, session, "¿Cuándo el puente?")
    school = await asked(town.beto, session, "¿La escuela?")
    phoned = await desk.record_question(
        town.carmen, session.id, "¿El agua?", "¿El agua?", "telephone", now=NOW
    )
    assert (phoned.channel, phoned.author_id) == ("telephone", None)
    await set_support(town.ana, school.id, wanted=True, now=NOW)
    with pytest.raises(desk.CannotMove):
        await press(town, session, bridge.thread_id, Move.SHORTLIST, Move.SHOW)
    await holding.start(town.carmen, session.id, now=NOW)
    await press(town, session, bridge.thread_id, Move.SHOW)
    await desk.unite_questions(town.carmen, session.id, same.thread_id, bridge.thread_id, now=LATER)
    await press(town, session, school.thread_id, Move.SHOW)
    assert await states(session) == {
        "¿Y el puente?": S, "¿Cuándo el puente?": M, "¿La escuela?": L, "¿El agua?": R,
    }  # fmt: skip
    said = desk.Answered(WORKS, "En **marzo**.")
    answer_id = await desk.answer(
        town.carmen, session.id, school.thread_id, said, now=LATER + timedelta(minutes=2)
    )
    answer = await Contribution.of(town.entity.id).get(id=answer_id)
    assert (answer.office, answer.parent_id) == (WORKS, school.id)
    # The minute at which it went on the screen, not that of writing it down.
    assert (await row_of(session, school.thread_id)).second == 20 * 60
    left = await holding.end(town.carmen, session.id, works.id, calendar=CALENDAR, now=LATER)
    assert left == 2
    assert set((await states(session)).values()) == {A, P, M}
    owed = await row_of(session, bridge.thread_id)
    # Monday 23 November 2026 and fifteen business days; 8 December is a holiday.
    assert (owed.due_on, owed.owner) == (date(2026, 12, 15), WORKS)
    numbers = [event.number for event in await HearingEvent.all().order_by("number")]
    session = await session_of(town.entity.id, session.id)
    assert numbers == list(range(1, session.last_number + 1))


async def test_one_question_is_on_the_screen(town: Municipality) -> None:
    """The next one sends the one before back to the list; two at the desk do not cross."""
    session = await call(town)
    one, two = await asked(town.ana, session, "¿Uno?"), await asked(town.beto, session, "¿Dos?")
    await holding.start(town.carmen, session.id, now=NOW)
    await press(town, session, one.thread_id, Move.SHOW)
    await press(town, session, two.thread_id, Move.SHOW)
    assert await states(session) == {"¿Uno?": S, "¿Dos?": L}
    with pytest.raises(desk.MovedMeanwhile):
        await desk.move(town.diego, session.id, one.thread_id, Move.TAKE_DOWN, L, now=NOW)
    board = await board_of(await session_of(town.entity.id, session.id), NOW)
    assert board.live is not None
    assert (board.live.title, [q.title for q in board.open]) == ("¿Dos?", ["¿Uno?"])


async def test_a_debt_has_an_owner_and_keeps_its_day(town: Municipality) -> None:
    """Owing again changes who, never until when; an office must be one of ours."""
    session, works = await call(town), await office(town)
    question = await asked(town.ana, session)
    owing = {"calendar": CALENDAR, "now": NOW}
    with pytest.raises(BadInput):
        await desk.owe(town.carmen, session.id, question.thread_id, None, **owing)  # type: ignore[arg-type]
    await desk.owe(town.carmen, session.id, question.thread_id, works.id, **owing)  # type: ignore[arg-type]
    first = await row_of(session, question.thread_id)
    other = await office(town, "Hacienda")
    await desk.owe(
        town.carmen, session.id, question.thread_id, other.id,
        calendar=CALENDAR, now=NOW + timedelta(days=9),
    )  # fmt: skip
    again = await row_of(session, question.thread_id)
    assert (again.due_on, again.owner) == (first.due_on, "Hacienda")


async def test_a_session_ends_only_with_an_owner_for_the_rest(town: Municipality) -> None:
    """Without an office for what is left it goes on, as if nobody had pressed."""
    session = await call(town)
    question = await asked(town.ana, session)
    with pytest.raises(Conflict):
        await holding.end(town.carmen, session.id, None, calendar=CALENDAR, now=NOW)
    await holding.start(town.carmen, session.id, now=NOW)
    with pytest.raises(BadInput):
        await holding.end(town.carmen, session.id, None, calendar=CALENDAR, now=NOW)
    assert (await session_of(town.entity.id, session.id)).ended_at is None
    assert (await row_of(session, question.thread_id)).state is R


async def test_what_comes_late_is_settled_too(town: Municipality) -> None:
    """Asked after the end, typed in later by another desk, or a session that nobody ended."""
    session, works = await call(town), await office(town)
    await holding.start(town.carmen, session.id, now=NOW)
    await holding.end(town.carmen, session.id, works.id, calendar=CALENDAR, now=NOW)
    late = await asked(town.ana, session, "¿Tarde?", calendar=CALENDAR)
    assert (await row_of(session, late.thread_id)).due_on == date(2026, 12, 15)
    opening = Opening("accountability.question", session.id, "accountability.ask", "¿De papel?")
    post = Post(opening, Said("¿De papel?", channel="paper"), render("¿De papel?"))
    async with transaction():
        await post_many(town.entity.id, session.process_id, [post], author_id=None, now=NOW)
    forgotten = await call(town, title="Nadie la terminó", held_at=NOW + timedelta(hours=1))
    await asked(town.beto, forgotten, "¿Olvidada?")
    entity = await Entity.get(id=town.entity.id)
    assert await settle_entity(entity, _calendar, NOW + timedelta(days=6)) == 2  # type: ignore[arg-type]
    assert set((await states(session)).values()) | set((await states(forgotten)).values()) == {P}
    before = await AuditRecord.all().count()
    assert await settle_entity(entity, _calendar, NOW + timedelta(days=7)) == 0  # type: ignore[arg-type]
    assert await AuditRecord.all().count() == before


async def test_hidden_questions_leave_the_desk_and_answers_taken_back_are_owed(
    town: Municipality,
) -> None:
    """What nobody may read is on no board; an answer that goes leaves a debt, not a tick."""
    session = await call(town)
    await office(town)
    bad, good = await asked(town.ana, session, "¿Mala?"), await asked(town.beto, session, "¿Sí?")
    await holding.start(town.carmen, session.id, now=NOW)
    await press(town, session, bad.thread_id, Move.SHOW)
    await hide(town.carmen, bad.id, rule="1", note="", now=NOW)
    assert await states(session) == {"¿Sí?": R}
    with pytest.raises(NotFound):
        await desk.move(town.carmen, session.id, bad.thread_id, Move.TAKE_DOWN, L, now=NOW)
    said = desk.Answered(WORKS, "Sí.", 61)
    answer_id = await desk.answer(town.carmen, session.id, good.thread_id, said, now=NOW)
    assert (await row_of(session, good.thread_id)).second == 61
    await remove(town.carmen, answer_id, now=NOW)
    assert (await row_of(session, good.thread_id)).state is P
    await holding.end(town.carmen, session.id, (await office(town)).id, calendar=CALENDAR, now=NOW)
    assert (await row_of(session, good.thread_id)).due_on is not None


async def test_the_neighbour_reaches_no_desk(town: Municipality) -> None:
    """Another entity's session, or another session's question, is not there."""
    session, other = await call(town), await call(town, title="Otra")
    question = await asked(town.ana, session)
    for actor, place in ((town.nico, session.id), (town.carmen, other.id)):
        with pytest.raises(NotFound):
            await desk.move(actor, place, question.thread_id, Move.SHORTLIST, R, now=NOW)
    with pytest.raises(BadInput):
        said = desk.Answered("Oficina inventada", "Sí.")
        await desk.answer(town.carmen, session.id, question.thread_id, said, now=NOW)
    assert await HearingQuestion.all().count() == 0
