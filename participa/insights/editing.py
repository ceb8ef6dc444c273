"""What people may change of a draft, as words and as what it comes to. Pure.

An edit names themes by their numbers and contributions by their ids, so that the same edits
over the same built report give the same result anywhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from participa.i18n import Text, _


class EditKind(StrEnum):
    """What an edit does."""

    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


class Impossible(ValueError):
    """An edit that names a theme or a part that is not there (any more)."""


@dataclass(frozen=True, slots=True)
class Change:
    """An edit: its kind and what it needs.

    - rename: `theme`, `name`.
    - merge: `theme`, `into`.
    - split: `name`, the number the `new` theme gets, and either `parts` or `contributions`.
    - move: `contributions` and the theme they go `into`; 0 is heard once.
    """

    kind: EditKind
    theme: int = 0
    into: int = 0
    new: int = 0
    name: str = ""
    parts: tuple[int, ...] = ()
    contributions: tuple[int, ...] = ()

    def detail(self) -> dict[str, object]:
        """Give what it needs, as it is stored."""
        values: dict[str, object] = {
            "theme": self.theme,
            "into": self.into,
            "new": self.new,
            "name": self.name,
            "parts": list(self.parts),
            "contributions": list(self.contributions),
        }
        return {key: value for key, value in values.items() if value}

    @property
    def themes(self) -> set[int]:
        """The themes whose texts or name it changes, as far as it names them."""
        return {self.theme, self.into, self.new} - {0}


def stored_change(kind: str, detail: Mapping[str, Any]) -> Change:
    """Read a change back as `detail` wrote it."""
    return Change(
        kind=EditKind(kind),
        theme=detail.get("theme", 0),
        into=detail.get("into", 0),
        new=detail.get("new", 0),
        name=detail.get("name", ""),
        parts=tuple(detail.get("parts", ())),
        contributions=tuple(detail.get("contributions", ())),
    )


@dataclass(slots=True)
class Draft:
    """Where everything is: `theme_of` and `part_of` lead from a contribution to numbers.

    The `known` may be moved. `copies` leads from a contribution to those that repeat it, which
    go where it goes; what is in no theme was heard once. `part_home` is the theme a part is in,
    and `touched` are the themes whose texts people changed.
    """

    theme_of: dict[int, int]
    part_of: dict[int, int]
    part_home: dict[int, int]
    themes: set[int]
    copies: Mapping[int, Sequence[int]]
    known: frozenset[int]
    names: dict[int, str] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)

    def apply(self, change: Change) -> None:
        """Do what an edit says. Raises Impossible, and has then done nothing."""
        self._require(change.theme, change.into)
        if not self.known.issuperset(change.contributions):
            raise Impossible
        before = {self.theme_of.get(each, 0) for each in change.contributions}
        match change.kind:
            case EditKind.RENAME:
                self.names[change.theme] = change.name
            case EditKind.MERGE:
                self._merge(change)
            case EditKind.SPLIT:
                self._split(change)
            case EditKind.MOVE:
                self._move(change.contributions, change.into)
        if change.kind is not EditKind.RENAME:
            self.touched |= change.themes | (before - {0})

    def _require(self, *themes: int) -> None:
        if not set(themes) - {0} <= self.themes:
            raise Impossible

    def _merge(self, change: Change) -> None:
        if change.theme == change.into or not change.theme or not change.into:
            raise Impossible
        for each, theme in self.theme_of.items():
            if theme == change.theme:
                self.theme_of[each] = change.into
        for part, home in self.part_home.items():
            if home == change.theme:
                self.part_home[part] = change.into
        self.themes.discard(change.theme)

    def _split(self, change: Change) -> None:
        if change.new in self.themes or not set(change.parts) <= set(self.part_home):
            raise Impossible
        self.touched |= {self.part_home[part] for part in change.parts}
        inside = [each for each, part in self.part_of.items() if part in change.parts]
        self._move([*inside, *change.contributions], change.new, leaving=change.parts)
        for part in change.parts:
            self.part_home[part] = change.new
        self.themes.add(change.new)
        self.names[change.new] = change.name

    def _move(self, chosen: Sequence[int], into: int, leaving: Sequence[int] = ()) -> None:
        for first in chosen:
            for each in (first, *self.copies.get(first, ())):
                self.theme_of.pop(each, None)
                if into:
                    self.theme_of[each] = into
                if self.part_of.get(each) not in leaving:
                    self.part_of.pop(each, None)


def edited_digest(input_digest: str, changes: Iterable[Change]) -> str:
    """Name an edited report by what was read and what people changed; unchanged, by the first."""
    lines = [json.dumps([each.kind, each.detail()], sort_keys=True) for each in changes]
    if not lines:
        return input_digest
    return hashlib.sha256("\n".join([input_digest, *lines]).encode()).hexdigest()


def in_words(change: Change) -> Text:
    """Say what a person changed; themes go by the numbers the program gave them."""
    count = len(change.contributions)
    match change.kind:
        case EditKind.RENAME:
            return _("Le puso nombre al grupo {theme}: «{name}».",
                     theme=change.theme, name=change.name)  # fmt: skip
        case EditKind.MERGE:
            return _("Unió el grupo {theme} al grupo {into}.",
                     theme=change.theme, into=change.into)  # fmt: skip
        case EditKind.SPLIT if change.parts:
            return _("Separó un subtema como grupo {new}: «{name}».",
                     new=change.new, name=change.name)  # fmt: skip
        case EditKind.SPLIT:
            return _("Formó el grupo {new}, «{name}», con aportes elegidos: {count}.",
                     new=change.new, name=change.name, count=count)  # fmt: skip
        case _ if change.into:
            return _("Pasó aportes al grupo {into}: {count}.", into=change.into, count=count)
    return _("Pasó aportes a «dichos una sola vez»: {count}.", count=count)
