"""Writing a survey: steps that keep what conditions and data know, and the pages that take them."""

import json
import re

import pytest

from participa.surveys.answered import Answered
from participa.surveys.drafts import SurveyMoved, edit_survey, publish_survey
from participa.surveys.editing import (
    adding,
    copying,
    moving,
    removing,
    replacing,
    silencing,
    speaking,
    starting_page,
)
from participa.surveys.item_forms import item_values, read_item
from participa.surveys.models import Survey, SurveyTemplate
from participa.surveys.pasting import read_pasted
from participa.surveys.queries import questionnaire_of, questions_of
from participa.surveys.questionnaire import (
    Check,
    Item,
    Kind,
    OptionRole,
    Questionnaire,
    on_one_page,
    plain_item,
)
from participa.surveys.service import answer_survey
from participa.web.refusals import BadInput
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.surveys.lss import modern
from tests.surveys.surveying import a_survey
from tests.visitors import Web, page_text

A, B, C = (plain_item(code, Kind.SINGLE, f"¿{code}?", ("Sí", "No")) for code in ("a", "b", "c"))
ASKED = on_one_page((A, B, C))
ANSWERS = {"fallo": Answered((0,)), "via": Answered((1,))}
PASTED = """
1. ¿Usa el bus?
- Sí
- No

2. ¿Qué le cambiaría
al bus? (opcional)
3) ¿Qué falla? (varias)

a) El precio
b) El trato
"""


def _codes(asked: Questionnaire) -> list[list[str]]:
    return [[item.code for item in page.items] for page in asked.pages]


def test_steps() -> None:
    """Each step does what it is called, and one about an unknown item does nothing."""
    assert _codes(moving("c", -1)(ASKED)) == [["a", "c", "b"]]
    assert _codes(moving("a", -1)(ASKED)) == _codes(moving("x", 1)(ASKED)) == _codes(ASKED)
    assert _codes(removing("b")(ASKED)) == [["a", "c"]]
    assert _codes(copying("a")(ASKED)) == [["a", "p1", "b", "c"]]
    assert _codes(adding([A, A], "b")(ASKED)) == [["a", "b", "p1", "p2", "c"]]
    two = starting_page("b")(ASKED)
    assert _codes(two) == [["a"], ["b", "c"]]
    assert _codes(moving("b", -1)(two)) == [["b"], ["a", "c"]]
    assert _codes(starting_page("b")(two)) == _codes(ASKED)
    assert _codes(removing("a")(two)) == [["b", "c"]]
    assert replacing("b", C)(ASKED).pages[0].items[1].text == C.text
    assert speaking("en")(ASKED).languages == ("es", "en")
    assert silencing("en")(speaking("en")(ASKED)) == silencing("es")(ASKED) == ASKED


def test_a_survey_as_text() -> None:
    """Numbers, dashes and notes make questions, options and kinds."""
    bus, change, fails = read_pasted(PASTED)
    assert (bus.kind, bus.text["es"], len(bus.options)) == (Kind.SINGLE, "¿Usa el bus?", 2)
    assert (change.kind, change.required) == (Kind.LONG, False)
    assert change.text["es"] == "¿Qué le cambiaría al bus?"
    assert (fails.kind, [o.label["es"] for o in fails.options]) == (
        Kind.MULTIPLE, ["El precio", "El trato"],
    )  # fmt: skip
    assert read_pasted("\n \n") == []


def _written(item: Item | None, asked: Questionnaire, **more: str) -> Item:
    values = item_values(item, asked) if item else {}
    read, form = read_item({**values, **more}, asked, item)
    assert read is not None, form.errors
    return read


