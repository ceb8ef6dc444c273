"""A debate that moves while it is read: several real browsers on one thread."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.conftest import new_context
from tests.browser.threads import SOON, Line, Reading, SmallSite, reading, served, unique

pytestmark = [pytest.mark.browser]


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    """Give three private windows."""
    opened = [new_context(chromium) for _each in range(3)]
    yield opened
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    """Serve a small municipality for these tests."""
    with served(tmp_path_factory.mktemp("small")) as site:
        yield site


@pytest.fixture
def ana(small: SmallSite, contexts: list[BrowserContext]) -> Reading:
    """Give a citizen with a topic of her own open in the first window."""
    small.sign_in(contexts[0], "Ana")
    return reading(contexts[0], small.new_topic())


def test_three_browsers_see_one_debate(
    small: SmallSite, chromium: Browser, contexts: list[BrowserContext], ana: Reading
) -> None:
    """A writes, B sees it; C was away and gets it once; hidden, it goes; B's draft stays."""
    beto = reading(contexts[1], ana.url)
    line = Line(contexts[2])
    carlos = reading(contexts[2], ana.url)
    draft = "Esto lo estoy escribiendo todavía"
    beto.page.locator("#escribir textarea").fill(draft)
    seen_first = unique("Lo ve todo el mundo")
    ana.publish(seen_first)
    carlos.wait_for_news("1 aporte nuevo")
    carlos.show_news()
    line.cut()
    carlos.page.locator(".live-note", has_text="Sin conexión").wait_for(timeout=SOON)
    words = unique("Mientras Carlos no estaba")
    receipt = ana.publish(words)
    beto.wait_for_news("2 aportes nuevos")
    assert beto.saying(words) == 0
    beto.show_news()
    line.mend()
    carlos.wait_for_news("1 aporte nuevo")
    carlos.show_news()
    for each in (beto, carlos):
        assert each.saying(words) == 1
        assert each.saying(seen_first) == 1
        assert each.items == ana.items
    moderator = new_context(chromium)
    small.hide(moderator, receipt)
    moderator.close()
    for each in (beto, carlos):
        each.eventually(lambda each=each: each.saying(words) == 0)  # type: ignore[misc]
        assert "Norma 1" in each.page.locator(f"#{receipt}").inner_text()
    assert beto.page.locator("#escribir textarea").input_value() == draft
    assert beto.page.url.split("#")[0] == ana.url


def test_nothing_moves_under_the_reader(contexts: list[BrowserContext], ana: Reading) -> None:
    """News wait for a press; a correction in view waits too; a support only changes its number."""
    first = ana.publish(unique("El primero"))
    beto = reading(contexts[1], ana.url)
    where = f"document.getElementById('{first}').getBoundingClientRect().top"
    before = beto.page.evaluate(where)
    ana.publish(unique("Otro"))
    beto.wait_for_news("1 aporte nuevo")
    assert beto.page.evaluate(where) == before
    page = ana.page.context.new_page()
    page.goto(f"{ana.url.split('/hilos')[0]}/aportes/{first}/editar")
    corrected = unique("Corregido por su autora")
    page.locator('[name="body"]').fill(corrected)
    page.locator("main form button.btn").first.click()
    page.wait_for_url(re.compile("aviso=editado"))
    beto.page.locator(f"#{first}").scroll_into_view_if_needed()
    beto.wait_for_news("1 corregido")
    assert beto.saying(corrected) == 0
    beto.show_news()
    assert beto.saying(corrected) == 1


def test_news_are_announced_now_and_then(contexts: list[BrowserContext], ana: Reading) -> None:
    """A screen reader hears a count, politely, at most every ten seconds; never the words."""
    beto = reading(contexts[1], ana.url)
    beto.page.evaluate(
        """() => { window.heard = []; new MutationObserver(() => {
            window.heard.push(document.getElementById('live-status').textContent);
        }).observe(document.getElementById('live-status'), {childList: true}); }"""
    )
    for at in range(3):
        ana.publish(unique(f"Seguido {at}"))
    beto.wait_for_news("3 aportes nuevos")
    assert beto.page.evaluate("window.heard") == ["1 aporte nuevo"]
    assert beto.page.locator("#live-status").get_attribute("role") == "status"


def test_the_stream_can_be_paused(contexts: list[BrowserContext], ana: Reading) -> None:
    """Paused, nothing comes; followed again, all that was missed comes once."""
    beto = reading(contexts[1], ana.url)
    beto.page.get_by_role("button", name="Pausar").click()
    beto.page.locator("#vivo", has_text="En pausa").wait_for()
    ana.publish(unique("Durante la pausa"))
    beto.page.wait_for_timeout(1500)
    assert not beto.page.locator("#live button").is_visible()
    beto.page.get_by_role("button", name="Seguir en vivo").click()
    beto.wait_for_news("1 aporte nuevo")


def test_a_failed_send_keeps_the_text_and_counts_once(ana: Reading) -> None:
    """The line breaks after the server took it: the text stays, the retry doubles nothing."""
    words = unique("Una sola vez")
    path = re.compile(r"/hilos/\d+/aportes$")

    def taken_but_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    ana.page.route(path, taken_but_lost)
    ana.write(words)
    retry = ana.page.get_by_role("button", name="Reintentar")
    retry.wait_for(timeout=SOON)
    assert ana.page.locator("#escribir textarea").input_value() == words
    ana.page.unroute(path)
    retry.click()
    ana.eventually(lambda: ana.page.locator("#escribir textarea").input_value() == "")
    ana.page.reload()
    assert ana.saying(words) == 1


