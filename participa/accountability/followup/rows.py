"""The open tables of a plan's goals, with what each column means."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from participa.accountability.followup.queries import Plan
from participa.accountability.models import Goal, GoalYear
from participa.i18n import Text, _
from participa.kit.sheets import Sheet, workbook

Cell = str | int | float | None
GOAL_COLUMNS: dict[str, Text] = {
    "eje": _("Eje o línea del plan"),
    "programa": _("Programa"),
    "subprograma": _("Subprograma, si el plan los tiene"),
    "numero": _("Código de la meta en el plan"),
    "meta": _("Meta de producto"),
    "indicador": _("Con qué se mide"),
    "unidad": _("En qué se mide"),
    "lectura": _("Cómo se leen los años: sum (se suman), each_year (se cumple cada año), level "
                 "(se llega a un nivel) o lower_is_better (menos es mejor)"),
    "linea_base": _("De dónde se partió"),
    "linea_base_en_palabras": _("De dónde se partió, cuando no es un número"),
    "meta_de_resultado": _("Meta de resultado a la que sirve"),
    "proyecto": _("Proyecto con el que se paga"),
    "dependencia": _("Oficina responsable"),
    "lugares": _("Barrios o veredas en los que se hace"),
    "nota": _("Nota de la entidad"),
}  # fmt: skip
YEAR_COLUMNS: dict[str, Text] = {
    "anio": _("Año"),
    "programado": _("Lo programado para el año"),
    "ejecutado": _("Lo hecho en el año; vacío si no se ha reportado"),
    "plan_financiero": _("Pesos que preveía el plan"),
    "apropiado": _("Pesos apropiados en el presupuesto"),
    "comprometido": _("Pesos comprometidos"),
    "pagado": _("Pesos pagados"),
}
PART_COLUMNS: dict[str, Text] = {
    "numero": GOAL_COLUMNS["numero"],
    "anio": YEAR_COLUMNS["anio"],
    "periodo": _("Trimestre (T1 a T4) o mes (M01 a M12)"),
    "programado": _("Lo programado para el periodo"),
    "ejecutado": _("Lo hecho en el periodo; vacío si no se ha reportado"),
}
HEADER = (*GOAL_COLUMNS, *YEAR_COLUMNS)


def _goal(plan: Plan, goal: Goal) -> tuple[Cell, ...]:
    return (
        goal.axis, goal.programme, goal.subprogramme, goal.number, goal.title, goal.indicator,
        goal.unit, goal.direction, goal.base_line, goal.base_words, goal.result, goal.project,
        goal.office, "; ".join(plan.areas.get(goal.id, {}).values()), goal.note,
    )  # fmt: skip


def _year(row: GoalYear) -> tuple[Cell, ...]:
    return (
        row.year, row.programmed, row.executed, row.planned, row.appropriated, row.committed,
        row.paid,
    )  # fmt: skip


def year_rows(plan: Plan) -> Iterator[Sequence[Cell]]:
    """Give each year of each goal as a row, under HEADER."""
    for goal in plan.goals:
        for row in plan.years.get(goal.id, ()):
            yield (*_goal(plan, goal), *_year(row))


def part_rows(plan: Plan) -> Iterator[Sequence[Cell]]:
    """Give each quarter or month of each goal as a row, under PART_COLUMNS."""
    for goal in plan.goals:
        yield from _parts(plan, goal)


def dictionary() -> list[tuple[str, Text]]:
    """Say what each column means, once for each name."""
    return list((GOAL_COLUMNS | YEAR_COLUMNS | {"periodo": PART_COLUMNS["periodo"]}).items())


def as_workbook(plan: Plan, locale: str, now: datetime) -> bytes:
    """Write goals, their quarters and the dictionary as a workbook. Slow: off the event loop."""
    words = [(name, text.render(locale)) for name, text in dictionary()]
    return workbook(
        [
            Sheet("Metas", HEADER, [24] * len(HEADER), year_rows(plan)),
            Sheet("Periodos", tuple(PART_COLUMNS), [14] * len(PART_COLUMNS), part_rows(plan)),
            Sheet("Diccionario", ("columna", "significado"), (28, 90), words),
        ],
        title=plan.process.title,
        written_at=now,
    )


def as_json(plan: Plan, locale: str) -> bytes:
    """Write goals with their years and quarters, and the dictionary."""
    goals = [
        dict(zip(GOAL_COLUMNS, _goal(plan, goal), strict=True))
        | {
            "anios": [
                dict(zip(YEAR_COLUMNS, _year(row), strict=True))
                for row in plan.years.get(goal.id, ())
            ],
            "periodos": [
                dict(zip(list(PART_COLUMNS)[1:], row[1:], strict=True))
                for row in _parts(plan, goal)
            ],
        }
        for goal in plan.goals
    ]
    words = {name: text.render(locale) for name, text in dictionary()}
    written = {"plan": plan.process.title, "diccionario": words, "metas": goals}
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


def _parts(plan: Plan, goal: Goal) -> list[Sequence[Cell]]:
    return [
        (goal.number, part.year, part.part, part.programmed, part.executed)
        for part in plan.parts.get(goal.id, ())
    ]
