"""The pages around a hearing: calling, registering, calendar, topics, agenda, acta, recording."""

import asyncio

import pytest

from participa.accountability.fillings import fillings_of
from participa.accountability.hearing import desk, holding, minutes
from participa.accountability.hearing.agenda import Theme, plan
from participa.accountability.hearing.agenda_acts import keep_agenda
from participa.accountability.hearing.grouping import openings_of, themes_of
from participa.accountability.hearing.models import AgendaPoint, HearingMinutes, Registration
from participa.accountability.hearing.registering import NoRoom, register
from participa.accountability.hearing.rules import Mode, Move, Registering
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_of
from participa.deliberation.service import remove
from participa.jobs.models import Job
from tests.accountability.hearing import asked, call
from tests.accountability.hearings.staging import CALENDAR, WORKS, office
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.serving import heard, refusal, serving
from tests.visitors import Web, page_text

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PAGE = "/rendicion-de-cuentas/1"
CALL = {
    "title": "Audiencia del agua", "summary": "**Todo** sobre el agua.", "place": "Coliseo",
    "on": "2027-01-20", "at": "08:30", "minutes": "120", "seats": "2",
    "stream_url": "https://radio.example.org/vivo", "survey_url": "/encuestas/7",
}  # fmt: skip


WATER = (
    "¿Cuándo llega el agua potable al barrio?",
    "¿Por qué el agua llega turbia al barrio?",
    "¿Quién responde por el agua que no llega?",
    "¿El agua del barrio es potable?",
)
ROADS = (
    "¿Cuándo arreglan la vía a la vereda?",
    "¿Por qué la vía de la vereda tiene huecos?",
    "¿Quién arregla la vía de la vereda?",
    "¿La maquinaria de la vía cuándo viene?",
)


@only_sqlite
async def test_an_official_calls_a_hearing_and_calendars_take_it(
    town: Municipality, web: Web
) -> None:
    """It is public at once, moves in calendars when it is moved, and mistakes lose nothing."""
    diego, elsa = await web.visit(town.diego), await web.visit()
    path = f"/gestion/procesos/{town.process.slug}/audiencias"
    wrong = {**CALL, "at": "25:00", "stream_url": "javascript:alert(1)", "seats": "0",
             "survey_url": "https://otra.example.org/x"}  # fmt: skip
    answer = await diego.post(path, wrong)
    assert answer.status_code == 422
    assert 'value="Audiencia del agua"' in answer.text
    for words in ("la hora como 08:00", "empieza por https://", "entre 1 y 5000", "de este sitio"):
        assert words in page_text(answer)
    assert (await diego.post(path, CALL)).status_code == 303
    assert (await diego.post(path, CALL)).status_code == 422
    page = page_text(await elsa.get(PAGE))
    assert "Audiencia del agua" in page
    assert "0 personas inscritas" in page
    file = (await elsa.get(f"{PAGE}/audiencia.ics")).text
    assert "DTSTART:20270120T133000Z" in file
    assert "SEQUENCE:0" in file
    moved = {**CALL, "on": "2027-01-21"}
    assert (await diego.post("/gestion/audiencias/1", moved)).status_code == 303
    feed = (await elsa.get("/rendicion-de-cuentas/calendario.ics")).text
    assert "DTSTART:20270121T133000Z" in feed
    assert "SEQUENCE:1" in feed
    await call(town, town.draft_process)
    assert (await elsa.get("/rendicion-de-cuentas/calendario.ics")).text.count("BEGIN:VEVENT") == 1


