"""Cleaned HTML as the text people read and point at, and passages of it marked. No I/O.

A place in the text is the number of characters before it in what `text_of` gives.
"""

import html
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_PIECE = re.compile(r"<[^<>]*>|&[#\w]+;|[^<&]+|[<&]")
_LINE_END = re.compile(r"<br>|</?(?:p|h3|h4|blockquote|ul|ol|li)>")


class _Piece(NamedTuple):
    """A stretch of HTML with what is read of it; a tag is read as nothing or a line end."""

    source: str
    text: str
    start: int


def text_of(html_text: str) -> str:
    """Give the words of cleaned HTML as they stand, a line for each paragraph."""
    return "".join(piece.text for piece in _pieces(html_text))


def _pieces(html_text: str) -> Iterator[_Piece]:
    at = 0
    for found in _PIECE.finditer(html_text):
        source = found.group()
        text = _read(source)
        yield _Piece(source, text, at)
        at += len(text)


def _read(source: str) -> str:
    if source.startswith("<") and len(source) > 1:
        return "\n" if _LINE_END.fullmatch(source) else ""
    return html.unescape(source) if source.startswith("&") else source


def place_of(text: str, signs: int) -> int:
    """Give the place in a text that so many signs, spaces not counted, stand before.

    Browsers and servers do not agree on spaces. Beyond the last sign it is the end.
    """
    left = signs
    for at, sign in enumerate(text):
        if sign.isspace():
            continue
        if left == 0:
            return at
        left -= 1
    return len(text)


def signs_before(text: str, place: int) -> int:
    """Count the signs before a place, spaces not counted: the contrary of `place_of`."""
    return sum(not sign.isspace() for sign in text[:place])


class Mark(NamedTuple):
    """A passage to be marked, with HTML that follows it; its ends are no spaces."""

    start: int
    end: int
    note: str = ""
    is_current: bool = False


def marked(html_text: str, marks: Sequence[Mark]) -> str:
    """Give cleaned HTML with passages in <mark>; they must be in order and not overlap.

    A mark never reaches across a tag: it ends before one and begins again after it. What
    follows a passage that ends in a link stands after the link.
    """
    return "".join(_Marking(marks).written(html_text))


class _Marking:
    """The state of writing a text with marks: the next one, whether it is open, notes to come."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self.left = list(reversed(marks))
        self.is_open = False
        self.is_link = False
        self.notes: list[str] = []

    def written(self, html_text: str) -> Iterator[str]:
        for piece in _pieces(html_text):
            if piece.source.startswith("<") and len(piece.source) > 1:
                yield self.closed()
                self.is_link = piece.source.startswith("<a ") or (
                    self.is_link and piece.source != "</a>"
                )
                yield piece.source
            else:
                yield from self.words(piece)
            yield self.noted()

    def words(self, piece: _Piece) -> Iterator[str]:
        if piece.source != piece.text:
            # A sign written as an entity is not cut.
            yield from self.stretch(piece.source, piece.start, piece.start + 1)
            return
        at, end = piece.start, piece.start + len(piece.text)
        while at < end:
            cut = min((edge for edge in self.edges() if at < edge < end), default=end)
            yield from self.stretch(piece.source[at - piece.start : cut - piece.start], at, cut)
            yield self.noted()
            at = cut

    def edges(self) -> tuple[int, ...]:
        return self.left[-1][:2] if self.left else ()

    def stretch(self, source: str, start: int, end: int) -> Iterator[str]:
        mark = self.left[-1] if self.left else None
        if mark is None or not mark.start <= start < mark.end:
            yield source
            return
        if not self.is_open and not source.isspace():
            self.is_open = True
            yield '<mark class="now">' if mark.is_current else "<mark>"
        yield source
        if end >= mark.end:
            yield self.closed()
            self.notes.append(self.left.pop().note)

    def closed(self) -> str:
        was, self.is_open = self.is_open, False
        return "</mark>" if was else ""

    def noted(self) -> str:
        if self.is_link:
            return ""
        notes, self.notes = "".join(self.notes), []
        return notes
