"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from participa.kit.alignment import NONE, aligned

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LEFT_OUT = "…"
Kind = Literal["same", "out", "in"]
_CHANGES: tuple[Kind, Kind] = ("out", "in")


class Piece(NamedTuple):
    """A stretch of text that stayed, was taken out or was put in."""

    kind: Kind
    text: str


class _Token(NamedTuple):
    start: int
    end: int
    key: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Give the later text in pieces, with what was taken out where it stood.

    Spaces and line ends are those of the later text: where only they changed, nothing did.
    """
    old, new = _tokens(before), _tokens(after)
    images = aligned([token.key for token in old], [token.key for token in new])
    return tuple(_joined(_pieces(before, after, old, new, images)))


def condensed(pieces: Iterable[Piece], around: int, longest: int) -> tuple[Piece, ...]:
    """Give only the changes with so many characters around them, and no more than `longest`.

    What is left out is marked with an ellipsis.
    """
    found = list(pieces)
    kept = []
    left = longest
    for at, piece in enumerate(found):
        if left <= 0:
            kept.append(Piece("same", _LEFT_OUT))
            break
        text = piece.text
        if piece.kind == "same":
            text = _shortened(text, around if at else 0, around if at + 1 < len(found) else 0)
        elif len(text) > left:
            text = text[:left] + _LEFT_OUT
        kept.append(Piece(piece.kind, text))
        left -= len(text)
    return tuple(kept)


def _shortened(text: str, start: int, end: int) -> str:
    if len(text) <= start + end:
        return text
    head = text[:start].rpartition(" ")[0]
    tail = text[len(text) - end :].partition(" ")[2]
    return f"{head} {_LEFT_OUT} {tail}".strip(" ") + " " * text.endswith(" ")


def _tokens(text: str) -> list[_Token]:
    """Give words and signs, each with the space that follows it."""
    found = list(_TOKEN.finditer(text))
    following = [*(token.start() for token in found[1:]), len(text)][: len(found)]
    pairs = zip(found, following, strict=True)
    return [_Token(token.start(), end, token.group()) for token, end in pairs]


def _pieces(
    before: str, after: str, old: list[_Token], new: list[_Token], images: list[int]
) -> Iterator[Piece]:
    at = i = 0
    while i < len(old):
        start = i
        while i < len(old) and images[i] == NONE:
            i += 1
        place = images[i] if i < len(old) else len(new)
        yield Piece("out", before[_start(old, start, before) : _start(old, i, before)])
        yield Piece("in", after[_start(new, at, after) : _start(new, place, after)])
        at = place
        if i < len(old):
            yield Piece("same", after[new[place].start : new[place].end])
            i, at = i + 1, place + 1
    yield Piece("in", after[_start(new, at, after) :])


def _start(tokens: list[_Token], at: int, text: str) -> int:
    return tokens[at].start if at < len(tokens) else len(text)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join neighbours of a kind; between two changes the word taken out comes first."""
    held: dict[Kind, str] = {"out": "", "in": "", "same": ""}
    for piece in pieces:
        if piece.text:
            yield from _let_go(held, _CHANGES if piece.kind == "same" else ("same",))
            held[piece.kind] += piece.text
    yield from _let_go(held, ("same", *_CHANGES))


def _let_go(held: dict[Kind, str], kinds: Iterable[Kind]) -> Iterator[Piece]:
    for kind in kinds:
        if held[kind]:
            yield Piece(kind, held[kind])
            held[kind] = ""
