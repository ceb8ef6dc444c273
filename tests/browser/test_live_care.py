"""What the page of a live thread takes care of: the reader's place, words, name and machine."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute

from tests.browser.conftest import new_context
from tests.browser.threads import SOON, Reading, SmallSite, reading, served, unique

pytestmark = [pytest.mark.browser]
POST = re.compile(r"/hilos/\d+/aportes$")
BOX = "#escribir textarea"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    """Serve a small municipality for these tests."""
    with served(tmp_path_factory.mktemp("small")) as site:
        yield site


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Give as many private windows as are asked for."""
    opened: list[BrowserContext] = []

    def another() -> BrowserContext:
        opened.append(new_context(chromium))
        return opened[-1]

    yield another
    for context in opened:
        context.close()


Window = Callable[[], BrowserContext]


@pytest.fixture
def ana(small: SmallSite, window: Window) -> Reading:
    """Give a citizen with a topic of her own open."""
    context = window()
    small.sign_in(context, "Ana")
    return reading(context, small.new_topic())


def _told(context: BrowserContext, messages: list[dict[str, Any]], code: int = 0) -> list[str]:
    """Let a server of ours speak on every socket of a window, and perhaps hang up."""
    opened: list[str] = []

    def speak(route: WebSocketRoute) -> None:
        opened.append(route.url)
        for message in messages:
            route.send(json.dumps(message))
        if code:
            route.close(code=code)

    context.route_web_socket(re.compile("/en-vivo/"), speak)
    return opened


def _edit(page: Page, site: SmallSite, receipt: str, words: str) -> None:
    page.goto(f"{site.url}/aportes/{receipt}/editar")
    page.locator('[name="body"]').fill(words)
    page.locator("main form button.btn").first.click()
    page.wait_for_url(re.compile("aviso=editado"))


def test_the_phase_closes_over_a_full_box(small: SmallSite, window: Window) -> None:
    """It says so above the box, takes the buttons away and leaves what is being written."""
    context = window()
    html = "<p><b>Ya no se reciben aportes aquí.</b></p>"
    _told(context, [
        {"t": "hello", "n": 1, "state": "closed", "here": 12},
        {"t": "phase", "state": "closed", "html": html},
    ])  # fmt: skip
    beto = reading(context, small.new_topic())
    notice = beto.page.locator("#fase", has_text="Ya no se reciben")
    notice.wait_for(timeout=SOON)
    beto.page.locator(BOX).fill("Alcanzo a decirlo")
    assert "12 personas leen esto" in beto.page.locator("#vivo").inner_text()
    count = beto.page.locator("#posts .acts button[aria-pressed]").first
    assert count.evaluate("button => getComputedStyle(button).pointerEvents") == "none"
    assert not beto.page.locator("#posts .acts > a").first.is_visible()
    box = beto.page.locator("#escribir")
    top = "e => e.getBoundingClientRect().top"
    assert notice.evaluate(top) < box.evaluate(top)
    assert beto.page.locator(BOX).input_value() == "Alcanzo a decirlo"


@pytest.mark.parametrize(
    ("messages", "code", "words", "press"),
    [
        ([{"t": "reload"}], 0, "Pasaron muchas cosas", "button"),
        ([], 4401, "Su sesión terminó", "a[href^='/ingresar?next=%2Fhilos']"),
        ([], 4404, "ya no está disponible", ""),
    ],
)
def test_the_stream_ends(
    small: SmallSite,
    window: Window,
    messages: list[dict[str, Any]],
    code: int,
    words: str,
    press: str,
) -> None:
    """It says why and what can be done; it does not reload by itself, nor try again."""
    context = window()
    opened = _told(context, messages, code)
    beto = reading(context, small.new_topic())
    beto.page.evaluate("window.same = true")
    note = beto.page.locator(".live-note", has_text=words)
    note.wait_for(timeout=SOON)
    beto.page.evaluate("dispatchEvent(new Event('online'))")
    beto.page.wait_for_timeout(1600)
    assert beto.page.evaluate("window.same")
    assert len(opened) == 1
    assert note.is_visible()
    if press:
        assert note.locator(press).is_visible()


def test_one_page_one_socket(small: SmallSite, window: Window) -> None:
    """Paused and followed again at once, the page listens on the last socket only."""
    context = window()
    opened: list[str] = []
    page = context.new_page()
    page.on("websocket", lambda socket: opened.append(socket.url))
    page.on("request", lambda r: opened.append(r.url) if "/novedades" in r.url else None)
    page.goto(small.new_topic())
    page.locator("#vivo", has_text="En vivo").wait_for()
    page.evaluate(
        "() => { for (let i = 0; i < 4; i += 1) document.querySelector('#vivo button').click(); }"
    )
    page.wait_for_timeout(2500)
    assert len(opened) == 3


