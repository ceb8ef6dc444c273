"""Decides which lines of a plain text are headings, by their words and by what surrounds them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from participa.plans.parsing.blocks import finished, is_formula
from participa.plans.parsing.headings import (
    LOOSE_RANK,
    Heading,
    is_upper,
    recognise,
    recognise_numbered,
)
from participa.plans.parsing.numerals import as_parts

_MAX_UPPER = 200
_MAX_NUMBERED = 150
_MAX_SINGLE = 100
_MAX_ISOLATED_LINES = 3
_MAX_TITLE_LINES = 6
_MAX_TITLE_LINE = 80
_MAX_ABOVE = 4
_OPEN_ENDS = ",;:"
_CLOSED_ENDS = ".,;:"
_LOOSE = Heading("apartado", LOOSE_RANK, "", "", "", upper=True, separated=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading at line `at`; its title may stand on the lines from `begin` to `after`."""

    begin: int
    at: int
    after: int
    heading: Heading
    titled: bool


class Outline:
    """The headings of a text, given as one string per line."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._filled = [index for index, text in enumerate(texts) if text]
        self._seen: dict[tuple[int, ...], int] = {}
        self._worded = {
            index: found for index in self._filled if (found := recognise(texts[index]))
        }
        written = Counter(found.word for found in self._worded.values() if _shouted(found))
        self._shouted = {word for word, count in written.items() if count > 1}
        self._headings: dict[int, Heading] = {}
        self._blocks: dict[int, int] = {}

    def entries(self) -> list[Entry]:
        """Give the headings in order, with the lines of their titles."""
        self._find()
        entries: list[Entry] = []
        for at, heading in self._headings.items():
            after = self._blocks.get(at) or (at + 1 if heading.rest else self._title_end(at + 1))
            begin = at
            titled = at in self._blocks or after > at + 1
            if heading.legal and heading.label and not heading.rest and not titled:
                begin = self._title_begin(at, entries[-1].after if entries else 0)
            entries.append(Entry(begin, at, after, heading, titled or begin < at))
        return entries

    def _find(self) -> None:
        done = -1
        for position, index in enumerate(self._filled):
            if index <= done:
                continue
            heading = self._worded_heading(position) or self._numbered_heading(position)
            if heading is not None:
                self._headings[index] = heading
                self._note(heading)
            elif end := self._isolated_end(position):
                self._headings[index] = _LOOSE
                self._blocks[index] = end
                done = end - 1

    def _worded_heading(self, position: int) -> Heading | None:
        index = self._filled[position]
        heading = self._worded.get(index)
        if heading is None or (heading.upper and not heading.firm):
            return None
        if heading.firm:
            sure = heading.upper or heading.label[:1].isdecimal() or self._free(position)
            return heading if sure else None
        if not heading.separated or heading.word in self._shouted:
            return None
        if heading.legal:
            return heading if heading.number and self._free(position) else None
        sure = bool(heading.rest) and ("/" in heading.label or self._free(position))
        return heading if sure else None

    def _numbered_heading(self, position: int) -> Heading | None:
        text = self._texts[self._filled[position]]
        heading = recognise_numbered(text) if text[0].isdecimal() or text[0].isupper() else None
        if heading is None or not heading.separated:
            return None
        parts = as_parts(heading.number)
        if not heading.upper or len(text) > _MAX_UPPER:
            if not heading.number[0].isdecimal() or not self._follows(parts):
                return None
            if not (self._multiple(position, heading) or self._alone(position, heading)):
                return None
        return heading

    def _note(self, heading: Heading) -> None:
        if heading.number[:1].isdecimal() and not heading.legal:
            parts = as_parts(heading.number)
            self._seen[parts[:-1]] = parts[-1]

    def _multiple(self, position: int, heading: Heading) -> bool:
        """A line such as "2.1 Diagnóstico", whose number is in its place."""
        return (
            "." in heading.number
            and not heading.rest[0].islower()
            and len(heading.rest) <= _MAX_NUMBERED
            and heading.rest[-1] not in _OPEN_ENDS
            and self._free(position)
        )

    def _alone(self, position: int, heading: Heading) -> bool:
        """A line such as "2. Diagnóstico" with nothing above or below: not an item of a list."""
        index = self._filled[position]
        after = self._texts[self._filled[position + 1]] if position + 1 < len(self._filled) else ""
        return (
            self._blank(index - 1)
            and self._blank(index + 1)
            and not heading.rest[0].islower()
            and len(heading.rest) <= _MAX_SINGLE
            and heading.rest[-1] not in _CLOSED_ENDS
            and recognise_numbered(after) is None
        )

    def _follows(self, parts: tuple[int, ...]) -> bool:
        above, own = parts[:-1], parts[-1]
        if own > 1:
            return self._seen.get(above) == own - 1
        return not above or self._seen.get(above[:-1]) == above[-1] or parts == (1, 1)

    def _isolated_end(self, position: int) -> int:
        """Where a group of lines in capitals between blank lines ends; 0 if it is not one."""
        start = self._filled[position]
        if not is_upper(self._texts[start]) or not self._blank(start - 1):
            return 0
        end = start
        while not self._blank(end) and end - start <= _MAX_ISOLATED_LINES:
            if not is_upper(self._texts[end]) or end in self._worded:
                return 0
            end += 1
        goes_on = self._texts[end - 1][-1] in _CLOSED_ENDS or is_formula(self._texts[start])
        return 0 if goes_on or end - start > _MAX_ISOLATED_LINES else end

    def _title_end(self, start: int) -> int:
        """Where the title of a bare heading ends, on the lines below it."""
        first = start + (self._blank(start) and start < len(self._texts))
        end = first
        for index in self._plain_lines(first):
            if not self._texts[index].isupper():
                break
            end = index + 1
            if self._texts[index][-1] == ".":
                break
        if end == first and self._is_short_title(first):
            end = first + 1
        return end if end > first else start

    def _plain_lines(self, start: int) -> Iterator[int]:
        for index in range(start, min(start + _MAX_TITLE_LINES, len(self._texts))):
            if self._blank(index) or index in self._headings:
                return
            yield index

    def _is_short_title(self, index: int) -> bool:
        if index in self._headings or self._blank(index):
            return False
        text = self._texts[index]
        below = self._texts[index + 1][:1] if index + 1 < len(self._texts) else ""
        return (
            text[0].isupper()
            and len(text) <= _MAX_TITLE_LINE
            and text[-1] not in _CLOSED_ENDS
            and not below.islower()
        )

    def _title_begin(self, at: int, floor: int) -> int:
        """Where a title set above its bare heading begins, as on a cover page."""
        begin = at
        while begin > max(floor, at - _MAX_ABOVE) and self._texts[begin - 1].isupper():
            begin -= 1
        above = self._texts[begin - 1] if begin > 0 else ""
        return begin if finished(above) and not above.isupper() else at

    def _free(self, position: int) -> bool:
        """Whether the line does not go on with the sentence of the line before."""
        if position == 0:
            return True
        index = self._filled[position - 1]
        return (
            self._filled[position] > index + 1
            or index in self._headings
            or finished(self._texts[index])
        )

    def _blank(self, index: int) -> bool:
        return not 0 <= index < len(self._texts) or not self._texts[index]


def _shouted(heading: Heading) -> bool:
    return heading.upper and heading.firm
