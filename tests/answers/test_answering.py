"""Answering formally: one, many, again, by two at once; and who learns of it."""

import asyncio

import pytest

from participa.answers.models import Answer, AnswerRevision, AnswerTarget, EarlierTarget
from participa.answers.queries import formal_answers
from participa.answers.rules import Decision
from participa.answers.service import AnsweredMeanwhile, answer, change
from participa.answers.standing import Standing, counts, spots, wanted
from participa.audit import AuditRecord
from participa.deliberation.models import Contribution
from participa.deliberation.saying import Said
from participa.deliberation.service import publish, remove
from participa.deliberation.verdicts import Verdict
from participa.facilitation.merges import merge
from participa.notifications.models import Notice
from participa.plans.models import Section
from participa.processes.models import Process
from participa.web.refusals import BadInput, Conflict, NotFound
from tests.answers.answering import DESK, REASON, answered, said, sent
from tests.people import NOW, Municipality
from tests.security.world import make_plan
from tests.visitors import Web, page_text


async def test_many_in_one_act(town: Municipality, web: Web) -> None:
    """One form answers all that were ticked: on each page, in the log, told to each author."""
    mine, his = await said(town, "Falta luz."), await said(town, "Falta un andén.", town.beto)
    before = (await Process.of(town.entity.id).get(id=town.process.id)).revision
    diego = await web.visit(town.diego)
    done = await diego.post(DESK, sent(mine, his, request_key="k1"))
    assert done.headers["location"] == f"{DESK}?aviso=respondidos"
    await diego.post(DESK, sent(mine, his, request_key="k1"))
    assert await Answer.of(town.entity.id).count() == 1
    elsa = await web.visit()
    for contribution in (mine, his):
        page = page_text(await elsa.get(f"/aportes/{contribution.receipt_number}"))
        assert "Se acoge" in page
        assert REASON in page
        assert "Aún sin respuesta" not in page
    acts = AuditRecord.of(town.entity.id).filter(action="answers.answer")
    assert [act.object_label for act in await acts] == [f"{mine.receipt_number} (+1)"]
    told = await Notice.of(town.entity.id).filter(kind="formal").order_by("object_id")
    assert [each.person_id for each in told] == [town.ana.person_id, town.beto.person_id]
    assert (await Process.of(town.entity.id).get(id=town.process.id)).revision > before
    assert "Se acoge" in page_text(await (await web.visit(town.ana)).get("/mi-participacion"))


async def test_what_is_wrong_keeps_everything(town: Municipality, web: Web) -> None:
    """Without verdict or reason the page says so, and what was typed and ticked is still there."""
    mine = await said(town, "Falta luz.")
    diego = await web.visit(town.diego)
    shown = await diego.post(DESK, sent(mine, verdict="", reason="Porque sí, y **mucho**."))
    assert shown.status_code == 422
    assert "Diga qué decide la entidad." in shown.text
    assert "Porque sí, y **mucho**." in shown.text
    assert f'name="a-{mine.receipt_number}" value="0" checked' in shown.text
    assert (await diego.post(DESK, sent())).status_code == 422
    assert (await diego.post(DESK, sent(mine, section="999999", version="1"))).status_code == 422
    assert not await Answer.of(town.entity.id).exists()


async def test_who_was_slower_loses_nothing(town: Municipality, web: Web) -> None:
    """A second official is refused with 409, sees the newer answer, and may then replace it."""
    mine = await said(town, "Falta luz.")
    first = await answered(town, mine, verdict=Verdict.REJECTED, reason="No hay plata.")
    diego = await web.visit(town.diego)
    late = await diego.post(DESK, sent(mine))
    assert late.status_code == 409
    assert "Otra persona respondió mientras usted escribía" in late.text
    assert REASON in late.text
    assert f'name="a-{mine.receipt_number}" value="{first.id}.0" checked' in late.text
    again = sent(mine) | {f"a-{mine.receipt_number}": f"{first.id}.0"}
    assert (await diego.post(DESK, again)).status_code == 303
    given = (await formal_answers(town.entity.id, [mine.id]))[mine.id]
    assert str(given.label) == "Se acoge"
    assert [str(each.label) for each in given.history] == ["No se acoge"]
    page = page_text(await (await web.visit()).get(f"/aportes/{mine.receipt_number}"))
    assert "1 respuesta anterior" in page
    assert "No hay plata." in page


