"""What citizens and officials write never runs: planted by every form, visited everywhere (T01).

The browser's own console is the judge: no script of theirs runs, and no page of ours breaks
its own policy (T03).
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Dialog, Page

from tests.browser.conftest import Site, new_context
from tests.browser.vectors import EVERYTHING, LINKS, SHORT, TAGS

pytestmark = [pytest.mark.browser]

PROCESS = "plan-de-desarrollo"
MAPPING = """
[source]
name = "hostil"
[thread]
kind = "forums.topic"
place = "<img src=x onerror=window.pwned=1>"
opens = true
[columns]
id = "id"
title = "title"
text = "text"
author = "author"
category = "category"
[format]
html = {html}
"""


@dataclass
class Hand:
    """Somebody signed in who fills in forms, whatever they hold."""

    site: Site
    context: BrowserContext
    token: str = ""
    seen: list[str] = field(default_factory=list)

    def send(self, path: str, **fields: Any) -> APIResponse:
        """Send a form, its files too; anything but a failure will do."""
        form = {"csrf": self.token, **fields}
        has_files = any(isinstance(each, dict) for each in fields.values())
        answer = self.context.request.post(
            f"{self.site.url}{path}",
            headers={"Origin": self.site.url},
            form=None if has_files else form,
            multipart=form if has_files else None,
        )
        assert answer.status in {200, 422}, (path, answer.status, answer.text()[:2000])
        self.seen.append(answer.url.removeprefix(self.site.url))
        return answer

    def read(self, path: str) -> str:
        """Read a page's source."""
        return str(self.context.request.get(f"{self.site.url}{path}").text())


def _hand(site: Site, chromium: Browser, who: str) -> Hand:
    context = new_context(chromium)
    page = context.new_page()
    site.login(page, who)
    token = page.locator('input[name="csrf"]').first.get_attribute("value") or ""
    page.close()
    return Hand(site, context, token)


@pytest.fixture
def hands(site: Site, chromium: Browser) -> Iterator[dict[str, Hand]]:
    """Give one hand for each role."""
    opened = {who: _hand(site, chromium, who) for who in site.logins}
    yield opened
    for hand in opened.values():
        hand.context.close()


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, pattern
    return found[1]


def _rows() -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["id", "title", "text", "author", "category"])
    for at, vector in enumerate(EVERYTHING):
        plain = " ".join(vector.split())[:280]
        writer.writerow([at, plain, vector, plain[:90], plain[:110]])
    return buffer.getvalue().encode()


def _file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def _plant_words(citizen: Hand) -> None:
    forum = _first(r'href="(/foros/\d+)', citizen.read(f"/procesos/{PROCESS}"))
    topic = _first(r'href="(/hilos/\d+)', citizen.read(forum))
    for part in (TAGS, LINKS):
        citizen.send(f"{topic}/aportes", body="\n\n".join(part)[:19_000])
    citizen.send(f"{forum}/hilos", title=SHORT[0], body=SHORT[1])
    receipt = _first(r"/aportes/(PA-[\d-]+)", citizen.read("/mi-participacion"))
    citizen.send(f"/aportes/{receipt}/editar", body="\n\n".join(SHORT))
    citizen.seen += [forum, topic, f"{forum}#x", f"/aportes/{receipt}",
                     f"/aportes/{receipt}/historial", f"/aportes/{receipt}/editar"]  # fmt: skip


def _plant_elsewhere(citizen: Hand) -> None:
    for kind, opening, fields in (
        (r'href="(/consultas/\d+/propuestas)', "/nueva", {"title": SHORT[2], "body": SHORT[3]}),
        (r'href="(/rendicion-de-cuentas/\d+)', "/preguntas", {"title": SHORT[4]}),
    ):
        for listing in (f"/procesos/{PROCESS}", "/", "/rendicion-de-cuentas"):
            found = re.search(kind, citizen.read(listing))
            if found:
                answer = citizen.context.request.post(
                    f"{citizen.site.url}{found[1]}{opening}",
                    headers={"Origin": citizen.site.url},
                    form={"csrf": citizen.token, **fields},
                )
                assert answer.status in {200, 409}
                citizen.seen += [found[1], answer.url.removeprefix(citizen.site.url)]
                break
    citizen.send("/peticiones/nueva", kind="information", subject=SHORT[5],
                 body="\n\n".join(TAGS)[:9_000])  # fmt: skip
    citizen.seen.append("/peticiones")
    survey = re.search(r'href="(/encuestas/\d+)', citizen.read("/"))
    if survey:
        began = citizen.context.request.post(
            f"{citizen.site.url}{survey[1]}/responder",
            headers={"Origin": citizen.site.url},
            form={"csrf": citizen.token},
        )
        first = began.url.removeprefix(citizen.site.url)
        citizen.seen += [survey[1], f"{survey[1]}/resultados"]
        if "/r/" in first:
            names = set(re.findall(r'<textarea[^>]*name="(p\d+)"', began.text()))
            citizen.send(first, **dict.fromkeys(names, "\n".join(TAGS)[:900]))
            citizen.seen += [first, f"{first.rpartition('/')[0]}/revisar"]


