"""Words of others on kept pages and in messages: they run nothing, forge nothing, stay hidden."""

import json
import re
from dataclasses import dataclass, field

import pytest
from bleach._vendor import html5lib

from participa.accounts.models import Person
from participa.deliberation import fragments, kept
from participa.deliberation.events import topic
from participa.deliberation.models import Contribution, Thread
from participa.kit.html import ALLOWED_TAGS
from participa.moderation import service as moderation
from participa.realtime import Feed
from tests.browser.vectors import EVERYTHING, SHORT
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import (
    LANGUAGES,
    Readers,
    another,
    bytes_kept,
    cast_of,
    keys_in,
)
from tests.deliberation.sheets import sheet_of, told
from tests.deliberation.talking import fill, say, thread_path
from tests.deliberation.test_importing import PROPOSALS, bring
from tests.people import NOW, Municipality, person
from tests.visitors import Web

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
XHTML = "{http://www.w3.org/1999/xhtml}"
# What an item of a conversation is made of, beside what the sanitiser lets through.
FRAMEWORK = frozenset({"html", "head", "body", "li", "div", "h3", "span", "time", "button"})
ATTRIBUTES = {
    "li": {"id", "class", "data-p", "data-i"},
    "div": {"class"},
    "span": {"class", "hidden"},
    "a": {"href", "rel", "class"},
    "time": {"datetime"},
    "button": {"form", "formaction", "name", "value", "aria-pressed", "class"},
}
ADDRESS = re.compile(r"(/|https?://|mailto:)(?!/)", re.IGNORECASE)
ACT = re.compile(r"/aportes/PA-[\d-]+/(apoyo|retirar)")
_ONE_LINE = {10: " ", 13: " "}
CONTROLS = "".join(map(chr, range(32))) + "\x7f\x85\u2028\u202e"


def assert_harmless(html: str) -> None:
    """Read an item as a browser does, and find nothing in it that could act by itself."""
    document = html5lib.parse(f"<!doctype html><body><ol>{html}</ol>", treebuilder="etree")
    for element in document.iter():
        tag = str(element.tag).removeprefix(XHTML)
        assert tag in FRAMEWORK | ALLOWED_TAGS, html
        assert set(element.attrib) <= ATTRIBUTES.get(tag, set()), html
        assert ADDRESS.match(element.attrib.get("href", "/")), html
        assert ACT.fullmatch(element.attrib.get("formaction", "/aportes/PA-1/apoyo")), html
    items = [each for each in document.iter() if "data-p" in each.attrib]
    assert len(items) == 1, "somebody's words ended their item or began another"


@only_sqlite
async def test_t01_messages_and_kept_pages_run_nothing(web: Web, town: Municipality) -> None:
    """Every way to run a script, as words, name and place, is dead in messages and on pages."""
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    names = [vector for vector in SHORT if len(vector) <= 60]
    old = await looker.sheet(town.elsa, "es")
    for at, vector in enumerate(EVERYTHING):
        await (
            Person.of(town.entity.id)
            .filter(id=town.beto.person_id)
            .update(display_name=names[at % len(names)])
        )
        said = await say(
            town, town.beto, vector, parent_id=town.topic.id if at % 3 else None,
            office=vector[:120] if at % 5 == 0 else "",
        )  # fmt: skip
        await (
            Contribution.of(town.entity.id)
            .filter(id=said.id)
            .update(place=vector[:80] if at % 4 == 0 else "")
        )
        messages = await ear.hear()
        for language in LANGUAGES:
            [html] = [str(each["html"]) for each in messages[language] if each["t"] == "event"]
            assert_harmless(html)
            # As it stands in a frame: no line end or quote gets out of the JSON.
            assert json.loads(json.dumps(messages[language])) == messages[language]
        old = told(old, [dict(each) for each in messages["es"]])
    for item in (await looker.sheet(town.elsa, "es")).items:
        assert_harmless(item)
    for item in old.items:
        assert_harmless(item)


def _marks() -> list[str]:
    """List the marks by which places are found while a page is made."""
    return [
        kept._SLOT_MARK, kept.PLACES.form_token, kept.PLACES.request_key,
        str(fragments._OWN), str(fragments._PRESSED),
    ]  # fmt: skip


