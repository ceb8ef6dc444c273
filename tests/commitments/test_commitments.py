"""A commitment from its promise to the word of those who asked for it."""

import asyncio
import csv
import io
import json
from datetime import timedelta

import pytest

from participa.audit import AuditRecord
from participa.commitments.models import Commitment, Source, Step, Verdict
from participa.commitments.rules import State
from participa.commitments.service import EvidenceMissing, MovedMeanwhile, change, move
from participa.commitments.verdicts import NotTheirs, judge
from participa.deliberation.models import Contribution
from participa.deliberation.service import set_support
from participa.demo.drawings import library_bus
from participa.moderation.service import hide
from participa.notifications.feature import no_cosigners
from participa.processes.models import Process
from participa.web.refusals import BadInput, NotAllowed, NotFound
from tests.answers.answering import DESK, said, sent
from tests.commitments.promising import SOON, TITLE, TODAY, fulfilled, promised
from tests.people import HOST, NEIGHBOUR_HOST, NOW, Municipality
from tests.statements import counted
from tests.visitors import Web, page_text

SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
NEW = "/gestion/procesos/plan/compromisos"


def form(town: Municipality, **changes: str) -> dict[str, str]:
    """Fill in the form of a new commitment."""
    return {
        "title": TITLE, "indicator": "Doce lámparas", "due_on": SOON.isoformat(),
        "term_days": "", "office": "1", "owner": str(town.diego.person_id),
        "receipts": town.topic.receipt_number, "origin": "", **changes,
    }  # fmt: skip


async def one(town: Municipality) -> Commitment:
    """Give the only commitment there is."""
    return await Commitment.of(town.entity.id).get()


@SQLITE
async def test_from_promise_to_dispute(town: Municipality, web: Web) -> None:
    """An official promises, tells, proves, is disputed by who asked, and proves again."""
    await set_support(town.beto, town.topic.id, wanted=True, now=NOW)
    diego, ana, beto = [await web.visit(each) for each in (town.diego, town.ana, town.beto)]
    made = await diego.post(NEW, form(town))
    assert made.status_code == 303
    found = await one(town)
    case, public = f"/gestion/compromisos/{found.id}", f"/compromisos/{found.id}"
    assert TITLE in (await ana.get("/compromisos")).text
    trace = page_text(await ana.get(f"/aportes/{town.topic.receipt_number}"))
    assert f"Llevó al compromiso {TITLE} Pendiente" in trace

    told = await diego.post(f"{case}/avance", {"note": "Llegaron los postes.", "seen": "1"})
    assert told.status_code == 303
    unproved = await diego.post(f"{case}/estado", {"to": "done", "reason": "Ya.", "seen": "2"})
    assert unproved.status_code == 422
    assert "adjunte una prueba" in unproved.text
    assert "Ya." in unproved.text
    link = {"url": "https://laloma.test/acta", "link_description": "El acta"}
    assert (await diego.post(f"{case}/enlaces", link)).status_code == 303
    done = await diego.post(f"{case}/estado", {"to": "done", "reason": "", "seen": "2"})
    assert done.status_code == 303

    assert "veredicto" not in (await diego.get(public)).text
    agreed = await beto.post(f"{public}/veredicto", {"do": "confirm", "number": "1"})
    assert agreed.status_code == 303
    wordless = await ana.post(f"{public}/veredicto", {"do": "dispute", "number": "1"})
    assert wordless.status_code == 422
    against = {"do": "dispute", "reason": "Faltan cuatro.", "number": "1"}
    assert (await ana.post(f"{public}/veredicto", against)).status_code == 303
    shown = page_text(await ana.get(public))
    assert "En curso" in shown
    assert "quedó reabierto" in shown
    assert "Ana Faltan cuatro." in shown
    again = await diego.post(f"{case}/estado", {"to": "done", "reason": "Van doce.", "seen": "4"})
    assert again.status_code == 303
    shown = page_text(await ana.get(public))
    assert "Nadie lo ha confirmado todavía. Antes hubo 1 objeción" in shown
    assert "veredicto" in (await ana.get(public)).text
    acts = AuditRecord.of(town.entity.id).filter(object_kind="commitments.commitment")
    assert [each.action.partition(".")[2] for each in await acts.order_by("id")] == [
        "made", "progress", "attach", "done", "disputed", "done",
    ]  # fmt: skip


