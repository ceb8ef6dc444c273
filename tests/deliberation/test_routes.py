"""Threads and contributions at the browser: reading, writing, paging, following."""

import re

import pytest

from participa.deliberation import service
from participa.deliberation.models import Contribution, Draft
from participa.deliberation.rules import PAGE_SIZE
from participa.deliberation.saying import Said
from tests.deliberation.talking import fill, thread_path
from tests.people import CLOSES, NOW, Municipality
from tests.statements import counted
from tests.visitors import Web, page_text


async def test_a_post_leads_to_itself_with_its_receipt(web: Web, town: Municipality) -> None:
    """After posting one stands at the new post, and its receipt is shown."""
    beto = await web.visit(town.beto)
    answer = await beto.post(
        f"{thread_path(town)}/aportes", {"body": "Sí, **urge**.", "stance": "in_favour"}
    )
    text = await beto.follow(answer)
    receipt = answer.headers["location"].rsplit("#", 1)[1]
    assert receipt in page_text(text)
    assert "<strong>urge</strong>" in text.text
    permanent = await beto.get(f"/aportes/{receipt}")
    assert permanent.status_code == 200
    assert "El puente" in page_text(permanent)


async def test_a_visitor_writes_first_and_loses_nothing(web: Web, town: Municipality) -> None:
    """The draft waits behind the sign-in, fills the form, counts once and is erased then."""
    visitor = await web.visit()
    body = {"body": "Escribo <b>antes</b> de entrar.", "stance": "against"}
    answer = await visitor.post(f"{thread_path(town)}/aportes", body)
    login = answer.headers["location"]
    assert login.startswith("/ingresar?next=")
    beto = await web.visit(town.beto)
    from urllib.parse import parse_qs, urlsplit

    back = parse_qs(urlsplit(login).query)["next"][0]
    page = await beto.get(back)
    assert "Escribo &lt;b&gt;antes&lt;/b&gt; de entrar." in page.text
    key = re.search(r'name="request_key" value="([^"]+)"', page.text)
    assert key is not None
    for _ in range(2):
        sent = await beto.post(f"{thread_path(town)}/aportes", {**body, "request_key": key[1]})
        assert sent.status_code == 303
    assert await Draft.of(town.entity.id).all().count() == 0
    mine = Contribution.of(town.entity.id).filter(author_id=town.beto.person_id)
    assert await mine.count() == 1


async def test_nobody_finds_anothers_draft_by_guessing(web: Web, town: Municipality) -> None:
    """A draft opens with its token and with nothing else."""
    visitor = await web.visit()
    await visitor.post(f"{thread_path(town)}/aportes", {"body": "Mi secreto."})
    for token in ("", "1", "nada"):
        page = await visitor.get(f"{thread_path(town)}?borrador={token}")
        assert "Mi secreto." not in page.text


@pytest.mark.parametrize("body", ["", "   \n ", "x" * 20_001, ">" * 200 + " hola"])
async def test_what_cannot_be_published_stays_in_the_box(
    web: Web, town: Municipality, body: str
) -> None:
    """Empty, too long or too deep: 422, the message beside the field, the text kept."""
    beto = await web.visit(town.beto)
    answer = await beto.post(f"{thread_path(town)}/aportes", {"body": body})
    assert answer.status_code == 422
    assert 'href="#f-body"' in answer.text
    assert "<title>Error: " in answer.text
    if body.strip():
        assert body.strip()[:50].replace(">", "&gt;") in answer.text
    assert await Contribution.of(town.entity.id).filter(is_opening=False).count() == 0


async def test_closed_gives_the_text_back(web: Web, town: Municipality) -> None:
    """After closing, the refusal is 409 and holds what was written; the page shows no box."""
    beto = await web.visit(town.beto)
    web.clock.now = CLOSES
    beto.client.cookies.clear()
    beto = await web.visit(town.beto)
    answer = await beto.post(f"{thread_path(town)}/aportes", {"body": "Llegué tarde."})
    assert answer.status_code == 409
    assert "Llegué tarde." in answer.text
    page = await beto.get(thread_path(town))
    assert "Ya no se reciben aportes aquí." in page_text(page)
    assert "<textarea" not in page.text


