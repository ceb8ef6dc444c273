"""When a survey is answered and how long that takes. Pure."""

from collections.abc import Iterable
from math import ceil

from participa.surveys.questionnaire import Item, Kind

ACTIVITY = "surveys.answer"
_SECONDS = {
    Kind.SINGLE: 15,
    Kind.YES_NO: 8,
    Kind.SCALE: 15,
    Kind.MULTIPLE: 25,
    Kind.RANKING: 40,
    Kind.NUMBER: 15,
    Kind.MONEY: 15,
    Kind.DATE: 15,
    Kind.PLACE: 20,
    Kind.SHORT: 25,
    Kind.LONG: 60,
    Kind.SECTION: 10,
}
_SECONDS_A_ROW = 10


def minutes_to_answer(items: Iterable[Item]) -> int:
    """Estimate how long answering takes, from the kinds of items."""
    return max(1, ceil(sum(map(_seconds, items)) / 60))


def _seconds(item: Item) -> int:
    return _SECONDS_A_ROW * len(item.rows) if item.kind is Kind.MATRIX else _SECONDS[item.kind]