@SQLITE
async def test_what_needs_mending_keeps_what_was_typed(town: Municipality, web: Web) -> None:
    """Each mistake is said beside its field, and nothing is stored."""
    diego = await web.visit(town.diego)
    past = (TODAY - timedelta(days=1)).isoformat()
    for wrong, words in (
        ({"title": " "}, "Escriba qué se compromete"),
        ({"due_on": past}, "no haya pasado"),
        ({"term_days": "3"}, "una de las dos cosas"),
        ({"due_on": "", "term_days": "501"}, "entre 1 y 500"),
        ({"owner": str(town.ana.person_id)}, "Elija a quien responde"),
        ({"office": "999"}, "Elija la dependencia"),
        ({"receipts": "PA-2026-999999-9"}, "PA-2026-999999-9"),
    ):
        refused = await diego.post(NEW, form(town, **wrong))
        assert refused.status_code == 422, wrong
        assert words in page_text(refused)
        assert "Doce lámparas" in refused.text
    assert await Commitment.of(town.entity.id).count() == 0
    key = {"request_key": "una-vez"}
    for _twice in range(2):
        days = form(town, due_on="", term_days="5", **key)
        assert (await diego.post(NEW, days)).status_code == 303
    # 23 November 2026 is a Monday: five working days end on the next one.
    assert (await one(town)).due_on == TODAY + timedelta(days=7)


@SQLITE
async def test_an_answer_promises_in_one_act(town: Municipality, web: Web) -> None:
    """What is accepted becomes a commitment with the answer, or neither is stored."""
    asked = await said(town, "Pongan luces.")
    diego = await web.visit(town.diego)
    promise = {
        "promise": TITLE, "indicator": "", "due_on": SOON.isoformat(), "term_days": "",
        "office": "1", "owner": str(town.diego.person_id),
    }  # fmt: skip
    refused = await diego.post(DESK, sent(asked, **{**promise, "verdict": "rejected"}))
    assert refused.status_code == 422
    assert "Solo hay compromiso si se acoge" in page_text(refused)
    assert f'value="{TITLE}"' in refused.text
    nobody = await diego.post(DESK, sent(asked, **{**promise, "owner": "999"}))
    assert nobody.status_code == 400
    assert await Commitment.of(town.entity.id).count() == 0
    assert "Aún sin respuesta" in page_text(await diego.get(f"/aportes/{asked.receipt_number}"))
    assert (await diego.post(DESK, sent(asked, **promise))).status_code == 303
    found = await one(town)
    assert await Source.of(town.entity.id).filter(contribution_id=asked.id).count() == 1
    page = await diego.get(f"/compromisos/{found.id}")
    assert f"al aporte {asked.receipt_number}" in page_text(page)


@SQLITE
async def test_who_may_judge(town: Municipality) -> None:
    """Only who asked, what is called done now, once; nobody what they answer for."""
    await set_support(town.diego, town.topic.id, wanted=True, now=NOW)
    made = await fulfilled(town, town.topic)

    async def says(who: object, **changes: object) -> Verdict:
        values = {"confirms": True, "reason": "", "done_number": 1, **changes}
        return await judge(who, made.id, cosigners=no_cosigners, now=NOW, **values)  # type: ignore[arg-type]

    for stranger in (town.beto, town.diego):
        with pytest.raises(NotTheirs):
            await says(stranger)
    with pytest.raises(NotFound):
        await says(town.nora)
    first = await says(town.ana)
    assert (await says(town.ana, confirms=False, reason="No.")).id == first.id
    assert (await Commitment.of(town.entity.id).get()).state == State.DONE
    with pytest.raises(MovedMeanwhile):
        await says(town.ana, done_number=2)


