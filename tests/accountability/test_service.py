"""The acts of accountability: what they keep, what they refuse, what they leave alone."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from participa.accountability.followup.figures import GoalFigures
from participa.accountability.followup.importing import Imported, import_goals
from participa.accountability.models import AccountabilitySession, Goal, GoalYear
from participa.accountability.service import create_session
from participa.audit.models import AuditRecord
from participa.deliberation.models import Contribution, Thread
from participa.deliberation.texts import TextRefused
from participa.web.refusals import BadInput, NotFound, PhaseClosed
from tests.accountability.hearing import HELD_AT, asked, bring, call, goal, year
from tests.people import CLOSES, NOW, Municipality


async def test_a_summary_is_sanitised_when_written(town: Municipality) -> None:
    """Markdown becomes safe HTML, with the version of the sanitiser beside it."""
    session = await call(town)
    assert "<strong>prometido</strong>" in session.summary_html
    assert "<script" not in session.summary_html
    assert session.sanitiser_version > 0


async def test_a_session_is_not_called_in_the_neighbours_process(town: Municipality) -> None:
    """Another entity's process sounds as if it did not exist, and nothing is written."""
    with pytest.raises(NotFound):
        await create_session(
            entity_id=town.entity.id, process_id=town.neighbour_process.id, title="Ajena",
            summary="", place="", held_at=HELD_AT,
        )  # fmt: skip
    assert await AccountabilitySession.all().count() == 0


async def test_a_summary_nobody_could_show_is_refused(town: Municipality) -> None:
    """Too deep a text is refused before anything is written."""
    with pytest.raises(TextRefused):
        await call(town, summary="> " * 500 + "hondo")
    assert await AccountabilitySession.all().count() == 0


async def test_a_question_is_a_thread_of_its_session(town: Municipality) -> None:
    """Asking opens a thread whose place is the session, with the words as its opening."""
    session = await call(town)
    opening = await asked(town.ana, session)
    thread = await Thread.of(town.entity.id).get(id=opening.thread_id)
    assert (thread.kind, thread.place_id) == ("accountability.question", session.id)
    assert (thread.activity, thread.title) == ("accountability.ask", "¿Y el puente?")
    assert opening.is_opening


async def test_closed_means_closed_to_the_second(town: Municipality) -> None:
    """At the closing instant no question is taken, and none is left behind."""
    session = await call(town)
    with pytest.raises(PhaseClosed):
        await asked(town.ana, session, now=CLOSES)
    assert await asked(town.ana, session, now=CLOSES - timedelta(seconds=1))
    rows = Thread.of(town.entity.id).filter(kind="accountability.question")
    assert await rows.count() == 1


async def test_twice_is_once(town: Municipality) -> None:
    """One form sent ten times in parallel asks one question."""
    session = await call(town)
    sent = await asyncio.gather(*(asked(town.ana, session, request_key="llave") for _ in range(10)))
    assert len({each.receipt_number for each in sent}) == 1
    rows = Contribution.of(town.entity.id).filter(thread__kind="accountability.question")
    assert await rows.count() == 1


async def test_an_import_brings_goals_with_their_years(town: Municipality) -> None:
    """Every figure arrives, what is not known stays unknown, and the public log says who."""
    done = await bring(town, goal(), goal("1.1.2", base_line=None))
    assert done == Imported(created=2, updated=0, unchanged=0, missing=0)
    first = await Goal.of(town.entity.id).get(number="1.1.1")
    assert (first.process_id, first.unit, first.base_line) == (town.process.id, "km", 11.0)
    years = await GoalYear.of(town.entity.id).filter(goal_id=first.id).order_by("year")
    assert [(row.year, row.programmed, row.executed) for row in years] == [
        (2024, 3, 2.6), (2025, 5, 3.4), (2026, 5, None), (2027, 4, None),
    ]  # fmt: skip
    assert [row.paid for row in years] == [1_000_000, 1_000_000, None, None]
    entry = await AuditRecord.of(town.entity.id).get(action="accountability.import_goals")
    assert (entry.actor_name, entry.object_label) == ("Diego", town.process.title)


async def test_the_same_list_again_changes_nothing(town: Municipality) -> None:
    """Repeating an import writes nothing, not even to the log, in whatever order years come."""
    await bring(town, goal(), goal("1.1.2"))
    shuffled = replace(goal(), years=goal().years[::-1])
    assert await bring(town, shuffled, goal("1.1.2")) == Imported(0, 0, 2, 0)
    assert await Goal.all().count() == 2
    assert await GoalYear.all().count() == 8
    assert await AuditRecord.all().filter(action="accountability.import_goals").count() == 1


async def test_an_import_updates_what_changed(town: Municipality) -> None:
    """A goal with another title or another figure is brought up to date, keeping its id."""
    await bring(town, goal(), goal("1.1.2"), goal("1.1.3"))
    before = {each.number: each.id for each in await Goal.all()}
    closed = (*goal().years[:2], year(2026, 5, 5.5), year(2027, 4))
    done = await bring(town, goal(years=closed), goal("1.1.2", title="Otra"), goal("1.1.3"))
    assert done == Imported(created=0, updated=2, unchanged=1, missing=0)
    assert {each.number: each.id for each in await Goal.all()} == before
    assert (await Goal.get(number="1.1.2")).title == "Otra"
    changed = await GoalYear.get(goal_id=before["1.1.1"], year=2026)
    assert (changed.executed, changed.paid) == (5.5, 1_000_000)
    assert await GoalYear.all().count() == 12


async def test_a_goal_left_out_of_the_list_stays(town: Municipality) -> None:
    """What was published does not vanish because a sheet forgot it; the import says so."""
    await bring(town, goal(), goal("1.1.2"))
    assert (await bring(town, goal())).missing == 1
    assert await Goal.all().count() == 2


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        ([goal(), goal()], "1.1.1 está dos veces"),
        ([goal(direction="sideways")], "cómo se leen"),
        ([goal(title=" ")], "no tiene número, título o eje"),
        ([goal(office="x" * 161)], "demasiado largo"),
        ([goal(years=(year(2024, 1), year(2024, 2)))], "repite un año"),
        ([goal(base_line=float("nan"))], "no es un número"),
        ([goal(years=(year(2024, 1, float("inf")),))], "no es un número"),
    ],
)
async def test_a_bad_list_is_refused_whole(
    town: Municipality, goals: list[GoalFigures], words: str
) -> None:
    """One goal that cannot be read refuses the list and names the goal; nothing is written."""
    with pytest.raises(BadInput, match=words):
        await bring(town, goal("9.9.9"), *goals)
    assert await Goal.all().count() == 0


async def test_goals_of_two_entities_do_not_meet(town: Municipality) -> None:
    """The neighbour's process is not there, and its own import leaves ours alone."""
    await bring(town, goal())
    with pytest.raises(NotFound):
        await import_goals(town.nico, town.process.id, [goal()], now=NOW)
    process = town.neighbour_process.id
    assert (await import_goals(town.nico, process, [goal(title="De ella")], now=NOW)).created == 1
    assert (await Goal.of(town.entity.id).get(number="1.1.1")).title != "De ella"
