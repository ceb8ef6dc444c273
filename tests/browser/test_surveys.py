"""Surveys in real Chromium: written with the keyboard alone, answered where there is no signal."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Site, new_context
from tests.browser.test_pages import EVERY_RULE, _faults

pytestmark = [pytest.mark.browser]
_FOCUSED = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? "";
  return [label || at.textContent || "", getComputedStyle(at).outlineStyle].map((t) => t.trim());
}"""


def _tab_to(page: Page, words: str) -> None:
    """Press Tab until what is called so has the focus, and shows it."""
    for _press in range(150):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(_FOCUSED)
        if re.sub(r"\s+", " ", name).startswith(words):
            assert outline != "none", words
            return
    raise AssertionError(f"no Tab leads to «{words}» on {page.url}")


def _press(page: Page, words: str) -> None:
    _tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _write(page: Page, words: str, text: str) -> None:
    _tab_to(page, words)
    page.keyboard.insert_text(text)


def test_a_survey_is_written_with_the_keyboard_alone(site: Site, context: BrowserContext) -> None:
    """From the desk to the published survey: written, moved, bounded by a condition, published."""
    page = context.new_page()
    site.login(page, "official")
    page.goto(f"{site.url}/gestion/procesos/plan-de-desarrollo/encuestas")
    _write(page, "Título", "Con el teclado")
    _write(page, "Preguntas, si ya", "1. ¿Viene en bus?\n- Sí\n- No\n\n2. ¿Por qué? (opcional)")
    _press(page, "Empezar a escribirla")
    _press(page, "+ Pregunta después 2")
    _write(page, "Pregunta", "¿Cuántas veces?")
    _tab_to(page, "Cómo se responde")
    page.keyboard.type("Número")
    _tab_to(page, "Mostrarla solo si")
    page.keyboard.press("Enter")
    _tab_to(page, "Pregunta u opción")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "Qué se comprueba")
    page.keyboard.type("es")
    _press(page, "Guardar la pregunta")
    assert page.url.endswith("#q-p3")
    _press(page, "Subir 3")
    rows = page.locator("ol.pieces li")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("¿Cuántas veces?")
    expect(rows.nth(1)).to_contain_text("¿Viene en bus?» es «Sí»")
    _press(page, "Publicar")
    expect(page.get_by_role("main")).to_contain_text("publicada")
    _press(page, "Quién responde")
    _tab_to(page, "Quien tenga cuenta")
    page.keyboard.press("ArrowUp")
    _tab_to(page, "Secreta")
    page.keyboard.press("Space")
    _press(page, "Guardar")
    expect(page.get_by_label("Cualquiera, sin cuenta")).to_be_checked()
    expect(page.get_by_label(re.compile("^Secreta"))).to_be_checked()


def _begin(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Empezar").click()
    page.wait_for_url(re.compile(r"/r/[^/]+/1$"))


def _answer(page: Page) -> None:
    page.get_by_label("En un corregimiento").check()
    page.get_by_label("Sombra y bancas").check()
    page.get_by_label("Sí", exact=True).check()
    page.get_by_label(re.compile("no debería tener")).fill("Ruido.")


def test_answers_wait_for_a_connection(site: Site, context: BrowserContext, axe: str) -> None:
    """What was answered without a connection is kept, found again, and goes by itself, once."""
    page = context.new_page()
    _begin(page, f"{site.url}/encuestas/2")
    page.evaluate(axe)
    assert _faults(page, EVERY_RULE) == []
    context.set_offline(True)
    _answer(page)
    page.get_by_role("button", name="Continuar").click()
    expect(page.get_by_role("status")).to_contain_text("quedó guardado en este equipo")
    context.set_offline(False)
    page.wait_for_url(re.compile(r"/revisar$"))
    expect(page.get_by_role("main")).to_contain_text("Ruido.")
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('borrador:'))") == []
    page.evaluate(axe)
    assert _faults(page, EVERY_RULE) == []
    context.set_offline(True)
    page.get_by_label("Código de su carta").fill("ABCD")
    page.get_by_role("button", name="Enviar mis respuestas").click()
    expect(page.get_by_role("status")).to_contain_text("una sola vez")
    context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Ese código no es de esta encuesta")


def test_what_was_typed_without_a_connection_is_found_again(
    site: Site, context: BrowserContext
) -> None:
    """A page closed before it was sent gives back what was answered."""
    page = context.new_page()
    _begin(page, f"{site.url}/encuestas/2")
    address = page.url
    context.set_offline(True)
    _answer(page)
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_role("status")).to_contain_text("lo que había respondido sin conexión")
    expect(again.get_by_label("En un corregimiento")).to_be_checked()
    expect(again.get_by_label(re.compile("no debería tener"))).to_have_value("Ruido.")
    again.get_by_role("button", name="Continuar").click()
    again.wait_for_url(re.compile(r"/revisar$"))


def _waiting(context: BrowserContext) -> list[str]:
    """Give the addresses whose answers wait on the device."""
    kept = [
        item["name"] for each in context.storage_state()["origins"] for item in each["localStorage"]
    ]
    return [name.removeprefix("borrador:") for name in kept if name.startswith("borrador:")]


def test_what_waits_goes_once_or_is_forgotten(site: Site, context: BrowserContext) -> None:
    """Pressed without a connection: another page of the survey sends it; signing out forgets it."""
    page = context.new_page()
    site.login(page, "citizen")
    _begin(page, f"{site.url}/encuestas/2")
    address = page.url

    def press_offline() -> None:
        page.goto(address)
        context.set_offline(True)
        _answer(page)
        page.get_by_role("button", name="Continuar").click()
        expect(page.get_by_role("status")).to_contain_text("quedó guardado")
        page.goto("about:blank")
        context.set_offline(False)

    press_offline()
    sent: list[str] = []
    context.on("request", lambda each: sent.append(each.url) if each.method == "POST" else None)
    page.goto(f"{address.removesuffix('/1')}/revisar")
    expect(page.get_by_role("main")).to_contain_text("Ruido.")
    assert (sent, _waiting(context)) == ([address], [])
    press_offline()
    page.goto(f"{site.url}/encuestas")
    assert _waiting(context) == [address.removeprefix(site.url)]
    page.once("dialog", lambda asked: asked.accept())
    page.locator("button[form=salir]").click()
    page.wait_for_url(re.compile("aviso=salio"))
    assert _waiting(context) == []


def test_answering_needs_no_script(site: Site, chromium: Browser) -> None:
    """The same pages without JavaScript lead to the same review."""
    opened = new_context(chromium, java_script_enabled=False)
    page = opened.new_page()
    _begin(page, f"{site.url}/encuestas/2")
    _answer(page)
    page.get_by_role("button", name="Continuar").click()
    page.wait_for_url(re.compile(r"/revisar$"))
    expect(page.get_by_role("main")).to_contain_text("Ruido.")
    opened.close()
