"""Every page in real Chromium: accessible, silent, within its width, small on the wire."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Site, new_context

pytestmark = [pytest.mark.browser]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERY_RULE: dict[str, object] = {"type": "tag", "values": TAGS}
# What another width or the dark can break in a page that was found whole.
RENDERED: dict[str, object] = {
    "type": "rule",
    "values": ["color-contrast", "target-size", "link-in-text-block",
               "scrollable-region-focusable"],
}  # fmt: skip
LATER: tuple[tuple[int, Literal["dark", "light"], dict[str, object]], ...] = (
    (1280, "dark", RENDERED),
)
PUBLIC = (
    "/", "/procesos/plan-de-desarrollo", "/procesos/decreto-movilidad-y-plaza",
    "/procesos/plan-de-desarrollo/plan", "/procesos/plan-de-desarrollo/plan/cambios",
    "/procesos/plan-de-desarrollo/plan/cambios?de=1&a=2&apartado=30",
    "/procesos/plan-de-desarrollo/plan/versiones",
    "/procesos/plan-de-desarrollo/plan/versiones/1",
    "/procesos/plan-de-desarrollo/plan/versiones/1?capitulo=30",
    "/procesos/plan-de-desarrollo/lugares",
    "/procesos/plan-de-desarrollo/lugares?por=vive&lugar=6", "/foros/{forum}",
    "/procesos/plan-de-desarrollo/formato", "/registros/1",
    "/procesos/plan-de-desarrollo/respuestas",
    "/procesos/decreto-movilidad-y-plaza/respuestas?estado=acogido",
    "/hilos/{thread}", "/hilos/{closed}", "/hilos/{closed}/conclusiones",
    "/hilos/{closed}/actuaciones", "/aportes/{receipt}",
    "/aportes/{receipt}/historial", "/apartados/1", "/consultas/{call}/propuestas",
    "/consultas/{call}/propuestas/nueva",
    "/consultas/{call}/propuestas?estado=en-estudio&orden=azar", "{proposal}",
    "{pictured}", "{files}",
    "/informes", "/informes/1", "/informes/1/una-vez",
    "/encuestas/1", "/encuestas/1/comprobar", "/encuestas/1/resultados", "/encuestas/2",
    "/opiniones/1", "/opiniones/1/resultados",
    "/opiniones/2/resultados",
    "/rendicion-de-cuentas", "/rendicion-de-cuentas/1", "/rendicion-de-cuentas/2",
    "/rendicion-de-cuentas/1/acta", "/rendicion-de-cuentas/1/grabacion",
    "/rendicion-de-cuentas/1/en-vivo", "/rendicion-de-cuentas/1/pantalla",
    "/rendicion-de-cuentas/2/inscripcion", "/rendicion-de-cuentas/2/temas",
    "{followed}", "{followed}?q=vereda", "/rendicion-de-cuentas/metas/1",
    "/rendicion-de-cuentas/cifras", "/rendicion-de-cuentas/1/mejora",
    "/compromisos", "/compromisos?estado=atrasado", "/compromisos/1", "/compromisos/2",
    "/peticiones", "/peticiones/nueva", "/peticiones/seguimiento", "/datos", "/participa",
    "/ingresar",
    "/registro", "/recuperar", "/no-existe",
)  # fmt: skip
STAFF = (
    "/gestion", "/gestion/empalme", "/gestion/participa", "/gestion/participa/6.1.3",
    "/gestion/procesos/plan-de-desarrollo/plan",
    "/gestion/borradores/1", "/gestion/borradores/1?marcados=1-2", "/gestion/borradores/1/avisos",
    "/gestion/borradores/1/publicar", "/gestion/borradores/1/descartar",
    "/gestion/borradores/1/apartados/2", "/gestion/borradores/1/apartados/2/dividir",
    "/gestion/procesos/plan-de-desarrollo/aportes",
    "/gestion/procesos/plan-de-desarrollo/respuestas",
    "/gestion/procesos/decreto-movilidad-y-plaza/avisar", "/gestion/metas/1/origen",
    "/gestion/metas/1/avance", "/gestion/metas/1/lugares",
    "/gestion/procesos/plan-de-desarrollo/seguimiento",
    "/gestion/procesos/decreto-movilidad-y-plaza/avisar?estado=avisados", "/gestion/respuestas/1",
    "/gestion/procesos/plan-de-desarrollo/pasajes",
    "/gestion/procesos/plan-de-desarrollo/frases",
    "/gestion/procesos/decreto-movilidad-y-plaza/convocatorias", "/gestion/consultas/{call}",
    "/gestion/procesos/plan-de-desarrollo/registros",
    "/gestion/procesos/plan-de-desarrollo/registros/nuevo",
    "/gestion/procesos/plan-de-desarrollo/registros/nuevo?tipo=telephone",
    "/gestion/procesos/plan-de-desarrollo/registros/nuevo?tipo=organisation",
    "/gestion/procesos/plan-de-desarrollo/polis", "/opiniones/1/mis-votos",
    "/gestion/procesos/plan-de-desarrollo/audiencias", "/gestion/audiencias/2",
    "/gestion/audiencias/1/mesa", "/gestion/audiencias/2/vocero",
    "/gestion/audiencias/1/inscritos", "/gestion/audiencias/1/acta",
    "/hilos/{thread}/conclusion", "/hilos/{closed}/conclusion",
    "/gestion/procesos/plan-de-desarrollo/encuestas", "/gestion/encuestas/2",
    "/gestion/encuestas/2/pregunta?codigo=p2", "/gestion/encuestas/2/vista",
    "/gestion/encuestas/2/quienes", "/gestion/encuestas/2/registrar",
    "/gestion/encuestas/2/digitar", "/gestion/encuestas/1/papel", "/gestion/verificar",
    "/gestion/compromisos", "/gestion/compromisos?de=todos", "/gestion/compromisos/1",
    "/gestion/compromisos/2", "/gestion/procesos/plan-de-desarrollo/compromisos",
    "/gestion/peticiones", "/gestion/territorio", "/gestion/censo",
    "/gestion/encuestas/1", "/gestion/encuestas/1/resultados", "/mi-participacion",
    "/avisos",
)  # fmt: skip


def _places(site: Site, page: Page) -> dict[str, str]:
    """Find a forum, a thread, a contribution, a call for proposals and a plan that is followed."""
    forum = site.forum(page)
    call = page.locator("a[href$='/propuestas']").first.get_attribute("href") or ""
    page.goto(f"{site.url}{forum}")
    thread = page.locator("a[href^='/hilos/']").first.get_attribute("href") or ""
    closed = page.locator("li", has_text="Cerrado con conclusión").first
    closed_thread = closed.locator("a").first.get_attribute("href") or ""
    page.goto(f"{site.url}{thread}")
    receipt = page.locator("li.post:not(.gone)").first.get_attribute("id") or ""
    page.goto(f"{site.url}{call}")
    proposal = page.locator("a[href^='/hilos/']").first.get_attribute("href") or ""
    page.goto(f"{site.url}{call}?orden=apoyadas")
    with_files = page.locator("a", has_text="biblioteca que viaje en la chiva").first
    pictured = with_files.get_attribute("href") or ""
    page.goto(f"{site.url}{pictured}")
    files = page.locator("a[href$='/adjuntos']").first.get_attribute("href") or ""
    page.goto(f"{site.url}/rendicion-de-cuentas")
    followed = page.locator("a[href*='/seguimiento/']").first.get_attribute("href") or ""
    return {
        "{followed}": followed,
        "{pictured}": pictured,
        "{files}": files,
        "/foros/{forum}": forum,
        "/hilos/{thread}": thread,
        "/hilos/{closed}": closed_thread,
        "{receipt}": receipt,
        "{proposal}": proposal,
        "/consultas/{call}/propuestas": call,
    }


def _filled(places: dict[str, str], path: str) -> str:
    for pattern, value in places.items():
        path = path.replace(pattern, value)
    return path


def _faults(page: Page, only: dict[str, object]) -> list[str]:
    found = page.evaluate("async (only) => await axe.run(document, {runOnly: only})", only)
    faults = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        faults.append("wider than the screen")
    return faults


def _visit(page: Page, url: str, axe: str) -> list[str]:
    """Open a page on a phone and list what is wrong with it; then on a desk in the dark."""
    said: list[str] = []
    page.on("console", lambda message: said.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.goto(url)
    # A refused page answers with its status, and Chromium says so on the console.
    faults = [f"{url}: {line}" for line in said if "status of 404" not in line]
    faults += check_page(page, axe)
    page.close()
    return faults


def check_page(page: Page, axe: str) -> list[str]:
    """List what is wrong with a page as it is shown now, on a phone and on a desk in the dark."""
    faults = [] if page.locator("h1").count() == 1 else ["not one h1"]
    page.evaluate(axe)
    faults += _faults(page, EVERY_RULE)
    size = page.viewport_size
    for width, scheme, rules in LATER:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        faults += [f"{width} {scheme} {fault}" for fault in _faults(page, rules)]
    assert size is not None
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
    return [f"{page.url}: {fault}" for fault in faults]


def _phone(chromium: Browser, width: int) -> BrowserContext:
    return new_context(chromium, viewport={"width": width, "height": 800}, color_scheme="light")


@pytest.mark.parametrize("part", range(3))
def test_public_pages(site: Site, chromium: Browser, axe: str, part: int) -> None:
    """No accessibility violation, no console message, no sideways scrolling on any page."""
    opened = _phone(chromium, 320)
    places = _places(site, opened.new_page())
    paths = [_filled(places, path) for path in PUBLIC[part::3]]
    faults = [fault for path in paths for fault in _visit(opened.new_page(), site.url + path, axe)]
    opened.close()
    assert faults == []


def test_staff_pages(site: Site, chromium: Browser, axe: str) -> None:
    """The officials' pages hold to the same, on a phone and on a desk."""
    faults = []
    opened = _phone(chromium, 360)
    page = opened.new_page()
    site.login(page, "official")
    places = _places(site, page)
    call = places["/consultas/{call}/propuestas"].removesuffix("/propuestas")
    proposals = (
        places["{proposal}"],
        places["{proposal}"].replace("/hilos", "/gestion/propuestas"),
        f"/gestion{call}/categorias",
        f"{places['{proposal}'].replace('/hilos', '/propuestas')}/autores",
    )
    page.goto(site.url + places["/hilos/{thread}"])
    move = page.locator("a[href$='/trasladar']").first.get_attribute("href") or ""
    for path in (*STAFF, "/hilos/{thread}", move, *proposals):
        faults += _visit(opened.new_page(), site.url + _filled(places, path), axe)
    opened.close()
    assert faults == []


