"""Attacks by HTTP: odd addresses, side effects, sign-ins, redirects, floods, smuggled fields."""

import asyncio
import csv
import io
import logging
import re
import statistics
import time

import pytest
from starlette.routing import Route

from participa.accounts import service as accounts
from participa.app import create_app
from participa.deliberation.models import Contribution, Support
from participa.security.limits import MemoryLimiter
from participa.settings import Settings
from participa.web.addresses import IdConvertor, NameConvertor
from tests.conftest import Clock, make_settings
from tests.people import HOST, PASSWORD, Municipality
from tests.security.attacks import EVIL_PATHS, ODD, changed, checksum
from tests.security.test_matrix import FORMS, routes
from tests.security.world import build_world, fill
from tests.visitors import Unlimited, Visitor, Web

QUERY = (
    "desde", "responder", "antes", "version", "capitulo", "dependencia", "estado",
    "borrador", "aviso", "radicado", "idioma", "next", "tema",
)  # fmt: skip
# Each run tries one in so many pairs of an address and something odd, in turn; the long one all.
ONE_IN = [6, pytest.param(1, marks=pytest.mark.long)]
only_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def paths_of(web: Web, method: str) -> list[str]:
    """List the paths that answer to a method."""
    return [
        route.path
        for route in routes(web.app)
        if isinstance(route, Route) and method in (route.methods or ())
    ]


@pytest.mark.parametrize("one_in", ONE_IN)
async def test_t22_odd_addresses_are_never_a_failure(
    web: Web, town: Municipality, one_in: int
) -> None:
    """Huge numbers, NUL, broken UTF-8, foreign digits: a page or none, on both databases."""
    world = await build_world(town)
    official = await web.visit(town.diego)
    failed = []
    for turn, path in enumerate(paths_of(web, "GET")):
        real = await fill(world, path)
        for at, odd in enumerate(ODD):
            if (turn + at) % one_in:
                continue
            order = ("", "recientes", "apoyados", "apoyadas")[at % 4]
            query = "&".join(f"{name}={odd}" for name in QUERY if len(odd) < 100)
            tried = [f"{real}?orden={order}&{query or f'desde={odd}'}"]
            if "{" in path:
                tried.append(re.sub(r"\{[^}]+\}", lambda _m, odd=odd: odd, path))  # type: ignore[misc]
            for each in tried:
                answer = await official.get(each)
                if answer.status_code >= 500:
                    failed.append((each[:90], answer.status_code))
    assert failed == []


def test_t22_every_number_in_an_address_fits_a_row() -> None:
    """What the router takes for an id or a name is what both databases take."""
    assert re.fullmatch(IdConvertor.regex, "999999999")
    assert not re.fullmatch(IdConvertor.regex, "9999999999")
    assert not re.fullmatch(NameConvertor.regex, "a\x00b")
    assert not re.fullmatch(NameConvertor.regex, "a" * 81)


FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("one_in", ONE_IN)
@pytest.mark.parametrize(
    "words", [b"a%00b", b"%ff%fe", b"%ed%a0%80", b"%zz%", b"x" * 19_000, b"\xff\x00", b"%F0%9F"]
)
async def test_t22_odd_words_in_forms_are_never_a_failure(
    database: Settings, town: Municipality, clock: Clock, words: bytes, one_in: int
) -> None:
    """Bytes that are no text are refused or cleaned; no NUL is ever stored."""
    world = await build_world(town)
    web = Web(create_app(database, clock=clock, limiter=Unlimited()), database, clock)
    ana = await web.visit(town.ana)
    token = _token(ana)
    for turn, path in enumerate(paths_of(web, "POST")):
        real = await fill(world, path)
        names = ("title", "body", "subject", "email", "password", "display_name", "next",
                 "parent", "filing_number", "code", "hacer", "name", "request_key")  # fmt: skip
        for at, name in enumerate(names):
            if (turn + at) % one_in:
                continue
            answer = await ana.client.post(
                real,
                content=b"csrf=" + token.encode() + b"&" + name.encode() + b"=" + words,
                headers={"Origin": f"http://{HOST}", "Content-Type": FORM_TYPE},
            )
            assert answer.status_code < 500, (path, name)
    said = await Contribution.of(town.entity.id).all()
    assert not any("\0" in each.body_source for each in said)
    await web.close()


