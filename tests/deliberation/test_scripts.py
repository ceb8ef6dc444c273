"""The forms of a conversation as its page's script sends them: the same acts, answered as JSON."""

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from participa.deliberation import service
from participa.deliberation.models import Contribution, Draft, Support
from participa.deliberation.rules import PAGE_SIZE
from participa.kit.receipts import Receipt
from participa.moderation import service as moderation
from participa.security.limits import POST, SUPPORT
from tests.consultations.consulting import import_text, thread_about
from tests.deliberation.listening import Looker
from tests.deliberation.sheets import sheet_of
from tests.deliberation.talking import fill, say, thread_path
from tests.people import CLOSES, NOW, Municipality
from tests.visitors import Visitor, Web, page_text

JSON = {"Accept": "application/json"}
only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def send(
    who: Visitor,
    path: str,
    data: dict[str, str] | None = None,
    language: str = "es",
    **headers: str,
) -> httpx2.Response:
    """Send a form as the script does."""
    answer = await who.post(f"{path}?idioma={language}", data, headers={**JSON, **headers})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    return answer


@pytest.mark.parametrize("language", ["es", "en"])
async def test_what_was_posted_comes_back_as_its_author_sees_it(
    web: Web, town: Municipality, language: str
) -> None:
    """201 with number, id, place, address and the item that the author's own page shows."""
    await fill(town, 4)
    beto, looker = await web.visit(town.beto), Looker(web, thread_path(town))
    data = {"body": "- Sí\n- **Urge**", "parent": town.topic.receipt_number, "stance": "against"}
    answer = await send(beto, f"{thread_path(town)}/aportes", data, language)
    assert answer.status_code == 201
    new = answer.json()
    assert set(new) == {"n", "id", "p", "html", "url"}
    stored = await Contribution.of(town.entity.id).get(receipt_number=new["id"])
    assert (new["n"], new["p"]) == (stored.number, stored.path)
    sheet = await looker.sheet(town.beto, language)
    assert new["html"] in sheet.items
    assert new["id"] in sheet.own
    assert new["url"] == f"{thread_path(town)}?aviso=aporte&radicado={new['id']}#{new['id']}"
    page = await beto.get(new["url"].split("#")[0])
    assert new["id"] in page_text(page)
    # Nobody else's page shows it as their own.
    assert (await looker.sheet(town.ana, language)).own.isdisjoint({new["id"]})


async def test_who_is_told_anyway_may_be_answered_less(web: Web, town: Municipality) -> None:
    """A page whose socket brings the item prefers number, id and place alone; also sent again."""
    beto = await web.visit(town.beto)
    path, data = f"{thread_path(town)}/aportes", {"body": "Breve.", "request_key": "k" * 16}
    for _twice in range(2):
        answer = await send(beto, path, data, Prefer="return=minimal")
        assert answer.status_code == 201
        said = await Contribution.of(town.entity.id).get(body_source="Breve.")
        assert answer.json() == {"n": said.number, "id": said.receipt_number, "p": said.path}
    whole = await send(beto, path, data, Prefer="return=representation")
    assert "Breve." in whole.json()["html"]


async def test_sent_twice_it_is_answered_twice_and_stored_once(
    web: Web, town: Municipality
) -> None:
    """The same request key gives the same answer again, as it is by then; a second row never."""
    beto = await web.visit(town.beto)
    path, data = f"{thread_path(town)}/aportes", {"body": "Una vez.", "request_key": "k" * 16}
    first = await send(beto, path, data)
    second = await send(beto, path, data)
    assert (first.status_code, first.json()) == (201, second.json())
    assert await Contribution.of(town.entity.id).filter(body_source="Una vez.").count() == 1
    said = await Contribution.of(town.entity.id).get(body_source="Una vez.")
    # A moderator was quicker than the repetition: what is hidden does not come back.
    await moderation.hide(town.carmen, said.id, rule="1", now=NOW)
    third = await send(beto, path, data)
    assert third.status_code == 201
    assert "Una vez." not in third.text
    assert "Oculto por moderación" in third.text


@only_sqlite
async def test_in_a_long_conversation_the_address_is_the_right_page(
    web: Web, town: Municipality
) -> None:
    """The address leads to the page on which the new contribution stands."""
    beto = await web.visit(town.beto)
    for extra in (PAGE_SIZE - 2, 1, 1, 30):
        await fill(town, extra)
        new = (await send(beto, f"{thread_path(town)}/aportes", {"body": "Aquí."})).json()
        page = await beto.get(new["url"].split("#")[0])
        assert new["id"] in sheet_of(page.text).places