async def test_the_marks_are_told_to_nobody(web: Web, town: Municipality) -> None:
    """The marks by which places are found are long, random, and in no answer: so not forged."""
    assert len(set(_marks())) == 5
    assert all(re.fullmatch("[0-9a-f]{16,48}", mark) for mark in _marks())
    await fill(town, 4)
    answers = []
    for actor in (town.elsa, town.ana, town.beto, town.diego):
        visitor = await web.visit(actor)
        path = thread_path(town)
        for _time in range(4):
            for language in LANGUAGES:
                answers.append(await visitor.get(f"{path}?idioma={language}"))
                answers.append(await visitor.get(f"{path}/novedades?despues=1&idioma={language}"))
        answers.append(await visitor.get(path, headers={"Accept-Encoding": "identity"}))
        answers.append(await visitor.client.head(path))
        for accept in ("application/json", "text/html"):
            headers = {"Accept": accept}
            answers.append(await visitor.post(f"{path}/aportes", {"body": ""}, headers=headers))
            answers.append(
                await visitor.post(f"{path}/aportes", {"body": "Hola."}, headers=headers)
            )
    for answer in answers:
        assert answer.status_code < 500
        heard = answer.text + str(answer.headers)
        assert not any(mark in heard for mark in _marks())


FORGERIES = (
    CONTROLS,
    "".join(f"{ch}posts{ch}" for ch in CONTROLS[:6]),
    *(f"{ch}count{ch} {ch}own{ch}" for ch in CONTROLS[:6]),
    "0123456789abcdef-posts;",
    "[[posts]] {{ posts }} %(posts)s ${posts} $1 \\g<0>",
    ' hidden><span class="own"       >',
    '"apoyar" aria-pressed="false" quitar" aria-pressed="true" ',
    '<input type="hidden" name="csrf" value="x"><input name="request_key" value="y">',
    '</li></ol><ol class="posts" id="posts"><li id="PA-2026-000001-0" data-p="0001">',
    '" data-p="zzzz" data-after="99',
)


