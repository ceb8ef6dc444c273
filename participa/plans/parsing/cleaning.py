"""Makes any pasted text readable: one kind of line end, of space and of accent, no hidden signs."""

import re
import unicodedata
from typing import NamedTuple

from participa.plans.parsing.model import PlanUnreadable, Warning_

MAX_CHARACTERS = 8_000_000
MAX_LINES = 250_000
_MAX_CONTROL_SHARE = 0.02
_MAX_BROKEN_SHARE = 0.1
_FILE_SIGNATURES = ("%PDF-", "PK\x03\x04", "{\\rtf")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = re.compile(r"[^\x00-\x7f\w]{31,}")
_TRANSLATION = str.maketrans(
    {
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
        **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
        **{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)},
    }
)


class Line(NamedTuple):
    """A line of the source with its place; `new_page` where a form feed stands before it."""

    number: int
    text: str
    new_page: bool = False


def to_lines(source: str) -> tuple[list[Line], list[Warning_]]:
    """Clean a source and cut it into lines, keeping the spaces that open them.

    Refuses with PlanUnreadable what is a file and not its text, what is empty and what is longer
    than eight million characters or 250,000 lines: a plan of a thousand pages has 50,000.
    """
    _refuse_files(source)
    text = _SURROGATE.sub("\ufffd", _LINE_ENDS.sub("\n", source))
    text, controls = _CONTROL.subn("", text)
    broken = text.count("\ufffd")
    if controls > len(source) * _MAX_CONTROL_SHARE or broken > len(source) * _MAX_BROKEN_SHARE:
        raise PlanUnreadable("binary")
    text = _INVISIBLE.sub("", text.replace("\u00ad\n", "-\n")).translate(_TRANSLATION)
    # Sorting a long run of combining marks takes quadratic time: the run is cut first.
    text = unicodedata.normalize("NFC", _MARKS.sub(_cut_run, text))
    if not any(character.isalnum() for character in text):
        raise PlanUnreadable("empty")
    if text.count("\n") + text.count("\f") >= MAX_LINES:
        raise PlanUnreadable("too_large")
    warnings = [
        Warning_(0, code, {"count": count})
        for code, count in (("broken_characters", broken), ("control_characters", controls))
        if count
    ]
    return _cut(text), warnings


def collapse(text: str) -> str:
    """Leave one space between words and none around them."""
    return " ".join(text.split())


def _refuse_files(source: str) -> None:
    if len(source) > MAX_CHARACTERS:
        raise PlanUnreadable("too_large")
    if "\x00" in source or source[:64].lstrip("\ufeff\n\r ").startswith(_FILE_SIGNATURES):
        raise PlanUnreadable("binary")


def _cut_run(run: re.Match[str]) -> str:
    marks = run[0]
    return "\u034f".join(marks[at : at + 30] for at in range(0, len(marks), 30))


def _cut(text: str) -> list[Line]:
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        if "\f" not in line:
            lines.append(Line(number, line.rstrip()))
            continue
        for piece_number, piece in enumerate(line.split("\f")):
            lines.append(Line(number, piece.rstrip(), new_page=piece_number > 0))
    return lines