async def test_a_section_answers_in_the_same_way(web: Web, town: Municipality) -> None:
    """Under a section of a plan the fragment names the section's page."""
    await import_text(town.process)
    thread = await thread_about(town.process, "meta-1-1-1")
    beto = await web.visit(town.beto)
    new = (await send(beto, f"/hilos/{thread.id}/aportes", {"body": "Más filtros."})).json()
    assert new["url"].startswith(f"/apartados/{thread.place_id}?")
    sheet = await Looker(web, f"/apartados/{thread.place_id}").sheet(town.beto, "es")
    assert sheet.items == (new["html"],)
    refused = await send(beto, f"/hilos/{thread.id}/aportes", {"body": ""})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("language", "data", "field", "words"),
    [
        ("es", {"body": ""}, "body", "Escriba su aporte."),
        ("en", {"body": " \n"}, "body", "Write your contribution."),
        ("es", {"body": "x" * 20_001}, "body", "Son 20001 caracteres y caben 20000."),
        ("en", {"body": "Hola.", "stance": "maybe"}, "stance", "Choose one of the options."),
        ("es", {"body": "Soy la alcaldía.", "office": "Alcaldía"}, "office", "Elija una"),
        ("es", {"body": ">" * 200 + " hola"}, "body", ""),
    ],
)
@only_sqlite
async def test_what_needs_mending_is_said_beside_its_field(
    web: Web, town: Municipality, language: str, data: dict[str, str], field: str, words: str
) -> None:
    """422 with the same words as the page, in the reader's language; for visitors too."""
    beto = await web.visit(town.beto)
    answer = await send(beto, f"{thread_path(town)}/aportes", data, language)
    assert answer.status_code == 422
    assert set(answer.json()) == {"errors"}
    assert set(answer.json()["errors"]) == {field}
    assert answer.json()["errors"][field].startswith(words)
    page = await beto.post(f"{thread_path(town)}/aportes?idioma={language}", data)
    assert page.status_code == 422
    assert answer.json()["errors"][field] in page_text(page)
    assert await Contribution.of(town.entity.id).filter(is_opening=False).count() == 0


async def test_a_visitor_is_shown_the_way_and_loses_nothing(web: Web, town: Municipality) -> None:
    """200 with where to sign in; the draft waits behind it and is published from there once."""
    visitor = await web.visit()
    data = {"body": "Antes de entrar.", "parent": town.topic.receipt_number}
    answer = await send(visitor, f"{thread_path(town)}/aportes", data)
    assert answer.status_code == 200
    assert set(answer.json()) == {"to"}
    assert await Draft.of(town.entity.id).all().count() == 1
    back = parse_qs(urlsplit(answer.json()["to"]).query)["next"][0]
    beto = await web.visit(town.beto)
    page = await beto.get(back.split("#")[0])
    assert "Antes de entrar." in page.text
    key = page.text.split('name="request_key" value="')[1].split('"')[0]
    for _twice in range(2):
        new = await send(beto, f"{thread_path(town)}/aportes", {**data, "request_key": key})
        assert new.status_code == 201
    assert await Draft.of(town.entity.id).all().count() == 0
    assert await Contribution.of(town.entity.id).filter(body_source="Antes de entrar.").count() == 1
    said = town.topic.receipt_number
    pressed = await send(visitor, f"/aportes/{said}/apoyo", {"next": f"{thread_path(town)}"})
    assert pressed.json() == {"to": f"/ingresar?next=%2Fhilos%2F{town.topic.thread_id}"}
    outside = await send(visitor, f"/aportes/{said}/apoyo", {"next": "//evil.example"})
    assert outside.json() == {"to": "/ingresar?next=%2F"}


async def test_closed_is_closed_to_scripts(web: Web, town: Municipality) -> None:
    """409 with title and advice, for posts and supports, for citizens and visitors."""
    visitor, beto = await web.visit(), await web.visit(town.beto)
    web.clock.now = CLOSES
    for who in (visitor, beto):
        answer = await send(who, f"{thread_path(town)}/aportes", {"body": "Tarde."}, "en")
        assert answer.status_code == 409
        assert answer.json()["title"] == "This space is not open now"
        assert answer.json()["advice"]
    pressed = await send(beto, f"/aportes/{town.topic.receipt_number}/apoyo")
    assert pressed.status_code == 409
    assert await Draft.of(town.entity.id).all().count() == 0


@only_sqlite
async def test_too_many_say_how_long_to_wait(web: Web, town: Municipality) -> None:
    """429 with Retry-After, for posts and for supports."""
    beto = await web.visit(town.beto)
    post, press = f"{thread_path(town)}/aportes", f"/aportes/{town.topic.receipt_number}/apoyo"
    for path, limit in ((post, POST), (press, SUPPORT)):
        answers = [await send(beto, path, {}) for _one in range(limit.count + 1)]
        assert [each.status_code for each in answers].count(429) == 1
        assert answers[-1].status_code == 429
        assert 1 <= int(answers[-1].headers["retry-after"]) <= limit.seconds
        assert set(answers[-1].json()) == {"title", "advice"}


