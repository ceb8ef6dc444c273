"""An official prepares, reviews and publishes a report; an anonymous visitor reads it."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import Site, new_context
from tests.browser.test_pages import check_page

pytestmark = [pytest.mark.browser]


def _review_faults(site: Site, chromium: Browser, axe: str, review: str) -> list[str]:
    """List what is wrong with the pages on which a draft is reviewed, on a phone and on a desk."""
    opened = new_context(chromium)
    page = opened.new_page()
    site.login(page, "official")
    page.goto(review)
    faults = check_page(page, axe)
    theme = page.locator("main a[href*='/temas/']").first.get_attribute("href") or ""
    for url in (f"{review}/vista", site.url + theme):
        page.goto(url)
        faults += check_page(page, axe)
    opened.close()
    return faults


def test_official_publishes_and_a_visitor_reads(
    site: Site, plain_context: BrowserContext, chromium: Browser, axe: str
) -> None:
    """From the desk to the public page, without JavaScript; then it no longer changes."""
    page = plain_context.new_page()
    site.login(page, "official")
    page.goto(f"{site.url}/gestion")
    plan = page.locator("article", has_text="Plan de desarrollo 2028-2031")
    plan.get_by_role("button", name="Preparar informe").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revisar el informe")
    publish = page.get_by_role("button", name="Publicar el informe")
    for _look in range(60):
        if publish.count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    assert _review_faults(site, chromium, axe, page.url) == []
    page.get_by_label("Título del informe").fill("Lo que Chiratá dijo del plan")
    page.get_by_label("Nombre del tema 1", exact=True).fill("El tema que más se nombró")
    page.get_by_role("button", name="Guardar los nombres").click()
    page.get_by_role("button", name="Publicar el informe").click()
    page.wait_for_url(re.compile(r"/informes/\d+"))
    address = page.url.split("?")[0]

    visitor = new_context(chromium, java_script_enabled=False)
    reader = visitor.new_page()
    reader.goto(address)
    expect(reader.get_by_role("heading", level=1)).to_have_text("Lo que Chiratá dijo del plan")
    expect(reader.get_by_role("main")).to_contain_text("El tema que más se nombró")
    quote = reader.locator("blockquote.quote").first
    words = quote.locator("p").inner_text()
    quote.get_by_role("link").click()
    said = " ".join(reader.get_by_role("main").inner_text().split())
    assert " ".join(words.split())[:60].strip("«»… ") in said
    reader.goto(address)
    with reader.expect_download() as download:
        reader.get_by_role("link", name=re.compile("CSV")).first.click()
    assert download.value.path().read_text(encoding="utf-8-sig").count("\n") > 100
    visitor.close()


def test_moderator_hides_and_everybody_sees_the_rule(
    site: Site, plain_context: BrowserContext, chromium: Browser
) -> None:
    """Hiding needs no script, leaves the rule in the text's place, and can be undone."""
    page = plain_context.new_page()
    site.login(page, "moderator")
    page.goto(f"{site.url}{site.forum(page)}")
    page.locator("a[href^='/hilos/']").last.click()
    address = page.url.split("?")[0]
    post = page.locator("li.post:not(.gone)").last
    receipt = post.get_attribute("id")
    words = post.locator(".body").inner_text()
    post.get_by_text("Moderar", exact=True).click()
    post.get_by_label("Norma que incumple").select_option("5")
    post.get_by_role("button", name="Ocultar este aporte").click()
    page.wait_for_url(re.compile("aviso=oculto"))

    visitor = new_context(chromium)
    reader = visitor.new_page()
    reader.goto(f"{address}?orden=recientes")
    gone = reader.locator(f"#{receipt}")
    expect(gone).to_contain_text("Norma 5")
    assert words[:40] not in reader.content()
    page.goto(f"{site.url}/aportes/{receipt}")
    page.get_by_role("button", name="Volver a mostrar").click()
    page.wait_for_url(re.compile("aviso=restaurado"))
    reader.reload()
    expect(gone).to_contain_text(words[:40])
    visitor.close()
