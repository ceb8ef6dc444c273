"""Answering page by page: nothing typed is lost, and everybody counts once."""

import asyncio
import re
from decimal import Decimal

import pytest

from participa.surveys.models import Answer, Participation, Progress, Response, Survey
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import (
    Check,
    Condition,
    Item,
    Kind,
    OptionRole,
    Page,
    Questionnaire,
    Row,
    ShowIf,
    plain_item,
)
from participa.surveys.service import create_survey, start_version
from tests.conftest import Clock
from tests.people import CLOSES, NEIGHBOUR_HOST, Municipality
from tests.surveys.surveying import QUESTIONS, a_survey, form_of
from tests.visitors import Visitor, Web, page_text


async def _begin(visitor: Visitor, survey: Survey) -> str:
    began = await visitor.post(f"/encuestas/{survey.id}/responder", {})
    assert began.status_code == 303
    return began.headers["location"].rpartition("/")[0]


async def _filled(visitor: Visitor, survey: Survey, words: str = "El puente.") -> str:
    """Fill in the one page and give the way's address."""
    way = await _begin(visitor, survey)
    done = await visitor.post(f"{way}/1", await form_of(survey, words))
    assert done.headers["location"] == f"{way}/revisar"
    return way


async def test_from_the_start_page_to_the_receipt(town: Municipality, web: Web) -> None:
    """A citizen reads what it takes, answers, checks, and keeps a receipt; once."""
    survey = await a_survey(town)
    ana = await web.visit(town.ana)
    url = f"/encuestas/{survey.id}"
    start = page_text(await ana.get(url))
    for words in ("Servicios", "La Loma", "4 preguntas", "Empezar", "0 respuestas"):
        assert words in re.sub(r"preguntas (\d)", r"\1 preguntas", start)
    way = await _begin(ana, survey)
    asked = await ana.get(f"{way}/1")
    assert "1. ¿Dónde vive?" in page_text(asked)
    assert "checked" not in asked.text
    await ana.post(f"{way}/1", await form_of(survey))
    checked = page_text(await ana.get(f"{way}/revisar"))
    for words in ("Vereda", "Agua", "Bus", "El puente.", "Enviar mis respuestas"):
        assert words in checked
    done = await ana.post(f"{way}/revisar", {})
    assert (done.status_code, done.headers["location"]) == (303, f"{url}/recibo")
    mine = await Participation.of(town.entity.id).get(survey_id=survey.id)
    slip = page_text(await ana.follow(done))
    for words in ("Recibimos sus respuestas", mine.receipt_number, "23 de noviembre de 2026"):
        assert words in slip
    assert await Progress.all().count() == 0
    again = await ana.post(f"{url}/responder", {})
    for page in (await ana.get(url), again):
        assert "Usted ya respondió esta encuesta" in page.text
        assert mine.receipt_number in page.text
        assert "Empezar" not in page.text


async def test_mistakes_keep_everything_typed(town: Municipality, web: Web) -> None:
    """Errors stand beside their fields and in the summary; another device finds it all."""
    survey = await a_survey(town)
    place, failed, road, wish = await questions_of(survey)
    form = await form_of(survey, "Un «puente» <b>nuevo</b>")
    del form[f"p{place.id}"]
    form[f"p{road.id}"] = "7"
    visitor = await web.visit()
    way = await _begin(visitor, survey)
    page = await visitor.post(f"{way}/1", form)
    assert page.status_code == 422
    for question in (place, road):
        assert f'href="#f-p{question.id}"' in page.text
        assert f'id="e-p{question.id}"' in page.text
        assert f'id="f-p{question.id}"' in page.text
    assert page.text.count("Pregunta 1. Elija una opción.") == 2
    assert page.text.count("Pregunta 3. Elija entre las opciones que se ofrecen.") == 2
    assert f'id="e-p{wish.id}"' not in page.text
    for found in (page, await (await web.visit()).get(f"{way}/1")):
        assert "Un «puente» &lt;b&gt;nuevo&lt;/b&gt;" in found.text
        assert found.text.count(" checked") == 2
        assert f'name="p{failed.id}_2" value="1" checked' in found.text
    assert (await visitor.post(f"{way}/revisar", {})).headers["location"].startswith("/ingresar")
    refused = await (await web.visit(town.ana)).post(f"{way}/revisar", {})
    assert refused.status_code == 422
    assert await Response.all().count() == 0


