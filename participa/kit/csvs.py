"""CSV in and out: written so that a spreadsheet runs nothing of it, read with its faults named."""

import csv
import gzip
import io
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Literal, cast

MAX_FIELD = 100_000
_MAX_LINE = 4 * MAX_FIELD
_CHUNK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
# What a spreadsheet takes for a formula, in both widths of Asian keyboards.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Cell = str | int | float | date | None
FileFault = Literal["not_utf8", "broken_gzip", "line_too_long", "no_header", "duplicate_column"]
RowFault = Literal["ragged", "oversize", "quotes"]


class CsvError(ValueError):
    """A file that cannot be read on; `line` is where, counted from 1."""

    def __init__(self, fault: FileFault, line: int, detail: str = "") -> None:
        super().__init__(f"line {line}: {fault} {detail}".rstrip())
        self.fault = fault
        self.line = line
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was left out while the rest of the file is read on."""

    fault: RowFault
    expected: int = 0
    found: int = 0


Row = dict[str, str]


def write_rows(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = False
) -> Iterator[bytes]:
    """Write a table as UTF-8 in pieces, fit for streaming.

    Every text is quoted, and one that a spreadsheet would run as a formula gets a leading
    apostrophe; whole and decimal numbers stay bare so that they can be added up. `bom` is for
    the spreadsheet programs that otherwise mistake the accents.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    if bom:
        buffer.write("\ufeff")
    writer.writerow([_safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([_safe_cell(cell) for cell in row])
        if buffer.tell() >= _CHUNK:
            yield _drain(buffer)
    yield _drain(buffer)


def read_rows(
    stream: IO[bytes], *, max_field: int = MAX_FIELD
) -> Iterator[tuple[int, Row | RowProblem]]:
    """Read each row as its first line's number and its cells by column.

    See CsvReader for what is tolerated, reported by row, or refused.
    """
    yield from CsvReader(stream, max_field=max_field)


class CsvReader:
    """A table being read: UTF-8 with or without BOM, plain or gzip, "," or ";".

    `header` is known at once. Going through it gives (line, cells) or (line, RowProblem) where
    a row has too many or too few cells, a cell over the limit or a wrong quotation mark. Empty
    lines and columns without a name are passed over.

    Refuses with CsvError, which names the line, what is not UTF-8 text, a broken gzip, endless
    lines, and a header that is missing or names a column twice.
    """

    def __init__(self, stream: IO[bytes], *, max_field: int = MAX_FIELD) -> None:
        self._max_field = max_field
        self._lines = _Lines(_unpacked(stream))
        first = next(self._lines, "")
        if not first.strip():
            raise CsvError("no_header", 1)
        self._rows = csv.reader(
            self._lines.beginning_with(first), delimiter=_delimiter(first), strict=True
        )
        self.header = self._read_header()

    def __iter__(self) -> Iterator[tuple[int, Row | RowProblem]]:
        while True:
            line = self._lines.number + 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, _row_problem(error)
                continue
            if cells:
                yield line, self._row(cells)

    def _read_header(self) -> tuple[str, ...]:
        try:
            names = tuple(name.strip() for name in next(self._rows))
        except csv.Error as error:
            raise CsvError("no_header", 1, str(error)) from error
        for name, times in Counter(names).items():
            if name and times > 1:
                raise CsvError("duplicate_column", 1, name)
        if not any(names):
            raise CsvError("no_header", 1)
        return names

    def _row(self, cells: list[str]) -> Row | RowProblem:
        wanted = len(self.header)
        if len(cells) < wanted or any(cells[wanted:]):
            return RowProblem("ragged", expected=wanted, found=len(cells))
        longest = max(map(len, cells))
        if longest > self._max_field:
            return RowProblem("oversize", expected=self._max_field, found=longest)
        return {name: cell for name, cell in zip(self.header, cells, strict=False) if name}


class _Lines:
    """The decoded lines of a file, knowing the number of the last one given."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > _MAX_LINE:
            raise CsvError("line_too_long", self.number)
        return self._decoded(line)

    def beginning_with(self, first: str) -> Iterator[str]:
        """Give a line that was looked at already, and then the others."""
        yield first
        yield from self

    def _read(self) -> bytes:
        try:
            return self._stream.readline(_MAX_LINE + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise CsvError("broken_gzip", self.number + 1) from error

    def _decoded(self, line: bytes) -> str:
        if self.number == 1:
            line = line.removeprefix(_BOM)
        # A NUL is valid UTF-8, but no text has one: it is UTF-16 without its mark.
        if b"\0" in line:
            raise CsvError("not_utf8", self.number)
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            raise CsvError("not_utf8", self.number) from error


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    head = stream.read(len(_GZIP_MAGIC))
    whole = io.BufferedReader(_Rejoined(head, stream))
    return cast("IO[bytes]", gzip.GzipFile(fileobj=whole)) if head == _GZIP_MAGIC else whole


class _Rejoined(io.RawIOBase):
    """A stream with the bytes that were read to recognise it put back before the rest."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._head or self._rest.read(len(target))
        self._head = b""
        target[: len(piece)] = piece
        return len(piece)


def _delimiter(first_line: str) -> str:
    """Choose the sign that cuts the header into more columns, quoted signs not counted."""
    bare = "".join(first_line.split('"')[::2])
    return ";" if bare.count(";") > bare.count(",") else ","


def _row_problem(error: csv.Error) -> RowProblem:
    # The module's own limit, above ours, is told apart only by its words.
    return RowProblem("oversize" if "field limit" in str(error) else "quotes")


def _safe_cell(cell: Cell) -> str | int | float:
    if isinstance(cell, float) and not math.isfinite(cell):
        return ""
    if isinstance(cell, (int, float)):
        return int(cell) if isinstance(cell, bool) else cell
    text = "" if cell is None else str(cell)
    risky = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if risky else text


def _drain(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode(errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return piece