def test_the_form_gives_back_the_item() -> None:
    """What was written reads back the same, with roles, bounds, rows and conditions."""
    full = _written(
        None, ASKED, kind="multiple", text_es="¿Cuáles?", options_es="Agua\nLuz", required="1",
        other_es="Otra", alone_es="Ninguna", least="1", most="2",
        what0="a:1", check0="is", what1="b", check1="answered", every="any",
    )  # fmt: skip
    assert [o.role for o in full.options[2:]] == [OptionRole.OTHER, OptionRole.ALONE]
    assert full.show_if is not None
    assert [(c.item, c.check, c.value) for c in full.show_if.conditions] == [
        ("a", Check.IS, "1"), ("b", Check.ANSWERED, ""),
    ]  # fmt: skip
    held = adding([full], "b")(ASKED)
    stored = next(item for item in held.items if item.text == full.text)
    assert _written(stored, held) == stored
    date = _written(None, ASKED, kind="date", text_es="¿Cuándo?", least="2026-05-31")
    assert item_values(date, ASKED)["least"] == "2026-05-31"


def test_options_keep_their_codes() -> None:
    """Another order and a new option leave the others' codes as they were."""
    again = _written(A, ASKED, options_es="Tal vez\nNo\nSí")
    assert [(o.code, o.label["es"]) for o in again.options] == [
        ("3", "Tal vez"), ("2", "No"), ("1", "Sí"),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [{"text_es": " "}, {"kind": "x"}, {"what0": "z", "check0": "is"}])
def test_an_item_that_cannot_be_read(wrong: dict[str, str]) -> None:
    """The form says what is wrong, and keeps the rest."""
    read, form = read_item({**item_values(A, ASKED), **wrong}, ASKED, A)
    assert read is None
    assert form.has_errors
    assert form.values["options_es"] == "Sí\nNo"


async def _begun(web: Web, town: Municipality) -> Survey:
    diego = await web.visit(town.diego)
    form = {"title": "Buses", "introduction": "", "pasted": PASTED}
    done = await diego.post("/gestion/procesos/plan/encuestas", form)
    assert done.status_code == 303
    return await Survey.of(town.entity.id).get(title="Buses")


async def test_from_a_text_to_answers(town: Municipality, web: Web) -> None:
    """An official pastes, mends, looks and publishes; until then citizens find nothing."""
    survey = await _begun(web, town)
    diego, ana = await web.visit(town.diego), await web.visit(town.ana)
    url = f"/gestion/encuestas/{survey.id}"
    assert (await ana.get(f"/encuestas/{survey.id}")).status_code == 404
    assert "Buses" not in (await ana.get("/procesos/plan")).text
    page = await diego.get(url)
    assert "¿Qué le cambiaría al bus?" in page.text
    assert "sin publicar" in page.text
    moved = await diego.post(url, {"do": "up:p3", "revision": "0"})
    assert moved.headers["location"] == f"{url}#q-p3"
    stale = await diego.post(url, {"do": "up:p3", "revision": "0"})
    assert stale.status_code == 409
    form = {"kind": "yes_no", "text_es": "¿Tiene carro?", "revision": "1", "after": "p1"}
    assert (await diego.post(f"{url}/pregunta", form)).headers["location"] == f"{url}#q-p4"
    looked = await diego.get(f"{url}/vista")
    assert re.search(r"2\. ¿Tiene carro\?", looked.text)
    done = await diego.post(url, {"do": "publish", "revision": "2"})
    assert done.status_code == 303
    began = await ana.post(f"/encuestas/{survey.id}/responder", {})
    assert "¿Tiene carro?" in (await ana.follow(began)).text
    assert "Buses" in (await ana.get("/procesos/plan")).text


async def test_publishing_says_what_is_to_be_mended(town: Municipality, web: Web) -> None:
    """What nobody could answer is not published, and stands beside its question."""
    survey = await _begun(web, town)
    diego = await web.visit(town.diego)
    url = f"/gestion/encuestas/{survey.id}"
    form = {"kind": "single", "text_es": "¿Cuál?", "options_es": "Una", "revision": "0"}
    await diego.post(f"{url}/pregunta", form)
    assert "Necesita de 2 a 30 opciones." in (await diego.get(url)).text
    refused = await diego.post(url, {"do": "publish", "revision": "1"})
    assert refused.status_code == 422
    await survey.refresh_from_db()
    assert survey.version == 0