async def test_two_at_once(town: Municipality) -> None:
    """Of two answers given at the same moment one counts and the other is refused."""
    mine = await said(town, "Falta luz.")
    results = await asyncio.gather(
        answered(town, mine), answered(town, mine, verdict=Verdict.REJECTED),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in results) == ["Answer", "AnsweredMeanwhile"]
    assert await AnswerTarget.of(town.entity.id).filter(contribution_id=mine.id).count() == 1
    assert await Answer.of(town.entity.id).count() == 1


async def test_a_changed_answer_keeps_its_wordings(town: Municipality, web: Web) -> None:
    """Changing reaches all it counts for; the earlier words stay; the same again is nothing."""
    mine, his = await said(town, "Falta luz."), await said(town, "Más luz.", town.beto)
    given = await answered(town, mine, his)
    diego = await web.visit(town.diego)
    url = f"/gestion/respuestas/{given.id}"
    form = {"verdict": "partly", "reason": "Solo el parque.", "section": "", "version": "",
            "seen": f"{given.id}.0"}  # fmt: skip
    assert mine.receipt_number in (await diego.get(url)).text
    for _twice in range(2):
        assert (await diego.post(url, form)).status_code == 303
    assert await AnswerRevision.of(town.entity.id).filter(answer_id=given.id).count() == 1
    stale = await diego.post(url, form | {"reason": "Ni el parque."})
    assert stale.status_code == 409
    assert "Ni el parque." in stale.text
    for each in (await formal_answers(town.entity.id, [mine.id, his.id])).values():
        assert str(each.label) == "Se acoge en parte"
        assert [str(old.label) for old in each.history] == ["Se acoge"]


async def test_a_later_change_of_a_replaced_answer_is_not_this_ones(town: Municipality) -> None:
    """History shows what counted for this contribution, not what its old answer became since."""
    mine, his = await said(town, "Falta luz."), await said(town, "Más luz.", town.beto)
    first = await answered(town, mine, his)
    await answered(town, mine, verdict=Verdict.REJECTED, seen=f"{first.id}.0")
    later = Decision(Verdict.PARTLY, "Cambio posterior.")
    await change(town.diego, first.id, later, f"{first.id}.0", now=NOW.replace(year=2027))
    history = (await formal_answers(town.entity.id, [mine.id]))[mine.id].history
    assert [str(old.label) for old in history] == ["Se acoge"]
    assert await EarlierTarget.of(town.entity.id).count() == 1


async def test_where_it_went(town: Municipality, web: Web) -> None:
    """An accepted answer names section and version, or owes them; no other place."""
    section_id, _call = await make_plan(town.entity, town.process, town.diego)
    mine, his = await said(town, "Falta luz."), await said(town, "Más luz.", town.beto)
    await answered(town, mine, section_id=section_id, version=1)
    await answered(town, his, section_id=section_id, is_owed=True)
    elsa = await web.visit()
    page = page_text(await elsa.get(f"/aportes/{mine.receipt_number}"))
    assert "Está en la versión 1 del plan: 1 Campo" in page
    assert "Se incorporará en la próxima versión:" in page_text(
        await elsa.get(f"/aportes/{his.receipt_number}")
    )
    owed = await spots(town.entity.id, town.process.id, wanted({"estado": "por-incorporar"}), 10)
    assert [each.id for each in owed] == [his.id]
    other = await said(town, "Otra.")
    with pytest.raises(BadInput):
        await answered(town, other, section_id=section_id, version=2)
    with pytest.raises(BadInput):
        await answered(town, other, section_id=section_id)
    with pytest.raises(BadInput):
        await answered(town, other, verdict=Verdict.REJECTED, section_id=section_id, version=1)
    assert await Section.of(town.entity.id).filter(id=section_id).exists()


