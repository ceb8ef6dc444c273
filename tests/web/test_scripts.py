"""What scripts are answered: the same refusals as pages, as JSON, stored by nobody on the way."""

import json
from typing import Any

import pytest
from starlette.requests import Request

from participa.i18n import _
from participa.web.context import PageContext
from participa.web.scripts import json_answer, wants_json
from tests.people import Municipality
from tests.visitors import Web

JSON = {"Accept": "application/json"}
only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def _request(accept: str | None = None, locale: str = "es") -> Request:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": headers})
    values: dict[str, Any] = dict.fromkeys(
        ("settings", "limiter", "entity", "actor", "now", "address")
    )
    request.state.context = PageContext(locale=locale, **values)
    return request


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/json", True), ("application/json, */*", True),
        ("application/json;q=0.9", True), (None, False), ("", False), ("*/*", False),
        ("text/html,application/json;q=0.5", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
    ],
)  # fmt: skip
def test_only_who_asks_for_json_gets_it(accept: str | None, wanted: bool) -> None:
    """A browser that opens a page never does, whatever else it would take."""
    assert wants_json(_request(accept)) is wanted


@pytest.mark.parametrize(("locale", "words"), [("es", "Entrar"), ("en", "Sign in")])
def test_texts_are_in_the_readers_language(locale: str, words: str) -> None:
    """Texts are translated wherever they stand in the answer; letters are sent as they are."""
    answer = json_answer(
        _request(locale=locale), {"a": _("Entrar"), "b": [{"c": _("Entrar")}], "d": "ñ <b>"}
    )
    assert json.loads(bytes(answer.body)) == {"a": words, "b": [{"c": words}], "d": "ñ <b>"}
    assert "ñ".encode() in bytes(answer.body)


def test_nobody_stores_an_answer() -> None:
    """no-store unless the endpoint says otherwise, and Vary names what it depends on."""
    answer = json_answer(_request(), {}, status=201)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.headers["vary"].split(", ")) == {"Cookie", "Accept", "Accept-Encoding"}
    chosen = json_answer(_request(), {}, headers={"Cache-Control": "no-cache", "ETag": "x"})
    assert (chosen.headers["cache-control"], chosen.headers["etag"]) == ("no-cache", "x")


def test_what_is_no_json_is_a_mistake_of_ours() -> None:
    """An object that nobody thought of is an error, not its own description."""
    with pytest.raises(TypeError):
        json_answer(_request(), {"a": object()})


@only_sqlite
@pytest.mark.parametrize("language", ["es", "en"])
async def test_refusals_come_as_json_or_as_a_page(
    web: Web, town: Municipality, language: str
) -> None:
    """404, 405, 400, 403 and 413 keep their status and words; only the form differs."""
    ana = await web.visit(town.ana)
    thread = f"/hilos/{town.topic.thread_id}"

    attempts: list[tuple[int, str, str, dict[str, Any]]] = [
        (404, "GET", "/nada", {}),
        (404, "GET", "/hilos/999999", {}),
        (405, "DELETE", thread, {"headers": {"Origin": "http://laloma.test"}}),
        (403, "POST", f"{thread}/aportes", {"data": {"csrf": "x"}}),
        (400, "POST", f"{thread}/aportes", {"content": b"{}"}),
        (413, "POST", f"{thread}/aportes", {"data": {"body": "x" * 200_000}}),
    ]
    for status, method, path, options in attempts:
        sent = dict(options)
        headers = {"Origin": "http://laloma.test", **sent.pop("headers", {})}
        address = f"{path}?idioma={language}"
        script = await ana.client.request(method, address, headers={**headers, **JSON}, **sent)
        page = await ana.client.request(method, address, headers=headers, **sent)
        assert (script.status_code, page.status_code) == (status, status), path
        assert set(script.json()) == {"title", "advice"}
        assert script.json()["title"] in page.text
        assert script.headers["cache-control"] == "no-store"
        assert page.headers["content-type"].startswith("text/html")
    if language == "en":
        assert script.json()["title"] == "What you sent is too large"


@only_sqlite
async def test_t29_what_broke_is_not_told(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure of ours is 500 with a number, also to scripts, and says nothing of how."""

    async def broken(*_args: object) -> None:
        raise RuntimeError("clave secreta en /etc/participa")

    monkeypatch.setattr("participa.deliberation.routes.standing_of", broken)
    ana = await web.visit(town.ana)
    path = f"/hilos/{town.topic.thread_id}/aportes"
    answer = await ana.post(path, {"body": "Hola."}, headers=JSON)
    assert answer.status_code == 500
    assert set(answer.json()) == {"title", "advice"}
    assert "secreta" not in answer.text


@only_sqlite
async def test_an_unknown_house_is_still_said_plainly(web: Web, town: Municipality) -> None:
    """Before the entity is known there is no language to answer in: a bare page, 400."""
    answer = await (await web.visit(host="nadie.test")).get("/", headers=JSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