@only_sqlite
@pytest.mark.parametrize("path", ["posts", "supports"])
async def test_a_forged_form_is_refused(web: Web, town: Municipality, path: str) -> None:
    """Without the sign-in's own token, or from another site's page: 403 as JSON, nothing done."""
    address = {
        "posts": f"{thread_path(town)}/aportes",
        "supports": f"/aportes/{town.topic.receipt_number}/apoyo",
    }[path]
    beto, ana = await web.visit(town.beto), await web.visit(town.ana)
    page = await ana.get(thread_path(town))
    anas = page.text.split('name="csrf" value="')[1].split('"')[0]
    for token in ("", "x" * 48, "ñ", anas):
        answer = await send(beto, address, {"body": "Falso.", "csrf": token})
        assert (answer.status_code, set(answer.json())) == (403, {"title", "advice"})
    away = await beto.post(
        address, {"body": "Falso."}, headers={**JSON, "Origin": "https://evil.example"}
    )
    assert (away.status_code, set(away.json())) == (403, {"title", "advice"})
    assert await Contribution.of(town.entity.id).filter(body_source="Falso.").count() == 0
    assert await Support.of(town.entity.id).all().count() == 0


async def test_supports_are_answered_with_what_the_button_says(
    web: Web, town: Municipality
) -> None:
    """Pressed or not, and the count; twice is once; one's own and what is hidden are refused."""
    ana, beto, diego = [await web.visit(each) for each in (town.ana, town.beto, town.diego)]
    said = town.topic.receipt_number
    looker = Looker(web, thread_path(town))
    for who, do, pressed, html in (
        (beto, "apoyar", True, " · 1"), (beto, "apoyar", True, " · 1"),
        (diego, "apoyar", True, " · 2"), (beto, "quitar", False, " · 1"),
        (beto, "quitar", False, " · 1"), (diego, "quitar", False, ""),
        (beto, "apoyar", True, " · 1"),
    ):  # fmt: skip
        answer = await send(who, f"/aportes/{said}/apoyo", {"hacer": do})
        assert answer.status_code == 200
        assert answer.json() == {"id": said, "pressed": pressed, "html": html}
        sheet = await looker.sheet(town.beto, "es")
        assert f'<span class="n">{html}</span>' in sheet.items[0]
    assert sheet.pressed == {said}
    own = await send(ana, f"/aportes/{said}/apoyo", {"hacer": "apoyar"})
    assert (own.status_code, own.json()["title"]) == (409, "No puede apoyar su propio aporte.")
    other = await say(town, town.beto, "Otro.")
    await moderation.hide(town.carmen, other.id, rule="1", now=NOW)
    hidden = await send(ana, f"/aportes/{other.receipt_number}/apoyo", {"hacer": "apoyar"})
    assert hidden.status_code == 409
    missing = await send(ana, "/aportes/PA-2026-999999-0/apoyo")
    assert missing.status_code == 404
    assert await Support.of(town.entity.id).all().count() == 1


async def test_what_cannot_be_answered(web: Web, town: Municipality) -> None:
    """To what was taken back: 409; to what is elsewhere or nowhere: 404; nothing is stored."""
    beto = await web.visit(town.beto)
    said = await say(town, town.ana, "Me arrepiento.")
    await service.remove(town.ana, said.id, now=NOW)
    path = f"{thread_path(town)}/aportes"
    elsewhere = Contribution.of(town.neighbour.id).filter(id=town.neighbour_topic.id)
    theirs = str(Receipt("PA", 2026, 777))
    # Numbers of two entities may be alike: another's is never meant.
    await elsewhere.update(receipt_number=theirs)
    for parent, status in (
        (said.receipt_number, 409), (theirs, 404), ("PA-2026-999999-0", 404),
        ("nada", 404),
    ):  # fmt: skip
        answer = await send(beto, path, {"body": "Respuesta.", "parent": parent})
        assert answer.status_code == status
    nowhere = await send(beto, f"/hilos/{town.neighbour_topic.thread_id}/aportes", {"body": "¿?"})
    assert nowhere.status_code == 404


async def test_pages_are_answered_as_before(web: Web, town: Municipality) -> None:
    """Without asking for JSON, as a browser does, each form leads to a page."""
    beto, visitor = await web.visit(town.beto), await web.visit()
    path, said = f"{thread_path(town)}/aportes", town.topic.receipt_number
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "text/html"):
        headers = {"Accept": accept}
        sent = await beto.post(path, {"body": "Como siempre."}, headers=headers)
        assert sent.status_code == 303
        pressed = await beto.post(f"/aportes/{said}/apoyo", {"hacer": "apoyar"}, headers=headers)
        assert (pressed.status_code, pressed.headers["location"]) == (
            303,
            f"/aportes/{said}#{said}",
        )
        draft = await visitor.post(path, {"body": "Antes."}, headers=headers)
        assert draft.headers["location"].startswith("/ingresar?")
        forged = await beto.post(path, {"body": "Falso.", "csrf": ""}, headers=headers)
        assert (forged.status_code, forged.headers["content-type"]) == (
            403, "text/html; charset=utf-8",
        )  # fmt: skip
