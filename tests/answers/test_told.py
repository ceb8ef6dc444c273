"""Who no mail reaches is told by hand: the list, the mark, and what takes the mark away."""

from participa.answers.models import AnswerTarget
from participa.answers.rules import Decision
from participa.answers.service import change
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish
from participa.deliberation.verdicts import Verdict
from participa.facilitation.merges import merge
from participa.notifications.models import Notice
from tests.answers.answering import DESK, answered, said
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

LIST = "/gestion/procesos/plan/avisar"


async def called(town: Municipality, text: str = "Llamó por la luz.") -> Contribution:
    """Let an official write down what somebody said by telephone."""
    return await publish(town.diego, town.topic.thread_id, Said(text, channel="telephone"), now=NOW)


async def test_who_called_is_told_by_hand(town: Municipality, web: Web) -> None:
    """A call waits in the list, with what to say, until it is marked; web and recorder do not."""
    call, online = await called(town), await said(town, "Falta luz.")
    given = await answered(town, call, online)
    assert await Notice.of(town.entity.id).filter(kind="formal").count() == 1
    diego = await web.visit(town.diego)
    assert "1 persona o mesa por avisar" in page_text(await diego.get(DESK))
    shown = await diego.get(LIST)
    assert call.receipt_number in shown.text
    assert online.receipt_number not in shown.text
    form = {"told_on": "2026-11-22", "how": "Llamada", f"a-{call.receipt_number}": f"{given.id}.0"}
    for _twice in range(2):
        assert (await diego.post(LIST, form)).status_code == 303
    assert call.receipt_number not in (await diego.get(LIST)).text
    told = page_text(await diego.get(f"{LIST}?estado=avisados"))
    assert "Avisado el 22 de noviembre de 2026 · Llamada" in told
    assert "Llamada" not in (await (await web.visit()).get(f"/aportes/{call.receipt_number}")).text


async def test_the_desk_says_what_waits(town: Municipality, web: Web) -> None:
    """What has no answer and who is not told yet are to be done; not by moderators."""
    call, _online = await called(town), await said(town, "Falta luz.")
    await answered(town, call)
    desk = page_text(await (await web.visit(town.diego)).get("/gestion"))
    assert "Responder aportes: Proceso plan 2 sin respuesta" in desk
    assert "Avisar de las respuestas: Proceso plan 1 por avisar" in desk
    assert "por avisar" not in page_text(await (await web.visit(town.carmen)).get("/gestion"))


async def test_a_changed_answer_is_told_again(town: Municipality, web: Web) -> None:
    """A mark for words that changed meanwhile is refused, and an earlier mark goes."""
    call = await called(town)
    given = await answered(town, call)
    diego = await web.visit(town.diego)
    form = {"told_on": "2026-11-22", "how": "", f"a-{call.receipt_number}": f"{given.id}.0"}
    await diego.post(LIST, form)
    await change(
        town.diego, given.id, Decision(Verdict.REJECTED, "Ya no."), f"{given.id}.0", now=NOW
    )
    assert call.receipt_number in (await diego.get(LIST)).text
    stale = await diego.post(LIST, form | {"how": "Visita"})
    assert stale.status_code == 409
    assert "Visita" in stale.text
    assert not await AnswerTarget.of(town.entity.id).exclude(told_on=None).exists()


async def test_what_is_wrong_keeps_everything(town: Municipality, web: Web) -> None:
    """Nobody chosen, no day, nonsense or a day to come: said beside the field, nothing noted."""
    call = await called(town)
    given = await answered(town, call)
    box = {f"a-{call.receipt_number}": f"{given.id}.0"}
    diego = await web.visit(town.diego)
    for fields in (
        {"told_on": "2026-11-22"}, box | {"told_on": ""}, box | {"told_on": "ayer"},
        box | {"told_on": "2026-11-24"},
    ):  # fmt: skip
        refused = await diego.post(LIST, {"how": "Visita a la casa", **fields})
        assert refused.status_code == 422
        assert "Visita a la casa" in refused.text
    assert f'value="{given.id}.0" checked' in refused.text
    assert await AnswerTarget.of(town.entity.id).filter(told_on=None).count() == 1


async def test_who_called_is_told_of_a_merge(town: Municipality, web: Web) -> None:
    """It waits in the same list until it is marked; a merge that is no more is refused."""
    call, online = await called(town), await said(town, "Falta luz.")
    merged = await merge(town.diego, call.id, online.id, reason="Es lo mismo.", now=NOW)
    diego = await web.visit(town.diego)
    assert f"Se unió a «El puente» ({online.receipt_number})" in page_text(await diego.get(LIST))
    form = {"told_on": "2026-11-22", "how": "Llamada"}
    stale = await diego.post(LIST, {**form, f"a-{call.receipt_number}": "u999"})
    assert stale.status_code == 409
    done = await diego.post(LIST, {**form, f"a-{call.receipt_number}": f"u{merged.id}"})
    assert done.status_code == 303
    assert call.receipt_number not in (await diego.get(LIST)).text
    assert "Avisado el 22" in page_text(await diego.get(f"{LIST}?estado=avisados"))
