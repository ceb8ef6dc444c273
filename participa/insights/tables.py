"""Tables of texts in files: read row by row in their order, and written back so."""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from participa.kit.csvs import Cell, CsvReader, Row, RowProblem, write_rows

# A cell may hold a whole letter; a hundred thousand of them must still fit in memory.
MAX_CELL = 1_000_000


class ColumnMissing(ValueError):
    """A column that was asked for and is not in the file; `columns` are those that are."""

    def __init__(self, name: str, columns: Sequence[str]) -> None:
        super().__init__(name)
        self.name = name
        self.columns = tuple(columns)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a file, one a row, in order; `broken` are lines that could not be read.

    A broken row counts as an empty text, so that what is written keeps the rows of the file.
    """

    ids: tuple[str, ...]
    bodies: tuple[str, ...]
    broken: tuple[int, ...]


def read_texts(path: Path, columns: Sequence[str], id_column: str = "") -> Texts:
    """Read a CSV, plain or gzip; several columns are joined as the parts of one text.

    Without `id_column` the column "id" names the rows, or else their number from 1. Raises
    ColumnMissing, and CsvError for what is no table.
    """
    ids, bodies, broken = [], [], []
    with path.open("rb") as stream:
        reader = CsvReader(stream, max_field=MAX_CELL)
        for name in (*columns, *filter(None, [id_column])):
            if name not in reader.header:
                raise ColumnMissing(name, reader.header)
        named = id_column or ("id" if "id" in reader.header else "")
        for number, (line, row) in enumerate(reader, 1):
            if isinstance(row, RowProblem):
                broken.append(line)
            cells: Row = {} if isinstance(row, RowProblem) else row
            ids.append(cells.get(named) or str(number))
            bodies.append("\n\n".join(filter(None, (cells.get(name, "") for name in columns))))
    return Texts(tuple(ids), tuple(bodies), tuple(broken))


def read_columns(path: Path, wanted: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give some cells of each row. Raises ColumnMissing and CsvError; broken rows are empty."""
    with path.open("rb") as stream:
        reader = CsvReader(stream, max_field=MAX_CELL)
        for name in wanted:
            if name not in reader.header:
                raise ColumnMissing(name, reader.header)
        for _line, row in reader:
            yield (
                ("",) * len(wanted)
                if isinstance(row, RowProblem)
                else tuple(row[name] for name in wanted)
            )


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV, compressed where its name ends in .gz."""
    with gzip.open(path, "wb") if path.suffix == ".gz" else path.open("wb") as stream:
        for piece in write_rows(header, rows):
            stream.write(piece)
