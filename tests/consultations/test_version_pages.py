"""The page of what changed between two versions, and the ways to it."""

import pytest

from tests.consultations.consulting import import_text, section_called, statements
from tests.consultations.test_plan_pages import PLAN_URL
from tests.people import NEIGHBOUR_HOST, Municipality
from tests.plans.test_changes import SECOND
from tests.visitors import Web, page_text

URL = f"{PLAN_URL}/cambios"


async def test_what_changed(town: Municipality, web: Web) -> None:
    """Changes are counted by kind and shown with their words, told also to who cannot see them."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    elsa = await web.visit()
    assert URL in (await elsa.get(PLAN_URL)).text
    page = await elsa.get(URL)
    text = page_text(page)
    assert "de la versión 1 a la versión 2" in text
    assert "Nuevos : 2 Con cambios en el texto : 1 Salieron : 1" in text
    assert "[se quita:] Diez [fin] [se pone:] Doce [fin] filtros nuevos." in text
    assert "<del>" in page.text
    assert "Acueductos" not in text
    moved = page_text(await elsa.get(f"{URL}?de=1&a=2&tipo=movidos"))
    assert "antes: 1.1 Acueductos" in moved
    assert "Pozos" not in moved


async def test_one_section_whole(town: Municipality, web: Web) -> None:
    """Its page says that it changed and leads to all of its differences, and on to the next."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    filters = await section_called(town.process, "meta-1-1-1")
    elsa = await web.visit()
    section = await elsa.get(f"/apartados/{filters.id}")
    assert "Este apartado cambió en la versión 2" in page_text(section)
    path = f"{URL}?de=1&a=2&apartado={filters.id}"
    assert path.replace("&", "&amp;") in section.text
    text = page_text(await elsa.get(path))
    assert "1.2.1 Filtros" in text
    assert "antes: 1.1.1 Filtros" in text
    assert "[se quita:] Diez [fin]" in text
    assert "1.1 Pozos" in text
    assert "Texto de la versión 1 Diez filtros nuevos." in text
    assert "Texto de la versión 2 Doce" in text
    same = await section_called(town.process, "eje-1")
    assert "cambió en la versión" not in page_text(await elsa.get(f"/apartados/{same.id}"))
    there = await elsa.get(f"{URL}?apartado={same.id}")
    assert there.headers["location"] == f"/apartados/{same.id}"


async def test_a_single_version(town: Municipality, web: Web) -> None:
    """There is nothing to compare yet, and no page leads there."""
    await import_text(town.process)
    elsa = await web.visit()
    assert "una sola versión" in page_text(await elsa.get(URL))
    assert URL not in (await elsa.get(PLAN_URL)).text


@pytest.mark.parametrize(
    "query", ["de=9", "a=x", "de=1&a=2&pagina=7", "pagina=0", "apartado=x", "a=²"]
)
async def test_what_there_is_not(town: Municipality, web: Web, query: str) -> None:
    """A version, page or section that there is not is 404."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    assert (await (await web.visit()).get(f"{URL}?{query}")).status_code == 404


async def test_the_neighbour_has_no_such_plan(town: Municipality, web: Web) -> None:
    """Another entity's versions are not compared."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    elsa = await web.visit(host=NEIGHBOUR_HOST)
    assert (await elsa.get(URL)).status_code == 404


async def test_a_large_plan_is_compared_page_by_page(town: Municipality, web: Web) -> None:
    """Three or three hundred changes cost as many statements, and a page stays light."""
    costs = []
    elsa = await web.visit()
    await import_text(town.process, "# Eje 1. Uno\n\nUno.\n")
    for count in (3, 300):
        goals = "\n".join(f"## Meta {n}. La {n}\n\nHacer {n} cosas.\n" for n in range(count))
        await import_text(town.process, f"# Eje 1. Uno\n\nUno de {count}.\n\n{goals}")
        await elsa.get(URL)
        async with statements() as run:
            page = await elsa.get(URL)
        costs.append(len(run))
    assert costs[0] == costs[1] <= 8
    assert page.text.count('class="part"') == 20
    assert len(page.content) < 50_000
    assert 'rel="next"' in page.text
    assert 'rel="next"' not in (await elsa.get(f"{URL}?pagina=15")).text
