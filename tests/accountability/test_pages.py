"""The pages of sessions and questions, for the citizen, the visitor, the neighbour, the staff."""

from datetime import timedelta

import pytest

from participa.accountability.hearing.holding import end, start
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import cards_of, sessions
from participa.accountability.questions import question_page
from participa.deliberation.models import Contribution, Draft
from participa.deliberation.service import remove, set_support
from participa.moderation.service import hide
from tests.accountability.hearing import HELD_AT, answered, asked, call
from tests.accountability.hearings.staging import CALENDAR, office
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.statements import counted
from tests.visitors import Visitor, Web, page_text

QUESTION = {"title": "¿Cuándo empieza el puente?", "body": "Lo prometieron en marzo."}


async def questions(town: Municipality) -> list[str]:
    rows = Contribution.of(town.entity.id).filter(thread__kind="accountability.question")
    return [row.body_source for row in await rows.order_by("id")]


async def listed(visitor: Visitor, query: str = "") -> str:
    """Give the words of the first session's page."""
    return await listed_at(visitor, 1, query)


async def listed_at(visitor: Visitor, session_id: int, query: str = "") -> str:
    """Give the words of a session's page."""
    answer = await visitor.get(f"/rendicion-de-cuentas/{session_id}{query}")
    assert answer.status_code == 200, answer.text
    return page_text(answer)


async def test_a_question_is_asked_and_listed(town: Municipality, web: Web) -> None:
    """Who asks lands in the question's thread with a receipt, and the session lists it."""
    session = await call(town)
    ana = await web.visit(town.ana)
    answer = await ana.post(f"/rendicion-de-cuentas/{session.id}/preguntas", QUESTION)
    assert answer.status_code == 303, page_text(answer)
    thread = await ana.follow(answer)
    assert "¿Cuándo empieza el puente?" in page_text(thread)
    assert "PA-2026-" in page_text(thread)
    assert 'name="stance"' not in thread.text
    page = await listed(await web.visit())
    assert "¿Cuándo empieza el puente?" in page
    assert "Sin respuesta, 0 días" in page
    assert "1 pregunta" in page


async def test_one_line_is_enough_to_ask(town: Municipality, web: Web) -> None:
    """Details are optional: the line itself is what was said, and is not shown twice."""
    await call(town)
    ana = await web.visit(town.ana)
    answer = await ana.post("/rendicion-de-cuentas/1/preguntas", {"title": "¿Y la escuela?"})
    assert answer.status_code == 303
    assert await questions(town) == ["¿Y la escuela?"]
    assert (await listed(ana)).count("¿Y la escuela?") == 1


async def test_a_visitor_signs_in_and_loses_nothing(town: Municipality, web: Web) -> None:
    """What a visitor wrote is kept, and stands in the form after signing in; sent, it is gone."""
    session = await call(town)
    elsa = await web.visit()
    answer = await elsa.post(f"/rendicion-de-cuentas/{session.id}/preguntas", QUESTION)
    assert answer.headers["location"].startswith("/ingresar?next=")
    assert await questions(town) == []
    back = answer.headers["location"].split("next=")[1]
    from urllib.parse import unquote

    path = unquote(back)
    token = path.split("borrador=")[1].split("&")[0]
    ana = await web.visit(town.ana)
    page = await ana.get(path.split("#")[0])
    assert "Lo prometieron en marzo." in page.text
    assert 'value="¿Cuándo empieza el puente?"' in page.text
    assert f'name="request_key" value="{token}"' in page.text
    for _again in range(2):
        sent = await ana.post(
            f"/rendicion-de-cuentas/{session.id}/preguntas", {**QUESTION, "request_key": token}
        )
        assert sent.status_code == 303
    assert await questions(town) == ["Lo prometieron en marzo."]
    assert await Draft.all().count() == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": " ", "body": "¿Y?"}, "Escriba su pregunta."),
        ({"title": "x" * 161}, "caben 160"),
        ({"title": "dos\nlíneas"}, "una sola línea"),
        ({"title": "Honda", "body": "> " * 500 + "honda"}, "una dentro de otra"),
    ],
)
async def test_a_mistake_is_told_beside_its_field(
    town: Municipality, web: Web, values: dict[str, str], message: str
) -> None:
    """The form comes back as filled in, with status 422 and what to do; nothing is published."""
    await call(town)
    ana = await web.visit(town.ana)
    answer = await ana.post("/rendicion-de-cuentas/1/preguntas", values)
    assert answer.status_code == 422
    assert message in page_text(answer)
    assert "<title>Error: " in answer.text
    assert values.get("body", values["title"])[:40].replace(">", "&gt;") in answer.text
    assert await questions(town) == []


