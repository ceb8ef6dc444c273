"""Which items are asked after what was answered, and whether each can be reached at all. Pure.

An item that is not shown counts as not answered for those after it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import product

from participa.surveys.answered import Answered
from participa.surveys.questionnaire import Check, Condition, Item, Kind, OptionRole, ShowIf

_NOT_ANSWERED = Answered()
# Combinations of earlier answers looked through before an item is taken to be reachable.
MOST_TRIED = 50_000


def shown(items: Iterable[Item], answers: Mapping[str, Answered]) -> list[Item]:
    """List the items that are asked when these, by item code, are the answers."""
    asked: dict[str, Item] = {}
    for item in items:
        if item.show_if is None or _holds(item.show_if, asked, answers):
            asked[item.code] = item
    return list(asked.values())


def _holds(show_if: ShowIf, asked: Mapping[str, Item], answers: Mapping[str, Answered]) -> bool:
    found = (_met(condition, asked, answers) for condition in show_if.conditions)
    return all(found) if show_if.every else any(found)


def _met(condition: Condition, asked: Mapping[str, Item], answers: Mapping[str, Answered]) -> bool:
    item = asked.get(condition.item)
    answered = _NOT_ANSWERED if item is None else answers.get(condition.item, _NOT_ANSWERED)
    if condition.check is Check.ANSWERED:
        return not answered.is_empty
    if condition.check is Check.NOT_ANSWERED:
        return answered.is_empty
    return (
        item is not None
        and not answered.is_empty
        and _MET[condition.check](item, answered, condition.value)
    )


def _is(item: Item, answered: Answered, value: str) -> bool:
    if answered.number is not None:
        return answered.number == _decimal(value)
    codes = {item.options[c].code for c in answered.choices if 0 <= c < len(item.options)}
    return value in codes


def _at_least(item: Item, answered: Answered, value: str) -> bool:
    number, bound = _number_of(item, answered), _decimal(value)
    return number is not None and bound is not None and number >= bound


def _at_most(item: Item, answered: Answered, value: str) -> bool:
    number, bound = _number_of(item, answered), _decimal(value)
    return number is not None and bound is not None and number <= bound


_MET: dict[Check, Callable[[Item, Answered, str], bool]] = {
    Check.IS: _is,
    Check.IS_NOT: lambda item, answered, value: not _is(item, answered, value),
    Check.AT_LEAST: _at_least,
    Check.AT_MOST: _at_most,
}


def _number_of(item: Item, answered: Answered) -> Decimal | None:
    """Give a number, or the step of a scale counted from 1."""
    if item.kind is Kind.SCALE and answered.choices:
        return Decimal(answered.choices[0] + 1)
    return answered.number


def _decimal(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def unreachable(items: Sequence[Item]) -> list[Item]:
    """List the items that no answers lead to.

    Tries what tells the earlier items apart that a condition leads back to; where that would
    be more than `MOST_TRIED` combinations the item is taken to be reachable.
    """
    return [item for item in items if item.show_if is not None and not _reachable(item, items)]


def _reachable(item: Item, items: Sequence[Item]) -> bool:
    earlier = items[: items.index(item)]
    involved = _involved(item, earlier)
    choices = [_telling(each, [*involved, item]) for each in involved]
    codes = [each.code for each in involved]
    for tried, combination in enumerate(product(*choices)):
        if tried == MOST_TRIED:
            return True
        if shown([*involved, item], dict(zip(codes, combination, strict=True)))[-1:] == [item]:
            return True
    return False


def _involved(item: Item, earlier: Sequence[Item]) -> list[Item]:
    """List the earlier items that decide whether this one is shown, directly or not."""
    wanted = _named(item)
    for each in reversed(earlier):
        if each.code in wanted:
            wanted |= _named(each)
    return [each for each in earlier if each.code in wanted]


def _named(item: Item) -> set[str]:
    return set() if item.show_if is None else {each.item for each in item.show_if.conditions}


def _telling(item: Item, readers: Iterable[Item]) -> list[Answered]:
    """Give answers to an item that between them meet its readers' conditions in each way."""
    values = {
        condition.value
        for reader in readers
        if reader.show_if is not None
        for condition in reader.show_if.conditions
        if condition.item == item.code
    }
    none = [] if item.required else [_NOT_ANSWERED]
    return [*none, *_ANSWERS.get(item.kind, _some_words)(item, values)]


def _each_option(item: Item, _values: set[str]) -> Iterator[Answered]:
    return (Answered((choice,)) for choice in range(len(item.options)))


def _some_options(item: Item, values: set[str]) -> Iterator[Answered]:
    """Choose any of the options that conditions name, and one they do not, within the bounds."""
    offered = range(len(item.options))
    named = [c for c in offered if item.options[c].code in values]
    others = [c for c in offered if c not in named]
    least, most = int(item.least or 1), int(item.most or len(item.options))
    for taken in product((False, True), repeat=len(named)):
        chosen = [c for c, is_taken in zip(named, taken, strict=True) if is_taken]
        for filled in range(len(others) + 1):
            answer = (*chosen, *others[:filled])
            if _goes_together(item, answer, least, most):
                yield Answered(answer)
                break
        yield from (Answered((c,)) for c in others if item.options[c].role is OptionRole.ALONE)


def _goes_together(item: Item, chosen: Sequence[int], least: int, most: int) -> bool:
    if any(item.options[c].role is OptionRole.ALONE for c in chosen):
        return len(chosen) == 1
    return least <= len(chosen) <= most


def _some_numbers(item: Item, values: set[str]) -> Iterator[Answered]:
    bounds = {bound for bound in map(_decimal, values) if bound is not None}
    bounds |= {bound for bound in (item.least, item.most) if bound is not None} or {Decimal(0)}
    tried = {bound + step for bound in bounds for step in (-1, 0, 1)}
    low = min(tried) if item.least is None else item.least
    high = max(tried) if item.most is None else item.most
    return (Answered(number=number) for number in sorted(tried) if low <= number <= high)


def _some_words(item: Item, _values: set[str]) -> Iterator[Answered]:
    return iter([Answered(words="x", choices=(0,) * len(item.rows))])


_ANSWERS: dict[Kind, Callable[[Item, set[str]], Iterator[Answered]]] = {
    Kind.SINGLE: _each_option,
    Kind.YES_NO: _each_option,
    Kind.SCALE: _each_option,
    Kind.MULTIPLE: _some_options,
    Kind.RANKING: _some_options,
    Kind.NUMBER: _some_numbers,
    Kind.MONEY: _some_numbers,
    Kind.DATE: _some_numbers,
}
