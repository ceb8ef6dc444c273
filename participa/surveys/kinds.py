"""How the answer to each kind of item is stored, so that the database can count it. Pure."""

from collections.abc import Callable, Iterator

from participa.surveys.answered import NO_CHOICE, Answered
from participa.surveys.questionnaire import ONE_CHOICE, Item, Kind, OptionRole

Cell = tuple[int, int | None, float | None, str]
"""A row of the answer: row of a matrix or place in a ranking, choice, number, words."""


def stored(item: Item, answered: Answered) -> Iterator[Cell]:
    """Give the rows of an answer; an empty one has none."""
    return _STORED.get(item.kind, _single_row)(item, answered)


def _chosen(item: Item, answered: Answered) -> Iterator[Cell]:
    """Give a row for each choice; the words go with the other option."""
    for choice in answered.choices:
        is_other = item.options[choice].role is OptionRole.OTHER
        yield 0, choice, None, answered.words if is_other else ""


def _by_row(_item: Item, answered: Answered) -> Iterator[Cell]:
    for row, choice in enumerate(answered.choices):
        if choice != NO_CHOICE:
            yield row, choice, None, ""


def _single_row(_item: Item, answered: Answered) -> Iterator[Cell]:
    if not answered.is_empty:
        number = None if answered.number is None else float(answered.number)
        yield 0, None, number, answered.words


_STORED: dict[Kind, Callable[[Item, Answered], Iterator[Cell]]] = {
    **dict.fromkeys((*ONE_CHOICE, Kind.MULTIPLE), _chosen),
    **dict.fromkeys((Kind.MATRIX, Kind.RANKING), _by_row),
}