async def test_closed_means_closed(town: Municipality, web: Web) -> None:
    """After the phase the page says since when, has no form, and a sent one is refused."""
    await call(town, town.closed_process)
    ana = await web.visit(town.ana)
    page = await ana.get("/rendicion-de-cuentas/1")
    assert "Se recibieron preguntas hasta el 22 de noviembre de 2026" in page_text(page)
    assert "<textarea" not in page.text
    for reader in (ana, await web.visit()):
        sent = await reader.post("/rendicion-de-cuentas/1/preguntas", QUESTION)
        assert sent.status_code == 409
    assert await questions(town) == []
    assert await Draft.all().count() == 0


async def test_the_neighbour_finds_nothing(town: Municipality, web: Web) -> None:
    """At the neighbour's address the session does not exist, neither to read nor to ask."""
    await call(town)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    assert (await nora.get("/rendicion-de-cuentas/1")).status_code == 404
    assert (await nora.post("/rendicion-de-cuentas/1/preguntas", QUESTION)).status_code == 404
    assert "Audiencia del año" not in page_text(await nora.get("/rendicion-de-cuentas"))


async def test_a_drafts_session_is_for_its_staff(town: Municipality, web: Web) -> None:
    """A session of an unpublished process is 404 to the public, and its staff sees it."""
    await call(town, town.draft_process)
    for actor in (town.elsa, town.ana):
        reader = await web.visit(actor)
        assert (await reader.get("/rendicion-de-cuentas/1")).status_code == 404
        assert (await reader.post("/rendicion-de-cuentas/1/preguntas", QUESTION)).status_code == 404
        assert "Audiencia" not in page_text(await reader.get("/rendicion-de-cuentas"))
    diego = await web.visit(town.diego)
    assert (await diego.get("/rendicion-de-cuentas/1")).status_code == 200
    assert "Audiencia del año" in page_text(await diego.get("/rendicion-de-cuentas"))


async def test_what_is_missing_is_404_and_the_wrong_verb_405(town: Municipality, web: Web) -> None:
    """No session, no page; reading is not asking."""
    await call(town)
    ana = await web.visit(town.ana)
    assert (await ana.get("/rendicion-de-cuentas/99")).status_code == 404
    assert (await ana.post("/rendicion-de-cuentas/99/preguntas", QUESTION)).status_code == 404
    assert (await ana.get("/rendicion-de-cuentas/x")).status_code == 404
    assert (await ana.get("/rendicion-de-cuentas/1/preguntas")).status_code == 405
    assert (await ana.post("/rendicion-de-cuentas/1")).status_code == 405


async def test_a_forged_form_is_refused(town: Municipality, web: Web) -> None:
    """Without this sign-in's token, or with a field nobody offered, nothing is asked."""
    await call(town)
    ana = await web.visit(town.ana)
    path = "/rendicion-de-cuentas/1/preguntas"
    assert (await ana.post(path, {**QUESTION, "csrf": "otra"})).status_code == 403
    assert (await ana.post(path, {**QUESTION, "office": "Hacienda"})).status_code == 400
    assert await questions(town) == []