@only_sqlite
async def test_words_forge_no_places(web: Web, town: Municipality) -> None:
    """Control characters and look-alikes of our own markup, from forms and files, stay words."""
    readers = Readers(web, another(web), another(web))
    opened = []
    for at, words in enumerate(FORGERIES):
        # Ten in a minute are let in, so nobody sends more than eight.
        senders = (town.ana, town.beto, await person(town.entity, f"Q{at}"))
        sender = await web.visit(senders[min(at // 4, 2)])
        sent = await sender.post(
            f"/foros/{town.forum.id}/hilos",
            {"title": f"Tema {words}".translate(_ONE_LINE)[:160], "body": f"Yo: {words}"},
        )
        assert sent.status_code == 303, sent.text
        opened.append(sent.headers["location"].split("?")[0])
        sent = await sender.post(f"{opened[-1]}/aportes", {"body": f"Digo: {words}"})
        assert sent.status_code == 303
    rows = "".join(
        f'{at},"{_csv(words)}","Texto {_csv(words)}","Autor {at}",2016-03-01,2,"{_csv(words)}",,\n'
        for at, words in enumerate(FORGERIES, start=1)
    )
    header = "id,título,texto,quién,fecha,apoyos,eje,barrio,oficial\n"
    await bring(town, PROPOSALS, header + rows)
    imported = Thread.of(town.entity.id).filter(source_key__startswith="otra-propuestas")
    brought = [f"/hilos/{thread.id}" for thread in await imported]
    assert len(brought) >= len(FORGERIES) - 1
    for path in opened + brought:
        pages = await readers.agree(cast_of(town), [path], "forged")
        for name, page in pages.items():
            sheet = sheet_of(page)
            assert sheet.loose == ""
            assert len(sheet.items) == (2 if path in opened else 1)
            assert not any(chr(code) in page for code in range(32) if chr(code) not in "\t\n")
            assert len(keys_in(page)) == (0 if name.startswith("elsa") else 1)
            rows_ = await Contribution.of(town.entity.id).filter(thread_id=int(path.split("/")[2]))
            own = {row.receipt_number for row in rows_ if row.author_id == _who(town, name)}
            assert sheet.own == own
            for item in sheet.items:
                assert_harmless(item)
    await readers.close()


def _csv(words: str) -> str:
    return words.replace('"', '""').replace("\x00", "").translate(_ONE_LINE)


def _who(town: Municipality, name: str) -> int | None:
    return cast_of(town)[name.split(maxsplit=1)[0]].person_id or -1


@only_sqlite
async def test_names_forge_no_places(web: Web, town: Municipality) -> None:
    """The same in the names of people and offices, which stand in every item."""
    looker = Looker(web, thread_path(town))
    ear = Ear(source_of(web, town))
    await ear.start()
    page = await looker.sheet(town.elsa, "es")
    for at, words in enumerate(FORGERIES):
        # As no form would let it be: what is stored is all that can be trusted.
        name = words.replace("\x00", "")[:60]
        somebody = await person(town.entity, f"P{at}")
        await Person.of(town.entity.id).filter(id=somebody.person_id).update(display_name=name)
        said = await say(town, somebody, "Hola.")
        await say(town, town.ana, "A usted.", parent_id=said.id)
        page = told(page, [dict(each) for each in (await ear.hear())["es"]])
        new = await looker.sheet(town.elsa, "es")
        assert page == new
        assert new.loose == ""
        for item in new.items:
            assert_harmless(item)
    mine = await looker.sheet(town.ana, "es")
    assert len(mine.own) == 1 + len(FORGERIES)


@dataclass(eq=False)
class _Watcher:
    """A watcher that keeps what it is told."""

    locale: str
    number: int
    heard: bytes = b""
    codes: list[int] = field(default_factory=list)

    def write(self, frames: bytes) -> None:
        """Keep it."""
        self.heard += frames

    def close(self, code: int) -> None:
        """Keep that too."""
        self.codes.append(code)


async def _everything_read(web: Web, town: Municipality) -> bytes:
    """Read the page and its news in all ways, and give all that was answered and is kept."""
    heap = b""
    for actor in (town.elsa, town.ana, town.beto):
        reader = await web.visit(actor)
        for language in LANGUAGES:
            news = [f"/novedades?despues={after}&" for after in range(4)]
            for what in ("?", "?", "?", *news):
                page = await reader.get(f"{thread_path(town)}{what}idioma={language}")
                assert page.status_code == 200
                heap += page.content
    return heap + bytes_kept(web)


def _ring(feed: Feed) -> bytes:
    return b"".join(frame for each in feed.ring for frame in each.frames.values())


async def test_t23_a_hidden_word_is_told_to_nobody(web: Web, town: Municipality) -> None:
    """Once hidden, a word is in no page, message, ring, or answer of the polling kind.

    Not for who was there when it was said and comes back, nor for who comes new.
    """
    feed = Feed(topic(town.topic.thread_id), source_of(web, town))
    assert await feed.start()
    present = [_Watcher(language, feed.number) for language in LANGUAGES]
    for watcher in present:
        await feed.join(watcher, "open")
    said = await say(town, town.beto, "El zorzal canta.")
    answer = await say(town, town.ana, "Otro zorzal.", parent_id=said.id)
    await feed._look()
    assert all(watcher.heard.count(b"zorzal") == 2 for watcher in present)
    assert b"zorzal" in await _everything_read(web, town)
    for one in (said, answer):
        await moderation.hide(town.carmen, one.id, rule="1", now=NOW)
    for watcher in present:
        watcher.heard = b""
    await feed._look()
    late = [_Watcher(language, 1) for language in LANGUAGES]
    for watcher in late:
        await feed.join(watcher, "open")
    for watcher in [*present, *late]:
        assert b'"k":"hidden"' in watcher.heard
        assert b"zorzal" not in watcher.heard
    assert b"zorzal" not in _ring(feed)
    assert b"zorzal" not in await _everything_read(web, town)


async def test_t23_who_comes_back_before_the_feed_looks(web: Web, town: Municipality) -> None:
    """A reader that joins just after a hiding, before the feed has heard of it, never has it."""
    feed = Feed(topic(town.topic.thread_id), source_of(web, town))
    assert await feed.start()
    await feed.join(_Watcher("es", feed.number), "open")
    said = await say(town, town.beto, "El zorzal canta.")
    await feed._look()
    await moderation.hide(town.carmen, said.id, rule="1", now=NOW)
    late = _Watcher("es", 1)
    # As the handshake does: the thread's row says how far it is.
    await feed.join(late, "open", known=feed.number + 1)
    await feed._look()
    assert b'"k":"hidden"' in late.heard
    assert b"zorzal" not in late.heard
