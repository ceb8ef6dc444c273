"""Petitions as a browser meets them: filing, following, answering, and everybody kept out."""

import re
import statistics
import time

import httpx2
import pytest

from participa.audit import AuditRecord
from participa.entities.models import Office
from participa.petitions.models import ClosedDay, Petition
from participa.petitions.routes import FOLLOW
from participa.petitions.service import Asked
from participa.security.limits import Limit, MemoryLimiter
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.petitions.petitioning import ASKED, FORM, again, filed_by
from tests.statements import counted
from tests.visitors import Web, page_text

FOLLOWING = "/peticiones/seguimiento"


def _code_of(answer: httpx2.Response) -> str:
    found = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page_text(answer))
    assert found, page_text(answer)
    return found[0]


async def _never(_limiter: MemoryLimiter, _limit: Limit, _key: str) -> int:
    return 0


def _number_of(answer: httpx2.Response) -> str:
    found = re.search(r"PET-\d{4}-\d{6}-\d", page_text(answer))
    assert found, page_text(answer)
    return found[0]


async def test_a_visitor_files_and_follows(web: Web, town: Municipality) -> None:
    """Without an account: form, receipt with all its dates, and the case by number and code."""
    visitor = await web.visit()
    assert (await visitor.get("/peticiones/nueva")).status_code == 200
    receipt = await visitor.post("/peticiones/nueva", FORM)
    words = page_text(receipt)
    assert receipt.status_code == 200
    for expected in (
        "23 de noviembre de 2026, 10:00", "Petición", "15 días hábiles",
        "Ley 1755 de 2015, art. 14", "15 de diciembre de 2026", "Ventanilla de La Loma",
    ):  # fmt: skip
        assert expected in words.replace("\xa0", " ")
    sent = {"filing_number": _number_of(receipt), "code": _code_of(receipt)}
    case = await visitor.post(FOLLOWING, sent)
    assert case.status_code == 200
    assert "Que lo arreglen ya." in page_text(case)
    assert "Quedan 15 días hábiles" in page_text(case)


async def test_a_citizen_finds_it_in_their_account(web: Web, town: Municipality) -> None:
    """Signed in, the petition is listed and opened without the code."""
    visitor = await web.visit(town.ana)
    office = await Office.of(town.entity.id).get(name="Secretaría de Planeación")
    receipt = await visitor.post("/peticiones/nueva", {**FORM, "office": str(office.id)})
    assert "Secretaría de Planeación" in page_text(receipt)
    assert "El puente de El Salado" in page_text(await visitor.get("/peticiones"))
    own = await visitor.get(f"/peticiones/{_number_of(receipt)}")
    assert "Que lo arreglen ya." in page_text(own)


async def test_twice_is_once_with_the_request_key(web: Web, town: Municipality) -> None:
    """An impatient finger gets the same receipt, code included, and makes one petition."""
    visitor = await web.visit()
    first = await visitor.post("/peticiones/nueva", {**FORM, "request_key": "k1"})
    second = await visitor.post("/peticiones/nueva", {**FORM, "request_key": "k1"})
    assert (_number_of(first), _code_of(first)) == (_number_of(second), _code_of(second))
    assert await Petition.of(town.entity.id).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("kind", "", "Elija qué presenta."),
        ("kind", "nada", "Elija qué presenta."),
        ("subject", " ", "Escriba el asunto."),
        ("subject", "x" * 161, "caben 160"),
        ("subject", "a\nb", "una sola línea"),
        ("body", "", "Escriba su petición."),
        ("body", "x" * 20_001, "caben 20000"),
        ("contact_email", "nadie", "correo completo"),
        ("contact_email", "a@example.org\nBcc: b@example.org", "correo completo"),
        ("office", "999999", "Elija una de las opciones."),
    ],
)
async def test_a_mistake_is_told_and_nothing_lost(
    web: Web, town: Municipality, field: str, value: str, message: str
) -> None:
    """The message stands beside the field, the rest stays as typed, nothing is filed."""
    answer = await (await web.visit()).post("/peticiones/nueva", {**FORM, field: value})
    assert answer.status_code == 422
    assert message in page_text(answer)
    kept = "El puente de El Salado" if field == "body" else "Que lo arreglen ya."
    assert kept in answer.text
    assert await Petition.of(town.entity.id).count() == 0


