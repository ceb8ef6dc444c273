"""LimeSurvey's simple relevance equations as conditions of ours. Pure.

Read are comparisons of one question with a value, joined by "and" alone or by "or" alone; what
is more is not guessed at. Source: the ExpressionScript chapter of the LimeSurvey manual.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from participa.surveys.questionnaire import IN_NUMBERS, Check, Condition, Item, Kind, ShowIf

_JOIN = re.compile(r"\s+(and|or)\s+|\s*(&&|\|\|)\s*", re.IGNORECASE)
_NAME = r"([A-Za-z0-9_]+)(?:\.(?:NAOK|value|shown|code))?"
_COMPARED = re.compile(
    rf"""{_NAME}\s*(==|!=|>=|<=|>|<|\beq\b|\bne\b|\bge\b|\ble\b|\bgt\b|\blt\b)
         \s*(?:"([^"]*)"|'([^']*)'|(-?[0-9]+(?:\.[0-9]+)?))""",
    re.VERBOSE,
)
_EMPTY = re.compile(rf"(!?)\s*is_empty\(\s*{_NAME}\s*\)")
_FIELD = re.compile(r"[0-9]+X[0-9]+X([0-9]+)([A-Za-z0-9_]*)")
_SIGNS = {"eq": "==", "ne": "!=", "ge": ">=", "le": "<=", "gt": ">", "lt": "<"}
_LONGEST = 2_000


class Asked:
    """The questions so far, found by their code or by LimeSurvey's number for them."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}

    def add(self, item: Item, *names: str) -> None:
        """Let an item be found by these names, capitals aside."""
        self._items |= {name.casefold(): item for name in names}

    def find(self, name: str) -> tuple[Item, str] | None:
        """Find an item and, where the name goes on with one, the code of its part."""
        field = _FIELD.fullmatch(name)
        if field:
            found = self._items.get(f"#{field[1]}")
            return (found, field[2]) if found else None
        if name.casefold() in self._items:
            return self._items[name.casefold()], ""
        head, _sign, part = name.rpartition("_")
        found = self._items.get(head.casefold())
        return (found, part) if found else None


def show_if(equation: str, asked: Asked) -> ShowIf | None:
    """Give the conditions of an equation; None where it says more than we can.

    An equation that is always true gives no conditions.
    """
    if len(equation) > _LONGEST:
        return None
    equation = _bare(equation)
    if equation in {"", "1"}:
        return ShowIf(conditions=())
    pieces = _JOIN.split(equation)
    joins = {(word or sign).lower() for word, sign in zip(pieces[1::3], pieces[2::3], strict=True)}
    joins = {{"&&": "and", "||": "or"}.get(join, join) for join in joins}
    conditions = [_condition(_bare(piece), asked) for piece in pieces[::3]]
    if len(joins) > 1 or None in conditions:
        return None
    return ShowIf(
        every=joins != {"or"}, conditions=tuple(each for each in conditions if each is not None)
    )


def _bare(equation: str) -> str:
    """Take the brackets off that do not close before the end, and those left by splitting."""
    equation = equation.strip()
    while equation.count("(") > equation.count(")") and equation.startswith("("):
        equation = equation[1:].strip()
    while equation.count(")") > equation.count("(") and equation.endswith(")"):
        equation = equation[:-1].strip()
    while equation.startswith("(") and equation.endswith(")") and _is_whole(equation):
        equation = equation[1:-1].strip()
    return equation


def _is_whole(equation: str) -> bool:
    depth = 0
    for at, sign in enumerate(equation):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return at == len(equation) - 1
    return False


def _condition(atom: str, asked: Asked) -> Condition | None:
    empty = _EMPTY.fullmatch(atom)
    if empty:
        found = asked.find(empty[2])
        check = Check.ANSWERED if empty[1] else Check.NOT_ANSWERED
        return Condition(item=found[0].code, check=check) if found and not found[1] else None
    compared = _COMPARED.fullmatch(atom)
    if compared is None or (found := asked.find(compared[1])) is None:
        return None
    value = next((part for part in compared.groups()[2:] if part is not None), "")
    return _compared(*found, _SIGNS.get(compared[2], compared[2]), value)


def _compared(item: Item, part: str, sign: str, value: str) -> Condition | None:
    if item.kind is Kind.MULTIPLE:
        return _ticked(item, part, sign, value)
    if part or item.kind in {Kind.MATRIX, Kind.RANKING}:
        return None
    if not value:
        blank = {"==": Check.NOT_ANSWERED, "!=": Check.ANSWERED}
        return Condition(item=item.code, check=blank[sign]) if sign in blank else None
    if sign in {"==", "!="}:
        return _is(item, sign, value)
    if item.kind not in IN_NUMBERS | {Kind.SCALE} or not _is_number(value):
        return None
    # Whole numbers are meant: more than 17 is at least 18.
    step = {">": 1, "<": -1}.get(sign, 0)
    check = Check.AT_LEAST if sign[0] == ">" else Check.AT_MOST
    return Condition(item=item.code, check=check, value=f"{Decimal(value) + step:f}")


def _ticked(item: Item, part: str, sign: str, value: str) -> Condition | None:
    """Read whether an option was ticked: «Y» is yes, nothing is no."""
    if part not in {option.code for option in item.options} or value not in {"Y", ""}:
        return None
    is_ticked = (sign == "==") is (value == "Y")
    check = Check.IS if is_ticked else Check.IS_NOT
    return Condition(item=item.code, check=check, value=part) if sign in {"==", "!="} else None


def _is(item: Item, sign: str, value: str) -> Condition | None:
    check = Check.IS if sign == "==" else Check.IS_NOT
    if item.kind is Kind.YES_NO:
        value = {"Y": "si", "N": "no"}.get(value, value)
    is_known = value in {option.code for option in item.options}
    if item.kind in IN_NUMBERS:
        is_known = _is_number(value)
    return Condition(item=item.code, check=check, value=value) if is_known else None


def _is_number(value: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", value) is not None


def old_conditions(rows: Sequence[Mapping[str, str]], asked: Asked) -> ShowIf | None:
    """Give the conditions of the table that came before equations.

    Those about the same question hold if any does, those about several if all do; None where
    both are mixed, or where there are scenarios.
    """
    if len({row.get("scenario", "1") for row in rows}) > 1:
        return None
    conditions = []
    for row in rows:
        found = asked.find(row.get("cfieldname", "").removeprefix("+"))
        sign = row.get("method", "==").strip()
        made = _compared(*found, sign, row.get("value", "")) if found else None
        if made is None:
            return None
        conditions.append(made)
    items = {condition.item for condition in conditions}
    if 1 < len(items) < len(conditions):
        return None
    return ShowIf(every=len(items) > 1 or len(conditions) == 1, conditions=tuple(conditions))
