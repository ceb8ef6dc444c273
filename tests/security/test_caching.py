"""Nobody reads what was made for another, whatever caches stand between (T19)."""

import re

import pytest
from starlette.routing import Route

from participa.accounts.permissions import Actor
from participa.deliberation import service
from participa.moderation import service as moderation
from participa.security.tokens import form_token_fits, token_hash
from tests.deliberation.reading import LANGUAGES, another, forget, keys_in, tokens_in
from tests.deliberation.sheets import sheet_of
from tests.deliberation.talking import fill, say, thread_path
from tests.people import CLOSES, NOW, Municipality
from tests.security.proxy import Answer, Proxy
from tests.security.test_matrix import routes
from tests.security.world import build_world
from tests.security.world import fill as filled
from tests.visitors import Visitor, Web

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
# What only a page for somebody signed in says.
_SIGNED_IN = ('form="salir"', 'href="/mi-participacion"', 'name="csrf"', 'href="/gestion"')


def _assert_theirs(web: Web, answer: Answer, who: Visitor, actor: Actor) -> None:
    """Find in a page no token but its reader's own, and no sign of being somebody else."""
    tokens = tokens_in(answer.text)
    if actor.is_anonymous:
        assert not [sign for sign in _SIGNED_IN if sign in answer.text], answer.text
    for token in tokens:
        assert form_token_fits(web.settings.secret, token_hash(who.token), token)


@pytest.mark.parametrize("careless", [False, True], ids=["strict", "careless"])
async def test_t19_a_thread_through_a_cache(web: Web, town: Municipality, careless: bool) -> None:
    """A, nobody and B in turn, packed or not: each gets their own token, marks and presses."""
    said = await fill(town, 8)
    await service.set_support(town.ana, said[0].id, wanted=True, now=NOW)
    await service.set_support(town.beto, town.topic.id, wanted=True, now=NOW)
    await moderation.hide(town.carmen, said[1].id, rule="1", now=NOW)
    hidden = said[1].body_source
    cast = {
        name: (await web.visit(actor), actor)
        for name, actor in (
            ("ana", town.ana), ("elsa", town.elsa), ("beto", town.beto), ("carmen", town.carmen),
        )
    }  # fmt: skip
    rows = {each.receipt_number: each.author_id for each in [town.topic, *said]}
    pressed = {"ana": {said[0].receipt_number}, "beto": {town.topic.receipt_number}}
    proxy, keys, sources = Proxy(is_careless=careless), [], []
    for turn in range(5):
        for name in ("ana", "elsa", "beto", "elsa", "carmen", "elsa"):
            who, actor = cast[name]
            for language in LANGUAGES:
                path = f"{thread_path(town)}?idioma={language}"
                answer = await proxy.get(who, path, "gzip" if turn % 2 else "identity")
                assert answer.status == 200
                _assert_theirs(web, answer, who, actor)
                sheet = sheet_of(answer.text)
                mine = {key for key, author in rows.items() if author == actor.person_id}
                assert sheet.own == mine
                assert sheet.pressed == pressed.get(name, set())
                assert (hidden in answer.text) is (name == "carmen")
                assert f'<html lang="{language}">' in answer.text
                keys += keys_in(answer.text)
                sources.append(answer.source)
                if name == "elsa":
                    assert answer.rules == {"no-cache"}
                else:
                    assert (answer.source, answer.rules) == ("origin", {"no-store"})
                assert {"cookie", "accept-encoding"} <= set(answer.vary)
    # It did keep what it may: visitors were answered out of it.
    assert sources.count("checked") > 20
    assert len(keys) == len(set(keys))
    assert {thread_path(town)} == {
        address.split(".test")[1].split("?")[0] for address in proxy.kept
    }


@only_sqlite
@pytest.mark.parametrize("careless", [False, True], ids=["strict", "careless"])
async def test_t19_every_page_through_a_cache(web: Web, town: Municipality, careless: bool) -> None:
    """Whatever a cache may keep of any page is the same for a citizen, staff and nobody."""
    world = await build_world(town, web.settings)
    cast = [(await web.visit(actor), actor) for actor in (town.ana, town.elsa, town.diego)]
    proxy = Proxy(is_careless=careless)
    for route in routes(web.app):
        if not isinstance(route, Route) or "GET" not in (route.methods or ()):
            continue
        path = await filled(world, route.path)
        for _time in range(2):
            for who, actor in cast:
                answer = await proxy.get(who, path)
                assert answer.status < 500, path
                _assert_theirs(web, answer, who, actor)
                if (
                    answer.status == 200
                    and not actor.is_anonymous
                    and "html" in str(answer.headers.get("content-type"))
                ):
                    assert "no-store" in answer.rules, path
    assert len(proxy.everything) > 20
    for answer in proxy.everything:
        assert not [sign for sign in _SIGNED_IN if sign in answer.text], answer.text
        assert "set-cookie" not in answer.headers
        if "html" in answer.headers.get("content-type", ""):
            assert "cookie" in answer.vary


