"""A call for proposals is prepared, published, changed, closed and reopened by officials."""

import pytest

from participa.audit import AuditRecord
from participa.consultations.calls import CallAct, move_call
from participa.consultations.models import Consultation
from participa.consultations.queries import cards_of
from participa.consultations.service import CallClosed, propose
from participa.web.refusals import Conflict
from tests.consultations.test_proposals import call_in
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

URL = "/gestion/procesos/plan/convocatorias"
SENT = {
    "title": "Ideas  para el parque",
    "question": "¿Qué ponemos?",
    "categories": "Juegos\n\nSombra",
}


async def test_the_life_of_a_call(town: Municipality, web: Web) -> None:
    """Unseen until published; then it receives proposals until closed, and again if reopened."""
    diego, ana, elsa = await web.visit(town.diego), await web.visit(town.ana), await web.visit()
    assert f'href="{URL}"' in (await diego.get("/gestion")).text
    made = await diego.post(URL, SENT)
    call = await Consultation.of(town.entity.id).get(title="Ideas para el parque")
    assert call.categories == ["Juegos", "Sombra"]
    manage, public = f"/gestion/consultas/{call.id}", f"/consultas/{call.id}/propuestas"
    assert made.headers["location"].startswith(manage)
    assert "Sin publicar" in page_text(await diego.get(URL))
    assert [(await each.get(public)).status_code for each in (elsa, ana)] == [404, 404]
    assert "Ideas para el parque" not in (await elsa.get("/procesos/plan")).text
    assert (await diego.get(public)).status_code == 200
    with pytest.raises(CallClosed):
        await propose(town.ana, call, title="Columpios", body="Tres.", now=NOW)
    await diego.post(f"{manage}/estado", {"do": "publicar"})
    assert "Hacer una propuesta" in page_text(await ana.get(public))
    assert "Ideas para el parque" in (await elsa.get("/procesos/plan")).text
    await propose(town.ana, call, title="Columpios", body="Tres.", now=NOW)
    await diego.post(manage, {"title": "Ideas para la plaza", "question": ""})
    await diego.post(f"{manage}/estado", {"do": "cerrar"})
    text = page_text(await ana.get(public))
    assert "Ideas para la plaza" in text
    assert "Columpios" in text
    assert "Hacer una propuesta" not in text
    form = {"title": "Bancas", "body": "De madera."}
    assert (await ana.post(f"{public}/nueva", form)).status_code == 409
    card = (await cards_of(town.entity.id, [town.process.id]))[0]
    assert str(card.action) == "Ver las propuestas"
    await diego.post(f"{manage}/estado", {"do": "reabrir"})
    assert (await ana.post(f"{public}/nueva", form)).status_code == 303
    rows = AuditRecord.of(town.entity.id).filter(action__startswith="consultations.")
    acts = await rows.order_by("id").values_list("action", flat=True)
    assert [str(each).rpartition(".")[2] for each in acts] == [
        "prepare_call", "publish_call", "change_call", "close_call", "reopen_call",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({**SENT, "title": " "}, 422, "Escriba el título de la convocatoria."),
        ({**SENT, "title": "Ideas para el lote"}, 409, "Ya hay una consulta con ese título"),
        ({**SENT, "categories": "Juegos\nJuegos"}, 422, "Juegos"),
    ],
)
async def test_what_needs_mending(
    town: Municipality, web: Web, sent: dict[str, str], status: int, words: str
) -> None:
    """It is said beside the form, which keeps what was written; nothing is made."""
    await call_in(town.process)
    answer = await (await web.visit(town.diego)).post(URL, sent)
    assert answer.status_code == status
    assert words in page_text(answer)
    assert "¿Qué ponemos?" in answer.text
    assert await Consultation.of(town.entity.id).count() == 1


async def test_two_officials_at_once(town: Municipality) -> None:
    """Who closes what is closed already is told, and nothing is done twice."""
    call = await call_in(town.process)
    await move_call(town.diego, call.id, CallAct.CLOSE, now=NOW)
    with pytest.raises(Conflict):
        await move_call(town.diego, call.id, CallAct.CLOSE, now=NOW)
    closed = AuditRecord.of(town.entity.id).filter(action="consultations.close_call")
    assert await closed.count() == 1