@only_sqlite
async def test_people_register_with_what_they_need(town: Municipality, web: Web) -> None:
    """Once each, changed and taken back; the public sees counts, officials see names."""
    await call(town)
    ana, elsa, diego = await web.visit(town.ana), await web.visit(), await web.visit(town.diego)
    said = {"mode": "in_person", "need_sign_language": "1", "note": "Voy con mi mamá"}
    assert "borrador%3D" in (await elsa.post(f"{PAGE}/inscripcion", said)).headers["location"]
    assert (await ana.post(f"{PAGE}/inscripcion", {"note": "x"})).status_code == 422
    for mode in ("in_person", "virtual"):
        assert (await ana.post(f"{PAGE}/inscripcion", {**said, "mode": mode})).status_code == 303
    row = await Registration.get()
    assert (row.mode, row.needs, row.name) == ("virtual", ["sign_language"], "Ana")
    public = page_text(await elsa.get(f"{PAGE}/inscripcion"))
    assert "1 persona" in public
    assert "mamá" not in public
    door = {"name": "Doña Rosa", "channel": "door", "mode": "in_person", "need_transport": "1"}
    assert (await diego.post("/gestion/audiencias/1/inscritos", door)).status_code == 303
    page = page_text(await diego.get("/gestion/audiencias/1/inscritos"))
    assert "Voy con mi mamá" in page
    assert "Transporte desde la vereda: 1" in page
    assert "asistieron: 1" in page
    assert (await ana.post(f"{PAGE}/inscripcion/cancelar")).status_code == 303
    assert await Registration.all().count() == 1


async def test_the_last_seat_is_taken_once(town: Municipality) -> None:
    """Two who come at once for one seat: one has it, the other is told of the other way."""
    session = await call(town)
    await AccountabilitySession.filter(id=session.id).update(seats=1)
    wishes = [
        register(actor, session.id, Registering(Mode.IN_PERSON), now=NOW)
        for actor in (town.ana, town.beto)
    ]
    found = await asyncio.gather(*wishes, return_exceptions=True)
    assert sorted(isinstance(each, NoRoom) for each in found) == [False, True]
    assert await Registration.all().count() == 1
    for actor in (town.ana, town.beto):
        await register(actor, session.id, Registering(Mode.VIRTUAL), now=NOW)


@only_sqlite
async def test_topics_and_questions_make_the_agenda(town: Municipality, web: Web) -> None:
    """Topics are proposed and listed; the worker is asked; an official corrects minutes."""
    session = await call(town)
    ana, diego = await web.visit(town.ana), await web.visit(town.diego)
    assert (await ana.post(f"{PAGE}/temas", {"title": "El acueducto"})).status_code == 303
    assert "El acueducto" in page_text(await ana.get(f"{PAGE}/temas"))
    assert (await diego.post("/gestion/audiencias/1/orden")).status_code == 303
    assert await Job.filter(name="accountability.make_agenda").count() == 1
    slots = plan(session.minutes, [Theme("agua", 2, 9), Theme("vías", 1, 1)])
    await keep_agenda(town.entity.id, session.id, slots, now=NOW)
    points = await AgendaPoint.all().order_by("position")
    wish = {f"title_{p.id}": "El agua" if p.title == "agua" else "" for p in points}
    wish |= {f"minutes_{p.id}": "20" for p in points}
    assert (await diego.post("/gestion/audiencias/1/orden/cambiar", wish)).status_code == 303
    page = page_text(await ana.get(PAGE))
    assert "El agua 20 minutos" in page
    wish[f"minutes_{points[0].id}"] = "0"
    assert (await diego.post("/gestion/audiencias/1/orden/cambiar", wish)).status_code == 400


@only_sqlite
async def test_similar_questions_become_one_theme(town: Municipality) -> None:
    """Questions about the same thing stand together; those that resemble none share a place."""
    session = await call(town)
    for title in [*WATER, *ROADS] * 4:
        await asked(town.ana, session, title)
    themes = await asyncio.to_thread(themes_of, await openings_of(session))
    assert sum(theme.questions for theme in themes) == 32
    assert sum(theme.voices for theme in themes) == 32


async def _filled(town: Municipality) -> set[str]:
    return {each.kind for each in await fillings_of(town.entity.id, [town.process.id])}


