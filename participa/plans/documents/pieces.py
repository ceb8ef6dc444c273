"""The headings, paragraphs, items and tables of a marked-up document, written as Markdown.

A document without a single heading is written as plain text instead, whose headings the plain
reader recognises by their words: many offices write titles as bold paragraphs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from participa.plans.parsing.blocks import escape

Role = Literal["heading", "paragraph", "item", "row"]


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
    if any(piece.role == "heading" for piece in pieces):
        return _joined(pieces, [_marked(piece) for piece in pieces])
    return _joined(pieces, [_plain(piece) for piece in pieces])


def _joined(pieces: Sequence[Piece], lines: Sequence[str]) -> str:
    text = ""
    for at, (piece, line) in enumerate(zip(pieces, lines, strict=True)):
        if at:
            together = piece.role in {"item", "row"} and pieces[at - 1].role == piece.role
            text += "\n" if together else "\n\n"
        text += line
        if piece.role == "row" and (at == 0 or pieces[at - 1].role != "row"):
            text += _ruled(pieces, piece)
    return text + "\n"


def _ruled(pieces: Sequence[Piece], first: Piece) -> str:
    marked = any(piece.role == "heading" for piece in pieces)
    return "\n|" + " --- |" * len(first.cells) if marked else ""


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