async def test_at_once_only_one_counts(town: Municipality) -> None:
    """Two disputes and two fulfilments at the same moment leave one step each."""
    await set_support(town.beto, town.topic.id, wanted=True, now=NOW)
    made = await fulfilled(town, town.topic)
    disputes = [
        judge(
            who, made.id, confirms=False, reason="No.", done_number=1, cosigners=no_cosigners,
            now=NOW,
        )
        for who in (town.ana, town.ana, town.beto)
    ]  # fmt: skip
    await asyncio.gather(*disputes, return_exceptions=True)
    assert await Step.of(town.entity.id).filter(act="disputed").count() == 1
    moves = [
        move(town.diego, made.id, State.DONE, reason="", seen="3", now=NOW) for _twice in range(2)
    ]
    await asyncio.gather(*moves, return_exceptions=True)
    assert await Step.of(town.entity.id).filter(act="done").count() == 2
    assert (await Commitment.of(town.entity.id).get()).done_count == 2


@SQLITE
async def test_what_an_official_may_not(town: Municipality) -> None:
    """No fulfilment without proof, no step on what somebody else moved, no other's process."""
    made = await promised(town, town.topic)
    with pytest.raises(EvidenceMissing):
        await move(town.diego, made.id, State.DONE, reason="", seen="1", now=NOW)
    with pytest.raises(MovedMeanwhile):
        await move(town.diego, made.id, State.CANCELLED, reason="No hay.", seen="0", now=NOW)
    for who, refusal in ((town.ana, NotAllowed), (town.carmen, NotAllowed), (town.nico, NotFound)):
        with pytest.raises(refusal):
            await move(who, made.id, State.CANCELLED, reason="No.", seen="1", now=NOW)
        with pytest.raises(refusal):
            await promised(town, by=who)
    changes = {
        "due_on": SOON + timedelta(days=9), "office_id": made.office_id,
        "owner_id": town.diego.person_id, "indicator": "", "sources": (), "seen": "1",
    }  # fmt: skip
    with pytest.raises(BadInput):
        await change(town.diego, made.id, reason=" ", now=NOW, **changes)  # type: ignore[arg-type]
    await change(town.diego, made.id, reason="Llueve.", now=NOW, **changes)  # type: ignore[arg-type]
    found = await Commitment.of(town.entity.id).get()
    assert (found.first_due_on, found.due_on) == (SOON, SOON + timedelta(days=9))


@SQLITE
async def test_evidence_has_the_fate_of_its_commitment(town: Municipality, web: Web) -> None:
    """A file of a process that is no longer public is there for its staff alone; none next door."""
    made = await promised(town, town.topic)
    diego, elsa = await web.visit(town.diego), await web.visit()
    case = f"/gestion/compromisos/{made.id}"
    files = {"file": ("luces.png", library_bus(), "image/png")}
    kept = await diego.post(f"{case}/archivos", {"description": "Las luces"}, files=files)
    assert kept.status_code == 303
    page = await elsa.get(f"/compromisos/{made.id}")
    url = page.text.partition('src="/archivos/')[2].partition('"')[0]
    assert (await elsa.get(f"/archivos/{url}")).status_code == 200
    nico = await web.visit(town.nico, NEIGHBOUR_HOST)
    assert (await nico.get(f"/archivos/{url}")).status_code == 404
    done = await diego.post(f"{case}/estado", {"to": "done", "reason": "", "seen": "1"})
    assert done.status_code == 303
    last = await diego.post(f"{case}/pruebas/quitar", {"file_id": url.partition("/")[0]})
    assert last.status_code == 409
    assert (await elsa.get(f"/archivos/{url}")).status_code == 200
    await Process.of(town.entity.id).filter(id=town.process.id).update(is_published=False)
    assert (await elsa.get(f"/archivos/{url}")).status_code == 404
    assert (await elsa.get(f"/compromisos/{made.id}")).status_code == 404
    assert (await diego.get(f"/archivos/{url}")).status_code == 200
    for listing in ("/compromisos", "/compromisos.csv", "/compromisos.json", "/datos"):
        assert TITLE not in (await elsa.get(listing)).text
        assert "compromisos.csv" not in (await elsa.get("/datos")).text


