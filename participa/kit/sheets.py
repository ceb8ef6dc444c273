"""Workbooks (XLSX) out: a text stays a text, whatever it begins with."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter

# What a cell holds at most, by the format.
MAX_CELL = 32_767
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name; `widths` are in characters."""

    title: str
    header: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def workbook(
    sheets: Sequence[Sheet], *, title: str = "", written_at: datetime | None = None
) -> bytes:
    """Write tables as a workbook, each header kept in view and its columns filterable.

    With `written_at` the same tables give the same bytes. Slow for many rows: call it off the
    event loop.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    properties: dict[str, object] = {"title": title}
    if written_at is not None:
        properties["created"] = written_at.replace(tzinfo=None)
    book.set_properties(properties)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        _write(book.add_worksheet(sheet.title[:31]), sheet, bold, wrapped)
    book.close()
    return buffer.getvalue()


def _write(page: Any, sheet: Sheet, bold: object, wrapped: object) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width, wrapped)
    page.freeze_panes(1, 1)
    page.write_row(0, 0, sheet.header, bold)
    last = 0
    for last, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(last, column, cell[:MAX_CELL], wrapped)
            elif cell is not None:
                page.write_number(last, column, cell, wrapped)
    page.autofilter(0, 0, last, len(sheet.header) - 1)
