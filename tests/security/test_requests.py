"""Forged requests, headers, hosts, redirects, sizes: what reaches the application and how."""

import pytest

from participa.web.navigation import safe_path
from tests.people import HOST, Municipality
from tests.visitors import Web, page_text


async def test_t09_a_form_without_its_token_is_refused(web: Web, town: Municipality) -> None:
    """A signed-in person's form needs the token of that sign-in, and the text is given back."""
    ana = await web.visit(town.ana)
    beto = await web.visit(town.beto)
    path = f"/hilos/{town.topic.thread_id}/aportes"
    for token in ("", "x" * 48, _token_of(beto)):
        answer = await ana.post(path, {"body": "Escrito con cuidado.", "csrf": token})
        assert answer.status_code == 403
        assert "Escrito con cuidado." in page_text(answer)


def _token_of(visitor: object) -> str:
    from participa.security.tokens import form_token, token_hash

    return form_token(visitor.settings.secret, token_hash(visitor.token))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-site"},
        {"Origin": f"http://{HOST}.evil.example"},
    ],
)
async def test_t09_another_sites_form_is_refused(
    web: Web, town: Municipality, headers: dict[str, str]
) -> None:
    """Even with the right token, a request from elsewhere is refused, for visitors too."""
    for actor in (town.ana, None):
        visitor = await web.visit(actor)
        answer = await visitor.post("/idioma", {"locale": "en", "next": "/"}, headers=headers)
        assert answer.status_code == 403


async def test_t09_a_request_without_any_origin_is_refused(web: Web, town: Municipality) -> None:
    """A program that says nothing of where it comes from is not one of our pages."""
    visitor = await web.visit()
    answer = await visitor.client.post("/idioma", data={"locale": "en", "next": "/"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/nada", "/ingresar", "/hilos/999", "/static/x/y.css"])
async def test_t03_t04_headers_on_every_answer(web: Web, town: Municipality, path: str) -> None:
    """Pages, errors and static files carry the policy, and nothing unsafe is in it."""
    answer = await (await web.visit()).get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "charset" in answer.headers["content-type"]
    assert "server" not in answer.headers


async def test_t17_an_unknown_host_is_refused(web: Web, town: Municipality) -> None:
    """A host that is nobody's gets 400 and no entity's page."""
    answer = await (await web.visit(host="evil.example")).get("/")
    assert answer.status_code == 400
    assert "La Loma" not in answer.text


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\evil", "javascript:alert(1)",
     "/ruta\r\nX: y", "", None, "/a b"],
)  # fmt: skip
def test_t05_no_open_redirect(wanted: str | None) -> None:
    """Only a path of this site is followed."""
    assert safe_path(wanted) == "/"


async def test_t18_a_huge_form_is_refused(web: Web, town: Municipality) -> None:
    """More than a form may hold is a clear page with 413, and nothing is stored."""
    ana = await web.visit(town.ana)
    answer = await ana.post(f"/hilos/{town.topic.thread_id}/aportes", {"body": "x" * 80_000})
    assert answer.status_code == 413
    assert "demasiado grande" in page_text(answer)


async def test_t21_unknown_fields_are_refused(web: Web, town: Municipality) -> None:
    """A field the form does not have changes nothing, it is refused."""
    ana = await web.visit(town.ana)
    answer = await ana.post(
        f"/hilos/{town.topic.thread_id}/aportes",
        {"body": "Hola.", "state": "hidden_by_moderator", "support_count": "99"},
    )
    assert answer.status_code == 400


async def test_t19_what_depends_on_a_sign_in_is_not_stored(web: Web, town: Municipality) -> None:
    """Signed-in pages are no-store; a visitor's page holds no name, token or counter of anybody."""
    path = f"/hilos/{town.topic.thread_id}"
    signed = await (await web.visit(town.beto)).get(path)
    assert signed.headers["cache-control"] == "no-store"
    public = await (await web.visit()).get(path)
    assert 'name="csrf"' not in public.text
    assert "Beto" not in public.text


async def test_t29_a_failure_is_a_page_with_a_number(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No trace, path or statement reaches a reader; the log's number does."""
    from participa.forums import routes

    async def broken(*_args: object) -> None:
        raise RuntimeError("SELECT secret FROM /etc/passwd")

    monkeypatch.setattr(routes, "forum_of", broken)
    answer = await (await web.visit()).get("/foros/1")
    assert answer.status_code == 500
    text = page_text(answer)
    assert "Algo falló de nuestro lado" in text
    assert "SELECT" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"]


async def test_wrong_method_is_405(web: Web, town: Municipality) -> None:
    """A page asked in a way it does not know says so."""
    ana = await web.visit(town.ana)
    assert (await ana.post("/mi-participacion")).status_code == 405
    assert (await ana.get(f"/hilos/{town.topic.thread_id}/aportes")).status_code == 405
