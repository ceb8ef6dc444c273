"""The cells of a sheet as texts, whether it came as CSV, XLSX or ODS."""

import csv
import io
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from participa.kit.names import without_controls
from participa.plans.documents.refusals import DocumentUnreadable
from participa.plans.documents.sheet_columns import csv_rows
from participa.plans.documents.sniffing import form_of


def sheet_cells(data: bytes) -> tuple[int, Sequence[Sequence[str]]]:
    """Give how many empty lines stand above the first sheet's cells, and the cells.

    Raises DocumentUnreadable, and UnicodeDecodeError for a CSV that is not UTF-8.
    """
    if form_of(data) == "workbook":
        return _workbook(data)
    try:
        return 0, csv_rows(data.decode("utf-8-sig"))
    except csv.Error as error:
        raise DocumentUnreadable("damaged") from error


def _workbook(data: bytes) -> tuple[int, Sequence[Sequence[str]]]:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=True)
    except PasswordError as error:
        raise DocumentUnreadable("protected") from error
    except (CalamineError, ValueError) as error:
        raise DocumentUnreadable("damaged") from error
    above = sheet.start[0] if sheet.start else 0
    return above, [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else without_controls(str(int(value) if whole else value))  # type: ignore[call-overload]
