"""The follow-up of a plan: its page, its filters, one goal's page, its open tables."""

import csv
import io
import json

import pytest

from participa.accountability.followup.figures import FundFigures, PeriodFigures
from participa.accountability.followup.goal import goal_of, goal_page
from participa.accountability.followup.overview import overview
from participa.accountability.followup.queries import followed_processes, plan_of
from participa.accountability.models import Goal
from tests.accountability.hearing import bring, call, goal, year
from tests.people import NEIGHBOUR_HOST, NOW, Municipality
from tests.statements import counted
from tests.visitors import Web, page_text

PAGE = "/rendicion-de-cuentas/seguimiento/plan"
GOAL = "/rendicion-de-cuentas/metas/1"
OTHER = "Secretaría de Salud"


async def test_each_goal_shows_bar_number_and_word(town: Municipality, web: Web) -> None:
    """A goal has its share as a bar, as a number and as a word with a shape, and its figures."""
    await bring(town, goal(note="El contrato quedó desierto."))
    elsa = await web.visit()
    for path in (PAGE, GOAL):
        answer = await elsa.get(path)
        page = page_text(answer)
        assert '<rect y="2" width="75.0" height="6"/>' in answer.text
        assert '<span class="pill pill-soon">Con rezago</span>' in answer.text
        assert "75 %" in page
        assert "6 de 8 km hasta 2025" in page
    assert "El contrato quedó desierto." in page


async def test_a_goals_page_has_its_figures_and_its_history(town: Municipality, web: Web) -> None:
    """Years, quarters, sources and places stand in tables; what is not known is said."""
    await bring(
        town,
        goal(
            periods=(PeriodFigures(2025, "T1", 2, 1.5),),
            funds=(FundFigures(2025, "SGP", 2_000_000, 1_000_000, None),),
            areas=("El Salado",),
            subprogramme="Placa huella rural",
            project="2024-001 · Vías",
        ),
    )
    answer = await (await web.visit()).get(GOAL)
    page = page_text(answer)
    assert answer.text.count('<th scope="row">20') == 4 + 1 + 16
    assert 'data-l="Pagado:">1</td>' in answer.text
    for words in ("SGP", "2025 T1", "El Salado", "Placa huella rural", "2024-001", "11"):
        assert words in page
    assert "sin dato" in page
    assert "Meta creada" in page.split("Qué ha cambiado")[1]
    assert "Diego" in page.split("Qué ha cambiado")[1]


async def test_a_change_is_told_with_what_was_before(town: Municipality, web: Web) -> None:
    """The history of a goal says what changed, from what, to what, who and from where."""
    await bring(town, goal())
    await bring(town, goal(years=(*goal().years[:2], year(2026, 5, 4.5), year(2027, 4))))
    history = page_text(await (await web.visit()).get(GOAL)).split("Qué ha cambiado")[1]
    assert "Ejecutado 2026: 4,5" in history
    await bring(town, goal(years=(*goal().years[:2], year(2026, 5, 5), year(2027, 4))))
    history = page_text(await (await web.visit()).get(GOAL)).split("Qué ha cambiado")[1]
    assert "Ejecutado 2026: 4,5 → 5" in history


async def test_goals_stand_by_axis_and_programme_in_order(town: Municipality, web: Web) -> None:
    """1.2 comes before 1.10, each under its axis, with how many stand how."""
    late = (year(2024, 10, 1),)
    await bring(
        town,
        goal("2.1", axis="Agua", title="Meta del agua", years=late),
        goal("1.10", title="Meta décima"),
        goal("1.2", title="Meta segunda", programme="Puentes"),
    )
    answer = await (await web.visit()).get(PAGE)
    page = page_text(answer).split("Las metas")[1]
    names = ["Puentes", "Meta segunda", "Vías", "Meta décima", "Agua", "Meta del agua"]
    assert sorted(names, key=page.index) == names
    assert "Con rezago 2 Atrasada 1" in page_text(answer)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_every_filter_shows_its_own(town: Municipality, web: Web) -> None:
    """Axis, office, year, place, standing and words choose goals; nonsense chooses all."""
    await bring(
        town,
        goal(areas=("El Salado",)),
        goal("1.1.2", title="Puesto de salud", office=OTHER, axis="Salud",
             years=(year(2024, 10, 10), year(2025, 10, 3))),
    )  # fmt: skip
    plan = await plan_of(town.process)

    def shown(**asked: str) -> list[str]:
        found = overview(plan, asked, NOW.year)
        return [each.number for chapter in found.chapters for each in chapter.goals]

    both = ["1.1.1", "1.1.2"]
    assert shown() == shown(eje="Nadie", anio="1492", lugar="x", estado="?", desde="99") == both
    assert shown(dependencia=OTHER) == shown(eje="Salud") == ["1.1.2"]
    assert shown(q="SALUD puesto") == ["1.1.2"]
    assert shown(q="placa salud") == []
    assert shown(lugar=str(next(iter(plan.areas[plan.goals[0].id])))) == ["1.1.1"]
    assert shown(estado="con-rezago") == ["1.1.1", "1.1.2"]
    assert shown(anio="2025", estado="atrasadas") == ["1.1.2"]
    found = overview(plan, {"dependencia": OTHER}, NOW.year)
    assert (found.goal_count, found.all_count) == (1, 2)
    assert [each.appropriated for each in found.money] == [2.0, 2.0]
    answer = await (await web.visit()).get(f"{PAGE}?q=salud")
    assert "1 de 2 metas" in page_text(answer)
    assert 'value="salud"' in answer.text


