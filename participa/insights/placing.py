"""Where each text counts: in a theme, among those heard once, or as having nothing to read. Pure.

Nobody is dropped: every text that was read gets exactly one place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from participa.insights.reading import Source
from participa.insights.rules import Standing


class Members(Protocol):
    """The members of a theme or of a part of one, most central first."""

    @property
    def members(self) -> Sequence[int]:
        """The ids of its texts."""
        ...


class Grouped(Members, Protocol):
    """A theme, and the parts it may be cut into."""

    @property
    def parts(self) -> Sequence[Members]:
        """Its sub-themes; what is in none of them is in the theme all the same."""
        ...


class Grouping(Protocol):
    """What grouping gives, as far as places depend on it."""

    @property
    def themes(self) -> Sequence[Grouped]:
        """The themes, largest first."""
        ...

    @property
    def heard_once(self) -> Sequence[int]:
        """Texts like no other."""
        ...

    @property
    def duplicates(self) -> Sequence[Sequence[int]]:
        """Groups of texts that say the same, the first standing for the rest."""
        ...

    @property
    def empty(self) -> Sequence[int]:
        """Texts with nothing to read."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where one text counts: `theme` and `part` number the themes, and the parts of all."""

    text_id: int
    standing: Standing
    theme: int | None
    part: int | None
    rank: int
    duplicate_of: int | None


class Unplaced(RuntimeError):
    """Grouping lost a text, or made one up: such a report must not exist."""


def place(sources: Sequence[Source], grouping: Grouping) -> list[Place]:
    """Give each text its place; a repeated text stands where the first of its kind stands.

    What was merged into another text was not grouped: it repeats that one.

    Raises Unplaced when the places do not match the texts one to one.
    """
    firsts = {other: group[0] for group in grouping.duplicates for other in group[1:]}
    for source in sources:
        if source.merged_into is not None:
            firsts[source.id] = firsts.get(source.merged_into, source.merged_into)
    repeats: dict[int, list[int]] = {}
    for other, first in firsts.items():
        repeats.setdefault(first, []).append(other)
    part_of = _parts(grouping)
    places: list[Place] = []
    for standing, theme, ids in _sections(grouping):
        members = _with_repeats(ids, firsts, repeats)
        places += [
            Place(
                text_id,
                standing,
                theme,
                part_of.get(firsts.get(text_id, text_id)),
                rank,
                firsts.get(text_id),
            )
            for rank, text_id in enumerate(members)
        ]
    if sorted(p.text_id for p in places) != sorted(source.id for source in sources):
        raise Unplaced
    return places


def _parts(grouping: Grouping) -> dict[int, int]:
    parts = [part for theme in grouping.themes for part in theme.parts]
    return {text_id: number for number, part in enumerate(parts) for text_id in part.members}


def _sections(grouping: Grouping) -> Iterable[tuple[Standing, int | None, Sequence[int]]]:
    for number, theme in enumerate(grouping.themes):
        yield Standing.THEME, number, theme.members
    yield Standing.ONCE, None, grouping.heard_once
    yield Standing.EMPTY, None, grouping.empty


def _with_repeats(
    ids: Sequence[int], firsts: Mapping[int, int], repeats: Mapping[int, list[int]]
) -> list[int]:
    """List a section's texts, then those that repeat them, wherever grouping had put these."""
    own = [text_id for text_id in ids if text_id not in firsts]
    return own + [other for first in own for other in repeats.get(first, ())]
