"""A look through the whole file before anything is stored: whether it reads to its end."""

from typing import IO

from participa.deliberation.records import file_error
from participa.i18n import _
from participa.kit.csvs import CsvError, CsvReader
from participa.web.refusals import Refusal


class FileRefused(Refusal):
    """A file that cannot be read to its end; nothing of it was stored."""

    status = 422
    title = _("El archivo no se pudo leer.")
    advice = _("Revise el archivo e inténtelo otra vez.")


def count_rows(stream: IO[bytes], *, stop_after: int | None = None) -> int:
    """Count the rows of a CSV, leaving the stream at its beginning.

    Counting ends early once there are more than `stop_after`. Refuses with FileRefused what is
    not UTF-8 text, broken, or without a single row: so a fault on the last line is known before
    the first one is stored.
    """
    rows = 0
    try:
        for _line, _row in CsvReader(stream):
            rows += 1
            if stop_after is not None and rows > stop_after:
                break
    except CsvError as error:
        fault = file_error(error)
        words = _("Línea {line}: {message}", line=fault.line, message=fault.message)
        raise FileRefused(words) from error
    finally:
        stream.seek(0)
    if not rows:
        raise FileRefused(_("El archivo no tiene filas."))
    return rows
