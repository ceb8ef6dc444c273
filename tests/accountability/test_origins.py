"""A goal names what it comes from, and what was said leads to the goal."""

from participa.accountability.models import Goal, GoalOrigin
from participa.audit import AuditRecord
from participa.deliberation.service import remove
from participa.moderation.service import hide
from tests.accountability.hearing import bring, goal
from tests.answers.answering import said
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

PAGE = "/rendicion-de-cuentas/metas/{}"


async def test_both_ways(town: Municipality, web: Web) -> None:
    """An official names receipts; the goal shows them and each leads to the goal, once."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    mine = await said(town, "Falta placa huella.")
    url, diego = f"/gestion/metas/{row.id}/origen", await web.visit(town.diego)
    page = PAGE.format(row.id)
    assert url in (await diego.get(page)).text
    for _twice in range(2):
        sent = {"receipts": f"{mine.receipt_number.lower()},\n{town.topic.receipt_number}"}
        assert (await diego.post(url, sent)).status_code == 303
    acts = AuditRecord.of(town.entity.id).filter(action="accountability.set_origins")
    assert await acts.count() == 1
    elsa = await web.visit()
    shown = await elsa.get(page)
    assert f"/aportes/{mine.receipt_number}" in shown.text
    assert url not in shown.text
    back = await elsa.get(f"/aportes/{mine.receipt_number}")
    assert f'href="{page}"' in back.text
    assert "Llevó a la meta" in page_text(back)
    assert mine.receipt_number in (await diego.get(url)).text


async def test_what_is_unknown_is_named_and_nothing_changes(town: Municipality, web: Web) -> None:
    """A receipt that nobody can read here is said beside the field; all that was typed stays."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    gone = await said(town, "Borrado.")
    await remove(town.ana, gone.id, now=NOW)
    diego = await web.visit(town.diego)
    for unknown in ("PA-2026-999999-9", gone.receipt_number, "nada"):
        sent = {"receipts": f"{town.topic.receipt_number} {unknown}"}
        refused = await diego.post(f"/gestion/metas/{row.id}/origen", sent)
        assert refused.status_code == 422
        assert f"con {unknown.upper()}." in page_text(refused)
        assert town.topic.receipt_number in refused.text
    assert not await GoalOrigin.of(town.entity.id).exists()


async def test_what_is_hidden_is_not_named(town: Municipality, web: Web) -> None:
    """The goal stops naming a contribution that moderation hid."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    mine = await said(town, "Falta placa huella.")
    diego = await web.visit(town.diego)
    await diego.post(f"/gestion/metas/{row.id}/origen", {"receipts": mine.receipt_number})
    await hide(town.carmen, mine.id, rule="1", now=NOW)
    assert mine.receipt_number not in (await (await web.visit()).get(PAGE.format(row.id))).text
