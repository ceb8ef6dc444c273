"""A plan is read as contents, page by page and section by section, at a fixed cost."""

import re

import pytest

from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.plans.parsing import parse_plan
from participa.plans.service import publish_version
from tests.consultations.consulting import (
    PLAN,
    WITHOUT_FILTERS,
    import_text,
    long_plan,
    section_called,
    statements,
    thread_about,
)
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.visitors import Web, page_text

PLAN_URL = "/procesos/plan/plan"


async def test_the_contents_with_what_was_said(town: Municipality, web: Web) -> None:
    """Every section is listed with its comments, and how many people made them."""
    await import_text(town.process, title="El plan de La Loma")
    filters = await thread_about(town.process, "meta-1-1-1")
    for who, words in ((town.ana, "Diez son pocos."), (town.beto, "Veinte."), (town.ana, "Eso.")):
        await publish(who, filters.id, Said(words), now=NOW)
    page = await (await web.visit()).get(PLAN_URL)
    text = page_text(page)
    assert page.status_code == 200
    assert "El plan de La Loma" in text
    assert "3 aportes · 2 personas" in text
    assert re.search(r"Filtros\s+aportes: 3", text)
    for entry in ("El agua", "Acueductos", "Filtros", "Las vías"):
        assert entry in text


async def test_a_chapter_is_read_as_one_page(town: Municipality, web: Web) -> None:
    """A page for reading has all of a chapter, a link to comment each part, and the next one."""
    await import_text(town.process)
    filters = await section_called(town.process, "meta-1-1-1")
    roads = await section_called(town.process, "eje-2")
    page = await (await web.visit()).get(PLAN_URL, params={"capitulo": str(filters.id)})
    for words in ("El agua es de todos.", "<strong>acueducto</strong>", "Diez filtros nuevos."):
        assert words in page.text
    assert "Vías para sacar la cosecha." not in page.text
    assert f'href="/apartados/{filters.id}#escribir"' in page.text
    assert f'rel="next" href="{PLAN_URL}?capitulo={roads.id}"' in page.text


async def test_the_contents_beside_a_chapter_say_the_channels(town: Municipality, web: Web) -> None:
    """Where more than one was used, the number beside a chapter or a part of it is divided."""
    await import_text(town.process)
    filters = await thread_about(town.process, "meta-1-1-1")
    roads = await thread_about(town.process, "eje-2")
    for thread in (filters, roads):
        await publish(town.ana, thread.id, Said("Diez."), now=NOW)
    await publish(town.ana, roads.id, Said("Llamo.", channel="telephone"), now=NOW)
    page = await (await web.visit()).get(PLAN_URL, params={"capitulo": str(filters.place_id)})
    index = page.text[page.text.index('id="indice"') :]
    assert re.findall(r'class="by-channel[^>]*>([^<]*)', index) == [
        "1 por internet, 1 por teléfono"
    ]


async def test_a_section_with_its_conversation(town: Municipality, web: Web) -> None:
    """A section's page has its text, what stands around it, what was said and who takes sides."""
    await import_text(town.process)
    programme = await section_called(town.process, "programa-1-1")
    thread = await thread_about(town.process, "programa-1-1")
    for stance in ("in_favour", "in_favour", "against", None):
        await publish(town.ana, thread.id, Said("Mi razón.", stance=stance), now=NOW)
    below = await thread_about(town.process, "meta-1-1-1")
    await publish(town.ana, below.id, Said("Filtros sí."), now=NOW)
    page = await (await web.visit()).get(f"/apartados/{programme.id}")
    text = page_text(page)
    assert "Cada vereda con su acueducto" in text
    assert "2 a favor" in text
    assert "1 en contra" in text
    assert "4 aportes" in text
    assert re.search(r"1\.1\.1 Filtros 1 aporte", text)
    assert "Antes: 1 El agua" in text
    assert f'action="/hilos/{thread.id}/aportes"' in page.text


async def test_a_hidden_opinion_is_not_counted(town: Municipality, web: Web) -> None:
    """Who is in favour is counted among what can be read."""
    await import_text(town.process)
    thread = await thread_about(town.process, "eje-1")
    said = await publish(town.ana, thread.id, Said("Sí.", stance="in_favour"), now=NOW)
    said.state = "hidden_by_moderator"
    await said.save()
    page = await (await web.visit()).get(f"/apartados/{thread.place_id}")
    assert "1 a favor" not in page_text(page)


async def test_commenting_a_section(town: Municipality, web: Web) -> None:
    """A comment sent from the section's page is read on it afterwards."""
    await import_text(town.process)
    thread = await thread_about(town.process, "eje-1")
    ana = await web.visit(town.ana)
    sent = await ana.post(f"/hilos/{thread.id}/aportes", {"body": "Que alcance para El Salado."})
    page = await ana.follow(sent)
    assert sent.headers["location"].startswith(f"/apartados/{thread.place_id}?")
    assert "Que alcance para El Salado." in page.text


async def test_a_comment_to_mend_stays_on_its_section(town: Municipality, web: Web) -> None:
    """An empty comment comes back on the section's page, with its stance kept and the reason."""
    await import_text(town.process)
    thread = await thread_about(town.process, "eje-1")
    ana = await web.visit(town.ana)
    page = await ana.post(f"/hilos/{thread.id}/aportes", {"body": " ", "stance": "against"})
    assert page.status_code == 422
    assert "El agua es de todos." in page.text
    assert "Escriba su aporte." in page.text
    assert re.search(r'value="against" checked', page.text)


