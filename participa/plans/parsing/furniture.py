"""Finds what belongs to the page and not to the text: page numbers, running heads, letterheads."""

import re
from collections import defaultdict
from collections.abc import Sequence

from participa.plans.parsing.cleaning import Line
from participa.plans.parsing.headings import is_upper, recognise
from participa.plans.parsing.model import DroppedLine
from participa.plans.parsing.numerals import fold

_MAX_LENGTH = 90
_REACH = 2
_MIN_REPEATS = 3
_MIN_AT_EDGE = 0.7
_MIN_INTERRUPTING = 0.3
_LETTERHEAD_LINES = 4
_MAX_STEP = 5
_MIN_PAGE_LINES = 5
_NUMBER = re.compile(r"\d{1,4}")
_WORDED_NUMBER = re.compile(
    r"(?:pag(?:ina|\.)? ?)\d{1,4}(?: ?(?:de|/) ?\d{1,4})?|[-–] ?\d{1,4} ?[-–]", re.ASCII
)
_DIGITS = re.compile(r"\d+")
_LETTERHEAD = re.compile(
    r"(?:republica de colombia|departamento del? |concejo (?:municipal|distrital)|"
    r"alcaldia (?:municipal|de|distrital)|municipio de |gobernacion de)"
)


def drop_furniture(lines: Sequence[Line]) -> tuple[list[Line], list[DroppedLine]]:
    """Separate the lines of the text from those of the page.

    A running head is a short line that repeats beside page numbers or form feeds, or that
    repeats in the middle of sentences; a heading never does the latter. A letterhead is dropped
    even when it appears once, but only at the edge of a page. Lone figures are page numbers only
    when they grow along the document.
    """
    filled = [index for index, line in enumerate(lines) if line.text]
    reasons: dict[int, str] = dict.fromkeys(_page_numbers(lines, filled), "page_number")
    edges = _edges(lines, filled, reasons)
    reasons |= dict.fromkeys(_running_heads(lines, filled, edges, reasons), "page_header")
    reasons |= dict.fromkeys(_letterheads(lines, filled, reasons), "letterhead")
    kept = [line for index, line in enumerate(lines) if index not in reasons]
    return kept, [
        DroppedLine(lines[index].number, lines[index].text, reason)  # type: ignore[arg-type]
        for index, reason in reasons.items()
    ]


def _page_numbers(lines: Sequence[Line], filled: Sequence[int]) -> set[int]:
    worded = {i for i in filled if _WORDED_NUMBER.fullmatch(fold(lines[i].text))}
    alone = [i for i in filled if _NUMBER.fullmatch(lines[i].text)]
    return worded | set(_growing(lines, alone))


def _growing(lines: Sequence[Line], places: Sequence[int]) -> list[int]:
    """The longest chain of figures that grow by small steps, a page's lines apart."""
    best: dict[int, tuple[int, int]] = {}  # value -> (length of its chain, place)
    before: dict[int, int] = {}
    last, longest = -1, 0
    for place in places:
        value = int(lines[place].text)
        candidates = [
            best[value - step]
            for step in range(1, _MAX_STEP + 1)
            if value - step in best and place - best[value - step][1] >= _MIN_PAGE_LINES
        ]
        length, previous = max(candidates, default=(0, -1))
        if value in best and best[value][0] > length:
            continue
        best[value] = (length + 1, place)
        before[place] = previous
        if length + 1 > longest:
            last, longest = place, length + 1
    chain = []
    while longest >= _MIN_REPEATS and last >= 0:
        chain.append(last)
        last = before[last]
    return chain


def _edges(lines: Sequence[Line], filled: Sequence[int], numbers: dict[int, str]) -> set[int]:
    """The places of the lines that stand near a page's end or beginning."""
    near: set[int] = set()
    for position, index in enumerate(filled):
        if index in numbers:
            near.update(filled[max(0, position - _REACH) : position + _REACH + 1])
        elif lines[index].new_page:
            near.update(filled[max(0, position - _REACH) : position + _REACH])
    return near


def _running_heads(
    lines: Sequence[Line], filled: Sequence[int], edges: set[int], numbers: dict[int, str]
) -> set[int]:
    places: dict[str, list[int]] = defaultdict(list)
    for position, index in enumerate(filled):
        text = lines[index].text
        if len(text) <= _MAX_LENGTH and index not in numbers:
            places[_DIGITS.sub("#", fold(text))].append(position)
    found: set[int] = set()
    for positions in places.values():
        if len(positions) < _MIN_REPEATS or recognise(lines[filled[positions[0]]].text):
            continue
        at_edge = sum(filled[position] in edges for position in positions)
        interrupting = sum(_interrupts(lines, filled, position) for position in positions)
        enough = max(2, _MIN_INTERRUPTING * len(positions))
        if at_edge >= _MIN_AT_EDGE * len(positions) or interrupting >= enough:
            found.update(filled[position] for position in positions)
    return found


def _interrupts(lines: Sequence[Line], filled: Sequence[int], position: int) -> bool:
    if not 0 < position < len(filled) - 1:
        return False
    before, after = lines[filled[position - 1]].text, lines[filled[position + 1]].text
    here = lines[filled[position]].text
    return (before[-1].islower() or before[-1] in ",-") and after[0].islower() and here[0].isupper()


def _letterheads(
    lines: Sequence[Line], filled: Sequence[int], reasons: dict[int, str]
) -> list[int]:
    found: list[int] = []
    for position, index in enumerate(filled):
        if index not in reasons:
            continue
        above = filled[max(0, position - _LETTERHEAD_LINES) : position]
        below = filled[position + 1 : position + 1 + _LETTERHEAD_LINES]
        for neighbours in (above[::-1], below):
            for neighbour in neighbours:
                text = lines[neighbour].text
                if neighbour in reasons:
                    continue
                if not (is_upper(text) and _LETTERHEAD.match(fold(text))):
                    break
                found.append(neighbour)
    return found