async def test_a_visitor_answers_first_and_signs_in_then(town: Municipality, web: Web) -> None:
    """What a visitor answered waits under its link, and is stored only after signing in."""
    survey = await a_survey(town)
    way = await _filled(await web.visit(), survey)
    sent = await (await web.visit()).post(f"{way}/revisar", {})
    assert sent.headers["location"].startswith("/ingresar?next=")
    assert await Response.all().count() == 0
    ana = await web.visit(town.ana)
    assert "El puente." in (await ana.get(f"{way}/revisar")).text
    assert (await ana.post(f"{way}/revisar", {})).status_code == 303
    gone = await ana.post(f"{way}/revisar", {})
    assert gone.status_code == 404
    assert "ya no guarda respuestas" in gone.text
    assert await Response.all().count() == 1


async def test_many_at_once_through_the_page(town: Municipality, web: Web) -> None:
    """Parallel sendings from two links of one person make one response."""
    survey = await a_survey(town)
    ana = await web.visit(town.ana)
    ways = [await _filled(ana, survey, words) for words in ("Uno.", "Otro.")]
    sent = await asyncio.gather(*(ana.post(f"{way}/revisar", {}) for way in ways * 4))
    assert [each.status_code for each in sent].count(409) >= 1
    assert {each.status_code for each in sent} <= {303, 404, 409}
    assert await Response.all().count() == await Participation.all().count() == 1
    assert await Answer.of(town.entity.id).exclude(text="").count() == 1


async def test_closed_is_closed(town: Municipality, web: Web) -> None:
    """At the closing instant nobody begins, goes on or sends any more."""
    survey = await a_survey(town)
    ana = await web.visit(town.ana)
    way = await _filled(ana, survey)
    web.clock.now = CLOSES
    url = f"/encuestas/{survey.id}"
    for path in (f"{url}/responder", f"{way}/1", f"{way}/revisar"):
        assert (await ana.post(path, {})).status_code == 409
    page = await ana.get(url)
    assert "Cerró el" in page.text
    assert "Empezar" not in page.text
    assert await Response.all().count() == 0


async def test_forged_and_misdirected_forms(town: Municipality, web: Web) -> None:
    """A wrong token is 403, an unknown field 400, an old form or version 409, a wrong link 404."""
    survey = await a_survey(town)
    ana = await web.visit(town.ana)
    way = await _begin(ana, survey)
    form = await form_of(survey)
    assert (await ana.post(f"{way}/1", {**form, "csrf": "forged"})).status_code == 403
    alien = {"Origin": "https://elsewhere.example"}
    assert (await ana.post(f"{way}/1", form, headers=alien)).status_code == 403
    assert (await ana.post(f"{way}/1", {**form, "person": "2"})).status_code == 400
    assert (await ana.post(f"{way}/1", {**form, "p99999": "1"})).status_code == 409
    assert (await ana.post(f"{way}/2", form)).status_code == 404
    assert (await ana.get(f"/encuestas/{survey.id}/r/nada/1")).status_code == 404
    neighbour = await web.visit(town.nora, NEIGHBOUR_HOST)
    assert (await neighbour.get(f"{way}/1")).status_code == 404
    await start_version(town.entity.id, survey.id, QUESTIONS)
    assert (await ana.get(f"{way}/1")).status_code == 409


def _many_kinds() -> Questionnaire:
    bus = plain_item("bus", Kind.YES_NO, "¿Usa el bus?", ("Sí", "No"))
    line = plain_item("linea", Kind.SINGLE, "¿Cuál?", ("La de Santa Inés", "Otra"))
    other = line.options[1].model_copy(update={"role": OptionRole.OTHER})
    only = ShowIf(conditions=(Condition(item="bus", check=Check.IS, value="1"),))
    line = line.model_copy(update={"options": (line.options[0], other), "show_if": only})
    matrix = plain_item("como", Kind.MATRIX, "¿Cómo están?", ("Mal", "Bien")).model_copy(
        update={"rows": (Row(code="a", label={"es": "Vía"}), Row(code="b", label={"es": "Luz"}))}
    )
    trips = plain_item("viajes", Kind.NUMBER, "¿Cuántos viajes?").model_copy(
        update={"most": Decimal(20), "show_if": only}
    )
    last: list[Item] = [
        plain_item("orden", Kind.RANKING, "¿Qué primero?", ("Ruta", "Precio")),
        plain_item("gasto", Kind.MONEY, "¿Cuánto gasta?", required=False),
        plain_item("dia", Kind.DATE, "¿Desde cuándo?", required=False),
    ]
    pages = ((bus, line), (trips,), (matrix, *last))
    return Questionnaire(pages=tuple(Page(items=items) for items in pages))


