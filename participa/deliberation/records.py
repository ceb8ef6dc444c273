"""Rows of a CSV read by a mapping, one by one: contributions to be, and what is wrong by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar

from participa.deliberation.mapping_file import Channel, Mapping, Stance
from participa.i18n import Text, _
from participa.kit.csvs import CsvError, CsvReader, Row, RowProblem
from participa.kit.html import MAX_LENGTH
from participa.kit.names import without_controls

Word = TypeVar("Word")
Severity = Literal["note", "row", "file"]

TITLE_MAX_LENGTH = 300
_LONGEST = {"id": 100, "parent": 100, "in": 100, "author": 100, "category": 120, "place": 80}
_YES = frozenset({"1", "true", "yes", "sí", "si", "x"})
_NO = frozenset({"", "0", "false", "no"})
_TAG = re.compile(r"<[^<>]*>|&nbsp;|&#160;")


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """A row understood: everything the importer needs to store one contribution.

    Keys are "namespace:id". `empty` marks a row whose text is missing at the source (removed
    there, or masked): it is to be stored as a removed contribution without text, so that the
    replies to it keep their place.
    """

    line: int
    source_key: str
    thread_source_key: str
    opens_thread: bool
    parent_source_key: str | None
    title: str | None
    body: str
    is_html: bool
    author_key: str | None
    official: bool
    created_at: datetime | None
    stance: Stance | None
    supports: int
    channel: Channel
    category: str | None
    place: str | None
    status: str | None
    empty: bool = False


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong on a line, to be read by an official.

    `severity`: "note" when the row was taken all the same, "row" when it was left out, "file"
    when reading ended here.
    """

    line: int
    column: str | None
    code: str
    message: Text
    severity: Severity = "row"


def row_records(reader: CsvReader, mapping: Mapping) -> Iterator[ImportRecord | LineError]:
    """Read every row in its order; a file that cannot be read on ends with a LineError."""
    try:
        for line, row in reader:
            if isinstance(row, RowProblem):
                yield _row_error(line, row)
            else:
                yield from _RowReader(line, row, mapping).read()
    except CsvError as error:
        yield file_error(error)


