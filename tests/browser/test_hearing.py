"""A hearing from end to end: the hall, the desk, who speaks and the projector, all open at once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.conftest import new_context
from tests.browser.test_pages import EVERY_RULE, _faults
from tests.browser.threads import SOON, SmallSite, served

pytestmark = [pytest.mark.browser]
SESSION, DESK = "/rendicion-de-cuentas/1", "/gestion/audiencias/1/mesa"
BRIDGE, SCHOOL, WATER = "¿Cuándo empieza el puente?", "¿Y la escuela?", "¿Y el agua de La Honda?"
OFFICE = "Secretaría de Obras"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    """Serve a small municipality for this test."""
    with served(tmp_path_factory.mktemp("hearing")) as site:
        yield site


@pytest.fixture
def opened(chromium: Browser, small: SmallSite) -> Iterator[Callable[..., Page]]:
    """Give a page in a window of somebody's own, silent or else the test fails."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def another(who: str, path: str, **options: object) -> Page:
        windows.append(new_context(chromium, **options))
        if who:
            small.sign_in(windows[-1], who)
        page = windows[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{small.url}{path}")
        return page

    yield another
    for window in windows:
        window.close()
    assert complaints == []


def _ask(page: Page, words: str) -> None:
    page.locator("#preguntar [name=title]").fill(words)
    page.locator("#preguntar button.btn").click()
    page.wait_for_url(re.compile("aviso=aporte"))


def _on_desk(desk: Page, words: str) -> Locator:
    item = desk.locator("#mesa li.proposal", has_text=words)
    item.wait_for(timeout=SOON)
    return item


def _sees(page: Page, words: str) -> None:
    page.locator("main", has_text=words).wait_for(timeout=SOON)


def _is_fine(page: Page, axe: str) -> None:
    """No fault that axe finds, and nothing wider than the window."""
    page.evaluate(axe)
    assert _faults(page, EVERY_RULE) == []


def test_a_hearing_runs_from_end_to_end(opened: Callable[..., Page], axe: str) -> None:
    """Everybody sees what happens as it happens, with and without scripts; nothing stays open."""
    ana = opened("Ana", f"{SESSION}/en-vivo")
    wall = opened("", f"{SESSION}/pantalla", viewport={"width": 1280, "height": 720})
    desk = opened("Carmen", DESK)
    diego = opened("Diego", "/gestion/audiencias/1/vocero")
    beto = opened("Beto", f"{SESSION}/en-vivo", java_script_enabled=False)

    _ask(ana, BRIDGE)
    _ask(beto, SCHOOL)
    _sees(ana, SCHOOL)
    press = beto.locator("li", has_text=BRIDGE).locator("button[aria-pressed]")
    press.click()
    assert beto.locator("li", has_text=BRIDGE).locator(".n").inner_text().strip() == "· 1"
    ana.locator("li", has_text=BRIDGE).locator(".n", has_text="1").wait_for(timeout=SOON)
    mine = ana.locator("li", has_text=SCHOOL).locator("button[aria-pressed]")
    mine.click()
    ana.locator("li", has_text=SCHOOL).locator("button[aria-pressed=true]").wait_for(timeout=SOON)

    _on_desk(desk, BRIDGE)
    desk.get_by_role("button", name="Empezar la audiencia").click()
    desk.locator("[name=title]").focus()
    desk.keyboard.type(WATER)
    desk.locator("[name=channel]").first.focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile("aviso=registrado"))
    _sees(ana, WATER)

    _on_desk(desk, BRIDGE).get_by_role("button", name="A la pantalla").click()
    _sees(wall, BRIDGE)
    _sees(diego, "Responda ahora")
    assert re.fullmatch(r"\d+:\d\d", diego.locator("[data-since]").inner_text())
    ana.locator(".now", has_text=BRIDGE).wait_for(timeout=SOON)
    # What the reader supports stays marked in the part that was made for everybody.
    assert ana.locator("button[aria-pressed=true]").count() == 1
    for page in (ana, wall, desk, diego):
        _is_fine(page, axe)

    _on_desk(desk, BRIDGE).get_by_role("link", name="Responder o asignar").click()
    _is_fine(desk, axe)
    desk.locator("[name=office]").select_option(OFFICE)
    desk.locator("[name=body]").fill("En marzo, con la plata del fondo.")
    desk.get_by_role("button", name="Publicar la respuesta").click()
    _sees(ana, f"Respondida por {OFFICE}")
    _on_desk(desk, SCHOOL).get_by_role("link", name="Responder o asignar").click()
    desk.get_by_role("button", name="Asignar").click()
    _sees(ana, f"{OFFICE} responde por escrito")

    desk.locator("summary", has_text="Terminar la audiencia").click()
    desk.get_by_role("button", name="Terminar", exact=True).click()
    _sees(wall, "Gracias por participar")
    _sees(ana, "La audiencia terminó")
    for state in ("received", "shortlisted", "live"):
        section = desk.locator(f"section[aria-labelledby=c-{state}]")
        assert "Ninguna." in section.inner_text()
    assert "minuto 0:" in desk.locator("section[aria-labelledby=c-answered]").inner_text()
    assert desk.locator("section[aria-labelledby=c-pending] li.proposal").count() == 2
    beto.goto(beto.url.split("?")[0].replace("/en-vivo", ""))
    assert beto.locator("li.proposal", has_text=f"{OFFICE} responde antes del").count() == 2
    for page in (ana, wall, desk, beto):
        if page is not beto:
            _is_fine(page, axe)