async def test_an_official_answer_is_named_in_the_list(town: Municipality, web: Web) -> None:
    """The ordinary official reply answers; another citizen's reply, or a removed one, does not."""
    session = await call(town)
    first, second = await asked(town.ana, session), await asked(town.beto, session, "¿Y el agua?")
    diego = await web.visit(town.diego)
    said = {"body": "En marzo.", "office": "Secretaría de Planeación",
            "parent": first.receipt_number}  # fmt: skip
    assert (await diego.post(f"/hilos/{first.thread_id}/aportes", said)).status_code == 303
    ana = await web.visit(town.ana)
    assert (await ana.post(f"/hilos/{second.thread_id}/aportes", {"body": "Sí"})).status_code == 303
    page = await listed(ana)
    assert page.count("Respondida por Secretaría de Planeación") == 1
    assert "2 preguntas 1 respondida" in page
    answer = await Contribution.of(town.entity.id).get(body_source="En marzo.")
    await remove(town.diego, answer.id, now=NOW)
    assert "Respondida" not in await listed(ana)


async def test_waiting_looks_late_only_after_its_term(town: Municipality, web: Web) -> None:
    """Days are counted until the hearing; what it leaves has a last day, and then is late."""
    session = await call(town)
    await asked(town.ana, session)
    elsa, works = await web.visit(), await office(town)
    web.clock.move(days=1)
    assert "Sin respuesta, 1 día " in await listed(elsa)
    await start(town.carmen, session.id, now=NOW)
    assert "En curso" in await listed(elsa)
    await end(town.carmen, session.id, works.id, calendar=CALENDAR, now=NOW)
    desk = page_text(await (await web.visit(town.carmen)).get("/gestion"))
    assert "1 respuesta por escrito, antes del 15 de diciembre de 2026" in desk
    web.clock.move(days=21)
    page = await listed(elsa)
    assert "Secretaría de Obras responde antes del 15 de diciembre de 2026" in page
    assert "Realizada · 1 pregunta sin respuesta" in page
    raw = (await elsa.get("/rendicion-de-cuentas")).text
    assert "pill-late" not in raw
    web.clock.move(days=1)
    assert "Secretaría de Obras debía responder antes del" in await listed(elsa)
    assert (await elsa.get("/rendicion-de-cuentas")).text.count("pill-late") == 1


async def test_removed_and_hidden_questions_keep_their_place_and_owe_nothing(
    town: Municipality, web: Web
) -> None:
    """Their words are gone from the list, they are not counted, and no days run for them."""
    session = await call(town)
    taken_back, hidden = await asked(town.ana, session), await asked(town.beto, session, "¿Otra?")
    await asked(town.beto, session, "¿La tercera?")
    await remove(town.ana, taken_back.id, now=NOW)
    await hide(town.carmen, hidden.id, rule="1", note="", now=NOW)
    page = await listed(await web.visit())
    assert "Retirada por su autor" in page
    assert "Oculta por moderación" in page
    assert page.count("Sin respuesta") == 1
    assert page.count("Lo prometieron hace un año.") == 1
    assert "1 pregunta" in page


async def test_supports_order_the_questions(town: Municipality, web: Web) -> None:
    """The most supported come first; by date the newest do; nonsense means the first order."""
    session = await call(town)
    old, new = await asked(town.ana, session, "¿Vieja?"), await asked(town.ana, session, "¿Nueva?")
    elsa = await web.visit()
    for _once in range(2):
        await set_support(town.beto, old.id, wanted=True, now=NOW)
    for query, first in (("", "¿Vieja?"), ("?orden=recientes", "¿Nueva?"), ("?orden=x", "¿Vieja?")):
        page = await listed(elsa, query)
        assert min(["¿Vieja?", "¿Nueva?"], key=page.index) == first
    assert "1 apoyo" in await listed(elsa)
    assert new.support_count == 0