class _RowReader:
    """One row on its way to a record, gathering what is wrong with it."""

    def __init__(self, line: int, row: Row, mapping: Mapping) -> None:
        self._line = line
        self._row = row
        self._mapping = mapping
        self._errors: list[LineError] = []

    def read(self) -> list[ImportRecord | LineError]:
        """Give the record, or everything that prevents it."""
        record = self._record()
        if self._errors:
            return [*self._errors]
        if record.empty and self._mapping.format.drop_empty:
            message = _("La fila no tiene texto y se omitió.")
            return [LineError(self._line, self._mapping.columns.text[0], "empty", message)]
        return [record]

    def _record(self) -> ImportRecord:
        mapping, columns = self._mapping, self._mapping.columns
        key = self._key(mapping.source.name, "id", columns.id, required=True) or ""
        title = self._title()
        text = self._body()
        body = text or (title if mapping.thread.opens else None)
        return ImportRecord(
            line=self._line,
            source_key=key,
            thread_source_key=key if mapping.thread.opens else self._thread_key(),
            opens_thread=mapping.thread.opens,
            parent_source_key=self._key(mapping.source.name, "parent", columns.parent),
            title=title,
            body=body or "",
            is_html=mapping.format.html and body == text,
            author_key=self._key(
                mapping.source.people or mapping.source.name, "author", columns.author
            ),
            official=self._official(),
            created_at=self._date(),
            stance=self._stance(),
            supports=self._supports(),
            channel=self._channel(),
            category=self._short("category", columns.category),
            place=self._short("place", columns.place),
            status=self._short("status", columns.status),
            empty=not body,
        )

    def _cell(self, column: str | None) -> str:
        return "" if column is None else without_controls(self._row[column]).strip()

    def _short(self, name: str, column: str | None) -> str | None:
        """Give a cell of one line, or None where it is empty."""
        value = " ".join(self._cell(column).split())
        limit = _LONGEST.get(name, TITLE_MAX_LENGTH)
        if len(value) > limit:
            self._too_long(column, limit)
        return value or None

    def _key(
        self, namespace: str, name: str, column: str | None, *, required: bool = False
    ) -> str | None:
        value = self._short(name, column)
        if value is None and required:
            self._fault(column, "missing", _("La columna «{column}» está vacía."))
        return None if value is None else f"{namespace}:{value}"

    def _thread_key(self) -> str:
        thread = self._mapping.thread
        return self._key(thread.prefix or "", "in", thread.in_, required=True) or ""

    def _title(self) -> str | None:
        title = self._short("title", self._mapping.columns.title)
        if title is None and self._mapping.thread.opens:
            column = self._mapping.columns.title
            self._fault(column, "missing", _("La columna «{column}» está vacía."))
        return title

    def _body(self) -> str | None:
        is_html = self._mapping.format.html
        parts = [part for column in self._mapping.columns.text if (part := self._cell(column))]
        body = "\n\n".join(parts)
        if len(body) > MAX_LENGTH:
            self._too_long(self._mapping.columns.text[0], MAX_LENGTH)
        return body if (_TAG.sub("", body) if is_html else body).strip() else None

    def _date(self) -> datetime | None:
        column = self._mapping.columns.date
        value = self._cell(column)
        if not value:
            return None
        for pattern in self._mapping.format.date:
            try:
                moment = datetime.strptime(value, pattern)  # noqa: DTZ007 - given its zone below
            except ValueError:
                continue
            zone = moment.tzinfo or self._mapping.format.zone
            try:
                return moment.replace(tzinfo=zone).astimezone(UTC)
            except OverflowError:
                break
        self._fault(column, "bad_date", _("«{value}» no es una fecha en los formatos dados."))
        return None

    def _supports(self) -> int:
        column = self._mapping.columns.supports
        value = self._cell(column) or "0"
        if re.fullmatch(r"[0-9]{1,9}", value):
            return int(value)
        self._fault(column, "bad_number", _("«{value}» no es un número de apoyos."))
        return 0

    def _stance(self) -> Stance | None:
        plain: dict[str, Stance | Literal[""]] = {
            "in_favour": "in_favour",
            "against": "against",
            "neutral": "neutral",
            "": "",
        }
        column = self._mapping.columns.stance
        return self._translated(column, {"": "", **(self._mapping.values.stance or plain)}) or None

    def _channel(self) -> Channel:
        plain: dict[str, Channel] = {
            "web": "web",
            "telephone": "telephone",
            "paper": "paper",
            "workshop": "workshop",
        }
        column = self._mapping.columns.channel
        table = {"": plain["web"], **(self._mapping.values.channel or plain)}
        return self._translated(column, table) or "web"

    def _official(self) -> bool:
        plain = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
        column = self._mapping.columns.official
        table = {"": False, **(self._mapping.values.official or plain)}
        return self._translated(column, table) or False

    def _translated(self, column: str | None, table: dict[str, Word]) -> Word | None:
        value = self._cell(column)
        # A value spelled with capitals is looked up as it is first: a table may tell them apart.
        for spelling in (value, value.casefold()):
            if spelling in table:
                return table[spelling]
        known = ", ".join(f"«{one}»" for one in table if one)
        self._fault(
            column, "unknown_value", _("«{value}» no está entre los valores: {known}."), known=known
        )
        return None

    def _too_long(self, column: str | None, limit: int) -> None:
        message = _("La columna «{column}» pasa de {limit} caracteres.")
        self._fault(column, "too_long", message, limit=limit)

    def _fault(self, column: str | None, code: str, message: Text, **params: str | int) -> None:
        value = self._cell(column)[:60]
        words = Text(message.message, params={"column": column or "", "value": value, **params})
        self._errors.append(LineError(self._line, column, code, words))


def _row_error(line: int, problem: RowProblem) -> LineError:
    messages = {
        "ragged": _(
            "La fila tiene {found} celdas y el encabezado {expected}.",
            found=problem.found,
            expected=problem.expected,
        ),
        "oversize": _("Una celda es demasiado grande."),
        "quotes": _("Hay una comilla fuera de lugar."),
    }
    return LineError(line, None, problem.fault, messages[problem.fault])


def file_error(error: CsvError) -> LineError:
    """Word a fault that ends the reading."""
    messages = {
        "not_utf8": _("El archivo no está en UTF-8: guárdelo como «CSV UTF-8»."),
        "broken_gzip": _("El archivo comprimido está dañado o incompleto."),
        "line_too_long": _("La línea es demasiado larga para ser de una tabla."),
        "no_header": _("La primera línea debe tener los nombres de las columnas."),
        "duplicate_column": _("La columna «{name}» está dos veces.", name=error.detail),
    }
    return LineError(error.line, None, error.fault, messages[error.fault], "file")
