"""Readers of one thread in windows of their own, for the tests of what moves."""

import json
import re
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, WebSocketRoute

from tests.browser.conftest import free_port, wait_for

SOON = 8_000


@dataclass
class Reading:
    """Somebody with a thread open."""

    page: Page
    url: str

    @property
    def items(self) -> list[str]:
        """The receipts of the conversation, in the order on the page."""
        return [
            str(each)
            for each in self.page.eval_on_selector_all("#posts > li", "l => l.map(e => e.id)")
        ]

    def saying(self, words: str) -> int:
        """Count the contributions on the page that say something."""
        return self.page.locator("#posts > li", has_text=words).count()

    def write(self, words: str) -> None:
        """Fill in the box and send it."""
        self.page.locator("#escribir textarea").fill(words)
        self.page.locator("#escribir button.btn").click()

    def publish(self, words: str) -> str:
        """Publish something and give its receipt."""
        self.write(words)
        item = self.page.locator("#posts > li", has_text=words)
        item.wait_for(timeout=SOON)
        return str(item.get_attribute("id"))

    def wait_for_news(self, words: str) -> None:
        """Wait until the button offers so much that is new."""
        self.page.locator("#live button", has_text=words).wait_for(timeout=SOON)

    def show_news(self) -> None:
        """Press the button."""
        self.page.locator("#live button").click()

    def eventually(self, holds: Callable[[], bool], *, tries: int = 80) -> None:
        """Wait until something holds."""
        for _try in range(tries):
            if holds():
                return
            self.page.wait_for_timeout(100)
        assert holds()


def unique(words: str) -> str:
    """Make words that nobody else's test says."""
    return f"{words} {uuid.uuid4().hex[:8]}"


@dataclass
class SmallSite:
    """A served municipality with people who are signed in and topics nobody has touched."""

    url: str
    tokens: dict[str, str]
    paths: list[str]

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Give a window somebody's sign-in."""
        context.add_cookies([{"name": "participa", "value": self.tokens[who], "url": self.url}])

    def new_topic(self) -> str:
        """Give the address of a topic of one's own."""
        return self.url + self.paths.pop()

    def hide(self, context: BrowserContext, receipt: str) -> None:
        """Hide a contribution as the moderator."""
        self.sign_in(context, "Carmen")
        page = context.request.get(f"{self.url}/aportes/{receipt}").text()
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token is not None
        answer = context.request.post(
            f"{self.url}/aportes/{receipt}/ocultar",
            headers={"Origin": self.url},
            form={"csrf": token[1], "reason": "1", "note": "", "next": "/"},
        )
        assert answer.ok


@contextmanager
def served(folder: Path) -> Iterator[SmallSite]:
    """Serve the small municipality in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.small_site", str(folder), str(port)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            built = json.loads(server.stdout.readline())
            wait_for(url, server)
            yield SmallSite(url, built["tokens"], built["paths"])
        finally:
            server.terminate()
            server.wait(timeout=20)


def reading(context: BrowserContext, url: str) -> Reading:
    """Open a thread in a window and wait until it is live."""
    page = context.new_page()
    page.goto(url)
    page.locator("#vivo").wait_for(timeout=SOON)
    return Reading(page, url)


class Line:
    """A reader's line to the live channel, which can be cut and mended."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._is_cut = False
        self._open: list[WebSocketRoute] = []
        context.route_web_socket(re.compile("/en-vivo/"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        if self._is_cut:
            route.close(code=1011)
            return
        route.connect_to_server()
        self._open.append(route)

    def cut(self) -> None:
        """Cut the line: what is open closes, what is asked fails."""
        self._is_cut = True
        self._context.set_offline(True)
        for route in self._open:
            route.close(code=1011)
        self._open.clear()

    def mend(self) -> None:
        """Let it through again."""
        self._is_cut = False
        self._context.set_offline(False)