def _plant_as_staff(hands: dict[str, Hand], receipt: str) -> None:
    official = hands["official"]
    target = f"/gestion/procesos/{PROCESS}/aportes"
    for html in ("true", "false"):
        mapping = MAPPING.format(html=html).replace("hostil", f"hostil-{html}")
        for verb in ("try", "import"):
            official.send(target, do=verb, file=_file("f.csv", _rows()),
                          mapping=_file("m.toml", mapping.encode()))  # fmt: skip
    plan = "".join(
        f"# Eje {at}. {' '.join(vector.split())[:150]}\n\n{vector}\n\n"
        for at, vector in enumerate(EVERYTHING, 1)
    )
    for verb in ("try", "import"):
        official.send(f"/gestion/procesos/{PROCESS}/plan", title=SHORT[6], do=verb,
                      file=_file("p.txt", plan.encode()))  # fmt: skip
    moderator = hands["moderator"]
    moderator.send(f"/aportes/{receipt}/ocultar", reason="1", note=SHORT[7], next="/")
    moderator.send(f"/aportes/{receipt}/mostrar", next="/")
    official.seen += ["/gestion", f"/procesos/{PROCESS}/plan"]


def _plant_report(official: Hand) -> None:
    official.send(f"/gestion/procesos/{PROCESS}/informes")
    draft = _first(r"(/gestion/informes/\d+)", official.seen[-1])
    page = official.context.new_page()
    page.goto(f"{official.site.url}{draft}")
    page.locator('input[name^="name_"]').first.wait_for(timeout=90_000)
    names = re.findall(r'name="(name_\d+)"', page.content())
    page.close()
    fields = {name: SHORT[at % len(SHORT)] for at, name in enumerate(names)}
    official.send(f"{draft}/nombres", title=SHORT[8], introduction="\n".join(TAGS)[:1900], **fields)
    cluster = names[0].removeprefix("name_")
    official.seen += [draft, f"{draft}/vista"]
    official.send(f"{draft}/publicar")
    report = official.seen[-1].partition("?")[0]
    answer = f"{draft}/temas/{cluster}/respuesta"
    official.send(answer, decision=_decision(official, answer), answer="\n\n".join(TAGS)[:9_000])
    official.seen += [answer, report, f"{report}/una-vez", "/informes", "/"]


def _decision(official: Hand, answer: str) -> str:
    return _first(r'name="decision"[^>]*value="([^"]+)"', official.read(answer))


@dataclass
class Watch:
    """What went wrong on a page while it was looked at."""

    wrong: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Note every dialog, error and console message of a page."""
        page.on("dialog", self._asked_to_answer)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self.wrong.append(f"{page.url}: {message.text}"))
        page.on("request", self._asked)
        self.page = page

    def _asked_to_answer(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if "evil.example" in url:
            self.wrong.append(f"asked for {url}")

    def visit(self, url: str) -> None:
        """Open a page, give its autofocus and its images time to act, and press its links."""
        self.page.goto(url)
        self.page.wait_for_timeout(60)
        if self.page.evaluate("window.pwned !== undefined"):
            self.wrong.append(f"{url}: a script ran")
        live = self.page.evaluate(
            """() => [...document.querySelectorAll(':not(link[rel=icon])')].filter(e =>
                [...e.attributes].some(a => a.name.startsWith('on') || a.name === 'style' ||
                    /^\\s*(javascript|data|vbscript):/i.test(a.value) && a.name !== 'value'
                    && a.name !== 'd')
                || ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE'].includes(e.tagName)
            ).map(e => e.outerHTML.slice(0, 120))"""
        )
        self.wrong += [f"{url}: {each}" for each in live]


def _everything_linked(hand: Hand, paths: list[str], most: int) -> list[str]:
    """Add to some pages those of the threads and sections that they link to."""
    found = dict.fromkeys(path.partition("#")[0] for path in paths)
    for path in list(found):
        linked = re.findall(r'href="(/(?:hilos|apartados|aportes|foros)/[\w-]+)', hand.read(path))
        found |= dict.fromkeys(linked[: most // 4])
    return list(found)[:most]


@pytest.mark.parametrize("most", [80, pytest.param(160, marks=pytest.mark.long)])
def test_t01_t03_nothing_planted_ever_runs(
    site: Site, chromium: Browser, hands: dict[str, Hand], most: int
) -> None:
    """A hundred and more vectors in every field: no script runs anywhere, as visitor or staff."""
    citizen, official = hands["citizen"], hands["official"]
    _plant_words(citizen)
    _plant_elsewhere(citizen)
    receipt = _first(r"/aportes/(PA-[\d-]+)", citizen.read("/mi-participacion"))
    _plant_as_staff(hands, receipt)
    _plant_report(official)
    imported = _first(r'href="(/foros/\d+)"[^>]*>\s*&lt;img', citizen.read(f"/procesos/{PROCESS}"))
    pages = _everything_linked(
        citizen, [*citizen.seen, *official.seen, imported, f"/procesos/{PROCESS}", "/datos"], most
    )
    assert len(pages) > 60
    visitor = Hand(site, new_context(chromium))
    watch = Watch()
    for hand, wanted in (
        (visitor, [path for path in pages if not path.startswith("/gestion")]),
        (citizen, ["/mi-participacion", "/peticiones", *citizen.seen]),
        (official, [*official.seen, "/gestion/peticiones", *pages[: most // 4]]),
        (hands["moderator"], ["/gestion", *pages[: most // 4]]),
        (hands["administrator"], ["/gestion", "/gestion/peticiones"]),
    ):
        watch.on(hand.context.new_page())
        for path in wanted:
            watch.visit(f"{site.url}{path}")
    visitor.context.close()
    # What was refused or not found on purpose says so in the console; nothing else may.
    assert [each for each in watch.wrong if "Failed to load resource" not in each] == []