async def test_changes_after_answers_are_a_new_version(town: Municipality) -> None:
    """Until somebody answers the version is mended; after it the next one asks."""
    survey = await a_survey(town)
    await edit_survey(town.diego, survey.id, 0, [removing("vive")])
    survey = await publish_survey(town.diego, survey.id, 1, NOW)
    assert survey.version == 1
    answers = {
        question.id: answer
        for question in await questions_of(survey)
        if (answer := ANSWERS.get(question.asked.code))
    }
    await answer_survey(town.ana, survey.id, answers, NOW)
    await edit_survey(town.diego, survey.id, 2, [removing("fallo")])
    survey = await publish_survey(town.diego, survey.id, 3, NOW)
    assert survey.version == 2
    assert [item.code for item in (await questionnaire_of(survey, 1)).items] == [
        "fallo", "via", "arreglo",
    ]  # fmt: skip
    with pytest.raises(SurveyMoved):
        await publish_survey(town.diego, survey.id, 3, NOW)
    await edit_survey(town.diego, survey.id, 4, [removing("via"), removing("arreglo")])
    with pytest.raises(BadInput):
        await publish_survey(town.diego, survey.id, 5, NOW)


async def test_the_exported_file_begins_another(town: Municipality, web: Web) -> None:
    """JSON out, JSON in, the same questions; what is no such file is refused with its place."""
    survey = await a_survey(town)
    diego = await web.visit(town.diego)
    sent = await diego.get(f"/gestion/encuestas/{survey.id}.json")
    form = {"title": "Otra", "introduction": "", "pasted": sent.text}
    assert (await diego.post("/gestion/procesos/plan/encuestas", form)).status_code == 303
    other = await Survey.of(town.entity.id).get(title="Otra")
    assert Questionnaire.model_validate(other.draft) == await questionnaire_of(survey)
    broken = json.dumps({"pages": [{"items": [{"code": "a"}]}]})
    page = await diego.post(
        "/gestion/procesos/plan/encuestas", {**form, "title": "Mala", "pasted": broken}
    )
    assert page.status_code == 422
    assert "pages.0.items.0.kind" in page_text(page)


async def test_beginning_from_what_is_there(town: Municipality, web: Web) -> None:
    """From ours, a kept one, a copy or a LimeSurvey file, whose losses are told line by line."""
    survey = await a_survey(town)
    desk, diego = "/gestion/procesos/plan/encuestas", await web.visit(town.diego)
    ours = await diego.post(desk, {"title": "Sesión", "start": "satisfaccion"})
    assert "¿Cómo siguió la sesión?" in (await diego.follow(ours)).text
    await diego.post(f"/gestion/encuestas/{survey.id}/plantilla", {})
    (kept,) = await SurveyTemplate.of(town.entity.id)
    begun = await diego.post(desk, {"title": "Otra", "start": str(kept.id)})
    copied = await diego.post(f"/gestion/encuestas/{survey.id}/copiar", {})
    for made in (begun, copied):
        assert "¿Dónde vive?" in (await diego.follow(made)).text
    assert "Servicios (copia 1)" in (await diego.follow(copied)).text
    neighbour = await web.visit(town.nico, NEIGHBOUR_HOST)
    foreign = {"title": "Ajena", "start": str(kept.id)}
    assert (await neighbour.post(desk, foreign)).status_code == 404
    gone = f"/gestion/plantillas/{kept.id}/quitar"
    assert (await neighbour.post(gone, {})).status_code == 404
    assert (await diego.post(gone, {})).status_code == 303
    read = await diego.post(desk, {}, files={"file": ("m.lss", modern(), "text/xml")})
    assert "«suma»: las ecuaciones no se traen." in page_text(read)
    made_of_it = await Survey.of(town.entity.id).get(title="Movilidad 2026")
    assert (made_of_it.version, made_of_it.introduction) == (0, "Para saber.\nHola")
    wrong = await diego.post(
        desk, {"title": "Mala", "introduction": "Mía"}, files={"file": ("m.lss", b"<a", "text/xml")}
    )
    assert (wrong.status_code, "El archivo está dañado" in wrong.text) == (422, True)
    assert "Mía" in wrong.text