def test_a_mistake_is_shown_beside_its_field(ana: Reading) -> None:
    """An empty text is refused in place, with the field marked and the focus on it."""
    ana.page.locator("#escribir button.btn").click()
    ana.page.locator("#escribir .error").wait_for(timeout=SOON)
    field = ana.page.locator("#escribir textarea")
    assert field.get_attribute("aria-invalid") == "true"
    assert "e-body" in (field.get_attribute("aria-describedby") or "")
    assert ana.page.evaluate("document.activeElement.className") == "problem"
    assert ana.page.title().startswith("Error: ")
    ana.publish(unique("Ahora sí"))
    assert ana.page.locator("#escribir .error").count() == 0


def test_supports_answer_at_once(
    contexts: list[BrowserContext], small: SmallSite, ana: Reading
) -> None:
    """A press is shown at once and is still there after reloading; others see the number."""
    receipt = ana.publish(unique("Apóyenme"))
    small.sign_in(contexts[1], "Beto")
    other = reading(contexts[1], ana.url)
    button = other.page.locator(f"#{receipt} button[aria-pressed]")
    button.click()
    other.eventually(lambda: "· 1" in button.inner_text())
    assert button.get_attribute("aria-pressed") == "true"
    ana.eventually(
        lambda: "· 1" in ana.page.locator(f"#{receipt} button[aria-pressed]").inner_text()
    )
    other.page.reload()
    assert button.get_attribute("aria-pressed") == "true"


def test_a_guests_draft_survives_a_closed_tab(contexts: list[BrowserContext], ana: Reading) -> None:
    """What a visitor was writing is back in a new tab, and can be thrown away."""
    words = "Todavía no sé si decirlo"
    first = reading(contexts[1], ana.url)
    first.page.locator("#escribir textarea").press_sequentially(words)
    first.page.wait_for_timeout(600)
    first.page.close()
    again = reading(contexts[1], ana.url)
    assert again.page.locator("#escribir textarea").input_value() == words
    again.page.get_by_role("button", name="Descartar").click()
    again.page.reload()
    assert again.page.locator("#escribir textarea").input_value() == ""


def test_blocked_sockets_are_replaced_by_questions(
    contexts: list[BrowserContext], ana: Reading
) -> None:
    """Where no socket opens, the page asks by itself and shows the same."""
    contexts[1].route_web_socket(re.compile("/en-vivo/"), lambda route: route.close(code=1011))
    beto = reading(contexts[1], ana.url)
    words = unique("Preguntando llega")
    with beto.page.expect_response(re.compile("/novedades")):
        pass
    ana.publish(words)
    beto.page.locator("#live button", has_text="1 aporte nuevo").wait_for(timeout=25_000)
    beto.show_news()
    assert beto.saying(words) == 1


def _offline(page: Page, url: str) -> None:
    page.evaluate("() => navigator.serviceWorker.ready")
    # Kept as a visitor sees it, in the background.
    page.wait_for_function(
        "async () => !!(await (await caches.open('hilos-1')).match(location.pathname))"
    )
    page.context.set_offline(True)
    page.goto(url)
    page.locator(".live-note", has_text="Está leyendo lo que se guardó").wait_for(timeout=SOON)


def test_without_a_connection_reading_and_writing_go_on(ana: Reading) -> None:
    """The kept thread opens, what is written waits, is sent once with the connection and told."""
    said = ana.publish(unique("Antes de la trocha"))
    ana.page.reload()
    _offline(ana.page, ana.url)
    assert ana.page.get_by_text("Salir", exact=True).count() == 0, "another's page was kept"
    words = unique("Desde la trocha")
    ana.write(words)
    ana.page.locator("#escribir [data-note]", has_text="se enviará solo").wait_for(timeout=SOON)
    ana.page.context.set_offline(False)
    ana.page.locator(".live-note", has_text="Ya se publicó").wait_for(timeout=20_000)
    ana.page.goto(ana.url)
    assert ana.saying(words) == 1
    assert said in ana.items


def test_the_live_page_is_accessible(
    contexts: list[BrowserContext], ana: Reading, axe: str
) -> None:
    """News, mistakes, a recovered draft, a pause, a cut line: the checker finds nothing."""
    beto = reading(contexts[1], ana.url)
    page = beto.page

    def check() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("async () => (await axe.run()).violations.map(v => v.id)") == []

    page.locator("#escribir textarea").press_sequentially("A medias")
    page.reload()
    page.get_by_role("button", name="Descartar").wait_for()
    page.evaluate(axe)
    ana.publish(unique("Para revisar"))
    beto.wait_for_news("1 aporte nuevo")
    check()
    page.get_by_role("button", name="Descartar").click()
    page.locator("#escribir button.btn").click()
    page.locator("#escribir .problem").wait_for(timeout=SOON)
    page.get_by_role("button", name="Pausar").click()
    page.context.set_offline(True)
    page.locator(".live-note", has_text="Sin conexión").wait_for(timeout=SOON)
    check()
    page.set_viewport_size({"width": 320, "height": 640})
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide)


def test_scripts_are_light(contexts: list[BrowserContext], ana: Reading) -> None:
    """A first visit loads four files: the page, its style and 8 kB of scripts; 30 kB in all."""
    page = contexts[1].new_page()
    bytes_of: dict[str, int] = {}
    page.on(
        "response",
        lambda r: bytes_of.update({r.url: r.request.sizes()["responseBodySize"]}),
    )
    page.goto(ana.url)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_timeout(500)
    scripts = {url: size for url, size in bytes_of.items() if url.endswith(".js")}
    assert 0 < sum(scripts.values()) < 8_000
    assert len(bytes_of) <= 4
    assert sum(bytes_of.values()) < 30_000