@pytest.mark.parametrize("order", ["", "orden=recientes", "orden=apoyados"])
async def test_paging_shows_everything_once(web: Web, town: Municipality, order: str) -> None:
    """Following «Más aportes» to the end shows each contribution exactly once."""
    said = await fill(town, 2 * PAGE_SIZE)
    for n, actor in ((3, town.ana), (3, town.diego), (7, town.ana)):
        await service.set_support(actor, said[n].id, wanted=True, now=NOW)
    visitor = await web.visit()
    path, seen, pages = f"{thread_path(town)}?{order}", [], 0
    while path:
        page = await visitor.get(path)
        seen += re.findall(r'<li id="(PA-[\d-]+)"', page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
        pages += 1
    assert len(seen) == len(set(seen)) == 2 * PAGE_SIZE + 1
    assert pages == 3
    if order == "orden=apoyados":
        assert seen[0] == said[3].receipt_number


async def test_the_last_page_costs_what_the_first_costs(web: Web, town: Municipality) -> None:
    """The number of statements is the same for 3 and 63 contributions, first page and last.

    One where the page is kept, three with what is a citizen's own in it; more in other orders.
    """
    visitor, ana = await web.visit(), await web.visit(town.ana)
    counts: dict[str, set[int]] = {"visitor": set(), "ana": set(), "recent": set()}
    for extra in (2, 60):
        await fill(town, extra)
        last = await Contribution.of(town.entity.id).order_by("-path").first()
        assert last is not None
        page = thread_path(town)
        for path, who, name in (
            (page, visitor, "visitor"),
            (f"{page}?desde={last.path}", visitor, "visitor"),
            (page, ana, "ana"),
            (f"{page}?desde={last.path}", ana, "ana"),
            (f"{page}?orden=recientes", visitor, "recent"),
        ):
            await who.get(path)
            with counted() as statements:
                assert (await who.get(path)).status_code == 200
            counts[name].add(len(statements))
    assert counts == {"visitor": {1}, "ana": {3}, "recent": {9}}


async def test_a_page_of_fifty_posts_is_light(web: Web, town: Municipality) -> None:
    """The first view of a full page is a few kilobytes in a few requests, everything included."""
    await fill(town, PAGE_SIZE + 10)
    visitor = await web.visit()
    page = await visitor.get(thread_path(town))
    assert page.text.count('<li id="PA-') == PAGE_SIZE
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text))
    assert 1 < len(assets) < 8
    total = 0
    for path in [thread_path(town), *assets]:
        async with visitor.client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as got:
            total += sum([len(piece) async for piece in got.aiter_raw()])
    assert total < 60_000


async def test_links_stay_right_when_the_thread_grows(web: Web, town: Municipality) -> None:
    """A permanent address and «Leerlo en la conversación» find the post on a later page."""
    said = await fill(town, 60)
    visitor = await web.visit()
    page = await visitor.get(f"/aportes/{said[50].receipt_number}")
    here = re.search(r'class="btn out" href="([^"]+)"', page.text)
    assert here is not None
    thread = await visitor.get(here[1].replace("&amp;", "&").split("#")[0])
    assert f'<li id="{said[50].receipt_number}"' in thread.text


async def test_hidden_words_are_for_moderators_only(web: Web, town: Municipality) -> None:
    """What was hidden is on no page of anybody else, its history included."""
    await service.edit(town.ana, town.topic.id, "Palabra fea.", now=NOW)
    await service.edit(town.ana, town.topic.id, "Palabra corregida.", now=NOW)
    carmen = await web.visit(town.carmen)
    receipt = town.topic.receipt_number
    hidden = await carmen.post(f"/aportes/{receipt}/ocultar", {"reason": "1"})
    assert hidden.status_code == 303
    for actor in (None, town.beto, town.ana):
        visitor = await web.visit(actor)
        for path in (
            thread_path(town), f"/aportes/{receipt}", f"/aportes/{receipt}/historial",
            f"/foros/{town.forum.id}", "/datos/plan/aportes.csv", "/",
        ):  # fmt: skip
            answer = await visitor.get(path)
            assert "Palabra" not in answer.text, path
    assert "Norma 1" in page_text(await (await web.visit()).get(thread_path(town)))
    assert "Palabra corregida." in (await carmen.get(thread_path(town))).text
    await carmen.post(f"/aportes/{receipt}/mostrar")
    assert "Palabra corregida." in (await (await web.visit()).get(thread_path(town))).text


async def test_only_officials_speak_for_the_entity(web: Web, town: Municipality) -> None:
    """Diego answers in his office's name; nobody else can put an office in the form."""
    diego, ana = await web.visit(town.diego), await web.visit(town.ana)
    office = "Secretaría de Planeación"
    path = f"{thread_path(town)}/aportes"
    refused = await ana.post(path, {"body": "Soy la alcaldía.", "office": office})
    assert refused.status_code == 422
    answer = await diego.post(
        path, {"body": "Va en marzo.", "office": office, "parent": town.topic.receipt_number}
    )
    assert answer.status_code == 303
    page = await ana.get(thread_path(town))
    assert "Respuesta de la entidad" in page_text(page)
    mine = await ana.get("/mi-participacion")
    assert "Respondido" in page_text(mine)


async def test_a_draft_process_is_not_there(web: Web, town: Municipality) -> None:
    """A thread of an unpublished process is 404 to everybody but its staff."""
    from participa.forums.service import create_forum, start_topic

    forum = await create_forum(
        entity_id=town.entity.id, process_id=town.draft_process.id, title="B", question=""
    )
    said = await start_topic(town.diego, forum, title="Aún no", said=Said("Nada."), now=NOW)
    paths = [
        f"/hilos/{said.thread_id}", f"/aportes/{said.receipt_number}", f"/foros/{forum.id}",
        "/procesos/borrador", "/datos/borrador/aportes.csv",
    ]  # fmt: skip
    for path in paths:
        assert (await (await web.visit(town.ana)).get(path)).status_code == 404
        assert (await (await web.visit()).get(path)).status_code == 404
        assert (await (await web.visit(town.diego)).get(path)).status_code == 200
    posted = await (await web.visit(town.ana)).post(
        f"/hilos/{said.thread_id}/aportes", {"body": "Hola."}
    )
    assert posted.status_code == 404