async def test_a_goal_without_closed_years_claims_nothing(town: Municipality, web: Web) -> None:
    """No percentage is shown where there is nothing to compare."""
    await bring(town, goal(years=(year(2026, 5), year(2027, 4))))
    page = page_text(await (await web.visit()).get(PAGE))
    assert "Sin cifras que comparar" in page
    assert "Todavía no hay años cerrados." in page
    assert "0 %" not in page.split("Las metas")[1]


async def test_names_from_a_sheet_are_escaped(town: Municipality, web: Web) -> None:
    """Whatever an imported sheet says, the page shows it as words."""
    await bring(town, goal(title="<script>alert(1)</script>", office='"><img src=x>'))
    answer = await (await web.visit()).get(PAGE)
    text = answer.text
    assert answer.status_code == 200
    assert "<script>alert(1)" not in text
    assert "<img" not in text


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_the_tables_can_be_downloaded(town: Municipality, web: Web) -> None:
    """CSV, workbook and JSON say the same; formulas are disarmed; the dictionary is beside."""
    await bring(
        town, goal(periods=(PeriodFigures(2025, "T1", 2, None),)),
        goal("1.1.2", title="=1+1", base_line=None),
    )  # fmt: skip
    elsa = await web.visit()
    answer = await elsa.get(f"{PAGE}/metas.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="metas-plan.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len(rows) == 8
    assert (rows[0]["anio"], rows[0]["programado"], rows[0]["ejecutado"]) == ("2024", "3.0", "2.6")
    assert (rows[0]["pagado"], rows[3]["ejecutado"], rows[4]["linea_base"]) == ("1000000", "", "")
    assert rows[4]["meta"] == "'=1+1"
    written = json.loads((await elsa.get(f"{PAGE}/metas.json")).content)
    assert [len(each["anios"]) for each in written["metas"]] == [4, 4]
    assert written["metas"][0]["periodos"][0]["programado"] == 2
    assert set(written["diccionario"]) >= set(rows[0])
    assert (await elsa.get(f"{PAGE}/metas.xlsx")).content[:2] == b"PK"
    assert '"1.1.1",2025,"T1",2.0,' in (await elsa.get(f"{PAGE}/periodos.csv")).text
    assert (await elsa.get(f"{PAGE}/metas.exe")).status_code == 404
    catalogue = (await elsa.get("/datos")).text
    assert all(f'href="{PAGE}/metas.{name}"' in catalogue for name in ("csv", "xlsx", "json"))


async def test_a_session_leads_to_the_figures(town: Municipality, web: Web) -> None:
    """The session's page and the list link to the follow-up once there are goals, not before."""
    await call(town)
    elsa = await web.visit()
    paths = ("/rendicion-de-cuentas/1", "/rendicion-de-cuentas")
    assert [PAGE in (await elsa.get(path)).text for path in paths] == [False, False]
    await bring(town, goal())
    assert [PAGE in (await elsa.get(path)).text for path in paths] == [True, True]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/metas.csv"])
async def test_what_is_not_there_is_404(town: Municipality, web: Web, path: str) -> None:
    """No goals, no process or the neighbour's address: nothing; and nothing can be sent."""
    elsa = await web.visit()
    assert (await elsa.get(path)).status_code == 404
    await bring(town, goal())
    assert (await elsa.get(path)).status_code == 200
    assert (await elsa.get(path.replace("plan", "otro"))).status_code == 404
    assert (await (await web.visit(None, NEIGHBOUR_HOST)).get(path)).status_code == 404
    assert (await elsa.post(path)).status_code == 405


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/metas.csv"])
async def test_a_drafts_goals_are_for_its_staff(town: Municipality, web: Web, path: str) -> None:
    """A process taken offline takes its follow-up along, for all but its staff."""
    await bring(town, goal())
    town.process.is_published = False
    await town.process.save()
    for actor in (town.elsa, town.ana):
        assert (await (await web.visit(actor)).get(path)).status_code == 404
    assert (await (await web.visit(town.diego)).get(path)).status_code == 200
    assert await followed_processes(town.entity.id) == []


async def test_downloads_are_limited(town: Municipality, web: Web) -> None:
    """The thirty-first download of an hour is asked to wait."""
    await bring(town, goal())
    elsa = await web.visit()
    codes = [(await elsa.get(f"{PAGE}/metas.csv")).status_code for _ in range(31)]
    assert (set(codes[:30]), codes[30]) == ({200}, 429)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_the_follow_up_costs_the_same_with_many(town: Municipality, web: Web) -> None:
    """Four statements for a plan of 3 goals or 331, seven for a goal; a page of them is light."""
    counts = []
    for wanted in (3, 331):
        await bring(town, *(goal(f"1.{number}") for number in range(wanted)))
        with counted() as run:
            plan = await plan_of(town.process)
        first = await Goal.of(town.entity.id).first()
        assert first is not None
        with counted() as one:
            await goal_page(await goal_of(town.entity.id, first.id), NOW.year)
        counts.append((len(run), len(plan.goals), len(one)))
    assert counts == [(4, 3, 7), (4, 331, 7)]
    answer = await (await web.visit()).get(PAGE)
    assert answer.text.count('<article class="part goal"') == 25
    assert "desde=25" in answer.text
    assert len(answer.text) < 60_000