def _token(visitor: Visitor) -> str:
    from participa.security.tokens import form_token, token_hash

    return form_token(visitor.settings.secret, token_hash(visitor.token))


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "utf-16", "idna", "rot13", "x"])
async def test_t22_a_form_in_a_strange_encoding_is_never_a_failure(
    web: Web, town: Municipality, charset: str
) -> None:
    """Half of a character, smuggled in by naming an encoding, reaches no database."""
    ana = await web.visit(town.ana)
    fields = {"csrf": _token(ana), "body": "\\ud800 +2AA- \\x00 hola", "title": "\\udfff +2AA-"}
    for path in (f"/hilos/{town.topic.thread_id}/aportes", f"/foros/{town.forum.id}/hilos",
                 "/ingresar", "/registro", "/peticiones/nueva"):  # fmt: skip
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        answer = await ana.client.post(
            path,
            content=f"{parts}--b--\r\n".encode(),
            headers={
                "Origin": f"http://{HOST}",
                "Content-Type": f"multipart/form-data; boundary=b; charset={charset}",
            },
        )
        assert answer.status_code < 500, path


@only_sqlite
async def test_t09_reading_changes_nothing(web: Web, town: Municipality) -> None:
    """Every page, read by GET and by HEAD as everybody, leaves every table as it was."""
    world = await build_world(town)
    paths = [await fill(world, path) for path in paths_of(web, "GET")]
    people = (None, town.ana, town.carmen, town.diego, town.alma)
    visitors = [await web.visit(actor) for actor in people]
    before = await checksum()
    for turn, path in enumerate(paths):
        for at, visitor in enumerate(visitors):
            read = await visitor.get(path)
            if (turn + at) % 3:
                continue
            head = await visitor.client.head(path)
            assert head.status_code == read.status_code, path
            overridden = {"X-HTTP-Method-Override": "POST", "X-Method": "DELETE"}
            await visitor.get(f"{path}?_method=POST", headers=overridden)
    assert changed(before, await checksum()) == set()


async def test_t11_sign_in_gives_a_new_id(web: Web, town: Municipality) -> None:
    """A cookie planted before signing in is worth nothing after it, nor a copy after leaving."""
    await _with_password(town)
    visitor = await web.visit()
    visitor.client.cookies.set("participa", "planted", domain=HOST)
    entered = await visitor.post("/ingresar", {"email": "ana@example.org", "password": PASSWORD})
    token = entered.cookies["participa"]
    assert token != "planted"
    assert len(token) >= 22
    thief = await web.visit()
    thief.client.cookies.set("participa", token, domain=HOST)
    assert (await thief.get("/mi-participacion")).status_code == 200
    visitor.token = token
    assert (await visitor.post("/salir")).status_code == 303
    assert (await thief.get("/mi-participacion")).status_code == 303
    planted = await web.visit()
    planted.client.cookies.set("participa", "planted", domain=HOST)
    assert (await planted.get("/mi-participacion")).status_code == 303


async def _with_password(town: Municipality) -> None:
    from participa.accounts.models import Person
    from participa.security.passwords import hash_password

    hashed = await hash_password(PASSWORD)
    await Person.of(town.entity.id).filter(id=town.ana.person_id).update(password_hash=hashed)


