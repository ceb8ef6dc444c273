"""Where sockets are blocked: the same messages for a page that asks again and again."""

import pytest

from participa.deliberation import live, service
from participa.deliberation.models import Thread
from participa.moderation import service as moderation
from participa.processes.models import Process
from tests.deliberation.listening import Ear, Looker, source_of
from tests.deliberation.reading import LANGUAGES
from tests.deliberation.sheets import told
from tests.deliberation.talking import fill, say, thread_path
from tests.people import CLOSES, NEIGHBOUR_HOST, NOW, Municipality
from tests.statements import counted
from tests.visitors import Web

only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def _news(town: Municipality, after: object, state: str = "open", language: str = "es") -> str:
    return f"{thread_path(town)}/novedades?despues={after}&estado={state}&idioma={language}"


async def test_asking_tells_what_a_socket_tells(web: Web, town: Municipality) -> None:
    """The messages are those of the sockets, and make the new page of the old."""
    said = await fill(town, 5)
    ear, looker = Ear(source_of(web, town)), Looker(web, thread_path(town))
    await ear.start()
    old = {language: await looker.sheet(town.elsa, language) for language in LANGUAGES}
    await say(town, town.beto, "Uno más.", parent_id=said[0].id)
    await service.set_support(town.ana, said[1].id, wanted=True, now=NOW)
    await moderation.hide(town.carmen, said[-1].id, rule="1", now=NOW)
    messages = await ear.hear()
    visitor = await web.visit()
    for language, page in old.items():
        answer = await visitor.get(_news(town, page.number, page.state, language))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json() == {"n": ear.number, "messages": messages[language]}
        assert told(page, answer.json()["messages"]) == await looker.sheet(town.elsa, language)


async def test_nothing_new_is_304(web: Web, town: Municipality) -> None:
    """While nothing happened the answer has no body and costs two statements."""
    visitor = await web.visit()
    first = await visitor.get(_news(town, 1))
    assert first.json() == {"n": 1, "messages": []}
    assert first.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": first.headers["etag"]}
    with counted() as statements:
        again = await visitor.get(_news(town, 1), headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert len(statements) <= 3
    await say(town, town.beto, "Algo.")
    assert (await visitor.get(_news(town, 1), headers=known)).status_code == 200
    again = await visitor.get(_news(town, 2))
    known = {"If-None-Match": again.headers["etag"]}
    web.clock.now = CLOSES
    closed = await visitor.get(_news(town, 2), headers=known)
    assert [each["t"] for each in closed.json()["messages"]] == ["phase"]
    assert "Ya no se reciben" in closed.json()["messages"][0]["html"]
    quiet = await visitor.get(_news(town, 2, "closed"))
    assert quiet.json()["messages"] == []


@only_sqlite
async def test_too_far_behind_is_told_to_reload(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the most that is told one by one, one message says to read the page again."""
    monkeypatch.setattr(live, "MOST_MISSED", 4)
    await fill(town, 6)
    visitor = await web.visit()
    assert len((await visitor.get(_news(town, 3))).json()["messages"]) == 5
    assert (await visitor.get(_news(town, 2))).json() == {"n": 7, "messages": [{"t": "reload"}]}
    # A page that knows more than there is, as after a database was put back.
    assert (await visitor.get(_news(town, 99))).json() == {"n": 7, "messages": []}


@only_sqlite
@pytest.mark.parametrize("after", ["", "x", "-1", "1.5", "²", "٣", "%00", "9" * 10, "1%202", "+1"])
async def test_what_is_no_number_is_not_there(web: Web, town: Municipality, after: str) -> None:
    """Anything but a small number of plain digits is 404, in whatever way it is asked."""
    visitor = await web.visit()
    for path in (_news(town, after), f"{thread_path(town)}/novedades"):
        answer = await visitor.get(path, headers={"Accept": "application/json"})
        assert answer.status_code == 404
        assert set(answer.json()) == {"title", "advice"}


async def test_t20_news_of_what_one_may_not_see(web: Web, town: Municipality) -> None:
    """The neighbour's, a hidden, an unpublished and a missing conversation are 404, even unchanged.

    Staff go on reading a draft, and that answer may be kept by nobody.
    """
    elsa, ana = await web.visit(), await web.visit(town.ana)
    nora = await web.visit(town.nora, NEIGHBOUR_HOST)
    diego = await web.visit(town.diego)
    known = {"If-None-Match": (await elsa.get(_news(town, 1))).headers["etag"]}
    assert (await nora.get(_news(town, 1), headers=known)).status_code == 404
    assert (await elsa.get("/hilos/999999/novedades?despues=1")).status_code == 404
    process = Process.of(town.entity.id).filter(id=town.process.id)
    await process.update(is_published=False)
    for reader in (elsa, ana, nora):
        assert (await reader.get(_news(town, 1), headers=known)).status_code == 404
    draft = await diego.get(_news(town, 0))
    assert draft.status_code == 200
    assert len(draft.json()["messages"]) == 2
    assert draft.headers["cache-control"] == "no-store"
    await process.update(is_published=True)
    await Thread.of(town.entity.id).filter(id=town.topic.thread_id).update(is_hidden=True)
    for reader in (elsa, ana, diego, nora):
        assert (await reader.get(_news(town, 1), headers=known)).status_code == 404
