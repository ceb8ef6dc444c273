"""The pages of surveys, for visitors, citizens, neighbours and the impatient."""

import csv
import io

import pytest

from participa.accounts.models import Person
from participa.surveys.models import Answer, Participation, Survey
from participa.surveys.questionnaire import Kind, on_one_page, plain_item
from participa.surveys.service import answer_survey, start_version
from tests.people import CLOSES, NEIGHBOUR_HOST, NOW, Municipality
from tests.surveys.surveying import a_survey, filled_in, many_answers, statements
from tests.visitors import Visitor, Web, page_text

COUNTS = [(30, 6, 4), (33, 7, 0), (12, 14, 14)]


async def _all_pages(survey: Survey) -> tuple[str, ...]:
    base = f"/encuestas/{survey.id}"
    return tuple(f"{base}{rest}" for rest in ("", "/recibo", "/resultados", "/resultados.csv"))


async def _close(web: Web) -> None:
    web.clock.now = CLOSES


async def test_the_process_page_offers_it(town: Municipality, web: Web) -> None:
    """The survey stands among the activities with how many answered."""
    survey = await a_survey(town)
    await many_answers(survey, COUNTS)
    page = await (await web.visit()).get("/procesos/plan")
    assert f"/encuestas/{survey.id}" in page.text
    assert "40 respuestas" in page_text(page)


async def test_the_neighbour_has_no_such_survey(town: Municipality, web: Web) -> None:
    """Under another entity's name none of the pages is there."""
    survey = await a_survey(town)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    for path in await _all_pages(survey):
        assert (await nora.get(path)).status_code == 404
    assert (await nora.post(f"/encuestas/{survey.id}/responder", {})).status_code == 404


async def test_a_survey_of_a_draft_process_is_its_staffs(town: Municipality, web: Web) -> None:
    """Before the process is published, citizens find nothing; an official looks at it."""
    survey = await a_survey(town, town.draft_process.id)
    ana, diego = await web.visit(town.ana), await web.visit(town.diego)
    for path in await _all_pages(survey):
        assert (await ana.get(path)).status_code == 404
    assert (await ana.post(f"/encuestas/{survey.id}/responder", {})).status_code == 404
    assert (await diego.post(f"/encuestas/{survey.id}/responder", {})).status_code == 303


@pytest.mark.parametrize("number", ["9999", "99999999999999999999", "x", "-1"])
async def test_what_is_missing_is_404(town: Municipality, web: Web, number: str) -> None:
    """Unknown, absurd and malformed numbers are not found."""
    ana = await web.visit(town.ana)
    for rest in ("", "/recibo", "/resultados", "/resultados.csv"):
        assert (await ana.get(f"/encuestas/{number}{rest}")).status_code == 404


async def test_results_are_sealed_for_everybody(town: Municipality, web: Web) -> None:
    """Before closing neither page nor CSV says a count, to citizens or to the administration."""
    survey = await a_survey(town)
    await many_answers(survey, COUNTS)
    url = f"/encuestas/{survey.id}/resultados"
    for actor in (None, town.ana, town.carmen, town.diego, town.alma):
        visitor = await web.visit(actor)
        page = await visitor.get(url)
        assert "se publican el 3 de diciembre de 2026, 10:00" in page_text(page)
        assert "40 respuestas" in page_text(page)
        for hidden in ("¿Dónde vive?", "Vereda", "<table", "csv", " 30 "):
            assert hidden not in page.text
        table = await visitor.get(f"{url}.csv")
        assert table.status_code == 409
        assert "Vereda" not in table.text
    await _close(web)
    assert "Vereda" in (await (await web.visit()).get(url)).text


