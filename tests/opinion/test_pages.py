"""The pages of opinion rounds, for visitors, citizens, neighbours and moderators."""

import csv
import io
import re

from participa.deliberation.models import Draft
from participa.opinion.models import Round, Statement, Vote
from participa.opinion.queries import round_url
from participa.opinion.rules import Choice, State
from participa.opinion.service import propose, vote
from tests.opinion.rounds import SEEDS, a_round, counts
from tests.people import CLOSES, NEIGHBOUR_HOST, NOW, Municipality
from tests.surveys.surveying import statements
from tests.visitors import Web, page_text


def _shown(page: str) -> int:
    """Find which statement a page asks about."""
    found = re.search(r'name="frase" value="(\d+)"', page)
    assert found is not None
    return int(found[1])


async def _counted(opened: Round, number: int, *wanted: int) -> None:
    agrees, disagrees, passes = wanted
    rows = Statement.of(opened.entity_id).filter(round_id=opened.id, number=number)
    await rows.update(agrees=agrees, disagrees=disagrees, passes=passes)


async def test_statement_by_statement_to_the_end(town: Municipality, web: Web) -> None:
    """A citizen presses one of three buttons per statement until none is left."""
    opened = await a_round(town)
    ana, url = await web.visit(town.ana), round_url(opened)
    seen = set()
    for voted in range(len(SEEDS)):
        page = await ana.get(url)
        assert f"Va en {voted} de 3 frases" in page_text(page)
        number = _shown(page.text)
        assert SEEDS[number] in page_text(page)
        seen.add(number)
        done = await ana.post(f"{url}/votos", {"frase": str(number), "voto": "acuerdo"})
        assert (done.status_code, done.headers["location"]) == (303, f"{url}#frase")
    assert seen == {0, 1, 2}
    assert "Ya opinó sobre todas las frases" in page_text(await ana.get(url))
    card = page_text(await (await web.visit()).get("/procesos/plan"))
    assert "3 frases" in card


async def test_votes_are_seen_and_changed(town: Municipality, web: Web) -> None:
    """One's own votes stand on a page that changes them; nobody else's stand there."""
    opened = await a_round(town)
    url = round_url(opened)
    await vote(town.ana, opened.id, 1, Choice.AGREE, NOW)
    await vote(town.beto, opened.id, 2, Choice.AGREE, NOW)
    ana = await web.visit(town.ana)
    page = await ana.get(f"{url}/mis-votos")
    assert SEEDS[1] in page_text(page)
    assert SEEDS[2] not in page_text(page)
    form = {"frase": "1", "voto": "desacuerdo", "volver": "mis-votos"}
    done = await ana.post(f"{url}/votos", form)
    assert done.headers["location"] == f"{url}/mis-votos#f-1"
    assert "Usted dijo: En desacuerdo" in page_text(await ana.follow(done))
    web.clock.now = CLOSES
    assert "Cambiar a" not in page_text(await ana.get(f"{url}/mis-votos"))
    assert (await ana.post(f"{url}/votos", form)).status_code == 409


async def test_a_visitor_chooses_first_and_signs_in_then(town: Municipality, web: Web) -> None:
    """What a visitor pressed waits with its statement, and is stored only after signing in."""
    opened = await a_round(town)
    url = round_url(opened)
    visitor = await web.visit()
    number = _shown((await visitor.get(url)).text)
    sent = await visitor.post(f"{url}/votos", {"frase": str(number), "voto": "desacuerdo"})
    assert sent.headers["location"].startswith("/ingresar?next=")
    assert await Vote.of(town.entity.id).all().count() == 0
    token = re.search(r"borrador%3D([^%&]+)", sent.headers["location"])
    assert token is not None
    ana = await web.visit(town.ana)
    page = await ana.get(f"{url}?borrador={token[1]}&aviso=borrador")
    assert _shown(page.text) == number
    assert "Pulse otra vez lo que había elegido" in page.text
    form = {"frase": str(number), "voto": "desacuerdo", "request_key": token[1]}
    await ana.post(f"{url}/votos", form)
    assert await counts(opened, number) == (0, 1, 0)
    assert await Draft.of(town.entity.id).all().count() == 0


async def test_what_is_no_vote_is_refused(town: Municipality, web: Web) -> None:
    """Another word, no number, a field of no form, and a forged form change nothing."""
    opened = await a_round(town)
    url = f"{round_url(opened)}/votos"
    ana = await web.visit(town.ana)
    for form in ({"frase": "0", "voto": "x"}, {"voto": "paso"}, {"frase": "0", "peso": "9"}):
        assert (await ana.post(url, form)).status_code == 400
    good = {"frase": "0", "voto": "paso"}
    assert (await ana.post(url, {**good, "csrf": "x"})).status_code == 403
    assert (await ana.post(url, {**good, "frase": "99"})).status_code == 404
    assert await Vote.of(town.entity.id).all().count() == 0


async def test_proposing_a_statement(town: Municipality, web: Web) -> None:
    """A mistake keeps the words, a repetition is told, a good one waits for review."""
    opened = await a_round(town)
    url = f"{round_url(opened)}/frases"
    ana = await web.visit(town.ana)
    short = await ana.post(url, {"texto": "<b>Ya"})
    assert short.status_code == 422
    assert "&lt;b&gt;Ya" in short.text
    assert 'href="#f-texto"' in short.text
    same = await ana.post(url, {"texto": SEEDS[0]})
    assert same.status_code == 409
    assert "Esa frase ya está en la ronda" in page_text(same)
    done = await ana.post(url, {"texto": "El mercado necesita techo."})
    page = page_text(await ana.follow(done))
    assert "Recibimos su frase" in page
    assert "En revisión" in page
    assert "3 frases" in page_text(await (await web.visit()).get(round_url(opened)))


