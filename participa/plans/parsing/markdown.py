"""Reads a plan from Markdown: the levels of its headings give the tree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from participa.plans.parsing.cleaning import Line, collapse
from participa.plans.parsing.headings import Heading, recognise, recognise_numbered
from participa.plans.parsing.model import PREAMBLE_RANK, Draft, Reading, Warning_

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?$")
_CLOSING = re.compile(r"(?:^|\s)#+$")
_UNDERLINE = re.compile(r" {0,3}(?:(=+)|-{3,})$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^`]*)")
_NOT_PARAGRAPH = re.compile(r" {0,3}(?:[>#|]|[-*+] |\d{1,9}[.)] |<)| {4}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"(?<!\\)(\*\*|__|(?<!\*)\*(?!\*))(?=\S)(.{1,300}?)(?<=\S)\1")
_UNDERSCORED = re.compile(r"(?<![\\\w])_(?=[^\s_])([^_]{1,300})(?<=\S)_(?!\w)")
_PROSE_KINDS = frozenset({"eje", "programa", "subprograma"})
_MIN_HEADINGS = 2
_MAX_STYLED = 2_000


@dataclass(frozen=True, slots=True)
class _Mark:
    """A heading on lines `first` to `last`."""

    first: int
    last: int
    level: int
    text: str


def looks_like_markdown(lines: Sequence[Line]) -> bool:
    """Tell Markdown from plain text by its headings: two of them, or one that opens the text."""
    marks = []
    for mark in _marks(lines):
        marks.append(mark)
        if len(marks) >= _MIN_HEADINGS:
            return True
    opening = next((index for index, line in enumerate(lines) if line.text), 0)
    return bool(marks) and marks[0].first == opening


def read(lines: Sequence[Line]) -> Reading:
    """Read the headings into drafts of sections; what is between them is kept as it stands.

    A single heading of the first level, without kind or number, that opens the document above
    others is the name of the plan.
    """
    marks = list(_marks(lines))
    reading = Reading([])
    first = marks[0].first if marks else len(lines)
    if _is_title(marks, lines):
        reading.title = plain_words(marks[0].text)
        first = marks[1].first
        preamble, marks = marks[0].last + 1, marks[1:]
    else:
        preamble = 0
    if body := _body(lines[preamble:first]):
        line = next(line.number for line in lines[preamble:first] if line.text)
        reading.drafts.append(Draft("preambulo", PREAMBLE_RANK, line, body=body))
    ends = [mark.first for mark in marks[1:]] + [len(lines)]
    for mark, end in zip(marks, ends, strict=False):
        draft = _draft(mark, lines[mark.first].number)
        draft.body = _body(lines[mark.last + 1 : end])
        reading.drafts.append(draft)
    reading.warnings.extend(_skipped(marks, lines))
    return reading


def _marks(lines: Sequence[Line]) -> Iterator[_Mark]:
    fence = ""
    for index, line in enumerate(lines):
        text = line.text
        if opened := _FENCE.match(text):
            if not fence:
                fence = opened[1]
            elif opened[1].startswith(fence) and not opened[2].strip():
                fence = ""
            continue
        if fence:
            continue
        if heading := _ATX.match(text):
            yield _Mark(index, index, len(heading[1]), _CLOSING.sub("", heading[2] or "").strip())
        elif (underline := _UNDERLINE.match(text)) and _is_title_line(lines, index - 1):
            level = 1 if underline[1] else 2
            yield _Mark(index - 1, index, level, lines[index - 1].text.strip())


def _is_title_line(lines: Sequence[Line], index: int) -> bool:
    """A paragraph of one line, which a row of dashes or equals signs below makes a heading."""
    if index < 0 or not lines[index].text or _NOT_PARAGRAPH.match(lines[index].text):
        return False
    before = lines[index - 1].text if index > 0 else ""
    return not before or any(form.match(before) for form in (_ATX, _UNDERLINE, _FENCE))


def _is_title(marks: Sequence[_Mark], lines: Sequence[Line]) -> bool:
    if len(marks) < _MIN_HEADINGS or marks[0].level != 1:
        return False
    others = any(mark.level == 1 for mark in marks[1:])
    opens = not any(line.text for line in lines[: marks[0].first])
    draft = _draft(marks[0], 0)
    return opens and not others and draft.kind == "apartado" and not draft.number


def _draft(mark: _Mark, line: int) -> Draft:
    return headed(mark.text, mark.level, line)


def headed(text: str, level: int = 1, line: int = 0) -> Draft:
    """Begin a section with a heading: what it is, its number and its title, without markup."""
    words = plain_words(text)
    heading = recognise(words)
    if heading is not None and _is_kind(heading):
        number = "" if heading.prefix else heading.number
        title = (heading.prefix + heading.rest).strip()
        return Draft(heading.kind, level, line, heading.label, number, title)
    numbered = recognise_numbered(words)
    if numbered is not None:
        return Draft("apartado", level, line, numbered.label, numbered.number, numbered.rest)
    return Draft("apartado", level, line, title=words)


def _is_kind(heading: Heading) -> bool:
    if heading.separated:
        return bool(heading.number or heading.rest)
    if heading.number:
        return not heading.rest[:1].islower()
    return heading.kind in _PROSE_KINDS and heading.rest[:1].isupper()


def plain_words(text: str) -> str:
    """Give the words of a short text on one line, without its markup."""
    without = text
    if len(text) <= _MAX_STYLED:
        without = _UNDERSCORED.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    return collapse(_ESCAPED.sub(r"\1", without))


def _body(lines: Sequence[Line]) -> str:
    """Keep Markdown as written, with single blank lines outside of fences."""
    written: list[str] = []
    fenced = False
    for line in lines:
        fenced ^= bool(_FENCE.match(line.text))
        if line.text or fenced or (written and written[-1]):
            written.append(line.text)
    return "\n".join(written).strip("\n")


def _skipped(marks: Sequence[_Mark], lines: Sequence[Line]) -> Iterator[Warning_]:
    levels: list[int] = []
    top = min((mark.level for mark in marks), default=1)
    for mark in marks:
        while levels and levels[-1] >= mark.level:
            levels.pop()
        above = levels[-1] if levels else top - 1
        if mark.level > above + 1:
            yield Warning_(
                lines[mark.first].number, "level_skipped", {"above": above, "level": mark.level}
            )
        levels.append(mark.level)
