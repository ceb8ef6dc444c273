"""Cleaned HTML as the text people read and point at, and passages of it marked. No I/O.

A place in the text is the number of characters before it in what `text_of` gives.
"""

import html
import re
from collections.abc import Iterator
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