@pytest.mark.parametrize("takes_bus", [True, False])
async def test_pages_follow_the_answers(town: Municipality, web: Web, takes_bus: bool) -> None:
    """A question that an answer brings up is asked at once; a page nobody is asked is skipped."""
    survey = await create_survey(
        entity_id=town.entity.id, process_id=town.process.id, title="Buses", introduction="",
        questionnaire=_many_kinds(),
    )  # fmt: skip
    name = {q.asked.code: f"p{q.id}" for q in await questions_of(survey)}
    ana = await web.visit(town.ana)
    way = await _begin(ana, survey)
    assert "¿Cuál?" not in (await ana.get(f"{way}/1")).text
    first = await ana.post(f"{way}/1", {name["bus"]: "0" if takes_bus else "1"})
    if takes_bus:
        assert first.headers["location"] == f"{way}/1#{name['linea']}"
        assert "¿Cuál?" in (await ana.get(f"{way}/1")).text
        line = {name["bus"]: "0", name["linea"]: "1", f"{name['linea']}_otra": "La del río"}
        first = await ana.post(f"{way}/1", line)
        assert first.headers["location"] == f"{way}/2"
        wrong = await ana.post(f"{way}/2", {name["viajes"]: "21"})
        assert "Escriba un número de 20 o menos." in page_text(wrong)
        first = await ana.post(f"{way}/2", {name["viajes"]: "1,5"})
    assert first.headers["location"] == f"{way}/3"
    third = {
        f"{name['como']}_0": "1", f"{name['como']}_1": "0", f"{name['orden']}_0": "2",
        f"{name['orden']}_1": "1", name["gasto"]: "$ 12.500", name["dia"]: "2026-05-31",
    }  # fmt: skip
    assert (await ana.post(f"{way}/3", third)).headers["location"] == f"{way}/revisar"
    seen = page_text(await ana.get(f"{way}/revisar"))
    for words in ("Vía: Bien", "1. Precio", "$ 12.500", "2026-05-31"):
        assert words in seen
    assert ("La del río" in seen) is takes_bus
    assert (await ana.post(f"{way}/revisar", {})).status_code == 303
    stored = await Answer.of(town.entity.id).prefetch_related("question")
    codes = {answer.question.asked.code for answer in stored}
    assert ({"linea", "viajes"} <= codes) is takes_bus
    numbers = {a.question.asked.code: a.number for a in stored if a.number is not None}
    assert numbers["gasto"] == 12_500
    assert numbers.get("viajes") == (1.5 if takes_bus else None)


async def test_a_page_that_waited_does_not_undo_a_newer_one(
    town: Municipality, web: Web, clock: Clock
) -> None:
    """What was typed last is kept, whatever comes last; the late page leads on to what stands."""
    survey = await a_survey(town)
    wish = (await questions_of(survey))[-1]
    field = f"p{wish.id}"
    visitor = await web.visit()
    way = await _begin(visitor, survey)
    script = {"accept": "application/json"}

    async def sent(words: str, age: str) -> str:
        form = {**await form_of(survey, words), "age": age}
        answer = await visitor.post(f"{way}/1", form, headers=script)
        return str(answer.json()["to"])

    async def kept() -> str:
        return (await Progress.of(town.entity.id).get(survey_id=survey.id)).typed[field]

    await sent("El puente.", "0")
    clock.move(minutes=10)
    late = await sent("El parque.", str(11 * 60 * 1000))
    assert await kept() == "El puente."
    assert "quedó lo más nuevo" in page_text(await visitor.get(late))
    assert await sent("El puente.", str(11 * 60 * 1000)) == f"{way}/revisar"
    assert await sent("La escuela.", str(9 * 60 * 1000)) == f"{way}/revisar"
    assert await kept() == "La escuela."
    # Ages that no device means say nothing: such a page counts as typed when it came.
    for age, words in (("-5", "Uno."), ("9" * 40, "Dos."), ("x", "Tres.")):
        await sent(words, age)
        assert await kept() == words
