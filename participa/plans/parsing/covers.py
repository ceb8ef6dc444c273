"""Finds cover pages: a title set alone on its page, which the heading that follows repeats."""

import re
from collections.abc import Sequence

from participa.plans.parsing.cleaning import Line
from participa.plans.parsing.headings import is_upper, recognise
from participa.plans.parsing.model import DroppedLine
from participa.plans.parsing.numerals import fold

_REACH = 12
_WORD = re.compile(r"\w+")


def drop_covers(lines: Sequence[Line]) -> tuple[list[Line], list[DroppedLine]]:
    """Take out a bare "ARTÍCULO CUARTO" that the next line repeats with its text.

    The lines in capitals above it go too when the heading repeats them word for word: nothing
    is dropped that the reader does not find again just below.
    """
    filled = [index for index, line in enumerate(lines) if line.text]
    doomed: set[int] = set()
    for position in range(len(filled) - 1):
        if _is_cover(lines[filled[position]].text, lines[filled[position + 1]].text):
            doomed.add(filled[position])
            doomed.update(_repeated_above(lines, filled, position))
    kept = [line for index, line in enumerate(lines) if index not in doomed]
    return kept, [DroppedLine(lines[i].number, lines[i].text, "cover") for i in sorted(doomed)]


def _is_cover(here: str, below: str) -> bool:
    if len(here) >= len(below) or not is_upper(here):
        return False
    bare, full = recognise(here), recognise(below)
    return (
        bare is not None
        and full is not None
        and bare.legal
        and not bare.rest
        and bool(full.rest)
        and (bare.kind, bare.number) == (full.kind, full.number)
    )


def _repeated_above(lines: Sequence[Line], filled: Sequence[int], position: int) -> list[int]:
    following = _words(" ".join(lines[i].text for i in filled[position + 1 : position + _REACH]))
    designation = _words(lines[filled[position]].text)
    expected = following[len(designation) :]
    above: list[int] = []
    words: list[str] = []
    best: list[int] = []
    for index in reversed(filled[max(0, position - _REACH) : position]):
        text = lines[index].text
        if not text.isupper() or recognise(text):
            break
        above.append(index)
        words = _words(text) + words
        if words == expected[: len(words)]:
            best = list(above)
    return best


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
