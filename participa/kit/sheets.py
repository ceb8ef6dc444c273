"""Workbooks (XLSX) out: a text stays a text, whatever it begins with."""

import io
from collections.abc import Iterable, Sequence

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


def workbook(
    title: str, header: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Cell]]
) -> bytes:
    """Write a table as a workbook of one sheet, its header kept in view and its columns filterable.

    `widths` are in characters. Slow for many rows: call it off the event loop.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _OPTIONS)
    sheet = book.add_worksheet(title[:31])
    bold, wrapped = (
        book.add_format({"bold": True}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, wrapped)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, header, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, column, cell[:MAX_CELL], wrapped)
            elif cell is not None:
                sheet.write_number(last, column, cell, wrapped)
    sheet.autofilter(0, 0, last, len(header) - 1)
    book.close()
    return buffer.getvalue()