def test_own_words_are_never_news(ana: Reading) -> None:
    """However late the answer is, one's own contribution is not announced as somebody's."""
    words = unique("Lo mío")

    def slow(route: Route) -> None:
        answer = route.fetch()
        ana.page.wait_for_timeout(1000)
        seen.append(ana.page.locator("#live button").is_visible())
        route.fulfill(response=answer)

    seen: list[bool] = []
    ana.page.route(POST, slow)
    ana.publish(words)
    assert seen == [False]
    assert not ana.page.locator("#live button").is_visible()
    assert "aporte nuevo" not in ana.page.locator("#live-status").inner_text()
    receipt = ana.items[-1]
    assert receipt in ana.page.locator(f"#{receipt} .live-note").inner_text()
    assert ana.page.locator(f"#{receipt}").get_by_text("Retirar").is_visible()
    assert ana.page.evaluate("document.activeElement.id") == receipt


def test_words_written_during_the_sending_stay(ana: Reading) -> None:
    """Who goes on writing while the first text is on its way loses nothing."""
    first, second = unique("Primera parte"), unique("Segunda parte")

    def meanwhile(route: Route) -> None:
        ana.page.locator(BOX).fill(second)
        route.continue_()

    ana.page.route(POST, meanwhile)
    ana.publish(first)
    ana.page.unroute(POST)
    assert ana.page.locator(BOX).input_value() == second
    ana.page.locator("#escribir button.btn").click()
    ana.page.locator("#posts > li", has_text=second).wait_for(timeout=SOON)
    assert ana.saying(first) == 1


def test_a_mended_retry_is_not_answered_with_the_old_words(ana: Reading) -> None:
    """Changed after a sending nobody knows the end of, a text is published as changed."""
    first, changed = unique("Como iba"), unique("Como quedó")

    def taken_but_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    ana.page.route(POST, taken_but_lost)
    ana.write(first)
    ana.page.get_by_role("button", name="Reintentar").wait_for(timeout=SOON)
    ana.page.unroute(POST)
    ana.publish(changed)
    assert ana.saying(changed) == 1


def test_two_presses_send_once(ana: Reading) -> None:
    """A double click on the button is one contribution."""
    words = unique("Doble clic")
    sent: list[str] = []
    ana.page.on("request", lambda r: sent.append(r.url) if POST.search(r.url) else None)
    ana.page.locator(BOX).fill(words)
    ana.page.locator("#escribir button.btn").dblclick()
    ana.page.locator("#posts > li", has_text=words).wait_for(timeout=SOON)
    ana.page.wait_for_timeout(300)
    assert len(sent) == 1


def test_what_was_hidden_before_it_was_shown_is_not_shown(
    small: SmallSite, window: Window, ana: Reading
) -> None:
    """News that a moderator hides meanwhile are no longer offered."""
    beto = reading(window(), ana.url)
    receipt = ana.publish(unique("Con insultos"))
    beto.wait_for_news("1 aporte nuevo")
    small.hide(window(), receipt)
    beto.page.locator("#live button").wait_for(state="hidden", timeout=SOON)
    assert receipt not in beto.items


def test_a_moderators_form_is_kept_and_lent(small: SmallSite, window: Window, ana: Reading) -> None:
    """An item whose form is being filled in stays; a new one gets the same form."""
    receipt = ana.publish(unique("Para moderar"))
    context = window()
    small.sign_in(context, "Carmen")
    carmen = reading(context, ana.url)
    carmen.page.locator(f"#{receipt} summary").click()
    note = carmen.page.locator(f"#{receipt} [name='note']")
    note.fill("Falta el respeto")
    carmen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert carmen.page.evaluate(
        f"document.getElementById('{receipt}').getBoundingClientRect().bottom < 0"
    )
    _edit(ana.page.context.new_page(), small, receipt, unique("Corregido"))
    another = ana.publish(unique("Otro más"))
    carmen.wait_for_news("1 aporte nuevo, 1 corregido")
    assert note.input_value() == "Falta el respeto"
    carmen.show_news()
    assert note.input_value() == "Falta el respeto"
    assert carmen.page.locator(f"#{receipt}", has_text="Corregido").is_visible()
    tools = carmen.page.locator(f"#{another} .acts > details form")
    tools.wait_for(state="attached", timeout=SOON)
    assert tools.get_attribute("action") == f"/aportes/{another}/ocultar"


def test_what_is_read_stays_where_it_is(small: SmallSite, window: Window, ana: Reading) -> None:
    """A long correction above the window's edge moves neither the text below nor the focus."""
    first = ana.publish(unique("Arriba"))
    last = [ana.publish(unique(f"Relleno {at}") + " y más" * 60) for at in range(4)][-1]
    beto = reading(window(), ana.url)
    button = beto.page.locator(f"#{last} button[aria-pressed]")
    button.focus()
    where = f"document.getElementById('{last}').getBoundingClientRect().top"
    # Once with the help of the browser, once as where it has none to give.
    for target, anchoring in ((f"#{last}", "none"), ("#escribir", "auto")):
        beto.page.evaluate(
            """(how) => { const [sheet] = document.styleSheets;
            sheet.insertRule(`* { overflow-anchor: ${how} }`, sheet.cssRules.length); }""",
            anchoring,
        )
        words = unique("Más larga " + "y muy larga " * 80)
        beto.page.locator(target).evaluate("e => e.scrollIntoView({block: 'start'})")
        beto.page.wait_for_timeout(200)
        before = beto.page.evaluate(where)
        _edit(ana.page.context.new_page(), small, first, words)
        beto.page.locator(f"#{first}", has_text=words[-8:]).wait_for(timeout=SOON)
        beto.page.wait_for_timeout(200)
        assert abs(beto.page.evaluate(where) - before) < 2
    focused = "document.activeElement.closest('li').id"
    assert beto.page.evaluate(focused) == last
    _edit(ana.page.context.new_page(), small, last, unique("Corregido"))
    beto.page.locator(f"#{last}", has_text="Corregido").wait_for(timeout=SOON)
    assert beto.page.evaluate(f"{focused} + document.activeElement.ariaPressed") == f"{last}false"


