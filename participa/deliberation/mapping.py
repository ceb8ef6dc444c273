"""Any CSV as contributions: a mapping file in, records and errors by line out.

Nothing here touches the database; storing the records is the importer's.
"""

from collections.abc import Container, Iterator
from typing import IO

from participa.deliberation.mapping_file import Mapping, MappingError, load_mapping
from participa.deliberation.records import ImportRecord, LineError, file_error, row_records
from participa.deliberation.reply_order import in_order_of_replies, without_doubles
from participa.i18n import _
from participa.kit.csvs import CsvError, CsvReader

__all__ = [
    "ImportRecord",
    "LineError",
    "Mapping",
    "MappingError",
    "load_mapping",
    "read_records",
]


def read_records(
    stream: IO[bytes], mapping: Mapping, *, known: Container[str] = frozenset()
) -> Iterator[ImportRecord | LineError]:
    """Read a CSV (plain or gzip) by its mapping, each reply after what it replies to.

    A bad row never raises: it gives one LineError for each fault. A reply waits for its parent
    if that comes later in the file; one whose parent never comes, or stands in another thread,
    is given without parent, so that it hangs directly under the thread, beside a note. `known`
    holds the source keys imported before, which count as present.

    Refuses with MappingError when the file lacks columns that the mapping names.
    """
    try:
        reader = CsvReader(stream)
    except CsvError as error:
        yield file_error(error)
        return
    _check_columns(reader.header, mapping)
    yield from in_order_of_replies(without_doubles(row_records(reader, mapping)), known)


def _check_columns(header: tuple[str, ...], mapping: Mapping) -> None:
    missing = [column for column in mapping.used_columns() if column not in header]
    if missing:
        raise MappingError(
            _(
                "El archivo no tiene estas columnas: {missing}. Tiene: {present}.",
                missing=", ".join(missing),
                present=", ".join(name for name in header if name),
            )
        )
