"""Pages that are reached by doing something hold to what all pages hold to."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Site, new_context
from tests.browser.test_pages import check_page

pytestmark = [pytest.mark.browser]
RECORD = "/gestion/procesos/plan-de-desarrollo/registros/nuevo"


def _first(page: Page, selector: str) -> str:
    return page.locator(selector).first.get_attribute("href") or ""


def _call(site: Site, page: Page) -> str:
    page.goto(f"{site.url}/procesos/plan-de-desarrollo")
    return site.url + _first(page, "a[href$='/propuestas']")


def _propose(page: Page, call: str, title: str) -> None:
    page.goto(f"{call}/nueva")
    page.get_by_label("Su propuesta en una frase").fill(title)
    page.get_by_label("Cuente por qué y cómo").fill("Con libros para los niños de las veredas.")
    page.get_by_label("De qué trata").select_option(index=1)


def test_a_citizens_ways(site: Site, chromium: Browser, axe: str) -> None:
    """The map to press on, those like it, the files, the authors, the invitation, the place."""
    opened = new_context(chromium)
    page = opened.new_page()
    site.login(page, "citizen")
    call, faults = _call(site, page), list[str]()
    _propose(page, call, "Una biblioteca que viaje en la chiva")
    page.get_by_role("button", name="Señalarlo en el mapa").click()
    faults += check_page(page, axe)
    page.locator("input[type=image]:visible").click(position={"x": 120, "y": 120})
    faults += check_page(page, axe)
    page.get_by_role("button", name="Usar este lugar").or_(
        page.get_by_role("button", name="Volver sin señalar")
    ).first.click()
    faults += check_page(page, axe)
    page.locator("form#propuesta button.btn:not(.out)").last.click()
    page.get_by_role("button", name="Ninguna: publicar la mía").wait_for()
    faults += check_page(page, axe)
    page.get_by_role("button", name="Ninguna: publicar la mía").click()
    page.wait_for_url("**aviso=aporte**")
    faults += check_page(page, axe)
    thread = page.url.split("?")[0]
    page.goto(site.url + _first(page, "a[href$='/adjuntos']"))
    faults += check_page(page, axe)
    page.goto(page.url.replace("/adjuntos", "/lugar"))
    faults += check_page(page, axe)
    page.goto(thread.replace("/hilos/", "/propuestas/") + "/autores")
    faults += check_page(page, axe)
    page.get_by_role("button", name="Hacer un enlace de invitación").click()
    link = page.get_by_label("Enlace de invitación").input_value()
    faults += check_page(page, axe)
    reader = new_context(chromium)
    invited = reader.new_page()
    invited.goto(site.url + "/propuestas/" + link.split("/propuestas/")[1])
    faults += check_page(invited, axe)
    reader.close()
    opened.close()
    assert faults == []


def test_an_officials_ways(site: Site, chromium: Browser, axe: str, tmp_path: Path) -> None:
    """Merging and separating, a sheet that is right and one that is not, the place of a thing."""
    opened = new_context(chromium)
    page = opened.new_page()
    site.login(page, "official")
    faults = list[str]()
    page.goto(site.url + site.forum(page))
    page.goto(site.url + _first(page, "ul.plain a[href^='/hilos/']"))
    said = page.locator("li.post:not(.gone)").nth(1).get_attribute("id")
    for way in ("unir", "unir?q=placa", "lugar"):
        page.goto(f"{site.url}/aportes/{said}/{way}")
        faults += check_page(page, axe)
    for where in ("1.2.1.1", "El olvido"):
        rows = "".join(f"{where};Fila {n}.\n" for n in range(32))
        sheet = tmp_path / "mesa.csv"
        sheet.write_text(f"apartado;aporte\n{rows}")
        page.goto(site.url + RECORD)
        page.get_by_label("Fecha en que fue").fill(_day(page))
        page.get_by_label("Lugar", exact=True).fill("El Tablón")
        page.get_by_label("Cuántas personas asistieron").fill("12")
        page.get_by_text("Traer los aportes de una hoja").click()
        page.get_by_label("Hoja").set_input_files(sheet)
        page.get_by_role("button", name="Revisar la hoja").click()
        page.wait_for_url("**/hojas/*")
        faults += check_page(page, axe)
    opened.close()
    assert faults == []


def _day(page: Page) -> str:
    return str(page.evaluate("new Date(Date.now() - 864e5).toISOString().slice(0, 10)"))


def test_a_moderators_ways(site: Site, chromium: Browser, axe: str) -> None:
    """A picture is hidden and shown again."""
    opened = new_context(chromium)
    page = opened.new_page()
    site.login(page, "moderator")
    call, faults = _call(site, page), list[str]()
    page.goto(f"{call}?orden=apoyadas")
    page.goto(site.url + _first(page, "a:has-text('biblioteca que viaje en la chiva')"))
    page.goto(site.url + _first(page, "a[href$='/adjuntos']"))
    faults += check_page(page, axe)
    page.get_by_text("Moderar").first.click()
    faults += check_page(page, axe)
    page.get_by_role("button", name="Ocultar este archivo").first.click()
    page.get_by_role("button", name="Volver a mostrar").first.wait_for()
    faults += check_page(page, axe)
    page.get_by_role("button", name="Volver a mostrar").first.click()
    page.get_by_text("Moderar").first.wait_for()
    opened.close()
    assert faults == []