@only_sqlite
async def test_the_acta_is_frozen_and_quotes_nobody_for_ever(town: Municipality, web: Web) -> None:
    """Published it never changes; a correction says why; words taken back leave it too."""
    session, works = await call(town), await office(town)
    question = await asked(town.ana, session, "¿Y el puente?")
    diego, elsa, url = await web.visit(town.diego), await web.visit(), "/gestion/audiencias/1/acta"
    assert (await diego.post(url, {"body": "Antes."})).status_code == 409
    assert (await elsa.get(f"{PAGE}/acta")).status_code == 404
    assert "minutes" not in await _filled(town)
    await holding.start(town.carmen, session.id, now=NOW)
    said = desk.Answered(WORKS, "En marzo.", 95)
    await desk.answer(town.carmen, session.id, question.thread_id, said, now=NOW)
    await holding.end(town.carmen, session.id, works.id, calendar=CALENDAR, now=NOW)
    assert "Asistencia registrada" in (await diego.get(url)).text
    assert (await diego.post(url, {"body": "Se habló del **puente**."})).status_code == 303
    assert (await diego.post(f"{url}/publicar", {"reason": ""})).status_code == 303
    assert "minutes" in await _filled(town)
    first = await HearingMinutes.get()
    assert first.digest == minutes.digest_of(first)
    assert "puente" not in str(first.record)
    page = page_text(await elsa.get(f"{PAGE}/acta"))
    assert "¿Y el puente?" in page
    assert "minuto 1:35" in page
    assert (await diego.post(f"{url}/publicar", {"reason": ""})).status_code == 409
    assert (
        await diego.post(url, {"body": "Se habló del puente **y del agua**."})
    ).status_code == 303
    assert (await diego.post(f"{url}/publicar", {"reason": ""})).status_code == 400
    assert (await diego.post(f"{url}/publicar", {"reason": "Faltó el agua."})).status_code == 303
    again = await HearingMinutes.get(id=first.id)
    assert (again.body_html, again.digest) == (first.body_html, first.digest)
    assert "corrige esta" in page_text(await elsa.get(f"{PAGE}/acta?numero=1"))
    await remove(town.ana, question.id, now=NOW)
    page = page_text(await elsa.get(f"{PAGE}/acta"))
    assert "¿Y el puente?" not in page
    assert "Retirada u oculta después" in page


@only_sqlite
async def test_the_recording_leads_to_each_answer(town: Municipality, web: Web) -> None:
    """Minute, transcript and file; the question's own page links its minute; bad files are told."""
    session = await call(town)
    await office(town)
    question = await asked(town.ana, session, "¿Y el puente?")
    said = desk.Answered(WORKS, "En marzo.", 95)
    await desk.answer(town.carmen, session.id, question.thread_id, said, now=NOW)
    diego, elsa = await web.visit(town.diego), await web.visit()
    assert (await elsa.get(f"{PAGE}/grabacion")).status_code == 404
    url, wish = "/gestion/audiencias/1/grabacion", {"recording_url": "https://example.org/a.mp3"}
    bad = await diego.post(url, {**wish, "captions": "1\n00:00"})
    assert bad.status_code == 422
    assert "su primera línea dice WEBVTT" in page_text(bad)
    vtt = "WEBVTT\n\n00:01:30.000 --> 00:01:40.000\n<v Ana>¿Y el <b>puente</b>?\n"
    latin = {"file": ("a.vtt", vtt.encode("latin-1"), "text/vtt")}
    assert "UTF-8" in page_text(await diego.post(url, wish, files=latin))
    sent = await diego.post(url, wish, files={"file": ("a.vtt", vtt.encode(), "text/vtt")})
    assert sent.status_code == 303, page_text(sent)
    page = await elsa.get(f"{PAGE}/grabacion")
    assert 'href="https://example.org/a.mp3#t=95"' in page.text
    assert "Ana: ¿Y el puente ?" in page_text(page).replace("puente?", "puente ?")
    assert (await elsa.get(f"{PAGE}/subtitulos.vtt")).text.startswith("WEBVTT")
    thread = page_text(await elsa.get(f"/hilos/{question.thread_id}"))
    assert "Respondida en el minuto 1:35 de la grabación" in thread
    table = (await elsa.get(f"{PAGE}/preguntas.csv")).text
    assert f'"{question.receipt_number}","¿Y el puente?","answered",0,"web",1,' in table
    assert f'"{WORKS}","",95,' in table
    assert "Preguntas de Audiencia del año" in page_text(await elsa.get("/datos"))


