"""The pages and files of results, and where officials decide about them."""

import io
from datetime import date

from python_calamine import CalamineWorkbook

from participa.entities.census import read_census, save_population
from participa.jobs import run_due
from participa.surveys.models import Answer, Counted, QuestionThemes, ResultPlan, Survey
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.results import counting
from participa.surveys.results.counting import COUNT, count_job
from participa.surveys.results.reading import Sampling
from participa.surveys.results.themes import FOUND, find_themes, publish_themes, themes_shown
from participa.surveys.service import create_survey
from tests.people import CLOSES, NOW, Municipality
from tests.surveys.surveying import a_survey, many_answers
from tests.visitors import Web, page_text

COUNTS = [(70, 62, 68), (150, 40, 10), (90, 60, 50)]
SEX = plain_item("sexo", Kind.SINGLE, "¿Sexo?", ("Mujer", "Hombre"))
WANTS = plain_item("quiere", Kind.YES_NO, "¿Lo quiere?", ("Sí", "No"))
LIST = "edad,sexo,lugar,personas\n,Mujeres,,500\n,Hombres,,500\n"


async def _closed(town: Municipality, web: Web) -> Survey:
    survey = await a_survey(town)
    await many_answers(survey, COUNTS)
    web.clock.now = CLOSES
    return survey


async def test_one_question_against_another(town: Municipality, web: Web) -> None:
    """Any two can be chosen; the table has shares of its columns; nonsense shows no table."""
    survey = await _closed(town, web)
    visitor = await web.visit()
    base = f"/encuestas/{survey.id}/resultados/cruce"
    text = page_text(await visitor.get(f"{base}?pregunta=3&por=1"))
    assert "Por «¿Dónde vive?»: cada parte es de las personas de su columna." in text
    assert "100 %" in text
    same = await visitor.get(f"{base}?pregunta=1&por=1")
    assert "Escoja dos preguntas distintas." in same.text
    for query in ("", "?pregunta=99&por=x", "?pregunta=3"):
        assert (await visitor.get(f"{base}{query}")).status_code == 200


async def test_one_group_alone(town: Municipality, web: Web) -> None:
    """The page of a group says so and leads back; a group that is not there is 404."""
    survey = await _closed(town, web)
    visitor = await web.visit()
    base = f"/encuestas/{survey.id}/resultados"
    text = page_text(await visitor.get(f"{base}?solo=0:1"))
    assert "Solo quienes respondieron «Vereda»." in text
    assert "respondieron 62 personas" in text
    for wrong in ("0:9", "0:", "zz:0", "0:01", "1.0:0"):
        assert (await visitor.get(f"{base}?solo={wrong}")).status_code == 404


async def test_the_files_say_the_same(town: Municipality, web: Web) -> None:
    """CSV, Excel and JSON have the same rows, with what the columns mean; sealed until closing."""
    survey = await a_survey(town)
    await many_answers(survey, COUNTS)
    visitor = await web.visit()
    base = f"/encuestas/{survey.id}/resultados"
    for kind in ("csv", "json", "xlsx"):
        assert (await visitor.get(f"{base}.{kind}")).status_code == 409
    web.clock.now = CLOSES
    found = (await visitor.get(f"{base}.json")).json()
    book = CalamineWorkbook.from_filelike(io.BytesIO((await visitor.get(f"{base}.xlsx")).content))
    rows = book.get_sheet_by_name("Totales").to_python()
    assert [row["opcion"] for row in found["totales"]] == [row[6] for row in rows[1:]]
    assert [row["cuenta"] for row in found["totales"]][:3] == [70, 62, 68]
    assert set(found["diccionario"]) == set(rows[0])
    meanings = book.get_sheet_by_name("Diccionario").to_python()
    assert [row[0] for row in meanings[1:]] == rows[0]
    assert (await visitor.get(f"{base}/1.geojson")).status_code == 404


async def test_weighted_beside_unweighted(town: Municipality, web: Web) -> None:
    """An official names who tells the census; three women of four then weigh as two of four."""
    groups, problems = read_census(LIST)
    assert not problems
    await save_population(town.entity.id, "DANE", groups, date(2026, 1, 1))
    survey = await create_survey(
        entity_id=town.entity.id, process_id=town.process.id, title="Pesos", introduction="",
        questionnaire=on_one_page([SEX, WANTS]),
    )  # fmt: skip
    # Every woman wants it, no man does.
    await many_answers(survey, [(225, 75), (225, 75)])
    diego = await web.visit(town.diego)
    desk = f"/gestion/encuestas/{survey.id}/resultados"
    assert "DANE" in (await diego.get(desk)).text
    wrong = await diego.post(desk, {"sampling": "open", "sex": "quien"})
    assert wrong.status_code == 422
    assert (await diego.post(desk, {"sampling": "open", "live": "1"})).status_code == 422
    await diego.post(desk, {"sampling": "random", "sex": "sexo"})
    plan = await ResultPlan.of(town.entity.id).get(survey_id=survey.id)
    assert (plan.sampling, plan.traits) == (Sampling.RANDOM, {"sex": "sexo"})
    web.clock.now = CLOSES
    text = page_text(await (await web.visit()).get(f"/encuestas/{survey.id}/resultados"))
    for words in (
        "Ponderada",
        "75 %",
        "50 %",
        "Quién falta",
        "Respondieron de más",
        "Respondieron de menos",
        "Las personas se escogieron al azar",
    ):
        assert words in text


