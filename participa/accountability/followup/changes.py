"""What a new list changes in a goal that is known, without taking anything away. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from participa.accountability.followup.figures import (
    FUND_FIELDS,
    GOAL_FIELDS,
    PERIOD_FIELDS,
    YEAR_FIELDS,
    FundFigures,
    GoalFigures,
    PeriodFigures,
    YearFigures,
)
from participa.i18n import Text, _

CREATED = "created"
_EMPTY = {"", None}
_Parts = YearFigures | PeriodFigures | FundFigures


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of a goal that is not as it was; `part` is its quarter, month or source."""

    field: str
    before: Any
    after: Any
    year: int | None = None
    part: str = ""


FIELD_WORDS: dict[str, Text] = {
    CREATED: _("Meta creada"),
    "axis": _("Eje"),
    "programme": _("Programa"),
    "subprogramme": _("Subprograma"),
    "number": _("Número"),
    "title": _("Meta"),
    "indicator": _("Indicador"),
    "unit": _("Unidad"),
    "direction": _("Cómo se leen los años"),
    "base_line": _("Línea base"),
    "base_words": _("Línea base"),
    "office": _("Dependencia"),
    "note": _("Nota"),
    "result": _("Meta de resultado"),
    "project": _("Proyecto"),
    "areas": _("Lugares"),
    "programmed": _("Programado"),
    "executed": _("Ejecutado"),
    "planned": _("Plan financiero"),
    "appropriated": _("Apropiado"),
    "committed": _("Comprometido"),
    "paid": _("Pagado"),
}


def merged(before: GoalFigures, new: GoalFigures) -> GoalFigures:
    """Bring a goal up to date: what the new list leaves empty or does not name stays.

    A sheet that forgot a column, or a year entered by hand since, must not erase what was
    published.
    """
    kept = {name: getattr(new, name) for name in GOAL_FIELDS if getattr(new, name) not in _EMPTY}
    return replace(
        before,
        **kept,
        years=_joined(before.years, new.years, YEAR_FIELDS, _year_key),
        periods=_joined(before.periods, new.periods, PERIOD_FIELDS, _period_key),
        funds=_joined(before.funds, new.funds, FUND_FIELDS, _fund_key),
        areas=new.areas or before.areas,
    )


def _joined(before: Sequence[Any], new: Sequence[Any], names: Sequence[str], key: Any) -> Any:
    found = {key(each): each for each in before}
    for each in new:
        known = {name: getattr(each, name) for name in names if getattr(each, name) is not None}
        found[key(each)] = replace(found[key(each)], **known) if key(each) in found else each
    return tuple(found[each] for each in sorted(found))


def _year_key(year: YearFigures) -> tuple[int, str]:
    return year.year, ""


def _period_key(period: PeriodFigures) -> tuple[int, str]:
    return period.year, period.part


def _fund_key(fund: FundFigures) -> tuple[int, str]:
    return fund.year, fund.source


def emptied(goal: GoalFigures, year: int, part: str, names: Collection[str]) -> GoalFigures:
    """Take wrong figures of a year out: nothing is known in their place.

    `part_executed` names what was done in the quarter or month `part`.
    """
    own: dict[str, Any] = dict.fromkeys(name for name in names if name in YEAR_FIELDS)
    in_part: dict[str, Any] = {"executed": None} if "part_executed" in names else {}
    return replace(
        goal,
        years=tuple(replace(e, **own) if e.year == year else e for e in goal.years),
        periods=tuple(
            replace(e, **in_part) if (e.year, e.part) == (year, part) else e for e in goal.periods
        ),
    )


def differences(before: GoalFigures, after: GoalFigures) -> list[Change]:
    """List what is not as it was."""
    found = [
        Change(name, getattr(before, name), getattr(after, name))
        for name in (*GOAL_FIELDS, "areas")
        if getattr(before, name) != getattr(after, name)
    ]
    found += _between(before.years, after.years, YEAR_FIELDS, _year_key)
    found += _between(before.periods, after.periods, PERIOD_FIELDS, _period_key)
    found += _between(before.funds, after.funds, FUND_FIELDS, _fund_key)
    return found


def _between(
    before: Sequence[_Parts], after: Sequence[_Parts], names: Sequence[str], key: Any
) -> Iterator[Change]:
    known: Mapping[tuple[int, str], _Parts] = {key(each): each for each in before}
    for each in after:
        old = known.get(key(each))
        for name in names:
            was, now = getattr(old, name, None), getattr(each, name)
            if was != now:
                yield Change(name, was, now, *key(each))


def stored(changes: Sequence[Change]) -> list[list[Any]]:
    """Give changes as a row keeps them."""
    return [
        [each.field, each.year, each.part, _plain(each.before), _plain(each.after)]
        for each in changes
    ]


def _plain(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, tuple) else value


def read(rows: Sequence[Sequence[Any]]) -> list[Change]:
    """Read changes that a row kept."""
    return [Change(field, before, after, year, part) for field, year, part, before, after in rows]