async def test_what_cannot_be_answered(town: Municipality) -> None:
    """Another process's, the entity's own words and what was taken back are not answered."""
    mine = await said(town, "Falta luz.")
    own = await publish(
        town.diego, town.topic.thread_id, Said("Gracias.", office="Planeación"), now=NOW
    )
    with pytest.raises(NotFound):
        await answered(town, own)
    with pytest.raises(NotFound):
        await answer(
            town.diego, town.closed_process.id, Decision(Verdict.ACCEPTED, REASON),
            {mine.receipt_number: "0"}, now=NOW,
        )  # fmt: skip
    await remove(town.ana, mine.id, now=NOW)
    with pytest.raises(Conflict):
        await answered(town, mine)
    assert not await Answer.of(town.entity.id).exists()


async def test_what_is_taken_back_takes_its_answer_out_of_sight(
    town: Municipality, web: Web
) -> None:
    """The page of a contribution that is not shown any more shows no answer that may quote it."""
    mine = await said(town, "Falta luz.")
    await answered(town, mine)
    await remove(town.ana, mine.id, now=NOW)
    page = page_text(await (await web.visit()).get(f"/aportes/{mine.receipt_number}"))
    assert REASON not in page


async def test_the_order_of_truth(town: Municipality) -> None:
    """The formal answer goes before an office's reply, and that before nothing yet."""
    mine, his, other = [await said(town, text) for text in ("Uno.", "Dos.", "Tres.")]
    for contribution in (mine, his):
        await publish(
            town.diego, town.topic.thread_id, Said("Gracias.", office="Planeación"), now=NOW,
            parent_id=contribution.id,
        )  # fmt: skip
    await answered(town, mine, verdict=Verdict.NOT_OURS)
    found = await spots(town.entity.id, town.process.id, wanted({}), 10)
    standing = {each.id: each.standing for each in found}
    assert [standing[each.id] for each in (mine, his, other)] == ["not_ours", "reply", ""]
    names = {each.name: each.count for each in await counts(town.entity.id, town.process.id)}
    assert names == {Standing.NONE: 2, "no-competente": 1, Standing.REPLY: 1}


async def test_an_unknown_mark_is_refused(town: Municipality) -> None:
    """A mark that no page showed is as good as an answer that changed meanwhile."""
    mine = await said(town, "Falta luz.")
    with pytest.raises(AnsweredMeanwhile):
        await answered(town, mine, seen="7.1")
    assert await Contribution.of(town.entity.id).filter(id=mine.id).exists()


async def test_a_box_with_a_nul_is_refused(town: Municipality, web: Web) -> None:
    """What is no receipt number, in an address or as a box, never reaches the database."""
    diego = await web.visit(town.diego)
    for words in ("%00", "a%00b", "AP-2026-000001%00"):
        assert (await diego.get(f"{DESK}?aporte={words}")).status_code == 200
    odd = {"verdict": "accepted", "reason": REASON, "a-\x00": "0"}
    assert (await diego.post(DESK, odd)).status_code in {400, 422}


async def test_what_was_merged_is_answered_with_the_other(town: Municipality) -> None:
    """Before or after the merge: its author is told, and it stands as the other one does."""
    kept, same = await said(town, "Falta luz."), await said(town, "No hay luz.", town.beto)
    late = await said(town, "Pongan luz.", town.carmen)
    await merge(town.diego, same.id, kept.id, reason="Es lo mismo.", now=NOW)
    await answered(town, kept)
    await merge(town.diego, late.id, kept.id, reason="Es lo mismo.", now=NOW)
    told = await Notice.of(town.entity.id).filter(kind="formal").order_by("object_id")
    assert [each.person_id for each in told] == [town.ana.person_id, town.beto.person_id]
    accepted = await spots(town.entity.id, town.process.id, wanted({"estado": "acogido"}), 9)
    assert [each.id for each in accepted] == [kept.id, same.id, late.id]
    left = await spots(town.entity.id, town.process.id, wanted({}), 9, unanswered=True)
    assert [each.id for each in left] == [town.topic.id]
