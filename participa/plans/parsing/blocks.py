"""Joins the lines of a printed page into paragraphs and list items, as safe Markdown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from participa.plans.parsing.headings import is_upper
from participa.plans.parsing.hyphens import Hyphens
from participa.plans.parsing.numerals import fold

_BULLET = re.compile(r"[•●▪■◦‣⁃∙·➢✓]\s*(?=\S)")
_DASH = re.compile(r"[-–—*] (?=\S)")
_ITEM_NUMBER = re.compile(r"(\d{1,3})[.)] ?(?=[^\W\d_]|[¿“\"(])")
_ITEM_LETTER = re.compile(r"([a-zñ]|[ivx]{2,5})[.)] (?=\S)")
_RUN_IN = re.compile(
    r"(?:objetivos?|estrategias?|indicador(?:es)?|metas?|productos?|linea base|responsables?|"
    r"paragrafo|sector(?:es)?|proyectos?|vision|mision)\b[^.:]{0,30}(?:[.:]|$)"
)
_LAST_WORD = re.compile(r"([^\W\d_]+)\W*\Z")
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)")
_CONNECTORS = frozenset(
    [
        "a",
        "al",
        "con",
        "cual",
        "de",
        "del",
        "e",
        "el",
        "en",
        "la",
        "las",
        "lo",
        "los",
        "o",
        "para",
        "por",
        "que",
        "se",
        "sin",
        "sobre",
        "su",
        "sus",
        "u",
        "un",
        "una",
        "y",
    ]
)
_FINISHED = '.:;!?”"»)'
_CLOSED = ".:;!?"
_MAX_FORMULA = 40
_SHORT = 0.7
_NEARLY_FULL = 0.85
_UNWRAPPED = 130
_MARKUP = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)")
_LINE_MARK = re.compile(r"[#>+\-=~]|(?<!\d)\d{1,9}(?=[.)](?:\s|$))")
_FORMULAS = frozenset({"acuerda", "decreta", "resuelve", "considerando", "comuniquese"})
Marker = Literal["", "-", "number", "letter"]


class _Before(NamedTuple):
    """The line above: `share` is how much of the page's width it fills."""

    text: str
    blank: bool
    share: float
    titled: bool


@dataclass(slots=True)
class Block:
    """A paragraph or an item of a list, in pieces that one join puts together."""

    marker: Marker
    number: int = 0
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Give the words without line ends."""
        return "".join(self.pieces)


def typical_width(texts: Sequence[str]) -> int:
    """Measure how long the full lines of a page are."""
    lengths = sorted(len(text) for text in texts if text)
    return lengths[len(lengths) * 3 // 4] if lengths else 0


def to_blocks(
    lines: Sequence[str], width: int, hyphens: Hyphens, *, titled: bool = False, lead: int = 0
) -> list[Block]:
    """Join lines; `titled` where the first is a heading, which ends with its line.

    A line ends its paragraph when it is shorter than the page is wide, so a sentence that ends
    exactly at the margin keeps the next one in its paragraph: a break too few is easier to read
    than one in the middle of a sentence. `lead` is how much of the first line was taken away.
    """
    blocks: list[Block] = []
    before = _Before("", blank=False, share=0.0, titled=titled)
    for line in lines:
        if not line:
            before = before._replace(blank=True)
            continue
        item = _list_item(line, before, blocks[-1] if blocks else None)
        if item is not None:
            blocks.append(item)
        elif not blocks or _breaks(before, line):
            blocks.append(Block("", pieces=[line]))
        else:
            pieces = blocks[-1].pieces
            pieces[-1], after = hyphens.glue(pieces[-1], line)
            pieces.append(after)
        length = len(line) + (0 if before.text else lead)
        share = 0.0 if width > _UNWRAPPED else length / max(width, 1)
        before = _Before(line, blank=False, share=share, titled=titled and len(blocks) == 1)
    return blocks


def render(blocks: Sequence[Block]) -> str:
    """Write blocks as Markdown that shows the same words, lists as lists."""
    return "".join(_written(blocks))


def escape(text: str) -> str:
    """Disarm what Markdown would take for markup in a paragraph of plain text."""
    safe = _MARKUP.sub(r"\\\g<0>", text)
    mark = _LINE_MARK.match(safe)
    if mark is None:
        return safe
    at = mark.end() if mark[0][0].isdecimal() else 0
    return f"{safe[:at]}\\{safe[at:]}"


def is_formula(text: str) -> bool:
    """Tell the words in capitals with which an act begins to dispose: "ACUERDA:"."""
    return text.isupper() and fold(text[:_MAX_FORMULA]).partition(" ")[0].strip(".,:;") in _FORMULAS


def finished(text: str) -> bool:
    """Tell whether a line may be the last of its sentence."""
    return not text or text[-1] in _FINISHED


def _written(blocks: Sequence[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        ordered = block.marker == "number" and (
            before is None or before.marker != "number" or block.number == before.number + 1
        )
        if before is not None:
            listed = block.marker == "-" == before.marker or (ordered and before.marker == "number")
            yield "\n" if listed else "\n\n"
        if block.marker == "-":
            yield f"- {escape(block.text)}"
        elif block.marker == "number":
            point = "." if ordered else r"\."
            yield f"{block.number}{point} {escape(block.text)}"
        else:
            yield escape(block.text)
        before = block


def _list_item(line: str, before: _Before, last: Block | None) -> Block | None:
    free = before.blank or not before.text or before.text[-1] in _CLOSED
    if bullet := _BULLET.match(line):
        return Block("-", pieces=[line[bullet.end() :]])
    if (dash := _DASH.match(line)) and (free or (last is not None and last.marker == "-")):
        return Block("-", pieces=[line[dash.end() :]])
    if number := _ITEM_NUMBER.match(line):
        value = int(number[1])
        follows = last is not None and last.marker == "number" and value == last.number + 1
        if follows or free:
            return Block("number", value, [line[number.end() :]])
    if (letter := _ITEM_LETTER.match(line)) and (
        free or letter[1] == "a" or _next(letter[1], last)
    ):
        return Block("letter", pieces=[line])
    return None


def _next(letter: str, last: Block | None) -> bool:
    return last is not None and last.marker == "letter" and ord(letter[0]) == ord(last.text[0]) + 1


def _breaks(before: _Before, line: str) -> bool:
    first, last = _FIRST_WORD.match(line), _LAST_WORD.search(before.text[-60:])
    lower = bool(first and first[1][0].islower())
    closed = before.text[-1] in _CLOSED
    if before.blank:
        return not lower or closed
    if is_formula(line) or is_formula(before.text):
        return True
    if last and not closed and fold(last[1]) in _CONNECTORS:
        return False
    if last and first and _in_capitals(last[1]) and _in_capitals(first[1]):
        return closed and before.share < _SHORT
    if not lower and (label := _RUN_IN.match(fold(line[:60]))):
        return label[0].count(" ") <= 1 or closed or before.share < _NEARLY_FULL
    if lower or before.text[-1] in ",-–(":
        return False
    return before.titled or is_upper(before.text) or _ends_early(before)


def _ends_early(before: _Before) -> bool:
    return before.share < (_NEARLY_FULL if finished(before.text) else _SHORT)


def _in_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()
