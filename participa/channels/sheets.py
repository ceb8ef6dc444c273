"""Rows of the form out of a sheet: CSV, XLSX or ODS with a column for each field.

What a sheet says is checked and stored as what is typed in the form.
"""

import hashlib
from collections.abc import Sequence

from participa.channels.marks import marks_of
from participa.channels.rules import MARK, MAX_SHEET_ROWS, ROW, row_fields
from participa.deliberation.rules import STANCES
from participa.i18n import LOCALES, _
from participa.kit.names import slugify
from participa.plans.documents import DocumentUnreadable
from participa.plans.documents.cells import sheet_cells
from participa.web.refusals import Refusal

MAX_SHEET_BYTES = 2 * 1024 * 1024
ID = "id"
LINE = "line"
HEADER_ROOM = 20
_NAMES: dict[str, frozenset[str]] = {
    "where": frozenset({"apartado", "seccion", "tema", "propuesta", "donde", "section", "topic"}),
    "title": frozenset({"titulo", "title"}),
    "body": frozenset({"aporte", "texto", "comentario", "contribution", "text", "comment"}),
    "stance": frozenset({"postura", "stance"}),
    "person": frozenset({"persona", "misma-persona", "person", "same-person"}),
    "area": frozenset({"lugar", "vereda", "barrio", "vereda-o-barrio", "sector", "place"}),
    ID: frozenset({"id", "numero", "no", "n", "number", "codigo", "code"}),
}


class SheetRefused(Refusal):
    """A file that is no sheet of contributions; nothing was stored."""

    status = 422
    title = _("La hoja no se pudo leer.")
    advice = _("Revise el archivo e inténtelo otra vez.")


def sheet_key(process_id: int, data: bytes) -> str:
    """Name a sheet in a process by its content: the same one twice is recorded once."""
    return f"sheet:{process_id}:{hashlib.sha256(data).hexdigest()[:40]}"


def read_sheet(data: bytes) -> list[dict[str, str]]:
    """Give what each row says in the fields of the form, with its `line` and its `mark`.

    Refuses with SheetRefused.
    """
    if len(data) > MAX_SHEET_BYTES:
        raise SheetRefused(_("La hoja pesa más de {size}. Divídala.", size="2 MB"))
    above, cells = _cells(data)
    rows = [[" ".join(cell.split()) for cell in row] for row in cells]
    columns, first = _columns(rows)
    written = [
        _row(row, columns) | {LINE: str(above + at)}
        for at, row in enumerate(rows[first:], first + 1)
        if any(row)
    ]
    if not written:
        raise SheetRefused(_("La hoja no tiene filas con aportes."))
    if len(written) > MAX_SHEET_ROWS:
        raise SheetRefused(
            _("La hoja tiene {count} filas y caben {most}: divídala.",
              count=len(written), most=MAX_SHEET_ROWS)
        )  # fmt: skip
    for row, mark in zip(written, marks_of(written), strict=True):
        row[MARK] = mark
    return written


def in_fields(rows: Sequence[dict[str, str]]) -> dict[str, str]:
    """Give the fields of the form that a sheet's rows fill in."""
    values = dict.fromkeys(row_fields(len(rows)), "") | {"rows": str(len(rows))}
    for at, row in enumerate(rows, 1):
        values |= {f"{name}_{at}": row.get(name, "") for name in (*ROW, MARK)}
    return values


def _cells(data: bytes) -> tuple[int, Sequence[Sequence[str]]]:
    """Give the cells, and how many empty lines stand above them."""
    try:
        return sheet_cells(data)
    except DocumentUnreadable as error:
        raise SheetRefused(error.text) from error
    except UnicodeDecodeError as error:
        raise SheetRefused(
            _("Guarde la hoja como CSV escogiendo la codificación UTF-8, o como XLSX.")
        ) from error


def _columns(rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], int]:
    """Find the header: the first row that names both where and what."""
    for at, row in enumerate(rows[:HEADER_ROOM]):
        names = [slugify(cell) for cell in row]
        found = {
            field: place
            for field, known in _NAMES.items()
            for place, name in reversed(list(enumerate(names)))
            if name in known
        }
        if {"where", "body"} <= found.keys():
            return found, at + 1
    raise SheetRefused(_("Falta la fila de títulos: ponga al menos «apartado» y «aporte»."))


def _row(row: Sequence[str], columns: dict[str, int]) -> dict[str, str]:
    values = {
        name: row[at] if (at := columns.get(name, len(row))) < len(row) else "" for name in _NAMES
    }
    values["stance"] = _stance(values["stance"])
    return values


def _stance(words: str) -> str:
    """Give a stance by what the form calls it, in any language; other words stay as they are."""
    key = slugify(words)
    for stance, label in STANCES.items():
        if key in {slugify(label.render(locale)) for locale in LOCALES}:
            return stance
    return words
