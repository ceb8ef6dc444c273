"""Finds the levels of a plan among the columns of a planning sheet ("plan indicativo").

Every municipality names its columns in its own way (Kit de Planeación Territorial, DNP): the
words of the levels are what they share.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from participa.kit.names import slugify

Level = Literal["eje", "programa", "subprograma", "meta"]
LEVELS: Final[tuple[Level, ...]] = ("eje", "programa", "subprograma", "meta")
LEAST_LEVELS = 2
HEADER_WITHIN = 20
_PEEK = 64 * 1024
_NAMES: Final[dict[Level, re.Pattern[str]]] = {
    "eje": re.compile(r"(?:eje|pilar|dimension|linea estrategica)\b"),
    "programa": re.compile(r"programa\b"),
    "subprograma": re.compile(r"sub ?programa\b"),
    "meta": re.compile(r"meta\b"),
}
_CODE = re.compile(r"(?:cod(?:igo)?\b|no\b|numero\b|n\b)")
_DETAIL = re.compile(
    r"(?:meta de resultado|indicador(?: de (?:resultado|producto))?|linea base|unidad de medida|"
    r"responsable|nombre del (?:indicador|proyecto)|valor esperado cuatrienio|meta cuatrienio)$"
)
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a row: each level's words and its code, and the details of a goal."""

    header: int
    words: dict[Level, int]
    codes: dict[Level, int]
    details: tuple[tuple[str, int], ...]


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """Look for the row of names within the first ones; None where no row names two levels."""
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        names = [_fold(cell) for cell in row]
        below = rows[at + 1 :]
        words = {level: column for level in LEVELS if (column := _words(level, names, below)) >= 0}
        if len(words) >= LEAST_LEVELS:
            codes = {
                level: column for level in words if (column := _code(level, names, below)) >= 0
            }
            taken = {*words.values(), *codes.values()}
            details = tuple(
                (" ".join(row[column].split()).capitalize(), column)
                for column, name in enumerate(names)
                if column not in taken and _DETAIL.match(name)
            )
            return Columns(at, words, codes, details)
    return None


def is_planning_csv(data: bytes) -> bool:
    """Tell a planning sheet saved as CSV from any other text."""
    try:
        head = data[:_PEEK].decode("utf-8-sig", errors="ignore")
        return "\x00" not in head and find_columns(csv_rows(head, HEADER_WITHIN)) is not None
    except csv.Error:
        return False


def csv_rows(text: str, most: int | None = None) -> list[list[str]]:
    """Cut CSV into rows, by comma, semicolon or tabulator, whichever its first line has most of."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    if not first.count(delimiter):
        return []
    rows = []
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        rows.append(row)
        if most is not None and len(rows) >= most:
            break
    return rows


def _words(level: Level, names: Sequence[str], rows: Sequence[Row]) -> int:
    """Choose the column whose cells are words: the same level often has one of codes too."""
    found = [column for column, name in enumerate(names) if _NAMES[level].match(name)]
    if level == "meta":
        products = [column for column in found if "producto" in names[column]]
        found = products or found
    return max(found, key=lambda column: (_share_of_words(column, rows), -column), default=-1)


def _code(level: Level, names: Sequence[str], rows: Sequence[Row]) -> int:
    """Choose the column of codes that tells most of them apart."""
    found = [
        column
        for column, name in enumerate(names)
        if _CODE.match(name) and _names_level(level, _CODE.sub("", name, count=1))
    ]
    return max(found, key=lambda column: (_different(column, rows), -column), default=-1)


def _names_level(level: Level, name: str) -> bool:
    return any(_NAMES[level].match(word) for word in name.split())


def _share_of_words(column: int, rows: Sequence[Row]) -> float:
    cells = [row[column] for row in rows[:500] if column < len(row) and row[column].strip()]
    return sum(any(map(str.isalpha, cell)) for cell in cells) / max(1, len(cells))


def _different(column: int, rows: Sequence[Row]) -> int:
    return len({row[column] for row in rows if column < len(row)})


def _fold(text: str) -> str:
    return slugify(text).replace("-", " ")
