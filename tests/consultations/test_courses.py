"""The course of proposals: who sets it, where it may go, what everybody reads of it."""

import asyncio
from itertools import pairwise

import pytest

from participa.accounts.permissions import Actor
from participa.audit import AuditRecord
from participa.consultations.courses import CourseMoved, ReasonMissing, set_course
from participa.consultations.models import Consultation, CourseStep
from participa.consultations.rules import COURSES, Course, needs_reason, next_courses
from participa.consultations.service import propose
from participa.deliberation.models import Contribution, Thread
from tests.consultations.test_proposals import call_in
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text


async def proposed(town: Municipality, title: str = "Una cancha") -> Contribution:
    """Let Ana propose something."""
    call = await Consultation.of(town.entity.id).filter(plan_id=None).first()
    call = call or await call_in(town.process)
    return await propose(town.ana, call, title=title, body="Con luces.", now=NOW)


async def move(actor: Actor, said: Contribution, *courses: Course, reason: str = "") -> None:
    """Set one course after another."""
    for since, to in pairwise((Course.RECEIVED, *courses)):
        await set_course(actor, said.thread_id, to, since=since, reason=reason, now=NOW)


def test_nothing_is_adopted_unstudied() -> None:
    """Every course can be reached, none leads to itself, and a refusal is always explained."""
    reached, edge = {Course.RECEIVED}, [Course.RECEIVED]
    while edge:
        course = edge.pop()
        assert course not in next_courses(course)
        new = set(next_courses(course)) - reached
        reached |= new
        edge += new
    assert reached == set(Course) == set(COURSES)
    assert Course.ADOPTED not in next_courses(Course.RECEIVED)
    assert all(
        needs_reason(course, Course.NOT_VIABLE)
        for course in Course
        if Course.NOT_VIABLE in next_courses(course)
    )


async def test_an_official_moves_a_proposal(town: Municipality, web: Web) -> None:
    """The state, its office, its reason and those before it stand on the proposal's page."""
    said = await proposed(town)
    diego, elsa = await web.visit(town.diego), await web.visit()
    url = f"/gestion/propuestas/{said.thread_id}"
    assert f'href="{url}"' in (await diego.get(f"/hilos/{said.thread_id}")).text
    before = await elsa.get(f"/hilos/{said.thread_id}")
    assert "Recibida" in page_text(before)
    assert url not in before.text
    form = await diego.get(url)
    assert "No viable (con motivo)" in page_text(form)
    for since, to, reason in (
        ("recibida", "en-estudio", ""),
        ("en-estudio", "no-viable", "El lote es del <Invías>."),
    ):
        sent = await diego.post(url, {"since": since, "to": to, "reason": reason})
        assert sent.status_code == 303
    after = page_text(await elsa.get(f"/hilos/{said.thread_id}"))
    for words in ("No viable", "En estudio", "Recibida", "Secretaría de Planeación"):
        assert words in after
    assert "El lote es del &lt;Invías&gt;." in (await elsa.get(f"/hilos/{said.thread_id}")).text
    records = await AuditRecord.of(town.entity.id).filter(action="consultations.set_course")
    assert [each.reason for each in records] == [
        "En estudio.",
        "No viable. El lote es del <Invías>.",
    ]


async def test_a_refusal_without_a_reason_is_not_published(town: Municipality, web: Web) -> None:
    """The form comes back with what was chosen and asks for the reason."""
    said = await proposed(town)
    diego = await web.visit(town.diego)
    url = f"/gestion/propuestas/{said.thread_id}"
    page = await diego.post(url, {"since": "recibida", "to": "no-viable", "reason": " "})
    assert page.status_code == 422
    assert "Escriba el motivo" in page_text(page)
    assert 'value="no-viable" checked' in page.text
    assert await CourseStep.of(town.entity.id).count() == 0
    with pytest.raises(ReasonMissing):
        await move(town.diego, said, Course.NOT_VIABLE)
    assert (await diego.post(url, {"since": "recibida", "to": "otro"})).status_code == 422
    assert (await diego.post(url, {"since": "x", "to": "viable"})).status_code == 400


async def test_two_officials_do_not_overwrite_each_other(town: Municipality, web: Web) -> None:
    """Who decides on what is no longer so is told, and keeps their words; twice is once."""
    said = await proposed(town)
    diego = await web.visit(town.diego)
    url = f"/gestion/propuestas/{said.thread_id}"
    await move(town.alma, said, Course.IN_STUDY)
    page = await diego.post(
        url, {"since": "recibida", "to": "viable", "reason": "Cabe en el lote."}
    )
    assert page.status_code == 409
    assert "cambió mientras" in page_text(page)
    assert "Cabe en el lote." in page.text
    again = await diego.post(url, {"since": "recibida", "to": "en-estudio"})
    assert again.status_code == 303
    assert await CourseStep.of(town.entity.id).count() == 1
    with pytest.raises(CourseMoved):
        await set_course(
            town.alma, said.thread_id, Course.FULFILLED, since=Course.IN_STUDY, reason="", now=NOW
        )


async def test_at_once_one_step_wins(town: Municipality) -> None:
    """Of two different steps taken at the same moment exactly one is current."""
    said = await proposed(town)
    results = await asyncio.gather(
        *(
            set_course(actor, said.thread_id, to, since=Course.RECEIVED, reason="Sí.", now=NOW)
            for actor, to in ((town.diego, Course.VIABLE), (town.alma, Course.NOT_VIABLE))
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, CourseStep) for each in results) == 1
    assert sum(isinstance(each, CourseMoved) for each in results) == 1
    assert await CourseStep.of(town.entity.id).filter(is_current=True).count() == 1


async def test_the_course_of_what_is_no_proposal(town: Municipality, web: Web) -> None:
    """A forum's topic and a hidden proposal have no state to set."""
    diego = await web.visit(town.diego)
    assert (await diego.get(f"/gestion/propuestas/{town.topic.thread_id}")).status_code == 404
    said = await proposed(town)
    await Thread.of(town.entity.id).filter(id=said.thread_id).update(is_hidden=True)
    assert (await diego.get(f"/gestion/propuestas/{said.thread_id}")).status_code == 404


async def test_proposals_by_state(town: Municipality, web: Web) -> None:
    """The list shows the state, and only those of the state asked for."""
    studied = await proposed(town, "Una cancha")
    await proposed(town, "Un parque")
    await move(town.diego, studied, Course.IN_STUDY)
    call = await Consultation.of(town.entity.id).get(plan_id=None)
    elsa = await web.visit()
    url = f"/consultas/{call.id}/propuestas"
    both = page_text(await elsa.get(url))
    assert "Una cancha" in both
    assert "Un parque" in both
    in_study = page_text(await elsa.get(f"{url}?estado=en-estudio"))
    assert "Una cancha" in in_study
    assert "Un parque" not in in_study
    received = page_text(await elsa.get(f"{url}?estado=recibida&orden=azar"))
    assert "Un parque" in received
    assert "Una cancha" not in received
    nothing = page_text(await elsa.get(f"{url}?estado=cumplida"))
    assert "Ninguna propuesta es así." in nothing
