"""The pages of who answers: letters and codes, quotas, answers written down for others, paper."""

import asyncio
import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from participa.surveys.models import Answer, Participation, Response, RollEntry, Survey
from participa.surveys.queries import questions_of
from participa.surveys.rolls import read_people
from tests.people import CLOSES, Municipality
from tests.surveys.surveying import a_survey, form_of
from tests.visitors import Visitor, Web, page_text

# Nothing here depends on the kind of database.
one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def _filled(visitor: Visitor, survey: Survey) -> str:
    started = await visitor.post(f"/encuestas/{survey.id}/responder", {})
    way = started.headers["location"].removesuffix("/1")
    await visitor.post(f"{way}/1", await form_of(survey))
    return str(way)


@one_database
async def test_from_the_roll_to_the_receipt(town: Municipality, web: Web) -> None:
    """Letters show each code once; a neighbour without account answers with it, once."""
    survey = await a_survey(town)
    desk, diego = f"/gestion/encuestas/{survey.id}", await web.visit(town.diego)
    wrong = await diego.post(
        f"{desk}/quienes", {"audience": "roll", "is_secret": "1", "may_change": "1"}
    )
    assert (wrong.status_code, "nadie sabe cuáles son de quién" in wrong.text) == (422, True)
    await diego.post(f"{desk}/quienes", {"audience": "roll", "is_secret": "1"})
    people = "Rosa Amado; Vereda El Salado\nHernando\tCalle 4"
    await diego.post(f"{desk}/lista", {"people": people, "blank": "1"})
    letters = await diego.post(f"{desk}/cartas", {"format": "pdf"})
    assert letters.headers["cache-control"] == "no-store"
    reader = PdfReader(BytesIO(letters.content))
    words = " ".join(page.extract_text() for page in reader.pages)
    codes = re.findall(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", words)
    assert (len(set(codes)), len(reader.pages)) == (3, 4)
    assert all(words.count(part) for part in ("Rosa Amado", "El Salado", "Hernando", "Servicios"))
    kept = {
        str(value) for row in await RollEntry.of(town.entity.id).values() for value in row.values()
    }
    assert not kept & {*codes, *(code.replace("-", "") for code in codes)}
    assert (await diego.post(f"{desk}/cartas", {"format": "csv"})).status_code == 422
    again = await diego.post(f"{desk}/cartas", {"format": "csv", "number": "2"})
    assert "Hernando" in again.text
    whole = {"format": "pdf", "number": "3", "with_form": "1"}
    sheet = PdfReader(BytesIO((await diego.post(f"{desk}/cartas", whole)).content))
    written = " ".join(" ".join(page.extract_text() for page in sheet.pages).split())
    for words in ("lleva su número 3", "¿Dónde vive?", "¿Qué arreglaría?"):
        assert words in written
    visitor = await web.visit()
    assert "No necesita cuenta" in (await visitor.get(f"/encuestas/{survey.id}")).text
    way = await _filled(visitor, survey)
    for old in ("", "0000-0000-0000-0000", codes[1]):
        refused = await visitor.post(f"{way}/revisar", {"code": old})
        assert (refused.status_code, 'id="e-code"' in refused.text) == (422, True)
    done = await visitor.post(f"{way}/revisar", {"code": codes[0].lower()})
    assert "Recibimos sus respuestas" in (await visitor.follow(done)).text
    second = await visitor.post(f"{await _filled(visitor, survey)}/revisar", {"code": codes[0]})
    assert second.status_code == 409
    assert (await diego.post(f"{desk}/cartas", {"format": "csv", "number": "1"})).status_code == 422
    frozen = await diego.post(f"{desk}/quienes", {"audience": "open"})
    assert "Alguien ya respondió" in frozen.text
    assert "1 ya respondieron" in re.sub(r"(ya respondieron) (\d)", r"\2 \1",
                                         page_text(await diego.get(f"{desk}/quienes")))  # fmt: skip
    assert (await diego.get(f"{desk}/registrar")).status_code == 409
    assert (await diego.post(f"{desk}/lista/borrar", {})).status_code == 409
    web.clock.now = CLOSES
    diego = await web.visit(town.diego)
    assert (await diego.post(f"{desk}/lista/borrar", {})).status_code == 303
    entries = await RollEntry.of(town.entity.id)
    assert {(each.name, each.address, each.code_hash) for each in entries} == {("", "", None)}


@one_database
async def test_written_down_by_telephone_and_from_paper(town: Municipality, web: Web) -> None:
    """An interview goes page by page, paper in one form; the same document counts once."""
    survey = await a_survey(town)
    desk, diego = f"/gestion/encuestas/{survey.id}", await web.visit(town.diego)
    for form in ({"channel": "telephone"}, {"document": "91000001"}):
        assert (await diego.post(f"{desk}/registrar", form)).status_code == 422
    whose = {"channel": "telephone", "document": "91.000.001"}
    started = await diego.post(f"{desk}/registrar", whose)
    way = started.headers["location"].removesuffix("/1")
    assert (await (await web.visit(town.ana)).get(f"{way}/1")).status_code == 403
    await diego.post(f"{way}/1", await form_of(survey))
    sent = await diego.post(f"{way}/revisar", {})
    assert sent.headers["location"].startswith(f"{desk}/registrar")
    assert "Por teléfono: 1" in page_text(await diego.follow(sent))
    assert "ya respondió" in (await diego.post(f"{desk}/registrar", whose)).text
    paper = {"channel": "paper", "document": "91000001", **await form_of(survey, "De papel.")}
    refused = await diego.post(f"{desk}/digitar", paper)
    assert (refused.status_code, "De papel." in refused.text) == (409, True)
    place, *_others = await questions_of(survey)
    wrong = {**paper, "document": "91000002", f"p{place.id}": ""}
    refused = await diego.post(f"{desk}/digitar", wrong)
    assert (refused.status_code, "De papel." in refused.text) == (422, True)
    typed = await diego.post(f"{desk}/digitar", {**paper, "document": "91000002"})
    assert "En papel: 1" in page_text(await diego.follow(typed))
    took_part = await Participation.of(town.entity.id).order_by("receipt_number")
    assert [each.recorded_by_id for each in took_part] == [town.diego.person_id] * 2
    assert not any("91000" in each.participant for each in took_part)
    public = page_text(await (await web.visit()).get(f"/encuestas/{survey.id}"))
    assert "Por teléfono: 1; En papel: 1" in public


@one_database
async def test_a_full_group_is_told_early(town: Municipality, web: Web) -> None:
    """Groups are set on a page; who is of a full one learns it on the page that says so."""
    survey = await a_survey(town)
    desk, diego = f"/gestion/encuestas/{survey.id}", await web.visit(town.diego)
    assert (await diego.post(f"{desk}/cupos", {"item0": "fallo"})).status_code == 422
    await diego.post(f"{desk}/cupos", {"item0": "vive"})
    assert (await diego.post(f"{desk}/cupos", {"item0": "vive", "most1": "x"})).status_code == 422
    await diego.post(f"{desk}/cupos", {"item0": "vive", "most1": "0"})
    assert "Respondieron 0 de 0" in page_text(await diego.get(f"{desk}/quienes"))
    ana = await web.visit(town.ana)
    started = await ana.post(f"/encuestas/{survey.id}/responder", {})
    told = await ana.post(started.headers["location"], await form_of(survey))
    assert (told.status_code, "suficientes personas" in told.text) == (409, True)
    assert await Response.all().count() == 0


@one_database
async def test_answers_are_changed_and_withdrawn(town: Municipality, web: Web) -> None:
    """Changing begins with what was answered; the history shows acts and no words."""
    survey = await a_survey(town)
    await Survey.of(town.entity.id).filter(id=survey.id).update(may_change=True)
    ana, url = await web.visit(town.ana), f"/encuestas/{survey.id}"
    await ana.post(f"{await _filled(ana, survey)}/revisar", {})
    started = await ana.post(f"{url}/responder", {})
    again = (await ana.get(started.headers["location"])).text
    assert (again.count(" checked"), "El puente." in again) == (4, True)
    way = started.headers["location"].removesuffix("/1")
    await ana.post(f"{way}/1", await form_of(survey, "La escuela."))
    await ana.post(f"{way}/revisar", {})
    texts = await Answer.of(town.entity.id).exclude(text="")
    assert [each.text for each in texts] == ["La escuela."]
    page = page_text(await ana.get(url))
    assert "Cambiadas" in page
    gone = await ana.post(f"{url}/retirar", {})
    page = page_text(await ana.follow(gone))
    assert "Retiradas" in page
    assert "Responder otra vez" in page
    assert await Answer.of(town.entity.id).count() == 0


@one_database
async def test_one_form_of_a_guest_counts_once(town: Municipality, web: Web) -> None:
    """Pressed many times at once, a visitor's form and an official's each make one response."""
    survey = await a_survey(town)
    await Survey.of(town.entity.id).filter(id=survey.id).update(audience="open")
    visitor = await web.visit()
    way = await _filled(visitor, survey)
    sent = await asyncio.gather(*(visitor.post(f"{way}/revisar", {}) for _press in range(6)))
    assert {each.status_code for each in sent} <= {303, 404}
    paper = {"channel": "paper", "request_key": "k" * 20, **await form_of(survey)}
    diego = await web.visit(town.diego)
    desk = f"/gestion/encuestas/{survey.id}/digitar"
    await asyncio.gather(*(diego.post(desk, paper) for _press in range(6)))
    assert await Response.all().count() == await Participation.all().count() == 2


@one_database
async def test_paper_and_verifying(town: Municipality, web: Web) -> None:
    """The form is printed with every question; a verified account is told apart from others."""
    survey = await a_survey(town)
    desk, diego = f"/gestion/encuestas/{survey.id}", await web.visit(town.diego)
    page = page_text(await diego.get(f"{desk}/papel"))
    sheet = await diego.get(f"{desk}/papel.pdf")
    words = " ".join(p.extract_text() for p in PdfReader(BytesIO(sheet.content)).pages)
    for asked in ("1. ¿Dónde vive?", "Vereda", "4. ¿Qué arreglaría?"):
        assert asked in page
        assert asked in " ".join(words.split())
    await Survey.of(town.entity.id).filter(id=survey.id).update(audience="verified")
    ana = await web.visit(town.ana)
    way = await _filled(ana, survey)
    assert "mostrar el documento" in (await ana.post(f"{way}/revisar", {})).text
    for form, status in (
        ({"email": "ana@example.org", "document": "x"}, 422),
        ({"email": "nadie@example.org", "document": "91000001"}, 422),
        ({"email": "ana@example.org", "document": "91000001"}, 303),
        ({"email": "beto@example.org", "document": "91000001"}, 409),
    ):
        assert (await diego.post("/gestion/verificar", form)).status_code == status
    assert (await ana.post(f"{way}/revisar", {})).status_code == 303


def test_people_are_read_from_what_was_pasted() -> None:
    """Names and addresses in lines, tabs or semicolons between them; an endless line is named."""
    assert read_people("Ana; Calle 1\n\nBeto\tCalle 2\n;Calle 3\n") == [
        ("Ana", "Calle 1"), ("Beto", "Calle 2"), ("", "Calle 3"),
    ]  # fmt: skip
    assert str(read_people("Ana\n" + "x" * 200)) == "La línea 2 es demasiado larga."
