"""Which of the menu's items are filled, by what, and what is missing. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from participa.features import Filling
from participa.i18n import Text, _
from participa.menu.items import ITEMS, Item

GENERAL = "6.1"
MAX_TITLE, MAX_URL, MAX_OFFICE = 200, 500, 160
MAX_REASON = 1_000


class Mode(StrEnum):
    """What an official says of an item."""

    LIVE = "live"
    LINKED = "linked"
    NOT_APPLICABLE = "not_applicable"


MODES: dict[Mode, Text] = {
    Mode.LIVE: _("Lo llena lo que se publica en esta plataforma"),
    Mode.LINKED: _("Está publicado en otra página"),
    Mode.NOT_APPLICABLE: _("No aplica a la entidad"),
}


class Status(StrEnum):
    """Whether an item is published; the value is the shape of its pill."""

    FILLED = "done"
    NOT_APPLICABLE = "closed"
    EMPTY = "late"


STATUSES: dict[Status, Text] = {
    Status.FILLED: _("Publicado"),
    Status.NOT_APPLICABLE: _("No aplica"),
    Status.EMPTY: _("Falta"),
}


class EntryLike(Protocol):
    """What an official wrote about an item."""

    code: str
    mode: str
    owner: str
    title: str
    url: str
    reason: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """An item with what fills it, latest first, and who answers for it."""

    item: Item
    status: Status
    fillings: Sequence[Filling]
    owner: str = ""
    reason: str = ""
    at: datetime | None = None


def check(
    fillings: Iterable[Filling], sections: Mapping[int, str], entries: Iterable[EntryLike]
) -> list[Checked]:
    """Check all items, in their order.

    `sections` gives the section of each published process by its id; what belongs to a process
    fills items of its section alone and the general ones, what belongs to none fills any.
    """
    offered = [(each, _section_of(each, sections)) for each in fillings]
    written = {entry.code: entry for entry in entries}
    return [_checked(item, offered, written.get(item.code)) for item in ITEMS]


def _section_of(filling: Filling, sections: Mapping[int, str]) -> str | None:
    """Give the section a filling belongs to, `` for all; None for what nobody can see."""
    return "" if filling.process_id is None else sections.get(filling.process_id)


def _checked(
    item: Item, offered: Iterable[tuple[Filling, str | None]], entry: EntryLike | None
) -> Checked:
    owner = entry.owner if entry else ""
    if entry is not None and entry.mode == Mode.NOT_APPLICABLE:
        return Checked(item, Status.NOT_APPLICABLE, (), owner, entry.reason, entry.changed_at)
    if entry is not None and entry.mode == Mode.LINKED:
        by_hand = Filling("", entry.title, entry.url, at=entry.changed_at)
        return Checked(item, Status.FILLED, (by_hand,), owner, at=entry.changed_at)
    found = [
        each
        for each, section in offered
        if each.kind in item.filled_by
        and section is not None
        and (item.section == GENERAL or section in {"", item.section})
    ]
    found.sort(key=lambda each: each.at.timestamp() if each.at else 0.0, reverse=True)
    status = Status.FILLED if found else Status.EMPTY
    dates = [each.at for each in found if each.at is not None]
    return Checked(item, status, found, owner, at=max(dates, default=None))


def counts(checked: Sequence[Checked]) -> dict[Status, int]:
    """Count items by status, all of them named."""
    return {status: sum(each.status is status for each in checked) for status in Status}
