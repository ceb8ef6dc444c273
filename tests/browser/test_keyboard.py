"""By the keyboard alone: a passage is commented, something is proposed, an opinion is stated."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser]
PLAN = "/procesos/plan-de-desarrollo/plan"
_CALLED = """() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? at.getAttribute("aria-label") ?? at.textContent;
  return label.replace(/\\s+/g, " ").trim();
}"""


def tab_to(page: Page, name: str, most: int = 90) -> None:
    """Press the tabulator until what is called so has the focus."""
    for _time in range(most):
        page.keyboard.press("Tab")
        if str(page.evaluate(_CALLED)).startswith(name):
            return
    raise AssertionError(f"the tabulator does not reach «{name}»")


def section_url(site: Site, page: Page) -> str:
    """Find the address of a section with a text."""
    page.goto(f"{site.url}{PLAN}")
    page.get_by_role("link", name="Leer y comentar").first.click()
    return f"{site.url}/apartados/{page.locator('.law').first.get_attribute('data-section')}"


def test_a_passage_is_chosen_and_commented(site: Site, context: BrowserContext) -> None:
    """The arrows choose words of the text, Shift stretches them, and the form has them."""
    page = context.new_page()
    site.login(page, "citizen")
    page.goto(section_url(site, page))
    tab_to(page, str(page.locator(".law").inner_text()).split("\n")[0][:30])
    for keys in ("ArrowRight", "ArrowRight", "ArrowLeft", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(keys)
    chosen = page.evaluate("getSelection().toString().trim()")
    assert len(chosen.split()) == 3
    page.keyboard.press("Tab")
    assert page.evaluate(_CALLED) == "Comentar este pasaje"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?texto="))
    assert page.get_by_label("Pasaje del texto").input_value() == chosen
    tab_to(page, "Su aporte")
    page.keyboard.type("Con el teclado.")
    tab_to(page, "Enviar mi aporte")
    page.keyboard.press("Enter")
    said = page.locator("li.post", has_text="Con el teclado.")
    expect(said.locator(".remark blockquote")).to_contain_text(chosen)


def test_a_passage_is_quoted_without_scripts(site: Site, plain_context: BrowserContext) -> None:
    """What is folded away opens by Enter, and every field of it is reached and sent."""
    page = plain_context.new_page()
    site.login(page, "citizen")
    page.goto(section_url(site, page))
    words = " ".join(page.locator(".law p").last.inner_text().split()[1:4])
    tab_to(page, "Su aporte")
    page.keyboard.type("Sin programas.")
    tab_to(page, "Señalar un pasaje")
    page.keyboard.press("Enter")
    tab_to(page, "Una observación")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Pasaje del texto")
    page.keyboard.type(words)
    tab_to(page, "Enviar mi aporte")
    page.keyboard.press("Enter")
    said = page.locator("li.post", has_text="Sin programas.")
    expect(said.locator(".remark blockquote")).to_contain_text(words)
    expect(said).to_contain_text("Pregunta")


def test_a_proposal_is_made(site: Site, context: BrowserContext) -> None:
    """From the list to the published proposal, its place from the list."""
    page = context.new_page()
    site.login(page, "citizen")
    page.goto(f"{site.url}/procesos/plan-de-desarrollo")
    page.goto(site.url + (page.locator("a[href$='/propuestas']").first.get_attribute("href") or ""))
    tab_to(page, "Hacer una propuesta")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/nueva"))
    page.wait_for_load_state()
    tab_to(page, "Su propuesta en una frase")
    page.keyboard.type("Teclas grandes en la ludoteca")
    tab_to(page, "Cuente por qué y cómo")
    page.keyboard.type("Para quien no ve bien las de ahora.")
    tab_to(page, "De qué trata")
    page.keyboard.press("ArrowDown")
    tab_to(page, "De qué lugar habla")
    page.keyboard.press("ArrowDown")
    place = page.locator("#f-area option:checked").inner_text()
    tab_to(page, "Enviar mi propuesta")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("aviso=aporte"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Teclas grandes en la ludoteca")
    expect(page.locator("main")).to_contain_text(place)


def test_enter_sends_the_form_and_not_the_map(site: Site, context: BrowserContext) -> None:
    """In a field of one line, of a topic as of a proposal."""
    page = context.new_page()
    site.login(page, "citizen")
    page.goto(site.url + site.forum(page))
    tab_to(page, "De qué quiere hablar")
    page.keyboard.type("El andén")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/hilos$"))
    expect(page.locator("#e-body")).to_be_visible()


def test_an_opinion_is_stated(site: Site, context: BrowserContext) -> None:
    """One statement is voted and another one is proposed."""
    page = context.new_page()
    site.login(page, "citizen")
    page.goto(f"{site.url}/opiniones/1")
    before = page.locator(".statement blockquote").inner_text()
    tab_to(page, "De acuerdo")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.locator(".statement blockquote")).not_to_have_text(before)
    tab_to(page, "Su frase")
    page.keyboard.type("La ludoteca debe abrir los sábados.")
    tab_to(page, "Proponer la frase")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("La ludoteca debe abrir los sábados.")
