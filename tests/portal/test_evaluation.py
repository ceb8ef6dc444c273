"""After a hearing: its survey is opened once, its results stay sealed, and figures add up."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from participa.accountability.models import AccountabilitySession
from participa.audit import AuditRecord
from participa.commitments.evidence import add_link
from participa.commitments.models import Commitment
from participa.commitments.rules import SESSION, State
from participa.commitments.service import move
from participa.kit.calendar import BusinessCalendar, FreeWeekday
from participa.portal.evaluating import OPEN_FOR, SCALES, open_evaluation, survey_id_of
from participa.portal.session_figures import Answered, Clock, answered
from participa.processes.models import Phase
from participa.surveys.answered import Answered as Given
from participa.surveys.models import Survey
from participa.surveys.queries import questions_of
from participa.surveys.service import answer_survey, create_survey
from participa.surveys.starters import starter
from participa.web.refusals import Conflict, NotAllowed
from tests.accountability.hearing import answered as answer_in_thread
from tests.accountability.hearing import asked, call
from tests.commitments.promising import promised
from tests.people import NOW, Municipality, person
from tests.statements import counted
from tests.visitors import Web, page_text

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
WEEKDAYS = BusinessCalendar((FreeWeekday(5, "sábado"), FreeWeekday(6, "domingo")))


def at(day: int, hour: int = 10) -> datetime:
    """Give an hour of a day of November 2026; Monday the second is a working day."""
    return datetime(2026, 11, day, hour, tzinfo=ZoneInfo("America/Bogota"))


def test_when_questions_were_answered() -> None:
    """At the hearing, in the term of working days, too late, or still owed: each is counted once.

    Fifteen working days after Monday the second of November end on Monday the 23rd.
    """
    questions = [
        (at(1), at(2, 11)), (at(1), at(23, 23)), (at(1), at(24)), (at(1), None), (at(9), None),
    ]  # fmt: skip
    clock = Clock(WEEKDAYS, ZoneInfo("America/Bogota"), at(27))
    found = answered(at(2), at(2, 12), questions, clock)
    assert found == Answered(count=5, there=1, in_term=2, owed=1)
    assert found.share_in_term == 0.5
    assert Answered().share_in_term is None


async def held(town: Municipality) -> AccountabilitySession:
    """Call a session that was held a day ago."""
    session = await call(town, held_at=NOW - timedelta(days=1))
    return await AccountabilitySession.of(town.entity.id).get(id=session.id)


@SQLITE
async def test_the_survey_is_opened_once(town: Municipality, web: Web) -> None:
    """By officials, from the hour of the session, in a phase that lasts; twice is once."""
    session, coming = await held(town), await call(town, title="La otra")
    with pytest.raises(NotAllowed):
        await open_evaluation(town.ana, session.id, now=NOW)
    with pytest.raises(Conflict):
        await open_evaluation(town.diego, coming.id, now=NOW)
    diego, page = await web.visit(town.diego), f"/rendicion-de-cuentas/{session.id}/mejora"
    assert "Abrir la encuesta" in (await diego.get(page)).text
    for _twice in range(2):
        opened = await diego.post(f"/gestion/audiencias/{session.id}/evaluacion")
        assert opened.status_code == 303
    assert await Survey.of(town.entity.id).count() == 1
    acts = AuditRecord.of(town.entity.id).filter(action="accountability.evaluation_opened")
    assert await acts.count() == 1
    shown = await (await web.visit()).get(page)
    assert "La encuesta está abierta" in page_text(shown)
    assert "Abrir la encuesta" not in shown.text
    survey = await Survey.of(town.entity.id).get()
    web.clock.move(days=OPEN_FOR.days - 1)
    assert (await (await web.visit(town.beto)).get(f"/encuestas/{survey.id}")).status_code == 200


@SQLITE
async def test_a_survey_that_has_closed_stays_closed(town: Municipality, web: Web) -> None:
    """Opening the evaluation opens nothing else: neither another survey nor another evaluation."""
    phases = Phase.of(town.entity.id).filter(process_id=town.process.id)
    await phases.update(closes_at=NOW - timedelta(hours=1))
    earlier = await create_survey(
        entity_id=town.entity.id, process_id=town.process.id, title="La de marzo",
        introduction="", questionnaire=starter("satisfaccion"),
    )  # fmt: skip
    first = await held(town)
    second = await call(town, title="La otra", held_at=NOW + timedelta(days=20))
    await open_evaluation(town.diego, first.id, now=NOW)
    survey = await Survey.of(town.entity.id).get(activity__endswith=f":{first.id}")
    beto = await web.visit(town.beto)
    answering = f"/encuestas/{survey.id}/responder"
    assert (await beto.post(f"/encuestas/{earlier.id}/responder")).status_code == 409
    assert (await beto.post(answering)).status_code == 303
    later = NOW + timedelta(days=20, hours=1)
    await open_evaluation(town.diego, second.id, now=later)
    web.clock.now = later
    assert (await (await web.visit(town.ana)).post(answering)).status_code == 409


@SQLITE
async def test_what_people_said_is_sealed_until_it_ends(town: Municipality, web: Web) -> None:
    """No score is shown while the survey is open, nor one that fewer than five people gave."""
    session = await held(town)
    await open_evaluation(town.diego, session.id, now=NOW)
    session = await AccountabilitySession.of(town.entity.id).get(id=session.id)
    survey = await Survey.of(town.entity.id).get(id=survey_id_of(session))
    people = [await person(town.entity, f"P{number}") for number in range(6)]
    for each in people[:4]:
        await answer(each, survey)
    elsa, page = await web.visit(), f"/rendicion-de-cuentas/{session.id}/mejora"
    assert "La encuesta está abierta" in page_text(await elsa.get(page))
    for each in people[4:]:
        await answer(each, survey)
    assert "5 de 5" not in page_text(await elsa.get(page))
    web.clock.move(days=OPEN_FOR.days + 1)
    assert "5 de 5 · 6 personas respondieron" in page_text(await elsa.get(page))


async def answer(who: object, survey: Survey) -> None:
    """Let somebody give the best score to everything."""
    given = {SCALES: Given((4, 4, 4, 4)), "asistio": Given((0,)), "pregunto": Given((1,))}
    questions = await questions_of(survey)
    answers = {each.id: given[each.asked.code] for each in questions if each.asked.code in given}
    await answer_survey(who, survey.id, answers, NOW)  # type: ignore[arg-type]


@SQLITE
async def test_the_figures_add_up(town: Municipality, web: Web) -> None:
    """Questions, answers and commitments of a session held, whatever the number of sessions."""
    session = await held(town)
    first = await asked(town.ana, session)
    await asked(town.beto, session, title="¿Y la vía?")
    await answer_in_thread(town.diego, first)
    made = await promised(town, origin=(SESSION, session.id), session_id=session.id)
    await add_link(town.diego, made.id, "https://laloma.test/a", "Acta", now=NOW)
    await move(town.diego, made.id, State.DONE, reason="", seen="1", now=NOW)
    other = await promised(town, title="No va", session_id=session.id)
    await move(town.diego, other.id, State.CANCELLED, reason="Sin plata.", seen="1", now=NOW)
    elsa = await web.visit()
    await elsa.get("/rendicion-de-cuentas")
    with counted() as few:
        shown = page_text(await elsa.get("/rendicion-de-cuentas/cifras"))
    assert "Preguntas respondidas a tiempo" in shown
    assert shown.count("100 %") == 2
    plan = page_text(await elsa.get(f"/rendicion-de-cuentas/{session.id}/mejora"))
    assert "Poner luces en el puente Cumplido" in plan
    for number in range(3):
        await call(town, title=f"Otra {number}", held_at=NOW - timedelta(days=9 + number))
    with counted() as many:
        await elsa.get("/rendicion-de-cuentas/cifras")
    assert len(many) == len(few)


@SQLITE
async def test_an_action_is_promised_from_the_plan(town: Municipality, web: Web) -> None:
    """The button leads to a form that knows its session, and the commitment stands in its plan."""
    session = await held(town)
    diego, page = await web.visit(town.diego), f"/rendicion-de-cuentas/{session.id}/mejora"
    url = f"/gestion/procesos/plan/compromisos?origen={SESSION}%3A{session.id}"
    assert url in (await diego.get(page)).text
    form = {
        "title": "Más tiempo para preguntar", "indicator": "", "receipts": "", "term_days": "10",
        "due_on": "", "office": "1", "owner": str(town.diego.person_id),
        "origin": f"{SESSION}:{session.id}",
    }  # fmt: skip
    assert (await diego.post("/gestion/procesos/plan/compromisos", form)).status_code == 303
    assert "Más tiempo para preguntar" in (await diego.get(page)).text
    made = await Commitment.of(town.entity.id).get()
    assert made.due_on > date(2026, 12, 4)
    listed = await diego.get(f"/compromisos?audiencia={session.id}")
    assert "Audiencia del año" in page_text(listed)