@only_sqlite
async def test_t11_cookies_under_https(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """Under https the cookie is bound to the host and never sent in the clear; HSTS is on."""
    await _with_password(town)
    secure = make_settings(database.var_dir, https=True)
    web = Web(create_app(secure, clock=clock), secure, clock)
    visitor = await web.visit()
    answer = await visitor.post("/ingresar", {"email": "ana@example.org", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-participa=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "samesite=lax" in cookie.lower()
    assert "domain" not in cookie.lower()
    hsts = answer.headers["strict-transport-security"]
    assert hsts == "max-age=31536000; includeSubDomains"
    await web.close()


@pytest.mark.parametrize("wanted", EVIL_PATHS)
@only_sqlite
async def test_t05_no_form_leads_elsewhere(web: Web, town: Municipality, wanted: str) -> None:
    """Every form with a way back leads back into this site and breaks no header."""
    await _with_password(town)
    carmen, beto, visitor = [await web.visit(a) for a in (town.carmen, town.beto, None)]
    receipt = town.topic.receipt_number
    answers = [
        await visitor.post("/idioma", {"locale": "en\r\nX-Evil: 1", "next": wanted}),
        await visitor.post(
            "/ingresar", {"email": "ana@example.org", "password": PASSWORD, "next": wanted}
        ),
        await beto.post(f"/aportes/{receipt}/apoyo", {"hacer": "apoyar", "next": wanted}),
        await carmen.post(f"/aportes/{receipt}/ocultar", {"reason": "1", "next": wanted}),
        await carmen.post(f"/aportes/{receipt}/mostrar", {"next": wanted}),
    ]
    for answer in answers:
        assert answer.status_code == 303
        assert re.match(r"/(?![/\\])", answer.headers["location"]), answer.headers["location"]
        assert "x-evil" not in answer.headers
    shown = await visitor.get("/ingresar", params={"next": wanted})
    assert not re.search(r'name="next" value="(?!/(?![/\\]))', shown.text)


SMUGGLED = (
    "id", "entity", "entity_id", "process_id", "author", "author_id", "person_id", "kind",
    "state", "is_active", "is_hidden", "is_opening", "is_demo", "role", "grants", "territory_id",
    "support_count", "number", "path", "receipt_number", "created_at", "body_html",
    "sanitiser_version", "hidden_reason", "channel", "people_count", "password_hash", "due_on",
    "published_at", "digest", "answer_office", "code_hash",
)  # fmt: skip
# These two read no field at all: what comes along is not looked at.
FIELDLESS = {"/salir", "/gestion/informes/{report_id:int}/publicar"}


@only_sqlite
async def test_t21_no_column_can_be_smuggled(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """Any column's name added to any form is refused, and no table changes."""
    world = await build_world(town)
    web = Web(create_app(database, clock=clock, limiter=Unlimited()), database, clock)
    visitors = [await web.visit(a) for a in (town.ana, town.carmen, town.diego, town.alma)]
    for path in paths_of(web, "POST"):
        if path in FIELDLESS:
            continue
        real = await fill(world, path)
        before = await checksum()
        for at, visitor in enumerate(visitors):
            for name in SMUGGLED[at::4]:
                answer = await visitor.post(real, {**FORMS.get(path, {}), name: "1"})
                assert answer.status_code in {400, 403, 404, 409, 422}, (path, name)
        assert changed(before, await checksum()) == set(), path
    await web.close()


async def test_parallel_sendings_count_once(web: Web, town: Municipality) -> None:
    """Twelve fingers on one button: one contribution, one support, no failure."""
    beto = await web.visit(town.beto)
    path = f"/hilos/{town.topic.thread_id}/aportes"
    form = {"body": "Una sola vez.", "request_key": "the-same-key"}
    answers = await asyncio.gather(*(beto.post(path, form) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    said = Contribution.of(town.entity.id).filter(body_source="Una sola vez.")
    assert await said.count() == 1
    support = f"/aportes/{town.topic.receipt_number}/apoyo"
    answers = await asyncio.gather(*(beto.post(support, {"hacer": "apoyar"}) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {303}
    assert await Support.of(town.entity.id).filter(person_id=town.beto.person_id).count() == 1
    shown = await Contribution.of(town.entity.id).get(id=town.topic.id)
    assert shown.support_count == 1


@only_sqlite
async def test_t14_sign_in_tells_nobody_who_has_an_account(town: Municipality) -> None:
    """A known address takes as long as an unknown one, by the medians of 100 tries each."""
    await _with_password(town)
    spans: dict[str, list[float]] = {"ana@example.org": [], "nadie@example.org": []}
    for _round in range(100):
        for email, span in spans.items():
            began = time.perf_counter()
            await accounts.sign_in(
                entity_id=town.entity.id, email=email, password="x" * 12, now=town.topic.created_at
            )
            span.append(time.perf_counter() - began)
    known, unknown = (statistics.median(span) for span in spans.values())
    assert abs(known - unknown) < 0.005


@only_sqlite
async def test_t16_limits_hold_whatever_the_headers_say(web: Web, town: Municipality) -> None:
    """Without a proxy of ours no header changes who is counted: the sixth try is refused."""
    names = ("X-Forwarded-For", "x-forwarded-for", "X-FORWARDED-FOR", "Forwarded", "X-Real-IP",
             "True-Client-IP", "X-Client-IP")  # fmt: skip
    statuses = []
    for at, name in enumerate(names):
        visitor = await web.visit()
        typed = "ANA@Example.org" if at % 2 else " ana@example.org "
        answer = await visitor.post(
            "/ingresar", {"email": typed, "password": "x"}, headers={name: f"198.51.{at}.1"}
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * 5 + [429] * 2
    registered = []
    for at in range(7):
        visitor = await web.visit()
        answer = await visitor.post("/registro", {}, headers={names[0]: f"198.51.{at}.1"})
        registered.append(answer.status_code)
    assert registered == [422] * 5 + [429] * 2


@only_sqlite
async def test_t16_one_place_cannot_try_many_accounts(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """Guessing one password over many addresses ends too, and says when to come back."""
    # Its time stands still: on a busy machine sixty tries take long enough to earn new ones.
    limiter = MemoryLimiter(lambda: 0.0)
    web = Web(create_app(database, clock=clock, limiter=limiter), database, clock)
    visitor = await web.visit()
    for at in range(60):
        form = {"email": f"p{at}@example.org", "password": "x"}
        assert (await visitor.post("/ingresar", form)).status_code == 422
    refused = await visitor.post("/ingresar", {"email": "p@example.org", "password": "x"})
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    await web.close()


@only_sqlite
async def test_t16_our_own_proxy_is_believed(
    database: Settings, town: Municipality, clock: Clock
) -> None:
    """Behind our proxy each reader is counted alone, by the last address it did not write."""
    behind = make_settings(database.var_dir, trusted_proxies="127.0.0.1")
    web = Web(create_app(behind, clock=clock), behind, clock)
    for at in range(8):
        visitor = await web.visit()
        forwarded = {"X-Forwarded-For": f"203.0.113.9, 198.51.{at}.1"}
        assert (await visitor.post("/registro", {}, headers=forwarded)).status_code == 422
    statuses = []
    for at in range(7):
        visitor = await web.visit()
        forwarded = {"X-Forwarded-For": f"10.0.{at}.1, 203.0.113.7"}
        answer = await visitor.post("/registro", {}, headers=forwarded)
        statuses.append(answer.status_code)
    assert statuses[5:] == [429, 429]
    await web.close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (HOST, 200), (HOST.upper(), 200), (f"{HOST}.", 200), (f"{HOST}:8071", 200),
        (f"user@{HOST}", 400), (f"{HOST}.evil.example", 400), (f"evil.example/{HOST}", 400),
        ("[::1]", 400), ("[::1]:80", 400), ("[", 400), ("", 400), ("h" * 5000, 400),
        (f"{HOST}, evil.example", 400), (f"{HOST}:80:80", 400), ("%00", 400),
    ],
)  # fmt: skip
async def test_t17_only_our_names_are_answered(
    web: Web, town: Municipality, host: str, status: int
) -> None:
    """A name, its capitals, its final dot and its port are ours; whatever hides one is not."""
    visitor = await web.visit()
    answer = await visitor.get("/", headers={"Host": host})
    assert answer.status_code == status
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("origin", ["http://[x", "http://", "http://[::1]]", "null", "\x00"])
@only_sqlite
async def test_t09_a_broken_origin_is_refused(web: Web, town: Municipality, origin: str) -> None:
    """An Origin or a Referer that cannot be read is another site's, not a failure."""
    visitor = await web.visit()
    for name in ("Origin", "Referer"):
        headers = {name: origin, "Content-Type": FORM_TYPE}
        answer = await visitor.client.post("/idioma", content=b"locale=es", headers=headers)
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["../settings.py", "..%2f..%2fsettings.py", "%2e%2e/%2e%2e/settings.py", "%2fetc%2fpasswd",
     "..%5c..%5csettings.py", "x/%00", "....//settings.py", "%252e%252e/settings.py"],
)  # fmt: skip
@only_sqlite
async def test_static_files_hold_nothing_else(web: Web, town: Municipality, path: str) -> None:
    """No way of writing an address leads out of the folder of static files."""
    answer = await (await web.visit()).get(f"/static/{path}")
    assert answer.status_code == 404
    assert "BaseSettings" not in answer.text


@only_sqlite
async def test_t07_no_exported_cell_is_a_formula(web: Web, town: Municipality) -> None:
    """What a spreadsheet would run is exported as the text that it is."""
    ana = await web.visit(town.ana)
    for at, start in enumerate(("=", "+", "-", "@", "\t=", " =", "＝")):
        formula = f'{start}HYPERLINK("http://evil.example";"{at}")'
        await ana.post(f"/hilos/{town.topic.thread_id}/aportes", {"body": formula})
    await ana.post(f"/foros/{town.forum.id}/hilos", {"title": "=1+1", "body": "@SUM(1)"})
    answer = await ana.get("/datos/plan/aportes.csv")
    cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
    assert sum("HYPERLINK" in cell for cell in cells) == 7
    for cell in cells:
        assert not cell.lstrip("\ufeff \t\n").startswith(("=", "@", "＝")), cell
        assert not re.match(r"[+-](?!\d)", cell), cell


async def test_t28_logs_hold_no_secret(
    web: Web, town: Municipality, caplog: pytest.LogCaptureFixture
) -> None:
    """Signing in, registering, asking for a new password: none of it leaves a secret in the log."""
    caplog.set_level(logging.DEBUG)
    for name in ("tortoise", "tortoise.db_client", "aiosqlite", "asyncio"):
        # What the library says at debug level is never written: the log begins at `info`.
        caplog.set_level(logging.INFO, logger=name)
    await _with_password(town)
    visitor = await web.visit()
    entered = await visitor.post("/ingresar", {"email": "ana@example.org", "password": PASSWORD})
    await visitor.post("/ingresar", {"email": "ana@example.org", "password": "casi la misma"})
    await visitor.post("/recuperar", {"email": "ana@example.org"})
    for secret in (PASSWORD, "casi la misma", entered.cookies["participa"]):
        assert secret not in caplog.text


@pytest.mark.parametrize("token", ["é" * 48, "\ud83d", "0" * 1000, "\x00" * 48])
@only_sqlite
async def test_t09_a_strange_token_is_refused(web: Web, town: Municipality, token: str) -> None:
    """A token that cannot even be compared is a wrong token."""
    ana = await web.visit(town.ana)
    words = token.encode(errors="surrogatepass")
    body = b"locale=es&csrf=" + b"".join(b"%%%02X" % byte for byte in words)
    headers = {"Origin": f"http://{HOST}", "Content-Type": FORM_TYPE}
    answer = await ana.client.post("/idioma", content=body, headers=headers)
    assert answer.status_code == 403
