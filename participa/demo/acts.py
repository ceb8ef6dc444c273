"""The script as acts at their moments: each line said, supported, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2s

from participa.demo.script import Line, Scene

HIDDEN_AFTER = timedelta(hours=2)
CHANGED_AFTER = timedelta(hours=25)


class Kind(StrEnum):
    """What happens."""

    SAY = "say"
    SUPPORT = "support"
    EDIT = "edit"
    REMOVE = "remove"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens to a line at a moment; `person_id` is who supports it."""

    at: datetime
    kind: Kind
    line: Line
    person_id: int | None = None


def acts_of(scene: Scene, lines: Sequence[Line]) -> list[Act]:
    """Give everything that happens to lines, without order.

    Supports come soon after the words for the most part, and only while these can be read.
    """
    answered = _last_answers(lines)
    return [act for line in lines for act in _acts(scene, line, answered.get(line.key, line.at))]


def _last_answers(lines: Iterable[Line]) -> dict[str, datetime]:
    """Say when each line was answered last: who takes words back does not do it before."""
    last: dict[str, datetime] = {}
    for line in lines:
        if line.reply_to is not None:
            last[line.reply_to] = max(line.at, last.get(line.reply_to, line.at))
    return last


def _acts(scene: Scene, line: Line, answered_at: datetime) -> list[Act]:
    acts = [Act(line.at, Kind.SAY, line)]
    until = scene.until
    if (kind := _turn(line)) is not None:
        after = HIDDEN_AFTER if kind is Kind.HIDE else CHANGED_AFTER
        turned_at = min(answered_at + after, scene.until)
        acts.append(Act(turned_at, kind, line))
        until = until if kind is Kind.EDIT else turned_at
    people = scene.cast.supporters(line.key, line.actor, line.words.supports)
    return acts + [Act(_moment(line, one, until), Kind.SUPPORT, line, one) for one in people]


def _turn(line: Line) -> Kind | None:
    """Say what becomes of a line later, if anything does."""
    if line.words.edited_body:
        return Kind.EDIT
    if line.words.removed:
        return Kind.REMOVE
    return Kind.HIDE if line.words.hidden_rule else None


def _moment(line: Line, person_id: int, until: datetime) -> datetime:
    digest = blake2s(f"{line.key} {person_id}".encode(), digest_size=4).digest()
    share = (int.from_bytes(digest) + 1) / (2**32 + 1)
    return line.at + (until - line.at) * share**3