async def _table(visitor: Visitor, survey: Survey) -> list[dict[str, str]]:
    response = await visitor.get(f"/encuestas/{survey.id}/resultados.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"encuesta-{survey.id}.csv" in response.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


async def test_results_after_closing(town: Municipality, web: Web) -> None:
    """Totals with their n, shares and bars; small counts hidden alike on the page and in CSV."""
    survey = await a_survey(town)
    await many_answers(survey, COUNTS)
    await answer_survey(town.ana, survey.id, await filled_in(survey, "Palabras mías"), NOW)
    await _close(web)
    visitor = await web.visit()
    page = await visitor.get(f"/encuestas/{survey.id}/resultados")
    text = page_text(page)
    for words in (
        "Esto no es una encuesta representativa: respondió quien quiso.",
        "respondieron 41 personas",
        "respondió 1 persona",
        "73 %",
        "oculto",
        "Se publican por temas",
    ):
        assert words in text
    assert "Palabras mías" not in page.text
    assert 'class="bar thin"' in page.text
    rows = await _table(visitor, survey)
    assert "Palabras mías" not in str(rows)
    where = [(r["opcion"], r["cuenta"], r["parte"], r["oculta"]) for r in rows[:3]]
    assert where == [
        ("Barrio", "30", "0.7317", "no"), ("Vereda", "", "", "sí"), ("Otro", "", "", "sí"),
    ]  # fmt: skip
    assert [row["respondieron"] for row in rows] == ["41"] * 9 + ["1"]


async def test_few_answers_have_no_percentages(town: Municipality, web: Web) -> None:
    """Nine answers are counted without shares or bars."""
    survey = await a_survey(town)
    await many_answers(survey, [(9, 0, 0)] * 3)
    await _close(web)
    page = await (await web.visit()).get(f"/encuestas/{survey.id}/resultados")
    assert "%" not in page_text(page).replace("100 %", "").replace("del 95 %", "")
    assert "<svg class=" not in page.text
    assert "respondieron 9 personas" in page_text(page)


async def test_each_version_has_its_own_totals(town: Municipality, web: Web) -> None:
    """The page of results leads from version to version."""
    survey = await a_survey(town)
    await many_answers(survey, COUNTS)
    other = on_one_page([plain_item("otra", Kind.SINGLE, "¿Otra?", ("Sí", "No"))])
    survey = await start_version(town.entity.id, survey.id, other)
    await many_answers(survey, [(6, 5)])
    await _close(web)
    visitor = await web.visit()
    url = f"/encuestas/{survey.id}/resultados"
    now = await visitor.get(url)
    assert "¿Otra?" in now.text
    assert "¿Dónde vive?" not in now.text
    earlier = await visitor.get(f"{url}?version=1")
    assert "¿Dónde vive?" in earlier.text
    assert "versión 2 (11 respuestas)" in page_text(earlier)
    assert "¿Otra?" in (await visitor.get(f"{url}?version=77")).text


async def test_the_receipt_is_its_owners(town: Municipality, web: Web) -> None:
    """Who has not signed in is asked to; who has not answered goes to the start."""
    survey = await a_survey(town)
    await answer_survey(town.ana, survey.id, await filled_in(survey), NOW)
    url = f"/encuestas/{survey.id}/recibo"
    asked = await (await web.visit()).get(url)
    assert asked.headers["location"].startswith("/ingresar?next=")
    beto = await web.visit(town.beto)
    assert (await beto.get(url)).headers["location"] == f"/encuestas/{survey.id}"


async def test_a_person_who_leaves_stays_counted(town: Municipality, web: Web) -> None:
    """When an account is erased its answers stay in the totals, without their person."""
    survey = await a_survey(town)
    await answer_survey(town.beto, survey.id, await filled_in(survey), NOW)
    await Person.of(town.entity.id).filter(id=town.beto.person_id).delete()
    gone = await Participation.of(town.entity.id).get(survey_id=survey.id)
    assert gone.person_id is None
    assert await Answer.of(town.entity.id).filter(response_id=gone.response_id).count() == 5


async def test_every_page_costs_the_same_with_many(town: Municipality, web: Web) -> None:
    """Start, questions and results take as many statements for 300 responses as for 3."""
    survey = await a_survey(town)
    ana = await web.visit(town.ana)
    url = f"/encuestas/{survey.id}"

    async def costs() -> list[int]:
        found = []
        for path, at in (("", NOW), (way, NOW), ("/resultados", CLOSES)):
            web.clock.now = at
            visitor = ana if at == NOW else await web.visit()
            async with statements() as run:
                assert (await visitor.get(f"{url}{path}")).status_code == 200
            found.append(len(run))
        return found

    began = await ana.post(f"{url}/responder", {})
    way = began.headers["location"].removeprefix(url)
    await many_answers(survey, [(1, 1, 1)] * 3)
    await ana.get(url)
    few = await costs()
    await many_answers(survey, [(99, 99, 99)] * 3)
    assert await costs() == few
    assert max(few) <= 12
