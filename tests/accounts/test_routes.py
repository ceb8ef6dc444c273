"""Registering, signing in and out, recovering the password: as a browser does it."""

import pytest

from participa.accounts.jobs import reset_mail
from participa.accounts.middleware import session_cookie
from participa.accounts.models import Consent, LoginSession, OneTimeLink, Person
from participa.accounts.service import ask_reset
from participa.jobs.models import Job
from tests.people import HOST, NEIGHBOUR_HOST, NOW, PASSWORD, Municipality
from tests.visitors import Visitor, Web, page_text

NEW = {
    "display_name": "Lucía M.",
    "email": "Lucia@Example.org",
    "password": PASSWORD,
    "consent": "1",
    "next": "/foros/1",
}


async def _registered(web: Web) -> Visitor:
    visitor = await web.visit()
    answer = await visitor.post("/registro", NEW)
    assert answer.status_code == 303, page_text(answer)
    visitor.token = visitor.client.cookies[session_cookie(web.settings)]
    return visitor


async def test_registering_signs_in_and_goes_on(web: Web, town: Municipality) -> None:
    """A new citizen lands where they wanted to be, with their consent on record."""
    visitor = await web.visit()
    answer = await visitor.post("/registro", NEW)
    assert answer.headers["location"] == "/foros/1?aviso=bienvenida"
    assert "Lucía M." in page_text(await visitor.get("/mi-participacion"))
    person = await Person.of(town.entity.id).get(email="lucia@example.org")
    assert await Consent.of(town.entity.id).filter(person_id=person.id).count() == 1
    assert PASSWORD not in person.password_hash


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("display_name", "", "Escriba el nombre"),
        ("display_name", "Ana\u202egro", "Use solo letras"),
        ("email", "lucia", "Escriba el correo completo"),
        ("email", "lucia@example.org\nBcc: x@y.co", "Escriba el correo completo"),
        ("password", "corta", "al menos 10"),
        ("password", "1234567890", "fácil de adivinar"),
        ("password", "contraseña99", "fácil de adivinar"),
        ("password", "laloma2026!", "fácil de adivinar"),
        ("consent", "", "necesitamos su autorización"),
    ],
)
async def test_a_mistake_is_told_beside_its_field(
    web: Web, town: Municipality, field: str, value: str, message: str
) -> None:
    """What was typed stays, except the password; the status is 422; nobody is created."""
    visitor = await web.visit()
    answer = await visitor.post("/registro", {**NEW, field: value})
    assert answer.status_code == 422
    assert message in page_text(answer)
    assert "<title>Error: " in answer.text
    assert PASSWORD not in answer.text
    if field != "display_name":
        assert "Lucía M." in answer.text
    assert not await Person.of(town.entity.id).filter(display_name="Lucía M.").exists()


async def test_one_address_one_account(web: Web, town: Municipality) -> None:
    """The same address again, in other letters, opens no second account."""
    await _registered(web)
    again = await (await web.visit()).post("/registro", {**NEW, "email": "LUCIA@example.org"})
    assert again.status_code == 422
    assert await Person.of(town.entity.id).filter(email="lucia@example.org").count() == 1


async def test_the_same_address_in_two_municipalities(web: Web, town: Municipality) -> None:
    """Each entity has its own accounts; a sign-in of one opens nothing in the other."""
    visitor = await _registered(web)
    neighbour = await web.visit(host=NEIGHBOUR_HOST)
    answer = await neighbour.post("/registro", NEW)
    assert answer.status_code == 303
    neighbour.client.cookies.clear()
    neighbour.client.cookies.set(session_cookie(web.settings), visitor.token, domain=NEIGHBOUR_HOST)
    assert (await neighbour.get("/mi-participacion")).status_code == 303


async def test_a_wrong_password_says_the_same_as_an_unknown_address(
    web: Web, town: Municipality
) -> None:
    """Nobody learns from the sign-in page who has an account (T14)."""
    await _registered(web)
    texts = []
    for email in ("lucia@example.org", "nadie@example.org"):
        visitor = await web.visit()
        answer = await visitor.post("/ingresar", {"email": email, "password": "otra", "next": "/"})
        assert answer.status_code == 422
        texts.append(page_text(answer).replace(email, ""))
    assert texts[0] == texts[1]


async def test_signing_in_takes_a_new_session(web: Web, town: Municipality) -> None:
    """The session before signing in is not the one after it, and the cookie is a bare token."""
    first = await _registered(web)
    visitor = await web.visit()
    answer = await visitor.post(
        "/ingresar", {"email": "lucia@example.org", "password": PASSWORD, "next": "//evil.example"}
    )
    assert answer.headers["location"] == "/?aviso=entro"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert visitor.client.cookies[session_cookie(web.settings)] != first.token