def test_in_another_order_news_are_read_by_reloading(window: Window, ana: Reading) -> None:
    """Sorted by date, the button reloads the page; what is being written is still there."""
    receipt = ana.publish(unique("El de antes"))
    beto = reading(window(), f"{ana.url}?orden=recientes")
    beto.page.locator(BOX).press_sequentially("A medio escribir")
    words = unique("Recién dicho")
    ana.publish(words)
    beto.wait_for_news("1 aporte nuevo")
    beto.show_news()
    beto.page.locator("#posts > li", has_text=words).wait_for(timeout=SOON)
    assert beto.items.index(receipt) > 0
    assert beto.page.locator(BOX).input_value() == "A medio escribir"


def test_a_reply_is_written_among_what_arrives(
    small: SmallSite, window: Window, ana: Reading
) -> None:
    """The reply box stays where it is with its words; a reply lands under what it answers."""
    first, second = ana.publish(unique("Uno")), ana.publish(unique("Dos"))
    context = window()
    small.sign_in(context, "Beto")
    beto = reading(context, f"{ana.url}?responder={first}")
    words = unique("Le respondo")
    beto.page.locator(BOX).fill(words)
    ana.publish(unique("Tres"))
    beto.wait_for_news("1 aporte nuevo")
    beto.show_news()
    assert beto.page.locator(BOX).input_value() == words
    receipt = beto.publish(words)
    assert beto.items.index(receipt) == beto.items.index(first) + 1 < beto.items.index(second)
    assert "responder" not in beto.page.url
    beto.page.locator(f"#{receipt} .who a[href='/aportes/{first}']").click()
    assert beto.page.evaluate("document.activeElement.id") == first


def test_signing_out_leaves_nothing_behind(small: SmallSite, window: Window) -> None:
    """On a shared machine: first a warning, then neither draft nor kept thread is there."""
    context = window()
    small.sign_in(context, "Beto")
    beto = reading(context, small.new_topic())
    said: list[str] = []

    def answer(dialog: Any) -> None:
        said.append(dialog.message)
        dialog.accept() if len(said) > 1 else dialog.dismiss()

    beto.page.on("dialog", answer)
    beto.page.locator(BOX).press_sequentially("Un secreto a medio escribir")
    beto.page.wait_for_function("async () => (await (await caches.open('hilos-1')).keys()).length")
    leave = beto.page.locator("button[form=salir]")
    leave.click()
    assert "texto sin enviar" in said[0]
    assert "secreto" in beto.page.locator(BOX).input_value()
    leave.click()
    beto.page.wait_for_url(re.compile("aviso=salio"))
    beto.page.goto(beto.url)
    beto.page.locator("#vivo").wait_for()
    beto.page.locator(BOX).focus()
    beto.page.wait_for_timeout(300)
    assert beto.page.locator(BOX).input_value() == ""
    assert beto.page.evaluate("JSON.stringify(localStorage)") == "{}"


def test_nothing_is_sent_in_somebody_elses_name(small: SmallSite, window: Window) -> None:
    """What a visitor left waiting comes back into the box when another has signed in."""
    context = window()
    guest = reading(context, small.new_topic())
    guest.page.evaluate("() => navigator.serviceWorker.ready")
    guest.page.wait_for_function(
        "async () => !!(await (await caches.open('hilos-1')).match(location.pathname))"
    )
    words = unique("De una visita")
    guest.page.locator(BOX).fill(words)
    context.set_offline(True)
    guest.page.locator("#escribir button.btn").click()
    guest.page.locator("[data-note]", has_text="se enviará solo").wait_for(timeout=SOON)
    small.sign_in(context, "Beto")
    context.set_offline(False)
    guest.page.locator(".live-note", has_text="No se publicó").wait_for(timeout=SOON)
    assert guest.page.locator(BOX).input_value() == words
    guest.page.reload()
    assert guest.saying(words) == 0
    assert guest.page.locator(BOX).input_value() == words


def test_a_page_never_kept_says_so(small: SmallSite, window: Window) -> None:
    """Without a connection, another page gives a short one of our own, in both languages."""
    context = window()
    page = reading(context, small.new_topic()).page
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    page.goto(f"{small.url}/informes")
    assert page.locator("h1").inner_text() == "Sin conexión"
    assert "No connection" in page.locator("[lang=en]").inner_text()
