"""Passages of the plan of Palmira after edits as officials make them, labelled by hand."""

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from participa.consultations.anchoring import SURE, quote_at
from participa.consultations.moves import Known, Moved, News, moved
from participa.kit.alignment import words_of
from tests.consultations.test_anchoring_palmira import sections

pytestmark = pytest.mark.real_data
EDITS = Path(__file__).with_name("palmira_edits.toml")
PIECE = re.compile(r"'[^']*'|(?:\d+:)?\d+(?:-\d+)?|[<>¶]")


class Wording(NamedTuple):
    """What a section says after an edit, and where in it the passage stands, if it does."""

    text: str
    place: tuple[int, int] | None


class Outcome(NamedTuple):
    """How an edit came out: its kind, its passage, whether rightly, and how surely."""

    kind: str
    passage: str
    is_right: bool
    confidence: float


def cut(section: int, piece: str) -> tuple[int, int]:
    """Give where some words of a section stand, such as "3-9"."""
    first, _dash, last = piece.partition("-")
    found = words_of(sections()[section])
    return found[int(first)].start, found[int(last or first)].end


def said(section: int, piece: str) -> str:
    """Give the words of a piece with the signs and spaces after them."""
    if piece.startswith("'"):
        return f"{piece[1:-1]} "
    if piece == "¶":
        return "\n\n"
    other, _colon, place = piece.rpartition(":")
    source = int(other) if other else section
    start, end = cut(source, place)
    rest = sections()[source][end:]
    return sections()[source][start:end] + (re.match(r"\W*", rest) or [""])[0] + " "


def written(section: int, after: str, source: int) -> Wording:
    """Write a section anew; a new one is made of the words of `source`."""
    text, start, place = "", 0, None
    for piece in PIECE.findall(after):
        if piece == "<":
            start = len(text)
        elif piece == ">":
            place = (start, len(text))
        else:
            text += said(section if section < len(sections()) else source, piece)
    return Wording(text, place)


def outcome(edit: dict[str, Any]) -> Outcome:
    """Make an edit and look for its passage in the whole new text."""
    section, place = edit["passage"].split(":")
    old = dict(enumerate(sections()))
    start, end = cut(int(section), place)
    wordings = {
        int(number): written(int(number), after, int(section))
        for number, after in edit["after"].items()
        if after
    }
    new = {number: text for number, text in old.items() if str(number) not in edit["after"]}
    new |= {number: wording.text for number, wording in wordings.items()}
    quote = quote_at(old[int(section)], start, end)
    found = moved(Known(int(section), 1, quote), News(2, {1: old, 2: new}))
    right = next(((n, w.place) for n, w in wordings.items() if w.place), None)
    confidence = found.placement.confidence if found else 0.0
    return Outcome(edit["kind"], edit["passage"], is_right(found, right, new), confidence)


def is_right(
    found: Moved | None, right: tuple[int, tuple[int, int]] | None, new: dict[int, str]
) -> bool:
    """The right words and no others; signs at the edges are no matter."""
    if found is None or found.placement.start is None or found.placement.end is None:
        return right is None
    here = found.section_id, (found.placement.start, found.placement.end)
    return right is not None and _words(here, new) == _words(right, new)


def _words(place: tuple[int, tuple[int, int]], new: dict[int, str]) -> tuple[int, list[int]]:
    section, (start, end) = place
    return section, [w.start for w in words_of(new[section]) if start <= w.start < end]


def test_at_least_95_of_100_are_right_and_none_is_sure_and_wrong() -> None:
    """The place is the labelled one, to the word, and always where it is shown as sure."""
    edits = tomllib.loads(EDITS.read_text(encoding="utf-8"))["edits"]
    outcomes = [outcome(edit) for edit in edits]
    wrong = [each for each in outcomes if not each.is_right]
    assert len(outcomes) >= 150
    assert len({each.kind for each in outcomes}) >= 15
    assert not [each for each in wrong if each.confidence >= SURE]
    assert len(wrong) <= 0.05 * len(outcomes), wrong
