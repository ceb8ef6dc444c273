"""The follow-up of a plan: its page, its filter, its open table."""

import csv
import io

import pytest

from participa.accountability.followup.queries import follow_up, followed_processes, goal_rows
from tests.accountability.hearing import bring, call, goal, year
from tests.people import NEIGHBOUR_HOST, Municipality
from tests.statements import counted
from tests.visitors import Web, page_text

PAGE = "/rendicion-de-cuentas/seguimiento/plan"
OTHER = "Secretaría de Salud"


async def test_each_goal_shows_bar_number_and_word(town: Municipality, web: Web) -> None:
    """A goal has its share as a bar, as a number and as a word with a shape, and its figures."""
    await bring(town, goal(note="El contrato quedó desierto."))
    answer = await (await web.visit()).get(PAGE)
    page = page_text(answer)
    assert '<rect y="2" width="75.0" height="6"/>' in answer.text
    assert '<span class="pill pill-soon">Con rezago</span>' in answer.text
    assert "75 %" in page
    assert "6 de 8 km hasta 2025" in page
    assert "El contrato quedó desierto." in page
    assert "hasta el cierre de 2025" in page


async def test_beside_each_figure_stands_its_table(town: Municipality, web: Web) -> None:
    """Every year stands in a table, money in millions; what is not known is said, not zero."""
    await bring(town, goal())
    answer = await (await web.visit()).get(PAGE)
    assert answer.text.count("<table") == 1
    assert answer.text.count('<th scope="row">') == 4
    assert 'data-l="Pagado:">1</td>' in answer.text
    assert page_text(answer).count("sin dato") == 8
    assert "línea base: 11" in page_text(answer)


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
    page = page_text(answer)
    names = ["Campo con camino", "Puentes", "Meta segunda", "Vías", "Meta décima", "Agua",
             "Meta del agua"]  # fmt: skip
    assert sorted(names, key=page.index) == names
    assert "Con rezago 2 Atrasada 1" in page


async def test_an_office_sees_its_own_by_a_plain_link(town: Municipality, web: Web) -> None:
    """The filter is a link, the totals are those shown, and an unknown office means all."""
    await bring(town, goal(), goal("1.1.2", title="Meta de salud", office=OTHER))
    elsa = await web.visit()
    everything = await elsa.get(PAGE)
    assert 'href="/rendicion-de-cuentas/seguimiento/plan?dependencia=Secretar' in everything.text
    only = page_text(await elsa.get(f"{PAGE}?dependencia={OTHER}"))
    assert "Meta de salud" in only
    assert "Placa huella" not in only
    unknown = page_text(await elsa.get(f"{PAGE}?dependencia=Nadie"))
    assert "Placa huella" in unknown
    assert "Meta de salud" in unknown
    shown = await follow_up(town.process, OTHER)
    assert (shown.goal_count, shown.appropriated, shown.paid) == (1, 4.0, 2.0)


async def test_a_goal_without_closed_years_claims_nothing(town: Municipality, web: Web) -> None:
    """No percentage is shown where there is nothing to compare."""
    await bring(town, goal(years=(year(2026, 5), year(2027, 4))))
    page = page_text(await (await web.visit()).get(PAGE))
    assert "Sin cifras que comparar" in page
    assert "Todavía no hay años cerrados." in page
    assert "0 %" not in page.split("Por dependencia")[1]


async def test_names_from_a_sheet_are_escaped(town: Municipality, web: Web) -> None:
    """Whatever an imported sheet says, the page shows it as words."""
    await bring(town, goal(title="<script>alert(1)</script>", office='"><img src=x>'))
    answer = await (await web.visit()).get(PAGE)
    text = answer.text
    assert answer.status_code == 200
    assert "<script>alert(1)" not in text
    assert "<img" not in text


async def test_the_table_can_be_downloaded(town: Municipality, web: Web) -> None:
    """One row for each goal and year, numbers bare, formulas disarmed, listed with open data."""
    await bring(town, goal(), goal("1.1.2", title="=1+1", base_line=None))
    elsa = await web.visit()
    answer = await elsa.get(f"{PAGE}/metas.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="metas-plan.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len(rows) == 8
    assert (rows[0]["anio"], rows[0]["programado"], rows[0]["ejecutado"]) == ("2024", "3.0", "2.6")
    assert (rows[0]["pagado"], rows[3]["ejecutado"], rows[4]["linea_base"]) == ("1000000", "", "")
    assert rows[4]["meta"] == "'=1+1"
    assert f'href="{PAGE}/metas.csv"' in (await elsa.get("/datos")).text


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


async def test_the_follow_up_costs_the_same_with_many(town: Municipality) -> None:
    """Page and table take two statements each, with 3 goals and with 300."""
    counts = []
    for wanted in (3, 300):
        await bring(town, *(goal(f"1.{number}") for number in range(wanted)))
        with counted() as run:
            shown = await follow_up(town.process, "")
        with counted() as table:
            rows = await goal_rows(town.process)
        counts.append((len(run), shown.goal_count, len(table), len(rows)))
    assert counts == [(2, 3, 2, 12), (2, 300, 2, 1200)]


async def test_three_hundred_goals_are_one_page(town: Municipality, web: Web) -> None:
    """A real plan's size is served whole, each goal with an address of its own."""
    await bring(town, *(goal(f"1.{number}") for number in range(300)))
    answer = await (await web.visit()).get(PAGE)
    assert answer.text.count('id="meta-1.') == 300
