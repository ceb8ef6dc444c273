"""Passages of the development plan of Palmira after edits whose right answer is known by hand.

Each label says which edit is made around or in a passage and which words are then the right
place: the text itself stays where it is, outside the repository.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import pytest

from participa.consultations.anchoring import SURE, Placement, quote_at, reanchor
from participa.kit.alignment import words_of
from participa.kit.html import plain_text
from participa.plans.parsing import parse_plan
from participa.plans.texts import section_html
from tests.realdata import real_data

pytestmark = pytest.mark.real_data


class Parts(NamedTuple):
    """A section cut into what stands before a passage, the passage, and what stands after."""

    before: str
    passage: str
    after: str


class Label(NamedTuple):
    """The edited text as before, right place and after; an empty place says it is gone."""

    before: str
    place: str
    after: str


def words(text: str) -> list[str]:
    return text.split()


def at_middle(text: str, new: str) -> str:
    parts = words(text)
    middle = len(parts) // 2
    return " ".join([*parts[:middle], new, *parts[middle:]])


def replaced(text: str, at: int, new: str) -> str:
    parts = words(text)
    parts[at] = new
    return " ".join(parts)


SENTENCE = "Lo anterior se hará con la veeduría de las juntas de acción comunal."
CLAUSE = "con enfoque diferencial"
Edit = Callable[[Parts], Label]
EDITS: dict[str, Edit] = {
    "nothing": lambda p: Label(*p),
    "a sentence before": lambda p: Label(f"{SENTENCE} {p.before}", p.passage, p.after),
    "a sentence just before": lambda p: Label(f"{p.before} {SENTENCE} ", p.passage, p.after),
    "a sentence just after": lambda p: Label(p.before, p.passage, f" {SENTENCE} {p.after}"),
    "all before it went": lambda p: Label("", p.passage, p.after),
    "all after it went": lambda p: Label(p.before, p.passage, ""),
    "moved to the end": lambda p: Label(f"{p.before}{p.after}\n\n", p.passage, ""),
    "moved to the beginning": lambda p: Label("", p.passage, f"\n\n{p.before}{p.after}"),
    "other lines and capitals": lambda p: Label(p.before, p.passage.upper(), p.after),
    "a clause inside": lambda p: Label(p.before, at_middle(p.passage, CLAUSE), p.after),
    "a sentence inside": lambda p: Label(p.before, at_middle(p.passage, SENTENCE), p.after),
    "another first word": lambda p: Label(p.before, replaced(p.passage, 0, "Asimismo"), p.after),
    "another last word": lambda p: Label(p.before, replaced(p.passage, -1, "municipales"), p.after),
    "another word inside": lambda p: Label(
        p.before, replaced(p.passage, len(words(p.passage)) // 2, "territorial"), p.after
    ),
    "without its first words": lambda p: Label(p.before, " ".join(words(p.passage)[2:]), p.after),
    "deleted": lambda p: Label(p.before, "", p.after),
    "deleted with what followed": lambda p: Label(p.before, "", ""),
}


@cache
def sections() -> tuple[str, ...]:
    source = real_data("plan_palmira_2012_2015/acuerdo.txt").read_text(encoding="utf-8")
    bodies = (plain_text(section_html(s.body)) for s in parse_plan(source).sections)
    return tuple(body for body in bodies if len(body) > 600)


def passages() -> Iterator[Parts]:
    """Take a sentence of eight to forty words from the middle of each long section."""
    for text in sections():
        found = [
            match
            for match in re.finditer(r"[A-ZÁÉÍÓÚÑ][^.;:\n]+[.;]", text)
            if 8 <= len(words(match.group())) <= 40 and text.count(match.group()) == 1
        ]
        if found:
            match = found[len(found) // 2]
            yield Parts(text[: match.start()], match.group(), text[match.end() :])


def placed(parts: Parts, label: Label) -> Placement:
    old = "".join(parts)
    start = len(parts.before)
    return reanchor(quote_at(old, start, start + len(parts.passage)), "".join(label), old)


def is_right(place: Placement, label: Label) -> bool:
    """The right words and no others; whether a sign at an edge belongs to them is no matter."""
    if place.start is None or place.end is None or not label.place:
        return place.start is None and not label.place
    found = [word.start for word in words_of("".join(label)) if word.start >= place.start]
    found = [start for start in found if start < place.end]
    begin = len(label.before)
    wanted = [begin + word.start for word in words_of(label.place)]
    return found == wanted


def test_at_least_95_of_100_are_right_and_none_is_sure_and_wrong() -> None:
    """Of all labelled edits, and each time it is shown as sure, the place is the right one."""
    wrong, sure_and_wrong, count = [], [], 0
    for parts in passages():
        for name, edit in EDITS.items():
            label = edit(parts)
            place = placed(parts, label)
            count += 1
            if not is_right(place, label):
                wrong.append(name)
                sure_and_wrong += [(name, place)] if place.confidence >= SURE else []
    assert count >= 150
    assert not sure_and_wrong
    assert len(wrong) <= 0.05 * count, wrong


def test_most_are_sure() -> None:
    """A person is asked seldom: about unchanged and lightly changed passages, never."""
    light = ["nothing", "a sentence before", "another word inside", "other lines and capitals"]
    places = [placed(parts, EDITS[name](parts)) for parts in passages() for name in light]
    assert all(place.confidence >= SURE for place in places)