async def test_a_moderator_decides(town: Municipality, web: Web) -> None:
    """Waiting statements are published or not; the author reads why, and decides nothing."""
    opened = await a_round(town)
    url = f"/gestion/opiniones/{opened.id}"
    good = await propose(town.ana, opened.id, "El mercado necesita techo.", NOW)
    bad = await propose(town.ana, opened.id, "Fulano de tal no sirve.", NOW)
    own = await propose(town.carmen, opened.id, "Moderar cansa mucho.", NOW)
    carmen = await web.visit(town.carmen)
    assert "Fulano" in page_text(await carmen.get(url))
    assert "Revisar las frases" in page_text(await carmen.get(round_url(opened)))
    await carmen.post(f"{url}/frases/{good.number}", {"state": "published"})
    decided = {"state": "rejected", "reason": "Nombra a una persona."}
    await carmen.post(f"{url}/frases/{bad.number}", decided)
    mine = await carmen.post(f"{url}/frases/{own.number}", {"state": "published"})
    assert mine.status_code == 403
    rows = Statement.of(town.entity.id).filter(round_id=opened.id, is_seed=False)
    states = [each.state for each in await rows.order_by("number")]
    assert states == [State.PUBLISHED, State.REJECTED, State.PENDING]
    page = page_text(await (await web.visit(town.ana)).get(round_url(opened)))
    assert "Nombra a una persona." in page


async def test_the_desk_says_what_waits(town: Municipality, web: Web) -> None:
    """A moderator's list of what is to be done leads to the statements that wait; others' not."""
    opened = await a_round(town)
    await propose(town.ana, opened.id, "Que la biblioteca abra los sábados.", NOW)
    desk = await (await web.visit(town.carmen)).get("/gestion")
    assert f"Revisar frases: {opened.title} 1 por revisar" in page_text(desk)
    assert f'href="/gestion/opiniones/{opened.id}"' in desk.text
    assert "Revisar frases" not in page_text(await (await web.visit(town.diego)).get("/gestion"))


async def test_an_official_opens_a_round(town: Municipality, web: Web) -> None:
    """Statements are given one per line; what is wrong is said and kept."""
    diego = await web.visit(town.diego)
    url = "/gestion/procesos/plan/frases"
    assert url in (await diego.get("/gestion")).text
    assert (await diego.get(url)).status_code == 200
    form = {"title": "Vías", "question": "", "seeds": "Corta\n", "reviews_first": "1"}
    wrong = await diego.post(url, form)
    assert wrong.status_code == 422
    assert "Corta" in wrong.text
    good = {**form, "seeds": "La vía va primero.\n\nEl puente va primero.\n"}
    done = await diego.post(url, good)
    assert done.status_code == 303
    assert "2 frases" in page_text(await diego.follow(done))
    assert (await diego.post(url, good)).status_code == 409


async def test_results_wait_for_the_end(town: Municipality, web: Web) -> None:
    """Nobody, not the entity, reads a total while votes are taken; small counts never."""
    opened = await a_round(town)
    url = f"{round_url(opened)}/resultados"
    await _counted(opened, 0, 61, 17, 12)
    await _counted(opened, 1, 40, 3, 20)
    await _counted(opened, 2, 33, 30, 0)
    for actor in (town.elsa, town.alma):
        visitor = await web.visit(actor)
        assert "61" not in page_text(await visitor.get(url)).replace("2026", "")
        assert (await visitor.get(f"{url}.csv")).status_code == 409
    web.clock.now = CLOSES
    reader = await web.visit()
    page = page_text(await reader.get(url))
    assert "61 (68" in page
    assert "Esto no es una encuesta representativa" in page
    divided = page_text(await reader.get(f"{url}?orden=dividen"))
    assert divided.index(SEEDS[2]) < divided.index(SEEDS[0])
    text = (await reader.get(f"{url}.csv")).content.decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    hidden = [row for row in table if row["frase"] == "1"]
    assert [row["cuenta"] for row in hidden] == ["40", "", ""]
    assert [row["oculta"] for row in hidden] == ["no", "sí", "sí"]


async def test_pages_of_another_municipality(town: Municipality, web: Web) -> None:
    """The neighbour finds no page of ours, and nothing of ours in a vote of theirs."""
    opened = await a_round(town)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    for rest in ("", "/mis-votos", "/resultados", "/resultados.csv"):
        assert (await nora.get(f"{round_url(opened)}{rest}")).status_code == 404
    sent = await nora.post(f"{round_url(opened)}/votos", {"frase": "0", "voto": "paso"})
    assert sent.status_code == 404


async def test_a_page_costs_the_same_for_many(town: Municipality, web: Web) -> None:
    """The page of a round reads as often with a hundred statements as with three."""
    opened = await a_round(town)
    ana = await web.visit(town.ana)
    await ana.get(round_url(opened))
    async with statements() as few:
        await ana.get(round_url(opened))
    await Statement.bulk_create(
        [
            Statement(
                entity_id=town.entity.id, round=opened, number=number, text=f"Frase {number}",
                key=str(number), state=State.PUBLISHED, created_at=NOW,
            )
            for number in range(3, 100)
        ]
    )  # fmt: skip
    async with statements() as many:
        await ana.get(round_url(opened))
    assert len(many) == len(few) <= 12
