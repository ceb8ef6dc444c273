"""The outline of a plan that is being corrected, and the steps between two of them. No I/O.

An outline is a document in its order: each piece says how deep it stands, and belongs to the
nearest one above it that stands less deep. The first is at level 0, and none is more than one
level below the piece before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from participa.plans.parsing import ParsedPlan, ParsedSection
from participa.plans.parsing.model import Kind
from participa.plans.parsing.tree import keys_of
from participa.plans.rules import shown_title

# As many sections as one page shows to be corrected, and the fewest worth a page.
PAGE = 60
SHORT_PAGE = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A section of a draft; `id` is its own in the draft, whatever happens to its place."""

    id: int
    level: int
    kind: Kind
    number: str
    label: str
    title: str
    body: str
    line: int = 0

    @property
    def name(self) -> str:
        """The words it is called by."""
        return shown_title(self.kind, self.number, self.title, self.label)


Outline = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A step from one outline to another: from `at`, the old pieces give way to the new ones."""

    at: int
    old: Outline
    new: Outline

    @property
    def undone(self) -> "Change":
        """The step back."""
        return Change(self.at, self.new, self.old)


def change_between(before: Outline, after: Outline) -> Change:
    """Give the smallest step from one outline to another."""
    shortest = min(len(before), len(after))
    at = 0
    while at < shortest and _is_same(before[at], after[at]):
        at += 1
    tail = 0
    while tail < shortest - at and _is_same(before[-1 - tail], after[-1 - tail]):
        tail += 1
    return Change(at, before[at : len(before) - tail], after[at : len(after) - tail])


def _is_same(one: Piece, other: Piece) -> bool:
    # Most are the very same: comparing their texts would cost as much as the rest of a step.
    return one is other or one == other


def changed(outline: Outline, change: Change) -> Outline:
    """Take a step. Refuses with ValueError where what it takes away is not there."""
    end = change.at + len(change.old)
    if outline[change.at : end] != change.old:
        raise ValueError("this step does not begin here")
    return outline[: change.at] + change.new + outline[end:]


def end_of(outline: Outline, at: int) -> int:
    """Say where the part that begins at a place ends: the first place outside of it."""
    end = at + 1
    while end < len(outline) and outline[end].level > outline[at].level:
        end += 1
    return end


def parents_of(outline: Outline) -> list[int | None]:
    """Say for each piece at which place stands the one it belongs to."""
    return list(_parents(outline))


def _parents(outline: Outline) -> Iterator[int | None]:
    path: list[int] = []
    for at, piece in enumerate(outline):
        del path[piece.level :]
        yield path[-1] if path else None
        path.append(at)


def pages_of(outline: Outline) -> list[int]:
    """Say for each piece where its page begins; pages end before the highest parts they can."""
    pages: list[int] = []
    while len(pages) < len(outline):
        first, end = len(pages), len(outline)
        if end - first > PAGE:
            places = range(first + SHORT_PAGE, first + PAGE + 1)
            end = min(places, key=lambda place: (outline[place].level, -place))
        pages += [first] * (end - first)
    return pages


def outline_of(parsed: ParsedPlan) -> Outline:
    """Begin to correct a document as it was read."""
    return tuple(
        Piece(
            at,
            section.depth,
            section.kind,
            section.number,
            section.label,
            section.title,
            section.body,
            section.line,
        )
        for at, section in enumerate(parsed.sections)
    )


def as_parsed(outline: Outline, title: str = "") -> ParsedPlan:
    """Give a corrected outline as what can be published."""
    parents = parents_of(outline)
    sections = tuple(
        ParsedSection(
            piece.kind,
            piece.number,
            piece.title,
            piece.body,
            piece.level,
            key,
            parent,
            piece.label,
            piece.line,
        )
        for piece, parent, key in zip(outline, parents, keys_of(outline, parents), strict=True)
    )
    return ParsedPlan(title or None, sections, ())
