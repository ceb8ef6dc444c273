"""A citizen without JavaScript: registers, posts, comments, and finds both again."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Site

pytestmark = [pytest.mark.browser]


def test_citizen_registers_posts_comments_and_finds_both(
    site: Site, plain_context: BrowserContext
) -> None:
    """Without scripts a visitor writes first, registers then, and loses nothing on the way."""
    page = plain_context.new_page()
    page.goto(site.url)
    page.get_by_role("link", name=re.compile("[Ff]oro|Entrar al foro")).first.click()
    page.goto(f"{site.url}/procesos/plan-de-desarrollo")
    page.locator("a[href^='/foros/']").first.click()
    page.locator("a[href^='/hilos/']").first.click()
    page.get_by_label("Su aporte").fill("El puente de la escuela necesita **barandas** ya.")
    page.get_by_role("button", name="Enviar mi aporte").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Entrar")
    page.get_by_role("link", name="Registrarse con nombre y correo").click()
    page.get_by_label("Nombre con el que firma").fill("Gloria Inés P.")
    page.get_by_label("Correo electrónico").fill("gloria.ines@example.org")
    page.get_by_label("Contraseña").fill("corta")
    page.get_by_role("button", name="Registrarme").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("Nombre con el que firma")).to_have_value("Gloria Inés P.")
    page.get_by_label("Contraseña").fill("la yegua baya come panela")
    page.get_by_label("Autorizo el uso de mis datos").check()
    page.get_by_role("button", name="Registrarme").click()

    expect(page.get_by_label("Su aporte")).to_have_value(
        "El puente de la escuela necesita **barandas** ya."
    )
    page.get_by_role("button", name="Enviar mi aporte").click()
    receipt = page.get_by_role("status").get_by_role("link").first
    number = receipt.inner_text()
    assert re.fullmatch(r"PA-\d{4}-\d{6}-\d", number)
    expect(page.locator(f"#{number} .body strong")).to_have_text("barandas")

    page.goto(f"{site.url}/procesos/plan-de-desarrollo/plan")
    page.get_by_role("main").locator("a[href*='/apartados/'], a[href*='plan?']").first.click()
    if "/apartados/" not in page.url:
        page.get_by_role("main").locator("a[href*='/apartados/']").first.click()
    page.get_by_label("Su aporte").fill("Este apartado no dice nada de los caminos de herradura.")
    page.get_by_role("radio", name="En contra", exact=True).check()
    page.get_by_role("button", name="Enviar mi aporte").click()

    page.goto(f"{site.url}/mi-participacion")
    main = page.get_by_role("main")
    expect(main).to_contain_text("El puente de la escuela necesita barandas ya.")
    expect(main).to_contain_text("caminos de herradura")
    expect(main).to_contain_text(number)