def test_moderators_pages(site: Site, chromium: Browser, axe: str) -> None:
    """What only a moderator sees holds to it as well."""
    opened = _phone(chromium, 360)
    site.login(opened.new_page(), "moderator")
    faults = []
    for path in ("/gestion", "/gestion/opiniones/1"):
        faults += _visit(opened.new_page(), site.url + path, axe)
    opened.close()
    assert faults == []


def test_english_is_english(site: Site, chromium: Browser) -> None:
    """The interface of the main pages has no Spanish left in it."""
    opened = new_context(chromium)
    page = opened.new_page()
    for path in ("/", "/ingresar", "/registro", "/informes", "/datos", "/peticiones"):
        page.goto(f"{site.url}{path}?idioma=en")
        assert page.locator("html").get_attribute("lang") == "en"
        shown = page.locator("header nav, h1, main button, label").all_inner_texts()
        spanish = [text for text in shown if re.search(r"[áéíóúñ¿¡]|\b(de|los|las|con)\b", text)]
        assert spanish == [], path
    opened.close()


def test_the_keyboard_reaches_the_content_first(site: Site, chromium: Browser) -> None:
    """The first Tab offers to skip to the content, and Enter does."""
    opened = new_context(chromium)
    page = opened.new_page()
    page.goto(site.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenido"
    opened.close()


def test_a_thread_is_light(site: Site, chromium: Browser) -> None:
    """All that a first visit to a thread loads stays under 60 kB and eight requests."""
    opened = new_context(chromium)
    page = opened.new_page()
    path = _places(site, page)["/hilos/{thread}"]
    opened.close()
    opened = new_context(chromium)
    page = opened.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda done: sizes.append(done.sizes()["responseBodySize"]))
    page.goto(site.url + path)
    page.wait_for_timeout(500)
    opened.close()
    assert len(sizes) <= 8
    assert sum(sizes) < 60_000


def test_news_arrive_without_a_reload(site: Site, chromium: Browser) -> None:
    """While one reads and writes, another's post shows as a count and touches nothing."""
    here, there = new_context(chromium), new_context(chromium)
    reader, writer = here.new_page(), there.new_page()
    path = _places(site, reader)["/hilos/{thread}"]
    reader.goto(site.url + path)
    reader.get_by_label("Su aporte").fill("Estoy escribiendo…")
    site.login(writer, "citizen")
    writer.goto(site.url + path)
    writer.get_by_label("Su aporte").fill("Una noticia para quien está leyendo.")
    writer.get_by_role("button", name="Enviar mi aporte").click()
    button = reader.get_by_role("button", name="1 aporte nuevo")
    button.wait_for(timeout=15_000)
    assert reader.get_by_label("Su aporte").input_value() == "Estoy escribiendo…"
    button.click()
    reader.get_by_text("Una noticia para quien está leyendo.").wait_for(timeout=15_000)
    assert reader.get_by_label("Su aporte").input_value() == "Estoy escribiendo…"
    here.close()
    there.close()