async def test_an_open_survey_shows_whole_percentages(town: Municipality, web: Web) -> None:
    """Where it was decided so: of answers up to the day before, from fifty on, and no count."""
    survey = await a_survey(town)
    await ResultPlan.create(entity_id=town.entity.id, survey=survey, is_live=True)
    await many_answers(survey, COUNTS)
    visitor = await web.visit()
    url = f"/encuestas/{survey.id}/resultados"
    assert "¿Dónde vive?" not in (await visitor.get(url)).text
    web.clock.move(days=1)
    page = await visitor.get(url)
    text = page_text(page)
    assert "35 %" in text
    assert "La encuesta sigue abierta" in text
    assert "respondieron 200 personas" not in text
    assert (await visitor.get(f"{url}/cruce?pregunta=1&por=3")).status_code == 409
    assert (await visitor.get(f"{url}.csv")).status_code == 409
    await many_answers(survey, [(1, 0, 0)] * 3, web.clock.now)
    web.clock.move(days=1)
    assert "35 %" in page_text(await visitor.get(url))
    assert (await Counted.of(town.entity.id).get(survey_id=survey.id)).responses == 200


async def test_many_answers_are_counted_by_the_worker(town: Municipality, web: Web) -> None:
    """The page asks for the counting and says so; afterwards it has the results."""
    survey = await _closed(town, web)
    url = f"/encuestas/{survey.id}/resultados"
    visitor = await web.visit()
    most, counting.MOST_AT_ONCE = counting.MOST_AT_ONCE, 100
    try:
        assert "Todavía se están contando las respuestas." in page_text(await visitor.get(url))
        assert (await visitor.get(f"{url}.csv")).status_code == 409
        await run_due({COUNT: count_job}, web.clock)
        await Counted.of(town.entity.id).update(counted_at=CLOSES)
        assert "¿Dónde vive?" in (await visitor.get(url)).text
    finally:
        counting.MOST_AT_ONCE = most


async def test_themes_need_somebody_to_let_them_pass(town: Municipality, web: Web) -> None:
    """Open answers are grouped; what an official keeps is shown, the rest is nowhere."""
    survey = await _closed(town, web)
    question = (await questions_of(survey))[3]
    rows = await Answer.of(town.entity.id).all().limit(3)
    await Answer.bulk_create(
        Answer(entity_id=town.entity.id, response_id=row.response_id, question=question,
               text="El acueducto no da.")
        for row in rows
    )  # fmt: skip
    themes = QuestionThemes.of(town.entity.id).filter(question_id=question.id)
    await QuestionThemes.create(entity_id=town.entity.id, question=question, state="queued")
    await find_themes(town.entity.id, question.id)
    found = await themes.get()
    assert (found.state, found.texts, found.themes) == (FOUND, 3, [])
    kept = [{"label": "agua", "people": 30, "quotes": ["Cita uno.", "Cita dos."]},
            {"label": "vía", "people": 30, "quotes": ["Cita tres."]}]  # fmt: skip
    await themes.update(themes=kept)
    assert await themes_shown(survey, 1) == {}
    await publish_themes(town.diego, survey, question.id, {0: ("El agua", [1])}, NOW)
    text = page_text(await (await web.visit()).get(f"/encuestas/{survey.id}/resultados"))
    assert "El agua 30 personas Cita dos." in text
    for words in ("Cita uno", "Cita tres", "acueducto"):
        assert words not in text


async def test_the_census_is_entered_as_a_list(town: Municipality, web: Web) -> None:
    """What is wrong is said with its line and nothing typed is lost; the list comes back."""
    diego = await web.visit(town.diego)
    wrong = await diego.post("/gestion/censo", {"source": "DANE", "groups": "edad\nx\n"})
    assert wrong.status_code == 422
    assert "DANE" in wrong.text
    saved = await diego.post("/gestion/censo", {"source": "DANE", "groups": LIST})
    assert saved.status_code == 303
    assert "Mujeres" in (await diego.get("/gestion/censo")).text