@pytest.mark.parametrize("order", ["", "recientes"])
async def test_pages_show_every_question_once(
    town: Municipality, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    """Following the link to the end shows each question once, also among equal supports."""
    monkeypatch.setattr("participa.accountability.questions.PAGE_SIZE", 3)
    session = await call(town)
    for number in range(8):
        opening = await asked(town.ana, session, f"¿Número {number}?")
        if number % 3 == 0:
            await set_support(town.beto, opening.id, wanted=True, now=NOW)
    seen: list[str] = []
    start: str | None = ""
    while start is not None:
        page = await question_page(session, order, start, NOW, town.entity.zone)
        seen += [each.title for each in page.items]
        start = page.next_url.split("desde=")[1].split("#")[0] if page.next_url else None
    assert len(seen) == 8
    assert len(set(seen)) == 8


async def test_nonsense_in_the_address_is_the_beginning(town: Municipality, web: Web) -> None:
    """A cursor that cannot be one neither fails nor hides anything."""
    await asked(town.ana, await call(town))
    elsa = await web.visit()
    for cursor in ("x", "1.", "-1.2", "99999999999.1", "٣.٣"):
        assert "¿Y el puente?" in await listed(elsa, f"?desde={cursor}")


async def test_the_list_parts_sessions_to_come_from_those_held(
    town: Municipality, web: Web
) -> None:
    """The next one leads, then the plans, then the held ones, each with where it stands."""
    await call(town, title="La lejana", held_at=HELD_AT + timedelta(days=30))
    await call(town, title="La próxima")
    await call(town, title="La de hoy", held_at=NOW)
    await call(town, title="La pasada", held_at=NOW - timedelta(days=40))
    page = page_text(await (await web.visit()).get("/rendicion-de-cuentas"))
    titles = ["La de hoy", "La próxima", "La lejana", "La pasada"]
    assert sorted(titles, key=page.index) == titles
    for state in ("Es hoy, 23 de noviembre", "Empieza en 5 días", "Realizada el 14 de octubre"):
        assert state in page


async def test_tomorrow_is_said_as_such(town: Municipality, web: Web) -> None:
    """One day ahead is tomorrow, and looks near."""
    await call(town, held_at=NOW + timedelta(days=1))
    assert "Empieza mañana" in await listed(await web.visit())


async def test_a_session_is_a_card_of_its_process(town: Municipality, web: Web) -> None:
    """Home and process pages offer it, with how much was asked and the day of the hearing."""
    session = await call(town)
    await asked(town.ana, session)
    (card,) = await cards_of(town.entity.id, [town.process.id])
    assert (card.kind, card.activity) == ("accountability", "accountability.ask")
    assert str(card.fact) == "1 pregunta · audiencia el 28 de noviembre de 2026"
    elsa = await web.visit()
    for path in ("/", "/procesos/plan"):
        page = await elsa.get(path)
        assert f"/rendicion-de-cuentas/{session.id}" in page.text
        assert "alert(1)</script>" not in page.text


async def test_the_menu_leads_here(town: Municipality, web: Web) -> None:
    """The main menu has its entry, marked as the current one on its pages."""
    page = await (await web.visit()).get("/rendicion-de-cuentas")
    assert '<a href="/rendicion-de-cuentas" aria-current="page">' in page.text
    assert "No hay audiencias convocadas." in page_text(page)


async def test_pages_cost_the_same_with_many(town: Municipality, web: Web) -> None:
    """A session, the list and the cards take the same statements with 3 questions as with 300."""
    few, many = await call(town), await call(town, title="Otra")
    for session, count in ((few, 3), (many, 300)):
        for number in range(count):
            opening = await asked(town.ana, session, f"¿Pregunta {number}?")
            if number < 3:
                await answered(town.diego, opening)
    counts = []
    for session in (few, many):
        found = await AccountabilitySession.get(id=session.id)
        with counted() as run:
            page = await question_page(found, "", "", NOW, town.entity.zone)
        counts.append((len(run), page.asked.count, page.asked.answered))
    assert counts == [(8, 3, 3), (8, 300, 3)]
    elsa = await web.visit()
    await listed(elsa)  # the entity is remembered from the first page on
    whole = []
    for session in (few, many):
        with counted() as run:
            await listed_at(elsa, session.id)
        whole.append(len(run))
    assert whole == [27, 27]
    with counted() as run:
        coming, _held = await sessions(town.elsa, NOW, town.entity.zone)
    assert (len(run), [item.asked.count for item in coming]) == (4, [3, 300])
    with counted() as run:
        assert len(await cards_of(town.entity.id, [town.process.id])) == 2
    assert len(run) == 3
