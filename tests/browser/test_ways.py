"""Pages that are reached by doing something hold to what all pages hold to."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site, new_context
from tests.browser.test_pages import check_page

pytestmark = [pytest.mark.browser]
RECORD = "/gestion/procesos/plan-de-desarrollo/registros/nuevo"


def look(page: Page, axe: str) -> list[str]:
    """List what is wrong with a page; without scripts there is no checker, only the way itself."""
    return check_page(page, axe) if axe else []


both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


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


@both_ways
def test_a_citizens_ways(site: Site, chromium: Browser, axe: str, scripts: bool) -> None:
    """The map to press on, those like it, the files, the authors, the invitation, the place."""
    opened, axe = new_context(chromium, java_script_enabled=scripts), axe if scripts else ""
    page = opened.new_page()
    site.login(page, "citizen")
    call, faults = _call(site, page), list[str]()
    _propose(page, call, "Una biblioteca que viaje en la chiva")
    page.get_by_role("button", name="Señalarlo en el mapa").click()
    faults += look(page, axe)
    page.locator("input[type=image]:visible").click(position={"x": 120, "y": 120})
    faults += look(page, axe)
    page.get_by_role("button", name="Usar este lugar").or_(
        page.get_by_role("button", name="Volver sin señalar")
    ).first.click()
    faults += look(page, axe)
    page.locator("form#propuesta button.btn:not(.out)").last.click()
    page.get_by_role("button", name="Ninguna: publicar la mía").wait_for()
    faults += look(page, axe)
    page.get_by_role("button", name="Ninguna: publicar la mía").click()
    page.wait_for_url("**aviso=aporte**")
    faults += look(page, axe)
    thread = page.url.split("?")[0]
    page.goto(site.url + _first(page, "a[href$='/adjuntos']"))
    faults += look(page, axe)
    page.goto(page.url.replace("/adjuntos", "/lugar"))
    faults += look(page, axe)
    page.goto(thread.replace("/hilos/", "/propuestas/") + "/autores")
    faults += look(page, axe)
    page.get_by_role("button", name="Hacer un enlace de invitación").click()
    link = page.get_by_label("Enlace de invitación").input_value()
    faults += look(page, axe)
    reader = new_context(chromium, java_script_enabled=scripts)
    invited = reader.new_page()
    invited.goto(site.url + "/propuestas/" + link.split("/propuestas/")[1])
    faults += look(invited, axe)
    reader.close()
    opened.close()
    assert faults == []


@both_ways
def test_an_officials_ways(
    site: Site, chromium: Browser, axe: str, tmp_path: Path, scripts: bool
) -> None:
    """Merging and separating, a sheet that is right and one that is not, the place of a thing."""
    opened, axe = new_context(chromium, java_script_enabled=scripts), axe if scripts else ""
    page = opened.new_page()
    site.login(page, "official")
    faults = list[str]()
    page.goto(site.url + site.forum(page))
    page.goto(site.url + _first(page, "ul.plain a[href^='/hilos/']"))
    said = page.locator("li.post:not(.gone)").nth(1).get_attribute("id")
    for way in ("unir", "unir?q=placa", "lugar"):
        page.goto(f"{site.url}/aportes/{said}/{way}")
        faults += look(page, axe)
    yesterday = (datetime.now(ZoneInfo("America/Bogota")) - timedelta(days=1)).date().isoformat()
    for where in ("1.2.1.1", "El olvido"):
        rows = "".join(f"{where};Fila {n}.\n" for n in range(32))
        sheet = tmp_path / "mesa.csv"
        sheet.write_text(f"apartado;aporte\n{rows}")
        page.goto(site.url + RECORD)
        page.get_by_label("Fecha en que fue").fill(yesterday)
        page.get_by_label("Lugar", exact=True).fill("El Tablón")
        page.get_by_label("Cuántas personas asistieron").fill("12")
        page.get_by_text("Traer los aportes de una hoja").click()
        page.get_by_label("Hoja").set_input_files(sheet)
        page.get_by_role("button", name="Revisar la hoja").click()
        page.wait_for_url("**/hojas/*")
        faults += look(page, axe)
    opened.close()
    assert faults == []


def test_a_moderators_ways(site: Site, chromium: Browser, axe: str) -> None:
    """A picture is hidden and shown again."""
    opened = new_context(chromium)
    page = opened.new_page()
    site.login(page, "moderator")
    call, faults = _call(site, page), list[str]()
    page.goto(f"{call}?orden=apoyadas")
    page.goto(site.url + _first(page, "a:has-text('biblioteca que viaje en la chiva')"))
    page.goto(site.url + _first(page, "a[href$='/adjuntos']"))
    faults += look(page, axe)
    page.get_by_text("Moderar").first.click()
    faults += look(page, axe)
    page.get_by_role("button", name="Ocultar este archivo").first.click()
    page.get_by_role("button", name="Volver a mostrar").first.wait_for()
    faults += look(page, axe)
    page.get_by_role("button", name="Volver a mostrar").first.click()
    page.get_by_text("Moderar").first.wait_for()
    opened.close()
    assert faults == []


def test_a_place_is_kept_with_its_words_and_goes_with_them(
    site: Site, context: BrowserContext
) -> None:
    """It comes back with an unsent text, and the next text begins without one."""
    page = context.new_page()
    site.login(page, "citizen")
    page.goto(site.url + site.forum(page))
    page.goto(site.url + _first(page, "ul.plain a[href^='/hilos/']"))
    area = page.get_by_label("De qué lugar habla")
    area.select_option(index=2)
    chosen = area.input_value()
    page.get_by_label("Su aporte").fill("Un texto con su lugar.")
    page.wait_for_timeout(1500)
    page.reload()
    expect(page.get_by_label("Su aporte")).to_have_value("Un texto con su lugar.")
    expect(area).to_have_value(chosen)
    page.get_by_role("button", name="Enviar mi aporte").click()
    said = page.locator("li.post", has_text="Un texto con su lugar.")
    said.wait_for()
    expect(area).to_have_value("")
    page.goto(f"{site.url}/aportes/{said.get_attribute('id')}")
    expect(page.get_by_role("main")).to_contain_text("Habla de")
