"""A real municipality's sheet, imported whole: what is stored equals what the sheet says."""

import csv
from collections.abc import Callable
from typing import Any

import pytest

from participa.accountability.followup.importing import Imported
from participa.accountability.followup.overview import overview
from participa.accountability.followup.queries import plan_of
from participa.accountability.followup.waiting import (
    cells_of,
    guessed,
    import_sheet,
    mapping_named,
    reading_of,
)
from participa.accountability.models import Goal, GoalChange, GoalPeriod, GoalYear
from tests.people import NOW, Municipality
from tests.realdata import real_data

SHEET = "plan_tenjo_2024_2027/plan_indicativo.csv"
Row = dict[str, str]


def number(cell: str) -> float:
    """Read a cell of the sheet, which has points for decimals; empty is nothing."""
    return float(cell or 0)


def light(row: Row) -> str:
    """Say how a goal stands, computed from the sheet alone."""
    due = [number(row[f"VALOR ESPERADO {year}"]) for year in (2024, 2025)]
    done = [number(row[f"TOTAL EJECUTADO {year}"]) for year in (2024, 2025)]
    every = [number(row[f"VALOR ESPERADO {year}"]) for year in range(2024, 2028)]
    total = number(row["VALOR ESPERADO CUATRIENIO"])
    if row["TENDENCIA INDICADOR"] == "M":
        shares = [min(a / b, 1) for a, b in zip(done, due, strict=True) if b]
        share = sum(shares) / len(shares) if shares else None
    elif abs(sum(every) - total) > 1e-6 and abs(max(every) - total) < 1e-6:
        return "level"
    else:
        share = sum(done) / sum(due) if sum(due) else None
    if share is None:
        return "coming"
    return "done" if share >= 0.9 else "soon" if share >= 0.6 else "late"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_the_import_equals_the_sheet(town: Municipality) -> None:
    """Axes, programmes, goals, offices, every total of money and progress; twice is once."""
    data = real_data(SHEET).read_bytes()
    above, cells = cells_of(data)
    mapping = mapping_named("tenjo-2024-2027")
    reading = await reading_of(town.entity.id, cells, mapping, above)
    assert (reading.row_count, reading.fatal, len(reading.notices)) == (331, [], 1)
    for expected in (Imported(331, 0, 0, 0), Imported(0, 0, 331, 0)):
        done = await import_sheet(town.diego, town.process, reading, "plan.csv", now=NOW)
        assert done == expected
    assert await GoalChange.of(town.entity.id).count() == 331

    sheet = list(csv.DictReader(data.decode("utf-8-sig").splitlines(keepends=True)))
    goals = await Goal.of(town.entity.id).all()
    assert len(goals) == len(sheet) == 331
    assert len({goal.axis for goal in goals}) == 5
    assert len({goal.programme for goal in goals}) == 34
    assert len({(goal.programme, goal.subprogramme) for goal in goals}) == 74
    assert len({goal.office for goal in goals}) == 15

    years = await GoalYear.of(town.entity.id).all()

    def total(field: str, year: int) -> float:
        return sum(getattr(row, field) or 0 for row in years if row.year == year)

    def column(title: str, read: Callable[[float], float] = float) -> float:
        return sum(read(number(row[title])) for row in sheet)

    for year in range(2024, 2028):
        assert total("programmed", year) == pytest.approx(column(f"VALOR ESPERADO {year}"))
        assert total("planned", year) == column(f"{year} PLAN FINANCIERO PDM", round)
    for year in (2024, 2025):
        assert total("executed", year) == pytest.approx(column(f"TOTAL EJECUTADO {year}"))
    assert total("appropriated", 2024) == column("APROPIACION 2024", round)
    assert total("committed", 2024) == column("COMPROMISOS 2024", round)
    assert total("appropriated", 2025) == column("APROPIACION DEFINITIVA 2025.1", round)
    assert total("committed", 2025) == column("COMPROMISOS 2025.1", round)
    assert total("paid", 2025) == column("PAGOS 2025", round)
    periods = await GoalPeriod.of(town.entity.id).all()
    for part, title in (("T3", "T3. EJECUTADO 2025"), ("T4", "T.4 EJECUTADO 2025")):
        stored = sum(row.executed or 0 for row in periods if (row.year, row.part) == (2025, part))
        assert stored == pytest.approx(column(title))

    await _standing_is_the_sheets(town, sheet)


async def _standing_is_the_sheets(town: Municipality, sheet: list[Row]) -> None:
    """How many goals stand how is what the sheet comes to, levels apart."""
    plan = await plan_of(town.process)
    levels = {row["COD META PRODUCTO"] for row in sheet if light(row) == "level"}
    rest = [goal for goal in plan.goals if goal.number not in levels]
    assert {goal.direction for goal in plan.goals if goal.number in levels} == {"level"}
    assert "level" not in {goal.direction for goal in rest}
    found: dict[str, Any] = {}
    for state in ("done", "soon", "late", "coming"):
        name = {"done": "al-dia", "soon": "con-rezago", "late": "atrasadas",
                "coming": "sin-cifras"}[state]  # fmt: skip
        shown = overview(plan, {"estado": name}, NOW.year)
        found[state] = shown.goal_count
        expected = {row["COD META PRODUCTO"] for row in sheet if light(row) == state}
        listed = {each.number for chapter in shown.chapters for each in chapter.goals}
        assert listed <= expected | levels
    assert sum(found.values()) == 331
    whole = overview(plan, {}, NOW.year)
    assert len([group for group in whole.tree if group.level == 0]) == 5
    assert len([group for group in whole.tree if group.level == 1]) == 34
    assert len([group for group in whole.tree if group.level == 2]) == 74
    assert len(whole.offices) == 15
    assert whole.marks[-1].programmed == pytest.approx(1)
    assert whole.marks[-1].executed is None


def test_the_titles_alone_are_enough() -> None:
    """Without a mapping the guess finds every figure of the sheet but the second cut of 2025."""
    _above, cells = cells_of(real_data(SHEET).read_bytes())
    found, given = guessed(cells), mapping_named("tenjo-2024-2027")
    for name in ("axis", "programme", "subprogramme", "number", "title", "office", "total"):
        assert getattr(found.columns, name)[0] == getattr(given.columns, name)[0]
    assert found.periods == given.periods
    assert found.years.programmed[0] == given.years.programmed[0]
    assert found.years.executed == given.years.executed
