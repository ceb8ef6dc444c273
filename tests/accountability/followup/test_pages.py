"""The officials' pages of a plan's follow-up: a sheet from its sending to its import, a report."""

import pytest

from participa.accountability.followup.waiting import KEPT, sweep_sheets
from participa.accountability.models import Goal, GoalChange, GoalPeriod, GoalSheet, GoalYear
from participa.audit import AuditRecord
from participa.demo.drawings import library_bus
from tests.accountability.hearing import bring, goal, year
from tests.people import NOW, Municipality
from tests.visitors import Web, page_text

URL = "/gestion/procesos/plan/seguimiento"
SHEET = """Eje;Código;Meta;Programado 2024;Ejecutado 2024;Avance raro
Campo;1.1.1;Placa huella;3;1;2,5
Campo;1.1.2;Puente;2;;
"""
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def test_a_sheet_is_seen_before_it_is_stored(town: Municipality, web: Web) -> None:
    """Sent, read by other columns, imported; each step tells what it comes to."""
    await bring(town, goal(years=(year(2024, 3, 1),)), goal("9"))
    diego = await web.visit(town.diego)
    sent = await diego.post(URL, {"mapping": ""}, files={"file": ("plan.csv", SHEET.encode())})
    assert sent.status_code == 303
    page = await diego.get(sent.headers["location"])
    assert "Metas nuevas" in page_text(page)
    assert "no nombra 1 meta publicada" in page_text(page)
    assert await Goal.of(town.entity.id).count() == 2
    form = {"columns_axis": "Eje", "columns_number": "Código", "columns_title": "Meta",
            "years_programmed": "Programado {year}", "years_executed": "Avance raro",
            "decimal": ",", "money": "1", "do": "columns"}  # fmt: skip
    refused = await diego.post(sent.headers["location"], form)
    assert refused.status_code == 422
    assert "debe llevar {year}" in page_text(refused)
    assert 'value="Avance raro"' in refused.text
    form["years_executed"] = "Ejecutado {year}"
    assert (await diego.post(sent.headers["location"], form)).status_code == 303
    done = await diego.post(sent.headers["location"], {"do": "import"})
    assert done.headers["location"] == "/rendicion-de-cuentas/seguimiento/plan?aviso=guardado"
    assert await Goal.of(town.entity.id).count() == 3
    change = await GoalChange.of(town.entity.id).order_by("-id").first()
    assert change is not None
    assert (change.made_by, change.source) == ("Diego", "plan.csv")
    again = await diego.get(sent.headers["location"])
    assert "dice lo mismo" in page_text(again)


async def test_a_sheet_with_errors_stores_nothing(town: Municipality, web: Web) -> None:
    """Errors are told by line, the button is not there, and pressing it all the same is refused."""
    diego = await web.visit(town.diego)
    data = SHEET.replace("1.1.2", "1.1.1").encode()
    sent = await diego.post(URL, {"mapping": ""}, files={"file": ("plan.csv", data)})
    page = await diego.get(sent.headers["location"])
    assert page.status_code == 422
    assert "ya está en la línea 2" in page_text(page)
    assert 'value="import"' not in page.text
    assert (await diego.post(sent.headers["location"], {"do": "import"})).status_code == 422
    assert await Goal.of(town.entity.id).count() == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Escoja la hoja"), (b"\xff\xfe\x00", "UTF-8"), (b"PK\x03\x04roto", "da\xc3\xb1ado"),
        (b"x" * (5 * 1024 * 1024 + 1), "pesa"),
    ],
)  # fmt: skip
async def test_what_is_no_sheet_is_said(
    town: Municipality, web: Web, data: bytes, words: str
) -> None:
    """The message stands beside the field, and nothing is kept."""
    diego = await web.visit(town.diego)
    files = {"file": ("plan.csv", data)} if data else {}
    answer = await diego.post(URL, {"mapping": ""}, files=files)
    assert answer.status_code == 422
    assert words.encode("latin-1", "ignore").decode("utf-8", "ignore") in page_text(answer)
    assert await GoalSheet.of(town.entity.id).count() == 0


async def test_sheets_are_forgotten(town: Municipality, web: Web) -> None:
    """Two days after it was sent a sheet is gone."""
    diego = await web.visit(town.diego)
    await diego.post(URL, {"mapping": ""}, files={"file": ("plan.csv", SHEET.encode())})
    await GoalSheet.of(town.entity.id).update(created_at=NOW - 2000 * KEPT)
    await sweep_sheets({})
    assert await GoalSheet.of(town.entity.id).count() == 0


