"""What was said about a passage shows in the text and is reached from there."""

import re

import pytest

from participa.consultations.models import Anchor
from participa.deliberation.models import Contribution, Thread
from participa.moderation.service import hide
from tests.consultations.consulting import comment, import_text, statements, thread_about
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Web, page_text

PLAN = """# Eje 1. El agua

El agua es de **todos** & de nadie. El agua se cuida en la fuente, y se paga lo justo.

- Cada vereda tendrá su acueducto.

# Eje 2. Las vías

Vías para sacar la cosecha.
"""
PLAN_URL = "/procesos/plan/plan"


async def _commented(town: Municipality, *passages: str) -> tuple[Thread, list[str]]:
    """Open a plan and comment passages of its first section; give the receipts."""
    await import_text(town.process, PLAN)
    thread = await thread_about(town.process, "eje-1")
    said = [await comment(town.ana, thread, passage) for passage in passages]
    return thread, [each.receipt_number for each in said]


@pytest.mark.parametrize("where", ["section", "reading"])
async def test_passages_are_marked_with_their_count(
    town: Municipality, web: Web, where: str
) -> None:
    """In the section and on the page for reading; passages that overlap are one, counted once."""
    thread, receipts = await _commented(
        town, "de nadie. El agua se cuida", "todos & de nadie", "tendrá su acueducto"
    )
    path = f"/apartados/{thread.place_id}" if where == "section" else (
        f"{PLAN_URL}?capitulo={thread.place_id}"
    )  # fmt: skip
    html = (await (await web.visit()).get(path)).text
    assert (
        "<strong><mark>todos</mark></strong> <mark>&amp; de nadie. El agua se cuida</mark>"
        f'<a class="counted" href="/apartados/{thread.place_id}?pasaje={receipts[1]}#pasaje">'
        '<span class="sr">2 aportes sobre este pasaje</span>'
    ) in html
    assert "<mark>tendrá su acueducto</mark>" in html
    assert html.count('class="counted"') == 2


async def test_what_was_said_about_a_passage(town: Municipality, web: Web) -> None:
    """Its count leads to all that was said about it, and to the form with it filled in."""
    thread, receipts = await _commented(town, "el agua se cuida", "se cuida en la fuente")
    page = await (await web.visit()).get(f"/apartados/{thread.place_id}?pasaje={receipts[1]}")
    assert "2 aportes sobre este pasaje" in page_text(page)
    for receipt in receipts:
        assert f'<li><a href="/aportes/{receipt}">Ana</a>' in page.text
    assert '<mark class="now">El agua se cuida en la fuente</mark>' in page.text
    assert "\nse cuida en la fuente</textarea>" in page.text
    assert re.search(r'name="at" value="3[0-9]"', page.text)


async def test_a_passage_chosen_on_the_page(town: Municipality, web: Web) -> None:
    """An address with the first and last sign of a passage opens the form with it."""
    thread, _none = await _commented(town)
    elsa = await web.visit()
    path = f"/apartados/{thread.place_id}"
    page = await elsa.get(path, params={"texto": "6-15"})
    assert "\nes de todos</textarea>" in page.text
    for nonsense in ("", "x", "9-3", "1-²", "-", "99999-999999", "1-" + "9" * 30):
        page = await elsa.get(path, params={"texto": nonsense})
        assert page.status_code == 200
        assert '<details class="about">' in page.text


async def test_what_cannot_be_read_is_not_marked(town: Municipality, web: Web) -> None:
    """Hidden and taken back comments leave the text, on kept pages too, and are not listed."""
    thread, receipts = await _commented(town, "se paga lo justo", "en la fuente")
    elsa, ana = await web.visit(), await web.visit(town.ana)
    path = f"/apartados/{thread.place_id}"
    assert (await elsa.get(path)).text.count("<mark>") == 2
    said = await Contribution.of(town.entity.id).get(receipt_number=receipts[0])
    await hide(town.carmen, said.id, rule="1", now=NOW)
    assert "<mark>se paga" not in (await elsa.get(path)).text
    assert 'id="pasaje"' not in (await elsa.get(f"{path}?pasaje={receipts[0]}")).text
    await ana.post(f"/aportes/{receipts[1]}/retirar")
    assert "<mark>" not in (await elsa.get(path)).text


async def test_a_passage_that_is_not_here(town: Municipality, web: Web) -> None:
    """Nonsense, another section's and the neighbour's receipts point at nothing."""
    thread, receipts = await _commented(town, "se paga lo justo")
    other = await thread_about(town.process, "eje-2")
    elsa = await web.visit()
    for path in (
        f"/apartados/{thread.place_id}?pasaje=nada",
        f"/apartados/{thread.place_id}?pasaje=PA-2026-999999-9",
        f"/apartados/{other.place_id}?pasaje={receipts[0]}",
    ):
        page = await elsa.get(path)
        assert page.status_code == 200
        assert 'id="pasaje"' not in page.text
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    page = await nora.get(f"/apartados/{thread.place_id}?pasaje={receipts[0]}")
    assert page.status_code == 404


async def test_a_doubtful_place_is_not_shown_as_sure(town: Municipality, web: Web) -> None:
    """Where it is not sure where a passage now stands, nothing is marked and its page says so."""
    thread, receipts = await _commented(town, "se paga lo justo")
    await Anchor.of(town.entity.id).update(state="doubtful", confidence=0.5)
    elsa = await web.visit()
    page = await elsa.get(f"/apartados/{thread.place_id}?pasaje={receipts[0]}")
    assert "<mark" not in page.text
    assert "no es seguro en qué parte está ahora" in page_text(page)


async def test_marks_cost_one_statement(town: Municipality, web: Web) -> None:
    """However many passages were spoken about, pages take as many statements."""
    thread, _one = await _commented(town, "se paga lo justo")
    elsa = await web.visit()
    await elsa.get(f"/apartados/{thread.place_id}")
    costs = []
    for count in (1, 20):
        for _time in range(count):
            await comment(town.ana, thread, "en la fuente")
        async with statements() as run:
            await elsa.get(f"/apartados/{thread.place_id}")
            await elsa.get(f"{PLAN_URL}?capitulo={thread.place_id}")
        costs.append(len(run))
    assert costs[0] == costs[1]
