"""An old version of a plan is read whole, says that it is old, and leads to the present one."""

import pytest

from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from tests.consultations.consulting import import_text, section_called, thread_about
from tests.consultations.test_plan_pages import PLAN_URL
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.plans.test_changes import SECOND
from tests.visitors import Web, page_text

URL = f"{PLAN_URL}/versiones"


async def test_the_list_of_versions(town: Municipality, web: Web) -> None:
    """Each is read and compared from there; the list is reached from the plan and from sections."""
    await import_text(town.process)
    elsa = await web.visit()
    filters = await section_called(town.process, "meta-1-1-1")
    assert URL not in (await elsa.get(PLAN_URL)).text
    await import_text(town.process, SECOND)
    for path in (PLAN_URL, f"/apartados/{filters.id}", f"{PLAN_URL}/cambios"):
        assert f'href="{URL}"' in (await elsa.get(path)).text, path
    page = await elsa.get(URL)
    assert f'href="{URL}/1"' in page.text
    assert f'href="{PLAN_URL}/cambios?de=1&amp;a=2"' in page.text
    assert "Leer la versión 2" in page_text(page)


async def test_an_old_version_is_read_whole(town: Municipality, web: Web) -> None:
    """Its contents and text are those of then, also what was taken out; comments stay out of it."""
    await import_text(town.process)
    filters = await section_called(town.process, "meta-1-1-1")
    roads = await section_called(town.process, "eje-2")
    thread = await thread_about(town.process, "meta-1-1-1")
    await publish(town.ana, thread.id, Said("Diez son pocos."), now=NOW)
    await import_text(town.process, SECOND)
    elsa = await web.visit()
    contents = await elsa.get(f"{URL}/1")
    assert "Esta es una versión anterior" in page_text(contents)
    assert f'href="{PLAN_URL}/cambios?de=1&amp;a=2"' in contents.text
    first = await section_called(town.process, "eje-1")
    assert f'href="{URL}/1?capitulo={first.id}#s{filters.id}"' in contents.text
    chapter = await elsa.get(f"{URL}/1?capitulo={filters.id}")
    text = page_text(chapter)
    assert "Esta es una versión anterior" in text
    assert "Diez filtros nuevos." in text
    assert "1 aporte" not in text
    assert "#escribir" not in chapter.text
    assert f'href="/apartados/{filters.id}"' in chapter.text
    assert f'rel="next" href="{URL}/1?capitulo={roads.id}"' in chapter.text
    assert "Vías para sacar la cosecha." in (await elsa.get(f"{URL}/1?capitulo={roads.id}")).text


async def test_the_present_version_is_read_where_it_is_discussed(
    town: Municipality, web: Web
) -> None:
    """Its address leads to the plan, or to the place in it."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    filters = await section_called(town.process, "meta-1-1-1")
    first = await section_called(town.process, "eje-1")
    elsa = await web.visit()
    assert (await elsa.get(f"{URL}/2")).headers["location"] == PLAN_URL
    there = (await elsa.get(f"{URL}/2?capitulo={filters.id}")).headers["location"]
    assert there == f"{PLAN_URL}?capitulo={first.id}#s{filters.id}"


@pytest.mark.parametrize("path", ["3", "1?capitulo=x", "1?capitulo=999", "99999999999999999999"])
async def test_what_there_is_not(town: Municipality, web: Web, path: str) -> None:
    """A version, or a section that a version had not, is 404."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    assert (await (await web.visit()).get(f"{URL}/{path}")).status_code == 404


async def test_the_neighbour_has_no_such_versions(town: Municipality, web: Web) -> None:
    """Another entity's versions are neither listed nor read."""
    await import_text(town.process)
    await import_text(town.process, SECOND)
    elsa = await web.visit(host=NEIGHBOUR_HOST)
    assert (await elsa.get(URL)).status_code == 404
    assert (await elsa.get(f"{URL}/1")).status_code == 404