async def test_a_copied_cookie_is_worthless_after_signing_out(web: Web, town: Municipality) -> None:
    """Signing out ends the session in the database (T11)."""
    visitor = await _registered(web)
    thief = await web.visit()
    thief.client.cookies.set(session_cookie(web.settings), visitor.token, domain=HOST)
    assert (await thief.get("/mi-participacion")).status_code == 200
    await visitor.post("/salir")
    assert (await thief.get("/mi-participacion")).status_code == 303


async def test_staff_sessions_end_after_half_an_idle_hour(web: Web, town: Municipality) -> None:
    """An official's forgotten screen closes itself; a citizen's phone stays signed in."""
    diego, ana = await web.visit(town.diego), await web.visit(town.ana)
    web.clock.move(minutes=29)
    assert (await diego.get("/gestion")).status_code == 200
    web.clock.move(minutes=31)
    assert (await diego.get("/gestion")).status_code == 303
    assert (await ana.get("/mi-participacion")).status_code == 200
    web.clock.move(days=15)
    assert (await ana.get("/mi-participacion")).status_code == 303


async def test_a_deactivated_person_is_out_at_once(web: Web, town: Municipality) -> None:
    """Banning somebody ends their open sign-ins with the next request."""
    ana = await web.visit(town.ana)
    await Person.of(town.entity.id).filter(id=town.ana.person_id).update(is_active=False)
    assert (await ana.get("/mi-participacion")).status_code == 303


async def test_recovering_the_password(web: Web, town: Municipality) -> None:
    """The link works once, opening it does not use it up, and every session ends."""
    visitor = await _registered(web)
    token = await ask_reset(entity_id=town.entity.id, email="lucia@example.org", now=NOW)
    stranger = await web.visit()
    path = f"/recuperar/{token}"
    for _ in range(2):
        assert (await stranger.get(path)).status_code == 200
    weak = await stranger.post(path, {"password": "corta"})
    assert weak.status_code == 422
    answer = await stranger.post(path, {"password": "otra clave con cuatro palabras"})
    assert answer.headers["location"] == "/ingresar?aviso=clave"
    assert (await stranger.post(path, {"password": PASSWORD})).status_code == 404
    assert (await visitor.get("/mi-participacion")).status_code == 303
    signed = await stranger.post(
        "/ingresar",
        {"email": "lucia@example.org", "password": "otra clave con cuatro palabras", "next": "/"},
    )
    assert signed.status_code == 303


async def test_a_link_dies_after_an_hour_and_with_the_address(web: Web, town: Municipality) -> None:
    """An old link, or one sent to an address since changed, opens nothing."""
    token = await ask_reset(entity_id=town.entity.id, email="ana@example.org", now=NOW)
    visitor = await web.visit()
    await Person.of(town.entity.id).filter(id=town.ana.person_id).update(email="otra@example.org")
    assert (await visitor.get(f"/recuperar/{token}")).status_code == 404
    await Person.of(town.entity.id).filter(id=town.ana.person_id).update(email="ana@example.org")
    assert (await visitor.get(f"/recuperar/{token}")).status_code == 200
    web.clock.move(minutes=61)
    assert (await visitor.get(f"/recuperar/{token}")).status_code == 404


async def test_asking_for_a_link_tells_nothing(web: Web, town: Municipality) -> None:
    """Known or not, the page says the same; only the known one gets a mail."""
    texts = []
    for email in ("ana@example.org", "nadie@example.org"):
        visitor = await web.visit()
        web.settings.__dict__["mail_url"] = "console:"
        answer = await visitor.post("/recuperar", {"email": email})
        assert answer.status_code == 200
        texts.append(page_text(answer))
    assert texts[0] == texts[1]
    letters: list[str] = []

    class Outbox:
        async def send(self, to: str, subject: str, text: str) -> None:
            letters.append(f"{to} {subject} {text}")

    for job in await Job.filter(name="accounts.mail_reset"):
        await reset_mail(Outbox())(job.arguments)
    (letter,) = letters
    assert letter.startswith("ana@example.org")
    link = await OneTimeLink.of(town.entity.id).first()
    assert link is not None
    assert link.token_hash not in letter


async def test_guessing_is_slowed_down(web: Web, town: Municipality) -> None:
    """After five tries at one account in a minute the answer is 429 with the time to wait."""
    visitor = await web.visit()
    statuses = [
        (
            await visitor.post(
                "/ingresar", {"email": "ana@example.org", "password": "no", "next": "/"}
            )
        ).status_code
        for _ in range(6)
    ]
    assert statuses == [422] * 5 + [429]


async def test_only_the_hash_of_a_session_is_kept(web: Web, town: Municipality) -> None:
    """A stolen table of sessions opens nothing."""
    visitor = await _registered(web)
    sessions = await LoginSession.of(town.entity.id)
    assert visitor.token not in {session.token_hash for session in sessions}