async def test_t14_wrong_code_and_unknown_number_are_one_answer(
    web: Web, town: Municipality
) -> None:
    """Status and page are the same, whatever of the two is wrong, elsewhere or malformed."""
    filed = await filed_by(town.ana, town)
    other = await filed_by(town.nora, town)
    visitor = await web.visit()
    number, code = filed.petition.filing_number, filed.code
    pages = set()
    for sent_number, sent_code in (
        (number, "0000-0000-0000-0000"), ("PET-2026-000099-9", code), ("nada", code),
        (number, other.code),
    ):  # fmt: skip
        answer = await visitor.post(FOLLOWING, {"filing_number": sent_number, "code": sent_code})
        shown = answer.text.replace(sent_number, "N").replace(sent_code, "C")
        pages.add((answer.status_code, shown))
    assert len(pages) == 1
    assert next(iter(pages))[0] == 404
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_t14_both_answers_take_the_same_time(
    web: Web, town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The medians of 100 tries each differ by less than five milliseconds."""
    filed = await filed_by(town.ana, town)
    visitor = await web.visit()
    monkeypatch.setattr(MemoryLimiter, "wait", _never)
    times: dict[str, list[float]] = {"wrong": [], "unknown": []}
    numbers = {"wrong": filed.petition.filing_number, "unknown": "PET-2026-000099-9"}
    for _n in range(100):
        for name, number in numbers.items():
            began = time.perf_counter()
            await visitor.post(FOLLOWING, {"filing_number": number, "code": "0" * 16})
            times[name].append(time.perf_counter() - began)
    medians = [statistics.median(each) for each in times.values()]
    assert abs(medians[0] - medians[1]) < 0.005


async def test_guessing_is_slowed_down(web: Web, town: Municipality) -> None:
    """After the allowed tries of a minute even the right code has to wait."""
    filed = await filed_by(town.ana, town)
    visitor = await web.visit()
    sent = {"filing_number": filed.petition.filing_number, "code": "0" * 16}
    for _n in range(FOLLOW.count):
        assert (await visitor.post(FOLLOWING, sent)).status_code == 404
    answer = await visitor.post(FOLLOWING, {**sent, "code": filed.code})
    assert answer.status_code == 429
    assert "Retry-After" in answer.headers


async def test_empty_fields_are_told_apart_from_a_wrong_code(web: Web, town: Municipality) -> None:
    """Who sends nothing is told what to write."""
    answer = await (await web.visit()).post(FOLLOWING, {})
    assert answer.status_code == 422
    assert "Escriba el código." in page_text(answer)


async def test_t20_who_may_open_a_case(web: Web, town: Municipality) -> None:
    """Author and officials; for another citizen, a moderator and the neighbour it is not there."""
    petition = (await filed_by(town.ana, town)).petition
    own, desk = f"/peticiones/{petition.filing_number}", f"/gestion/peticiones/{petition.id}"
    for actor, own_status, desk_status in (
        (town.ana, 200, 403), (town.beto, 404, 403), (town.carmen, 404, 403),
        (town.diego, 404, 200), (town.alma, 404, 200),
    ):  # fmt: skip
        visitor = await web.visit(actor)
        assert (await visitor.get(own)).status_code == own_status, actor.name
        answer = await visitor.get(desk)
        assert answer.status_code == desk_status, actor.name
        assert (ASKED.body in page_text(answer)) is (desk_status == 200)
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get(desk)).status_code == 404
    assert (await nico.get(own)).status_code == 404


async def test_a_visitor_is_asked_to_sign_in(web: Web, town: Municipality) -> None:
    """Without an account a number alone opens nothing, whether it exists or not."""
    petition = (await filed_by(town.ana, town)).petition
    visitor = await web.visit()
    for path in (f"/peticiones/{petition.filing_number}", "/peticiones/PET-2026-000099-9"):
        answer = await visitor.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/ingresar?next=")
    assert (await visitor.get("/gestion/peticiones")).status_code == 303
    assert (await visitor.post(f"/gestion/peticiones/{petition.id}/respuesta", {"body": "x"})
            ).status_code == 401  # fmt: skip


async def test_an_official_answers(web: Web, town: Municipality) -> None:
    """From the list to the case to the answer, which its author then reads."""
    filed = await filed_by(town.ana, town)
    diego = await web.visit(town.diego)
    assert ASKED.subject in page_text(await diego.get("/gestion/peticiones"))
    path = f"/gestion/peticiones/{filed.petition.id}"
    empty = await diego.post(f"{path}/respuesta", {"body": " "})
    assert (empty.status_code, (await again(filed.petition)).state) == (422, "open")
    assert "Escriba la respuesta." in page_text(empty)
    done = await diego.post(f"{path}/respuesta", {"body": "Empieza en enero."})
    assert "Guardamos los cambios." in page_text(await diego.follow(done))
    ana = await web.visit(town.ana)
    words = page_text(await ana.get(f"/peticiones/{filed.petition.filing_number}"))
    assert "Secretaría de Planeación" in words
    assert "Empieza en enero." in words
    twice = await diego.post(f"{path}/respuesta", {"body": "Otra."})
    assert twice.status_code == 409
    assert "Otra." in twice.text
    assert ASKED.subject in page_text(await diego.get("/gestion/peticiones?estado=respondidas"))
    assert ASKED.subject not in page_text(await diego.get("/gestion/peticiones"))


async def test_an_official_extends_once(web: Web, town: Municipality) -> None:
    """The reason and the new date reach the author; a second time is refused."""
    filed = await filed_by(town.ana, town)
    diego = await web.visit(town.diego)
    path = f"/gestion/peticiones/{filed.petition.id}/prorroga"
    for days, reason in (("0", "x"), ("16", "x"), ("muchos", "x"), ("5", "")):
        wrong = await diego.post(path, {"days": days, "reason": reason})
        assert wrong.status_code == 422
    done = await diego.post(path, {"days": "5", "reason": "Falta el plano."})
    assert done.status_code == 303
    ana = await web.visit(town.ana)
    words = page_text(await ana.get(f"/peticiones/{filed.petition.filing_number}"))
    assert "Falta el plano." in words
    assert "22 de diciembre de 2026" in words
    assert "/prorroga" not in (await diego.get(f"/gestion/peticiones/{filed.petition.id}")).text
    again_extended = await diego.post(path, {"days": "5", "reason": "Otra vez."})
    assert again_extended.status_code == 409


async def test_late_shows_as_late(web: Web, town: Municipality) -> None:
    """Once the term is over both sides read it, and what the law gives for it."""
    filed = await filed_by(town.elsa, town, Asked("information", "Contratos", "Copias."))
    web.clock.move(days=30)
    diego = await web.visit(town.diego)
    listed = await diego.get("/gestion/peticiones")
    assert "pill-late" in listed.text
    assert "Vencida hace" in page_text(listed)
    sent = {"filing_number": filed.petition.filing_number, "code": filed.code}
    words = page_text(await (await web.visit()).post(FOLLOWING, sent))
    assert "no ha respondido" in words
    assert "se entiende aceptada" in words


async def test_t44_a_reserved_name_is_not_on_the_page(web: Web, town: Municipality) -> None:
    """List and case say that the name is reserved; asking shows it once and is recorded."""
    asked = Asked("report", "Cobros", "Me cobraron.", is_reserved=True)
    petition = (await filed_by(town.ana, town, asked)).petition
    path = f"/gestion/peticiones/{petition.id}"
    diego = await web.visit(town.diego)
    pages = page_text(await diego.get(path)) + page_text(await diego.get("/gestion/peticiones"))
    assert "Identidad reservada" in pages
    assert not re.search(r"\bAna\b", pages)
    assert re.search(r"\bAna\b", page_text(await diego.post(f"{path}/identidad")))
    assert not re.search(r"\bAna\b", page_text(await diego.get(path)))
    acts = AuditRecord.of(town.entity.id).filter(action="petitions.reveal_identity")
    assert await acts.count() == 1


async def test_an_administrator_closes_a_day(web: Web, town: Municipality) -> None:
    """A day is declared by the administrator alone, ahead of time, and shown to officials."""
    form = {"on": "2026-12-01", "name": "Día cívico"}
    diego, alma = await web.visit(town.diego), await web.visit(town.alma)
    assert (await diego.post("/gestion/peticiones/dias", form)).status_code == 403
    for wrong in ({**form, "on": "mañana"}, {**form, "on": "2026-11-23"}, {**form, "name": ""}):
        assert (await alma.post("/gestion/peticiones/dias", wrong)).status_code == 422
    assert (await alma.post("/gestion/peticiones/dias", form)).status_code == 303
    assert (await alma.post("/gestion/peticiones/dias", form)).status_code == 409
    assert "Día cívico" in page_text(await diego.get("/gestion/peticiones"))
    assert await ClosedDay.of(town.entity.id).count() == 1


async def test_t23_petitions_are_in_no_public_place(web: Web, town: Municipality) -> None:
    """A word of a petition or its answer is on no page, feed or file that others can open."""
    asked = Asked("petition", "palabraplantada", "palabraplantada en el texto")
    filed = [await filed_by(town.ana, town, asked) for _n in range(6)]
    diego = await web.visit(town.diego)
    path = f"/gestion/peticiones/{filed[0].petition.id}/respuesta"
    await diego.post(path, {"body": "palabraplantada en la respuesta"})
    web.clock.move(days=32)
    number = filed[0].petition.filing_number
    public = (
        "/", "/peticiones", "/informes", "/datos", "/mi-participacion", "/gestion",
        f"/datos/{town.process.slug}/aportes.csv", f"/procesos/{town.process.slug}",
        f"/aportes/{number}", FOLLOWING,
    )  # fmt: skip
    for actor in (None, town.beto, town.carmen):
        visitor = await web.visit(actor)
        for page in public:
            assert "palabraplantada" not in (await visitor.get(page)).text, (page, actor)
    assert "2026-11" in page_text(await (await web.visit()).get("/peticiones"))


async def test_what_shows_a_case_is_kept_by_nobody(web: Web, town: Municipality) -> None:
    """Receipt and case are not stored on the way, not even for a visitor."""
    visitor = await web.visit()
    receipt = await visitor.post("/peticiones/nueva", FORM)
    sent = {"filing_number": _number_of(receipt), "code": _code_of(receipt)}
    for answer in (receipt, await visitor.post(FOLLOWING, sent)):
        assert answer.headers["cache-control"] == "no-store"


async def test_t01_a_hostile_text_stays_text(web: Web, town: Municipality) -> None:
    """Markup in subject and text is shown as it was typed, to author and official."""
    hostile = "<script>alert(1)</script> **x** [y](javascript:alert(1))"
    petition = (await filed_by(town.ana, town, Asked("petition", hostile, hostile))).petition
    ana, diego = await web.visit(town.ana), await web.visit(town.diego)
    for answer in (
        await ana.get(f"/peticiones/{petition.filing_number}"),
        await diego.get(f"/gestion/peticiones/{petition.id}"),
        await diego.get("/gestion/peticiones"),
    ):
        assert "<script>" not in answer.text
        assert "&lt;script&gt;" in answer.text
        assert 'javascript:alert(1)"' not in answer.text


async def test_forged_forms_are_refused(web: Web, town: Municipality) -> None:
    """Another site's form, and one without its token, file and answer nothing."""
    petition = (await filed_by(town.ana, town)).petition
    elsewhere = {"Origin": "http://otra.test"}
    visitor, ana, diego = await web.visit(), await web.visit(town.ana), await web.visit(town.diego)
    path = f"/gestion/peticiones/{petition.id}"
    for answer in (
        await visitor.post("/peticiones/nueva", FORM, headers=elsewhere),
        await ana.post("/peticiones/nueva", {**FORM, "csrf": ""}),
        await diego.post(f"{path}/respuesta", {"body": "x", "csrf": "x"}),
        await diego.post(f"{path}/prorroga", {"days": "1", "reason": "x", "csrf": "x"}),
        await diego.post(f"{path}/identidad", {"csrf": "x"}),
    ):
        assert answer.status_code == 403
    assert await Petition.of(town.entity.id).count() == 1
    assert (await again(petition)).state == "open"


async def test_unknown_fields_are_refused(web: Web, town: Municipality) -> None:
    """No column of the table can be slipped in with a form."""
    visitor = await web.visit(town.ana)
    for field in ("state", "due_on", "author_id", "code_hash", "filing_number", "answer"):
        answer = await visitor.post("/peticiones/nueva", {**FORM, field: "1"})
        assert answer.status_code == 400
    assert await Petition.of(town.entity.id).count() == 0


async def test_wrong_methods_and_missing_things(web: Web, town: Municipality) -> None:
    """A method that a page does not take is 405; what is not there is 404."""
    diego = await web.visit(town.diego)
    petition = (await filed_by(town.ana, town)).petition
    assert (await diego.post("/peticiones", {})).status_code == 405
    for act in ("respuesta", "prorroga", "identidad"):
        path = f"/gestion/peticiones/{petition.id}/{act}"
        assert (await diego.get(path)).status_code == 405
        missing = await diego.post(
            f"/gestion/peticiones/999999/{act}",
            {"body": "x"} if act == "respuesta" else
            {"days": "1", "reason": "x"} if act == "prorroga" else {},
        )  # fmt: skip
        assert missing.status_code == 404
    assert (await diego.get("/gestion/peticiones/999999")).status_code == 404
    assert (await diego.get("/peticiones/PET-2026-999999-1")).status_code == 404


async def test_the_law_of_the_day_is_on_the_page(web: Web, town: Municipality) -> None:
    """Everybody reads how long the entity has, beside the norm that says so."""
    words = page_text(await (await web.visit()).get("/peticiones"))
    assert "Ley 1755 de 2015, art. 14" in words
    assert "Ley 1581 de 2012, art. 15" in words
    assert str(NOW.year) not in words.partition("Cuántas llegan")[2].partition("Solo se")[0]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_the_list_costs_the_same_with_few_and_many(web: Web, town: Municipality) -> None:
    """The officials' list takes as many statements with 60 petitions as with 3."""
    diego = await web.visit(town.diego)
    await diego.get("/gestion/peticiones")
    costs = []
    for more in (3, 57):
        for _n in range(more):
            await filed_by(town.elsa, town)
        with counted() as statements:
            await diego.get("/gestion/peticiones")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert costs[0] <= 8