async def test_a_visitor_loses_nothing(town: Municipality, web: Web) -> None:
    """Who is not signed in is asked to, and finds the words back on the section."""
    await import_text(town.process)
    thread = await thread_about(town.process, "eje-1")
    elsa = await web.visit()
    sent = await elsa.post(f"/hilos/{thread.id}/aportes", {"body": "Un pozo comunal."})
    assert sent.headers["location"].startswith("/ingresar")
    assert await Contribution.of(town.entity.id).filter(thread_id=thread.id).count() == 0


async def test_a_closed_plan_is_read_not_commented(town: Municipality, web: Web) -> None:
    """After the phase, the text stays and the writing box goes."""
    await import_text(town.closed_process)
    section = await section_called(town.closed_process, "eje-1")
    elsa = await web.visit()
    page = await elsa.get(f"/apartados/{section.id}")
    assert "El agua es de todos." in page.text
    assert "Ya no se reciben aportes aquí." in page_text(page)
    assert "<textarea" not in page.text
    contents = await elsa.get("/procesos/cerrado/plan")
    assert "Leer el texto" in page_text(contents)


async def test_a_draft_is_for_its_staff(town: Municipality, web: Web) -> None:
    """A plan not yet published does not exist for the public, and does for officials."""
    await import_text(town.draft_process)
    section = await section_called(town.draft_process, "eje-1")
    for path in ("/procesos/borrador/plan", f"/apartados/{section.id}"):
        assert (await (await web.visit()).get(path)).status_code == 404
        assert (await (await web.visit(town.ana)).get(path)).status_code == 404
        assert (await (await web.visit(town.diego)).get(path)).status_code == 200


async def test_the_neighbour_sees_nothing(town: Municipality, web: Web) -> None:
    """No page of one entity's plan opens under another's address."""
    await import_text(town.process)
    section = await section_called(town.process, "eje-1")
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get(f"/apartados/{section.id}")).status_code == 404
    assert (await nico.get(PLAN_URL)).status_code == 404


@pytest.mark.parametrize("wanted", ["x", "", "-1", "1" * 30, "²"])
async def test_nonsense_chapters(town: Municipality, web: Web, wanted: str) -> None:
    """What cannot be a chapter is a page that does not exist, never a failure."""
    await import_text(town.process)
    page = await (await web.visit()).get(PLAN_URL, params={"capitulo": wanted})
    assert page.status_code == 404


async def test_no_plan_no_page(town: Municipality, web: Web) -> None:
    """A process without a plan, an unknown process and an unknown section are 404."""
    elsa = await web.visit()
    for path in (PLAN_URL, "/procesos/nada/plan", "/apartados/999"):
        assert (await elsa.get(path)).status_code == 404


async def test_what_a_new_version_left_out(town: Municipality, web: Web) -> None:
    """A section that went keeps its page, says so, and its comments are listed and counted."""
    await import_text(town.process)
    filters = await thread_about(town.process, "meta-1-1-1")
    await publish(town.ana, filters.id, Said("Diez son pocos."), now=NOW)
    await import_text(town.process, WITHOUT_FILTERS)
    elsa = await web.visit()
    contents = page_text(await elsa.get(PLAN_URL))
    assert "Apartados que salieron del texto" in contents
    assert "1.1.1 Filtros 1 aporte" in contents
    assert "1 aporte · 1 persona" in contents
    page = await elsa.get(f"/apartados/{filters.place_id}")
    assert "no está en la versión 2" in page_text(page)
    assert "Diez son pocos." in page.text
    moved = await elsa.get(PLAN_URL, params={"capitulo": str(filters.place_id)})
    assert moved.headers["location"] == f"/apartados/{filters.place_id}"


async def test_a_plan_without_consultation(town: Municipality, web: Web) -> None:
    """A text that was published but not opened to comments can be read."""
    await publish_version(
        entity_id=town.entity.id, process_id=town.process.id, parsed=parse_plan(PLAN),
        source=PLAN, now=NOW,
    )  # fmt: skip
    section = await section_called(town.process, "eje-1")
    elsa = await web.visit()
    page = await elsa.get(f"/apartados/{section.id}")
    assert "El agua es de todos." in page.text
    assert "<textarea" not in page.text
    assert (await elsa.get(PLAN_URL)).status_code == 200


async def test_pages_cost_the_same_with_three_and_three_hundred(
    town: Municipality, web: Web
) -> None:
    """Contents, page for reading and section take a fixed number of statements."""
    costs = []
    sizes = []
    for sections in (3, 300):
        await import_text(town.process, long_plan(sections))
        thread = await thread_about(town.process, "titulo-1")
        for _time in range(sections // 10):
            await publish(town.ana, thread.id, Said("Uno más."), now=NOW)
        elsa = await web.visit()
        counts = []
        for path in (
            PLAN_URL,
            f"{PLAN_URL}?capitulo={thread.place_id}",
            f"/apartados/{thread.place_id}",
        ):
            await elsa.get(path)
            async with statements() as run:
                page = await elsa.get(path)
            assert page.status_code == 200
            counts.append(len(run))
            sizes.append(len(page.content))
        costs.append(counts)
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 17
    assert max(sizes) < 100_000
