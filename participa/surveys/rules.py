"""Who answers a survey, by which way, and how long that takes. Pure."""

from collections.abc import Iterable
from enum import StrEnum
from math import ceil

from participa.deliberation.rules import CHANNELS as EVERY_CHANNEL
from participa.i18n import Text, _
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


class Audience(StrEnum):
    """Who may answer, and so what one person, one answer rests on (T33)."""

    OPEN = "open"
    """Anybody; an account counts once, a visitor as often as they come."""
    REGISTERED = "registered"
    """Each account once."""
    VERIFIED = "verified"
    """Each identity document that an official has seen, once."""
    ROLL = "roll"
    """Each personal code once."""


AUDIENCES: dict[Audience, Text] = {
    Audience.OPEN: _("Cualquiera, sin cuenta"),
    Audience.REGISTERED: _("Quien tenga cuenta"),
    Audience.VERIFIED: _("Quien mostró su documento"),
    Audience.ROLL: _("Solo quien recibió un código"),
}
WEB = "web"
CHANNELS: dict[str, Text] = {
    **{channel: EVERY_CHANNEL[channel] for channel in (WEB, "telephone", "paper")},
    "door": _("Puerta a puerta"),
}
"""The ways answers arrive by; all but the web are written down by an official."""
RECORDED = tuple(channel for channel in CHANNELS if channel != WEB)


def minutes_to_answer(items: Iterable[Item]) -> int:
    """Estimate how long answering takes, from the kinds of items."""
    return max(1, ceil(sum(map(_seconds, items)) / 60))


def _seconds(item: Item) -> int:
    return _SECONDS_A_ROW * len(item.rows) if item.kind is Kind.MATRIX else _SECONDS[item.kind]