@only_sqlite
async def test_news_are_told_by_number_and_to_who_may_read(town: Municipality, web: Web) -> None:
    """A socket hears events and boards in order; without one the same is asked for, once."""
    session = await call(town)
    draft = await call(town, town.draft_process, title="Borrador")
    question = await asked(town.ana, session, "¿Y el puente?")
    elsa = await web.visit()
    async with serving(web) as door:
        assert await refusal(door.listen(draft.id, kind="audiencias")) == 404
        async with door.listen(session.id, kind="audiencias", after=1) as channel:
            assert (await heard(channel))["t"] == "hello"
            await holding.start(town.carmen, session.id, now=NOW)
            await desk.move(
                town.carmen, session.id, question.thread_id, Move.SHOW, "received", now=NOW
            )
            events: list[tuple[object, object]] = []
            screen = ""
            while "¿Y el puente?" not in screen or len(events) < 2:
                message = await heard(channel)
                if message["t"] == "event":
                    events.append((message["n"], message["k"]))
                if message["t"] == "screen":
                    screen = str(message["html"])
            assert events == [(2, "session_started"), (3, "question_live")]
            assert "Ana" not in screen
    asked_for = await elsa.get(f"{PAGE}/novedades?despues=1")
    news = asked_for.json()
    assert news["n"] == 3
    assert [each["k"] for each in news["messages"] if each["t"] == "event"] == [
        "session_started", "question_live",
    ]  # fmt: skip
    etag = {"If-None-Match": asked_for.headers["etag"]}
    again = await elsa.get(f"{PAGE}/novedades?despues=1", headers=etag)
    assert again.status_code == 304
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    assert (await nora.get(f"{PAGE}/novedades?despues=1")).status_code == 404


@only_sqlite
async def test_the_desk_says_what_cannot_be_done(town: Municipality, web: Web) -> None:
    """Forms that came late or wrong are refused in words, with nothing changed."""
    session = await call(town)
    question = await asked(town.ana, session, "¿Qué pasa con el puente?")
    carmen = await web.visit(town.carmen)
    url = f"/gestion/audiencias/1/mesa/{question.thread_id}"
    assert (await carmen.post(url, {"hacer": "volar", "desde": "received"})).status_code == 400
    assert (await carmen.post(url, {"hacer": "lista", "desde": "live"})).status_code == 409
    assert (await carmen.post(url, {"hacer": "pantalla", "desde": "received"})).status_code == 409
    wrong = await carmen.post(f"{url}/respuesta", {"office": "x", "body": "Sí", "second": "1:99"})
    assert wrong.status_code == 422
    assert "por ejemplo 42:10" in page_text(wrong)
    assert "Sí</textarea>" in wrong.text
    assert (await carmen.post(f"{url}/unir", {"into": "PA-2026-000099-9"})).status_code == 400
    same = await asked(town.beto, session, "¿Qué pasó con el puente?")
    await asked(town.beto, session, "¿La escuela tiene profesores?")
    page = await carmen.get(f"/gestion/audiencias/1/mesa/{same.thread_id}")
    assert page.text.count('name="into"') == 1
    assert f'value="{question.receipt_number}"' in page.text
    assert (
        await carmen.post(url, {"hacer": "lista", "desde": "received", "x": "1"})
    ).status_code == 400
    assert (await carmen.post(url, {"hacer": "lista", "desde": "received"})).status_code == 303
    assert (await session_of(town.entity.id, session.id)).last_number == 4
