"""Reads a planning sheet, one row a goal, into Markdown: eje > programa > subprograma > meta."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from participa.plans.documents.pieces import Piece, written
from participa.plans.documents.refusals import DocumentUnreadable
from participa.plans.documents.sheet_columns import (
    LEVELS,
    Columns,
    Level,
    Row,
    csv_rows,
    find_columns,
)
from participa.plans.parsing.headings import recognise

MAX_ROWS = 20_000
HEADER_ROOM = 100
_LABELS: dict[Level, str] = {
    "eje": "Eje",
    "programa": "Programa",
    "subprograma": "Subprograma",
    "meta": "Meta",
}
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,5}")
Place = tuple[str, str]
"""A section of one level: its number and its words."""


@dataclass(slots=True)
class _Section:
    """What a section contains, and the details of its first row."""

    below: dict[tuple[Level, Place], "_Section"] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)


def read(data: bytes) -> str:
    """Read the first sheet that names two levels. Raises DocumentUnreadable where none does."""
    for rows in _sheets(data):
        columns = find_columns(rows)
        if columns is not None:
            return written(list(_pieces(rows[columns.header + 1 :], columns)))
    raise DocumentUnreadable("no_columns")


def _sheets(data: bytes) -> Iterator[Sequence[Row]]:
    if not data.startswith(b"PK"):
        yield csv_rows(data.decode("utf-8-sig", errors="replace"))
        return
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=True)
            yield [[_cell(value) for value in row] for row in rows[: MAX_ROWS + HEADER_ROOM]]
    except PasswordError as error:
        raise DocumentUnreadable("protected") from error
    except CalamineError as error:
        raise DocumentUnreadable("damaged") from error


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _pieces(rows: Sequence[Row], columns: Columns) -> Iterator[Piece]:
    """Write a heading where a level changes; rows of a section need not stand together."""
    if len(rows) > MAX_ROWS:
        raise DocumentUnreadable("too_large")
    used = [level for level in LEVELS if level in columns.words]
    root = _Section()
    for row in rows:
        here = root
        for level in used:
            place = _place(row, level, columns)
            if place[1]:
                here = here.below.setdefault((level, place), _Section())
        if not here.details:
            here.details = [
                f"{name}: {cell}" for name, at in columns.details if (cell := _at(row, at))
            ]
    yield from _walk(root, used)


def _walk(section: _Section, used: Sequence[Level]) -> Iterator[Piece]:
    for (level, (number, words)), below in section.below.items():
        yield Piece("heading", _title(level, number, words), used.index(level) + 1)
        if level == used[-1]:
            yield from (Piece("item", each) for each in below.details)
        yield from _walk(below, used)


def _place(row: Row, level: Level, columns: Columns) -> Place:
    code = columns.codes.get(level)
    return (_at(row, code) if code is not None else "", _at(row, columns.words[level]))


def _at(row: Row, column: int) -> str:
    return " ".join(row[column].split()) if column < len(row) else ""


def _title(level: Level, number: str, words: str) -> str:
    """Name a section as a plan does; where its cell does so already, leave it as it is."""
    heading = recognise(words)
    if heading is not None and heading.kind == level and heading.number:
        return words
    dotted = number.replace(",", ".").strip(".")
    if not _NUMBER.fullmatch(dotted):
        return f"{_LABELS[level]}: {words}" + (f" ({number})" if number else "")
    return f"{_LABELS[level]} {dotted}: {words}"
