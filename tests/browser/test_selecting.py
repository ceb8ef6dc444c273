"""A passage is selected on the page, by mouse, keyboard or touch, and is in the form."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import Site, new_context

pytestmark = [pytest.mark.browser]
PLAN = "/procesos/plan-de-desarrollo/plan"


def _section(site: Site, page: Page) -> str:
    """Open the page for reading and give the address of its first section."""
    page.goto(f"{site.url}{PLAN}")
    page.get_by_role("link", name="Leer y comentar").first.click()
    section = page.locator(".law").first.get_attribute("data-section")
    return f"/apartados/{section}"


def test_by_keyboard_on_the_page_for_reading(site: Site, context: BrowserContext) -> None:
    """Shift and arrows stretch it; the next stop of the tabulator leads to the form, filled in."""
    page = context.new_page()
    section = _section(site, page)
    text = page.locator(".law p").first
    text.dblclick(position={"x": 12, "y": 12})
    for _time in range(2):
        page.keyboard.press("Control+Shift+ArrowRight")
    selected = page.evaluate("getSelection().toString().trim()")
    page.get_by_role("link", name="Comentar este pasaje").wait_for()
    # Comments that others left on the same words are on the way.
    for _mark in range(4):
        page.keyboard.press("Tab")
        reached = page.evaluate("document.activeElement.textContent")
        if reached == "Comentar este pasaje":
            break
    assert reached == "Comentar este pasaje"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"{section}\?texto="))
    passage = page.get_by_label("Pasaje del texto").input_value()
    assert passage == selected
    assert len(passage.split()) > 1


def test_by_mouse_in_a_section(site: Site, context: BrowserContext) -> None:
    """A word clicked twice is the passage, behind a count too, and what was written stays."""
    page = context.new_page()
    site.login(page, "citizen")
    page.goto(f"{site.url}{_section(site, page)}")
    page.locator(".law p").first.dblclick(position={"x": 12, "y": 12})
    word = page.evaluate("getSelection().toString().trim()")
    page.get_by_label("Su aporte").fill("Aquí falta algo.")
    page.get_by_role("link", name="Comentar este pasaje").click()
    page.wait_for_url(re.compile(r"\?texto="))
    assert page.get_by_label("Pasaje del texto").input_value() == word
    page.wait_for_function("document.querySelector('#f-body').value === 'Aquí falta algo.'")
    page.get_by_role("button", name="Enviar mi aporte").click()
    page.locator("li.post .remark blockquote", has_text=word).wait_for()
    page.goto(f"{site.url}{_section(site, page)}")
    assert page.locator("a.counted").count() >= 1
    page.evaluate(
        """() => {
          const last = document.querySelector('.law p').lastChild;
          getSelection().setBaseAndExtent(last, last.length - 9, last, last.length - 1);
        }"""
    )
    end = page.evaluate("getSelection().toString().trim()")
    page.get_by_role("link", name="Comentar este pasaje").click()
    page.wait_for_url(re.compile(r"\?texto="))
    assert page.get_by_label("Pasaje del texto").input_value() == end


@pytest.mark.long
def test_by_touch_on_a_narrow_page(site: Site, chromium: Browser) -> None:
    """What the handles of a touch screen select is in the form after a tap on the link."""
    context = new_context(chromium, has_touch=True, is_mobile=True)
    page = context.new_page()
    section = _section(site, page)
    page.locator(".law p").first.evaluate(
        """each => getSelection().setBaseAndExtent(each.firstChild, 0, each.firstChild, 11)"""
    )
    selected = page.evaluate("getSelection().toString().trim()")
    link = page.get_by_role("link", name="Comentar este pasaje")
    link.wait_for()
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    link.tap()
    page.wait_for_url(re.compile(rf"{section}\?texto="))
    assert page.get_by_label("Pasaje del texto").input_value() == selected
    context.close()