async def test_an_official_reports_with_evidence(town: Municipality, web: Web) -> None:
    """Figures of the year and the quarter, words and a picture: all on the goal's page."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    url = f"/gestion/metas/{row.id}/avance"
    diego = await web.visit(town.diego)
    assert '<option value="2026" selected>' in (await diego.get(url)).text
    form = {
        "year": "2026",
        "part": "T1",
        "part_executed": "1,5",
        "executed": "1,5",
        "paid": "$ 2.000.000",
        "evidence": "Acta del 3 de marzo.",
        "description": "La vía",
    }
    done = await diego.post(url, form, files={"file": ("via.png", library_bus())})
    assert done.status_code == 303, page_text(done)
    stored = await GoalYear.of(town.entity.id).get(goal_id=row.id, year=2026)
    assert (stored.programmed, stored.executed, stored.paid) == (5, 1.5, 2_000_000)
    period = await GoalPeriod.of(town.entity.id).get(goal_id=row.id)
    assert (period.year, period.part, period.executed) == (2026, "T1", 1.5)
    assert await GoalYear.of(town.entity.id).filter(goal_id=row.id).count() == 4
    acts = AuditRecord.of(town.entity.id).filter(action="accountability.report_progress")
    assert [act.actor_name for act in await acts] == ["Diego"]
    elsa = await web.visit()
    page = await elsa.get(f"/rendicion-de-cuentas/metas/{row.id}")
    assert "Acta del 3 de marzo." in page_text(page)
    assert "Ejecutado 2026 T1: 1,5" in page_text(page)
    picture = page.text.split('<img src="')[1].split('"')[0]
    assert (await elsa.get(picture)).status_code == 200
    town.process.is_published = False
    await town.process.save()
    assert (await elsa.get(picture)).status_code == 404


async def test_a_wrong_figure_is_taken_out(town: Municipality, web: Web) -> None:
    """Nothing stands in its place; the history says what stood there and why, the log who."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    diego, url = await web.visit(town.diego), f"/gestion/metas/{row.id}/avance"
    report = {"year": "2025", "part": "T1", "part_executed": "9", "evidence": "Acta."}
    assert (await diego.post(url, report)).status_code == 303
    wrong = {
        "year": "2025",
        "executed": "4",
        "empty_executed": "1",
        "evidence": "Era de otra meta.",
    }
    refused = await diego.post(url, wrong)
    assert refused.status_code == 422
    assert "las dos cosas no" in page_text(refused)
    assert 'name="empty_executed" value="1" checked' in refused.text
    less_part = {**wrong, "executed": "", "empty_part_executed": "1"}
    assert (await diego.post(url, less_part)).status_code == 422
    done = await diego.post(url, {**less_part, "part": "T1", "empty_paid": "1"})
    assert done.status_code == 303, page_text(done)
    stored = await GoalYear.of(town.entity.id).get(goal_id=row.id, year=2025)
    assert (stored.executed, stored.paid, stored.committed) == (None, None, 1_500_000)
    assert (await GoalPeriod.of(town.entity.id).get(goal_id=row.id)).executed is None
    page = page_text(await (await web.visit()).get(f"/rendicion-de-cuentas/metas/{row.id}"))
    assert "Ejecutado 2025: 3,4 → sin cifra" in page
    assert "Ejecutado 2025 T1: 9 → sin cifra" in page
    assert "Era de otra meta." in page
    acts = AuditRecord.of(town.entity.id).filter(action="accountability.empty_figures")
    assert [(act.actor_name, act.reason) for act in await acts] == [("Diego", "2025 T1")]


async def test_a_report_that_cannot_be_is_refused(town: Municipality, web: Web) -> None:
    """No evidence, no number, no year of the plan, no quarter: all that was typed stays."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    url = f"/gestion/metas/{row.id}/avance"
    diego = await web.visit(town.diego)
    good = {"year": "2026", "executed": "1", "evidence": "Acta."}
    for change, words in (
        ({"evidence": " "}, "cómo se comprueba"),
        ({"executed": "mucho"}, "Escriba un número"),
        ({"paid": "-3"}, "sin signo"),
        ({"year": "2031"}, "no tiene el año 2031"),
        ({"part_executed": "2"}, "Elija el trimestre"),
    ):
        refused = await diego.post(url, good | change)
        assert refused.status_code == 422
        assert words in page_text(refused)
    assert 'value="2"' in refused.text
    assert await GoalChange.of(town.entity.id).filter(goal_id=row.id).count() == 1


async def test_an_official_says_where_a_goal_is_carried_out(town: Municipality, web: Web) -> None:
    """Names are known however they are written; unknown ones are named; twice is once."""
    await bring(town, goal())
    row = await Goal.of(town.entity.id).get(number="1.1.1")
    url = f"/gestion/metas/{row.id}/lugares"
    diego = await web.visit(town.diego)
    refused = await diego.post(url, {"places": "el salado\nMarte"})
    assert refused.status_code == 422
    assert "ese nombre: Marte." in page_text(refused)
    for _twice in range(2):
        assert (await diego.post(url, {"places": " EL SALADO, el salado"})).status_code == 303
    acts = AuditRecord.of(town.entity.id).filter(action="accountability.set_places")
    assert await acts.count() == 1
    page = page_text(await diego.get(f"/rendicion-de-cuentas/metas/{row.id}"))
    assert "Lugares: El Salado" in page.split("Qué ha cambiado")[1]
    assert "El Salado" in page_text(await diego.get("/rendicion-de-cuentas/seguimiento/plan"))
    assert (await diego.post(url, {"places": ""})).status_code == 303
    assert "Por lugar" not in page_text(await diego.get("/rendicion-de-cuentas/seguimiento/plan"))