@SQLITE
async def test_what_is_hidden_is_not_named(town: Municipality, web: Web) -> None:
    """A contribution that moderation hid, and the words of a dispute, leave page and files."""
    asked = await said(town, "Palabras que se van.")
    made = await fulfilled(town, asked)
    verdict = await judge(
        town.ana, made.id, confirms=False, reason="Insulto.", done_number=1,
        cosigners=no_cosigners, now=NOW,
    )  # fmt: skip
    await hide(town.carmen, asked.id, rule="1", now=NOW)
    carmen, elsa = await web.visit(town.carmen), await web.visit()
    sent_rule = {"verdict": str(verdict.id), "reason": "1"}
    hidden = await carmen.post(f"/compromisos/{made.id}/ocultar", sent_rule)
    assert hidden.status_code == 303
    shown = page_text(await elsa.get(f"/compromisos/{made.id}"))
    for gone in ("Palabras que se van", "Insulto", asked.receipt_number):
        assert gone not in shown
        assert gone not in (await elsa.get("/compromisos.csv")).text
    assert "ocultado por moderación" in shown


@SQLITE
async def test_the_list(town: Municipality, web: Web) -> None:
    """Late ones lead, filters keep to what they say, and the files have a line for each."""
    await promised(town, title="Después", due_on=SOON)
    late = await promised(town, title="Ya pasó", due_on=TODAY)
    settled = await promised(town, title="No va", due_on=TODAY)
    await move(town.diego, settled.id, State.CANCELLED, reason="Sin plata.", seen="1", now=NOW)
    web.clock.move(days=2)
    elsa = await web.visit()
    listed = page_text(await elsa.get("/compromisos"))
    assert listed.index("Ya pasó") < listed.index("Después") < listed.index("No va")
    late_ones = page_text(await elsa.get("/compromisos?estado=atrasado"))
    assert "Ya pasó" in late_ones
    assert "Después" not in late_ones
    following = page_text(await elsa.get(f"/compromisos?desde={late.id}"))
    assert "Ya pasó" not in following
    assert "No va" in following
    rows = list(csv.DictReader(io.StringIO((await elsa.get("/compromisos.csv")).text)))
    assert {row["compromiso"]: row["estado"] for row in rows} == {
        "Después": "pendiente", "Ya pasó": "atrasado", "No va": "cancelado",
    }  # fmt: skip
    told = json.loads((await elsa.get("/compromisos.json?estado=cancelado")).text)
    assert [each["compromiso"] for each in told["compromisos"]] == ["No va"]
    assert set(told["campos"]) == set(told["compromisos"][0])
    words = (await elsa.get("/compromisos/diccionario.csv")).text
    assert all(name in words for name in told["campos"])
    assert (await elsa.get("/compromisos.xlsx")).content.startswith(b"PK")
    with counted() as few:
        await elsa.get("/compromisos")
    for number in range(20):
        await promised(town, title=f"Otro {number}")
    with counted() as many:
        await elsa.get("/compromisos")
    assert len(many) == len(few)


@SQLITE
async def test_who_came_by_telephone_is_told_by_hand(town: Municipality, web: Web) -> None:
    """The officials' page lists whom no mail reaches, until they mark them as told."""
    asked = await said(town, "Pongan luces.")
    await Contribution.of(town.entity.id).filter(id=asked.id).update(channel="telephone")
    made = await promised(town, asked)
    diego = await web.visit(town.diego)
    case = f"/gestion/compromisos/{made.id}"
    assert f'name="a-{asked.receipt_number}"' in (await diego.get(case)).text
    mark = {f"a-{asked.receipt_number}": "1", "told_on": TODAY.isoformat(), "how": "Llamada"}
    assert (await diego.post(f"{case}/avisos", mark)).status_code == 303
    shown = await diego.get(case)
    assert f'name="a-{asked.receipt_number}"' not in shown.text
    assert "Llamada" in shown.text
    assert "Llamada" not in (await (await web.visit(host=HOST)).get(f"/compromisos/{made.id}")).text
