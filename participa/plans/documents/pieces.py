"""The headings, paragraphs, items and tables of a marked-up document, written as Markdown.

A document without a single heading is written as plain text instead, whose headings the plain
reader recognises by their words: many offices write titles as bold paragraphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from participa.plans.parsing.blocks import escape

Role = Literal["heading", "paragraph", "item", "row"]
_TOGETHER: frozenset[Role] = frozenset({"item", "row"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of words; `level` is a heading's rank, or how deep an item or a table is nested."""

    role: Role
    text: str
    level: int = 1
    number: int | None = None
    cells: tuple[str, ...] = ()


def written(pieces: Sequence[Piece]) -> str:
    """Write the pieces: as Markdown where there is a heading, as plain text where there is none."""
    is_marked = any(piece.role == "heading" for piece in pieces)
    write = _marked if is_marked else _plain
    lines: list[str] = []
    role: Role | None = None
    for piece in pieces:
        is_first = piece.role != role
        if lines:
            lines.append("\n" if piece.role in _TOGETHER and not is_first else "\n\n")
        lines.append(write(piece))
        if is_marked and is_first and piece.role == "row":
            lines.append("\n|" + " --- |" * len(piece.cells))
        role = piece.role
    return "".join(lines) + "\n"


def _marked(piece: Piece) -> str:
    if piece.role == "heading":
        return f"{'#' * min(piece.level, 6)} {_inside(piece.text)}"
    if piece.role == "item":
        mark = f"{piece.number}." if piece.number is not None else "-"
        return f"{'    ' * (piece.level - 1)}{mark} {escape(piece.text)}"
    if piece.role == "row":
        return (
            f"| {' | '.join(_inside(cell).replace('|', chr(92) + '|') for cell in piece.cells)} |"
        )
    return escape(piece.text)


def _inside(text: str) -> str:
    """Disarm marks in a text that does not begin its line: "1." is a number there."""
    return escape(f"a{text}")[1:]


def _plain(piece: Piece) -> str:
    if piece.role == "item":
        return f"{piece.number}. {piece.text}" if piece.number is not None else f"• {piece.text}"
    return " · ".join(cell for cell in piece.cells if cell) if piece.cells else piece.text
