"""Tables go out harmless and come in with every fault named by its line."""

import csv
import gzip
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participa.kit.csvs import (
    MAX_FIELD,
    Cell,
    CsvError,
    CsvReader,
    RowProblem,
    read_rows,
    write_rows,
)


def written(rows: list[list[Cell]], *, bom: bool = False) -> bytes:
    """Write rows under the columns a and b."""
    return b"".join(write_rows(["a", "b"], rows, bom=bom))


def read(content: bytes, **options: int) -> list[tuple[int, dict[str, str] | RowProblem]]:
    """Read a whole table from bytes."""
    return list(read_rows(io.BytesIO(content), **options))


def packed(content: bytes) -> bytes:
    """Pack with no time inside, so that the names of the cases are the same in every run."""
    return gzip.compress(content, mtime=0)


FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "=cmd|' /C calc'!A0",
    "＝1",
    '=HYPERLINK("x")',
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_t07_a_formula_stays_text(formula: str) -> None:
    """A text that a spreadsheet would run comes back with an apostrophe before it."""
    [(_, row)] = read(written([[formula, "x"]]))
    assert row == {"a": f"'{formula}", "b": "x"}


def test_t07_every_text_is_quoted_and_numbers_stay_bare() -> None:
    """Numbers can be added up, also negative ones; all else stands in quotation marks."""
    cells: list[list[Cell]] = [
        [-5, 2.5],
        ["5", None],
        [date(2026, 1, 31), 'a"b'],
        [float("nan"), True],
    ]
    lines = written(cells).decode().split("\r\n")
    assert lines == ['"a","b"', "-5,2.5", '"5",""', '"2026-01-31","a""b"', '"",1', ""]


def test_t07_the_header_is_protected_too() -> None:
    """A column named by a citizen cannot be a formula either."""
    assert b"".join(write_rows(["=x"], [])) == b'"\'=x"\r\n'


def test_bom_is_an_option() -> None:
    """The mark that old spreadsheet programs need stands once, at the start, when asked for."""
    assert written([["ñ", 1]], bom=True) == b"\xef\xbb\xbf" + written([["ñ", 1]])


def test_a_long_table_comes_in_pieces() -> None:
    """A hundred thousand rows are not held in memory as one piece."""
    pieces = list(write_rows(["a"], (["x" * 50] for _ in range(100_000))))
    assert len(pieces) > 50
    assert max(map(len, pieces)) < 70_000


@given(st.lists(st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\0"))] * 2)))
def test_what_is_written_is_read_back(rows: list[tuple[str, str]]) -> None:
    """Any text survives, whatever its quotes, separators and line ends; apostrophes apart."""
    back = [row for _, row in read(written([list(row) for row in rows]))]
    assert len(back) == len(rows)
    for (first, second), row in zip(rows, back, strict=True):
        assert isinstance(row, dict)
        assert row["a"] in {first, f"'{first}"}
        assert row["b"] in {second, f"'{second}"}


@pytest.mark.parametrize(
    "content",
    [
        "a,b\nñ,2\n".encode(),
        "\ufeffa,b\nñ,2\n".encode(),
        "a;b\r\nñ;2".encode(),
        packed("a,b\nñ,2\n".encode()),
        packed('"a";"b"\n"ñ";"2"\n'.encode()),
        "a,b,,\nñ,2,,\n".encode(),
        "a , b\n\nñ,2\n\n".encode(),
    ],
)
def test_what_spreadsheets_make_is_understood(content: bytes) -> None:
    """With BOM or without, packed or not, comma or semicolon, with empty columns and lines."""
    assert [row for _, row in read(content)] == [{"a": "ñ", "b": "2"}]


def test_a_row_is_named_by_its_first_line() -> None:
    """Cells with line ends inside don't shift the numbers of the rows after them."""
    found = read(b'a,b\n"1\n2\n3",x\n4,y\n')
    assert found == [(2, {"a": "1\n2\n3", "b": "x"}), (5, {"a": "4", "b": "y"})]


def test_a_bad_row_is_reported_and_the_rest_is_read() -> None:
    """Too few cells, too many, a stray quotation mark: each is named, none stops the reading."""
    found = read(b'a,b\n1\n1,2,3\n"1"x,2\n1,2\n')
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert found[0][1] == RowProblem("ragged", expected=2, found=1)
    assert found[1][1] == RowProblem("ragged", expected=2, found=3)
    assert found[2][1] == RowProblem("quotes")
    assert found[3][1] == {"a": "1", "b": "2"}


def test_a_cell_over_the_limit_is_refused_with_its_line() -> None:
    """One enormous cell does not enter, and does not keep the next row out."""
    for length in (MAX_FIELD + 1, 2 * MAX_FIELD):
        found = read(b"a,b\n1,2\n" + b"x" * length + b",2\n3,4\n")
        assert [line for line, _ in found] == [2, 3, 4]
        problem = found[1][1]
        assert isinstance(problem, RowProblem)
        assert problem.fault == "oversize"
    assert isinstance(read(b"a\n12345\n", max_field=4)[0][1], RowProblem)


@pytest.mark.parametrize(
    ("content", "fault", "line"),
    [
        (b"", "no_header", 1),
        (b"\n1,2\n", "no_header", 1),
        (b",,\n1,2,3\n", "no_header", 1),
        (b"a,b,a\n1,2,3\n", "duplicate_column", 1),
        ("a,b\n1,2\nñ,2\n".encode("latin-1"), "not_utf8", 3),
        ("a,b\n1,2\n".encode("utf-16"), "not_utf8", 1),
        ("a,b\n1,2\n".encode("utf-16-le"), "not_utf8", 1),
        (packed(b"a,b\n" + b"1,2\n" * 9)[:-12], "broken_gzip", 2),
        (b"\x1f\x8b nonsense", "broken_gzip", 1),
        (b"a,b\n" + b"x" * 500_000, "line_too_long", 2),
        (packed(b"a,b\n" + b"\x20" * 5_000_000), "line_too_long", 2),
    ],
)
def test_a_file_that_cannot_be_read_says_where(content: bytes, fault: str, line: int) -> None:
    """The error is typed and names the line, so that a page can say it in Spanish."""
    with pytest.raises(CsvError) as caught:
        read(content)
    assert (caught.value.fault, caught.value.line) == (fault, line)


def test_the_header_is_known_before_the_rows() -> None:
    """A reader tells its columns at once, also of a table without rows."""
    assert CsvReader(io.BytesIO(b'"a";"b, c"\n')).header == ("a", "b, c")


def test_other_programs_read_what_we_write() -> None:
    """The standard reader finds the same cells."""
    rows = list(csv.reader(io.StringIO(written([['x,\n"y', 3]]).decode(), newline="")))
    assert rows == [["a", "b"], ['x,\n"y', "3"]]
