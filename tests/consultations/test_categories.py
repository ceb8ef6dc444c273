"""The categories of a call: kept by officials, chosen by who proposes."""

import pytest

from participa.consultations.categories import Arrangement, CategoriesMoved, arrange
from participa.consultations.models import Consultation
from participa.consultations.service import propose
from participa.deliberation.models import Contribution, Thread
from participa.web.refusals import BadInput
from tests.consultations.test_proposals import call_in
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

LINES = {
    "was_0": "Deporte", "name_0": "Deporte y recreo", "at_0": "2",
    "was_1": "Cultura", "name_1": "Cultura", "at_1": "1",
}  # fmt: skip


async def test_an_official_arranges_the_categories(town: Municipality, web: Web) -> None:
    """One form renames, orders and adds; proposals follow the name, pages show it at once."""
    call = await call_in(town.process)
    said = await propose(
        town.ana, call, title="Cancha", body="Con luces.", category="Deporte", now=NOW
    )
    elsa, diego = await web.visit(), await web.visit(town.diego)
    assert "Deporte" in page_text(await elsa.get(f"/hilos/{said.thread_id}"))
    url = f"/gestion/consultas/{call.id}/categorias"
    assert f'href="{url}"' in (await diego.get(f"/consultas/{call.id}/propuestas")).text
    assert 'value="Deporte"' in (await diego.get(url)).text
    sent = await diego.post(url, {**LINES, "new": " Vías  y puentes \n\nAgua", "required": "1"})
    assert sent.status_code == 303
    call = await Consultation.of(town.entity.id).get(id=call.id)
    assert call.categories == ["Cultura", "Deporte y recreo", "Vías y puentes", "Agua"]
    assert call.requires_category
    assert (await Thread.of(town.entity.id).get(id=said.thread_id)).category == "Deporte y recreo"
    opening = await Contribution.of(town.entity.id).get(id=said.id)
    assert opening.category == "Deporte y recreo"
    assert "Deporte y recreo" in page_text(await elsa.get(f"/hilos/{said.thread_id}"))


async def test_a_retired_category_stays_with_its_proposals(town: Municipality, web: Web) -> None:
    """It can no longer be chosen, but be looked for."""
    call = await call_in(town.process)
    await propose(town.ana, call, title="Cancha", body="Con luces.", category="Deporte", now=NOW)
    await propose(town.ana, call, title="Coro", body="Los martes.", category="Cultura", now=NOW)
    diego, beto = await web.visit(town.diego), await web.visit(town.beto)
    url = f"/gestion/consultas/{call.id}/categorias"
    await diego.post(url, {**LINES, "name_0": "", "retire_0": "1"})
    assert "Retiradas: Deporte (1)" in page_text(await diego.get(url))
    listed = page_text(await beto.get(f"/consultas/{call.id}/propuestas?categoria=Deporte"))
    assert "Cancha" in listed
    assert "Coro" not in listed
    form = await beto.get(f"/consultas/{call.id}/propuestas/nueva")
    assert "Deporte" not in form.text
    sent = await beto.post(
        f"/consultas/{call.id}/propuestas/nueva",
        {"title": "Otra cancha", "body": "Techada.", "category": "Deporte"},
    )
    assert sent.status_code == 422


async def test_two_may_change_names(town: Municipality) -> None:
    """Categories that take each other's names keep their own proposals."""
    call = await call_in(town.process)
    for name in ("Deporte", "Cultura"):
        await propose(town.ana, call, title=name, body="Sí.", category=name, now=NOW)
    swapped = Arrangement(
        ("Cultura", "Deporte"), {"Deporte": "Cultura", "Cultura": "Deporte"},
        requires_category=False,
    )  # fmt: skip
    await arrange(town.diego, call.id, swapped, known=["Deporte", "Cultura"], now=NOW)
    rows = await Thread.of(town.entity.id).filter(
        place_id=call.id, title__in=["Deporte", "Cultura"]
    )
    assert {row.title: row.category for row in rows} == {"Deporte": "Cultura", "Cultura": "Deporte"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name_0": " "}, "Escriba el nombre"),
        ({"name_0": "cultura"}, "dos categorías con el mismo nombre"),
        ({"new": "x" * 81}, "muy larga"),
        ({"new": "\n".join(f"c{n}" for n in range(40))}, "Caben 30 categorías."),
        ({"at_0": "primera"}, "Escriba un número."),
    ],
)
async def test_a_list_that_cannot_be_is_kept_as_typed(
    town: Municipality, web: Web, changes: dict[str, str], message: str
) -> None:
    """The form comes back with what was typed, and nothing changed."""
    call = await call_in(town.process)
    diego = await web.visit(town.diego)
    page = await diego.post(f"/gestion/consultas/{call.id}/categorias", {**LINES, **changes})
    assert page.status_code == 422
    assert message in page_text(page)
    assert changes.get("new", "") in page.text
    assert (await Consultation.of(town.entity.id).get(id=call.id)).categories == call.categories


async def test_a_list_changed_meanwhile(town: Municipality, web: Web) -> None:
    """Who saved what they saw before somebody else's change is told, and loses nothing new."""
    call = await call_in(town.process)
    more = Arrangement(("Deporte", "Cultura", "Agua"), {}, requires_category=False)
    await arrange(town.alma, call.id, more, known=["Deporte", "Cultura"], now=NOW)
    diego = await web.visit(town.diego)
    page = await diego.post(f"/gestion/consultas/{call.id}/categorias", {**LINES, "new": "Vías"})
    assert page.status_code == 409
    assert 'value="Agua"' in page.text
    assert "Vías" in page.text
    with pytest.raises(CategoriesMoved):
        await arrange(town.diego, call.id, more, known=["Deporte"], now=NOW)


async def test_a_call_may_ask_for_a_category(town: Municipality, web: Web) -> None:
    """Where the call says so, a proposal without one is not taken."""
    call = await call_in(town.process)
    call.requires_category = True
    await call.save()
    ana = await web.visit(town.ana)
    url = f"/consultas/{call.id}/propuestas/nueva"
    assert "Otro tema" not in (await ana.get(url)).text
    page = await ana.post(url, {"title": "Una cancha", "body": "Con luces."})
    assert page.status_code == 422
    assert "Escoja de qué trata." in page_text(page)
    with pytest.raises(BadInput):
        await propose(town.ana, call, title="T", body="B", now=NOW)