async def test_304_only_while_nothing_changed(web: Web, town: Municipality) -> None:
    """A page known by its ETag is not sent again until something in it is different."""
    elsa, proxy = await web.visit(), Proxy()
    said = await say(town, town.beto, "Sí.")

    async def etag() -> str:
        answer = await Proxy().get(elsa, thread_path(town))
        assert answer.status == 200
        tag: str = answer.headers["etag"]
        again = await proxy.get(elsa, thread_path(town), known=tag)
        assert (again.status, again.raw) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.rules == {"no-cache"}
        assert {"cookie", "accept-encoding"} <= set(again.vary)
        return tag

    tags = [await etag()]
    for act in (
        lambda: say(town, town.ana, "No.", parent_id=said.id),
        lambda: service.set_support(town.ana, said.id, wanted=True, now=NOW),
        lambda: service.edit(town.beto, said.id, "Quizás.", now=NOW),
        lambda: moderation.hide(town.carmen, said.id, rule="1", now=NOW),
        lambda: moderation.restore(town.carmen, said.id, now=NOW),
        lambda: service.remove(town.beto, said.id, now=NOW),
    ):
        await act()
        old = await proxy.get(elsa, thread_path(town), known=tags[-1])
        assert old.status == 200
        tags.append(await etag())
    web.clock.now = CLOSES
    assert (await proxy.get(elsa, thread_path(town), known=tags[-1])).status == 200
    tags.append(await etag())
    # A page that is as it once was may have its old name; these were all different.
    assert len(set(tags)) == len(tags)
    # Several names at once, as browsers send, and the same page from another process.
    many = ", ".join(tags)
    assert (await proxy.get(elsa, thread_path(town), known=many)).status == 304
    forget(web)
    assert (await proxy.get(elsa, thread_path(town), known=tags[-1])).status == 304
    there = another(web)
    assert (await proxy.get(await there.visit(), thread_path(town), known=tags[-1])).status == 304
    await there.close()


async def test_etags_are_a_languages_and_nobodys(web: Web, town: Municipality) -> None:
    """Another language has another ETag; who is signed in has none and is never told 304."""
    elsa, ana, diego = [await web.visit(each) for each in (town.elsa, town.ana, town.diego)]
    tags = {}
    for language in LANGUAGES:
        elsa.client.cookies.set("idioma", language, domain=elsa.host)
        answer = await Proxy().get(elsa, thread_path(town))
        assert f'<html lang="{language}">' in answer.text
        tags[language] = answer.headers["etag"]
    assert tags["es"] != tags["en"]
    crossed = await Proxy().get(elsa, thread_path(town), known=tags["es"])
    assert crossed.status == 200
    for who in (ana, diego):
        for tag in (*tags.values(), "*"):
            answer = await Proxy().get(who, thread_path(town), known=tag)
            assert (answer.status, answer.rules) == (200, {"no-store"})
            assert "etag" not in answer.headers


@only_sqlite
async def test_head_says_what_get_says(web: Web, town: Municipality) -> None:
    """HEAD has the headers of GET, packed or not, known or not, signed in or not."""
    elsa, ana = await web.visit(), await web.visit(town.ana)
    for who in (elsa, ana):
        for _time in range(3):
            await who.get(thread_path(town))
        for encoding in ("gzip", "identity"):
            for _time in range(2):
                headers = {"Accept-Encoding": encoding}
                got = await who.client.get(thread_path(town), headers=headers)
                head = await who.client.head(thread_path(town), headers=headers)
                assert head.status_code == got.status_code == 200
                assert dict(head.headers).keys() == dict(got.headers).keys()
                for name in ("etag", "cache-control", "vary", "content-encoding"):
                    assert head.headers.get(name) == got.headers.get(name)
    known = {"If-None-Match": (await elsa.get(thread_path(town))).headers["etag"]}
    assert (await elsa.client.head(thread_path(town), headers=known)).status_code == 304


@only_sqlite
async def test_packed_and_plain_are_the_same_page(web: Web, town: Municipality) -> None:
    """Before and after a page is packed, everybody unpacks what they would have been sent plain."""
    await fill(town, 30)
    for actor in (town.elsa, town.ana):
        who = await web.visit(actor)
        plain = (await Proxy().get(who, thread_path(town), "identity")).text
        packed = [await Proxy().get(who, thread_path(town), "gzip") for _time in range(6)]
        # From the third reading on it is kept packed.
        assert all(each.headers["content-encoding"] == "gzip" for each in packed[2:])
        assert all(len(each.raw) < len(plain) / 3 for each in packed[2:])
        for each in packed:
            assert _TOKENS.sub("", each.text) == _TOKENS.sub("", plain)
            assert int(each.headers["content-length"]) == len(each.raw)
            _assert_theirs(web, each, who, actor)


_TOKENS = re.compile(r'(?<=name="csrf" value=")[^"]*|(?<=name="request_key" value=")[^"]*')
