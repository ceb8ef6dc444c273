"""The pages of the menu: what fills it by itself, what officials say, and the handover."""

import asyncio
import csv
import io

import pytest

from participa.accounts.models import Person
from participa.accounts.permissions import Role
from participa.accounts.service import grant_role
from participa.accounts.sessions import actor_for
from participa.audit import AuditRecord
from participa.menu.models import MenuEntry
from participa.menu.rules import Mode
from participa.menu.service import Said, set_entry
from participa.web.refusals import NotAllowed, NotFound
from tests.accountability.hearing import asked, bring, call, goal
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Web, page_text

sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
DESK = "/gestion/participa"


def part(page: str, code: str) -> str:
    """Give the row of an item."""
    return page.split(f'id="i{code}"')[1].split("</tr>", maxsplit=1)[0]


@sqlite
async def test_what_is_published_fills_the_menu(town: Municipality, web: Web) -> None:
    """Forum, session, questions and plan stand in their items; offline they are missing again."""
    session = await call(town)
    await asked(town.ana, session)
    await bring(town, goal())
    elsa = await web.visit()
    page = (await elsa.get("/participa")).text
    assert f'href="/foros/{town.forum.id}"' in part(page, "6.2.3.b")
    assert f'href="/rendicion-de-cuentas/{session.id}"' in part(page, "6.2.5.c")
    assert "#preguntas" in part(page, "6.2.5.f")
    assert "/seguimiento/plan" in part(page, "6.2.2.d")
    assert "/registro" in part(page, "6.1.9")
    assert "Falta" in part(page, "6.1.3")
    assert "borrador" not in page
    town.process.is_published = False
    await town.process.save()
    page = (await elsa.get("/participa")).text
    assert "Falta" in part(page, "6.2.5.c")
    assert "Falta" in part(page, "6.2.2.d")
    assert "Audiencia" not in (await (await web.visit(None, NEIGHBOUR_HOST)).get("/participa")).text


@sqlite
async def test_an_official_says_who_owns_and_where_it_is(town: Municipality, web: Web) -> None:
    """A link, an owner, a reason: on the public page, in the file and in the log, once."""
    diego = await web.visit(town.diego)
    url = f"{DESK}/6.1.3"
    form = {"mode": "linked", "owner": "Secretaría de Planeación", "title": "Estrategia 2026",
            "url": "https://example.org/e.pdf", "reason": ""}  # fmt: skip
    for _twice in range(2):
        done = await diego.post(url, form)
        assert done.status_code == 303, page_text(done)
    away = {"mode": "not_applicable", "owner": "", "title": "", "url": "", "reason": "No hay."}
    assert (await diego.post(f"{DESK}/6.2.4.f", away)).status_code == 303
    acts = AuditRecord.of(town.entity.id).filter(action="menu.set_entry")
    assert await acts.count() == 2
    elsa = await web.visit()
    page = (await elsa.get("/participa")).text
    assert 'href="https://example.org/e.pdf"' in part(page, "6.1.3")
    assert "No hay." in part(page, "6.2.4.f")
    assert "Secretaría de Planeación" in part((await diego.get(DESK)).text, "6.1.3")
    answer = await elsa.get("/participa.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len({row["codigo"] for row in rows}) == 44
    assert next(row for row in rows if row["codigo"] == "6.1.3")["dependencia"] == form["owner"]
    assert "/participa.csv" in (await elsa.get("/datos")).text
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    for path in (url, DESK, "/participa", "/participa.csv"):
        assert "example.org" not in (await nico.get(path)).text


@sqlite
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "javascript:alert(1)"}, "empiece por https"),
        ({"url": "//malo.example"}, "empiece por https"),
        ({"title": ""}, "Escriba el título"),
        ({"mode": "not_applicable"}, "por qué no aplica"),
        ({"mode": "otro"}, "Elija una"),
        ({"owner": "Nadie"}, "Elija una"),
    ],
)
async def test_what_cannot_be_is_said(
    town: Municipality, web: Web, change: dict[str, str], words: str
) -> None:
    """The message stands beside its field, what was typed stays, nothing is kept."""
    form = {"mode": "linked", "owner": "", "title": "Título escrito", "url": "/x", "reason": ""}
    answer = await (await web.visit(town.diego)).post(f"{DESK}/6.1.3", form | change)
    assert answer.status_code == 422
    assert words in page_text(answer)
    assert not await MenuEntry.of(town.entity.id).exists()


@sqlite
async def test_who_answers_for_one_process_does_not_for_the_menu(town: Municipality) -> None:
    """An official of one process may not, nor a moderator; an unknown item is none."""
    row = await Person.of(town.entity.id).get(id=town.beto.person_id)
    await grant_role(row, Role.OFFICIAL, now=NOW, by="tests", process_id=town.process.id)
    for actor in (await actor_for(row), town.carmen, town.elsa):
        with pytest.raises(NotAllowed):
            await set_entry(actor, "6.1.3", Said(Mode.LIVE), now=NOW)
    with pytest.raises(NotFound):
        await set_entry(town.diego, "6.9", Said(Mode.LIVE), now=NOW)


@sqlite
async def test_the_handover_names_what_is_open(town: Municipality, web: Web) -> None:
    """Sessions and closings with their day, the plan, the menu; a moderator sees their own."""
    await call(town)
    await bring(town, goal())
    page = page_text(await (await web.visit(town.diego)).get("/gestion/empalme"))
    for words in ("Audiencia del año", "Cierra la fase «Participación»", "Con rezago",
                  "Falta publicar"):  # fmt: skip
        assert words in page
    shown = page_text(await (await web.visit(town.carmen)).get("/gestion/empalme"))
    assert "Falta publicar" not in shown


async def test_two_at_once_leave_one_entry(town: Municipality) -> None:
    """Two officials who save an item together both count, one after the other."""
    said = [Said(Mode.LINKED, title=f"Estrategia {n}", url=f"/{n}") for n in range(5)]
    await asyncio.gather(*(set_entry(town.diego, "6.1.3", each, now=NOW) for each in said))
    entry = await MenuEntry.of(town.entity.id).get()
    assert entry.title.removeprefix("Estrategia ") == entry.url.removeprefix("/")
    acts = AuditRecord.of(town.entity.id).filter(action="menu.set_entry")
    assert await acts.count() == 5
