"""The table of observations and answers as files. No names of people travel."""

from collections.abc import Sequence

from participa.answers.table import SOURCES, TableRow
from participa.kit.html import plain_text

HEADER = (
    "radicado", "fecha_utc", "canal", "personas", "tipo", "conversacion", "estado", "observacion",
    "dias_sin_respuesta", "respondido_en", "decision", "dependencia", "respuesta",
    "fecha_respuesta_utc", "cambios", "tema", "apartado", "version", "pendiente_de_incorporar",
)  # fmt: skip
# Of the columns of a workbook, in characters.
WIDTHS = (18, 20, 11, 9, 12, 32, 14, 60, 10, 22, 18, 28, 60, 20, 9, 24, 36, 9, 12)

Cell = str | int
Row = Sequence[Cell]


def file_row(row: TableRow) -> Row:
    """Write an observation with its answer; Spanish words, as the header."""
    given = row.given
    asked: tuple[Cell, ...] = (
        row.receipt,
        row.created_at.isoformat(timespec="seconds"),
        row.channel,
        row.people_count,
        str(row.kind_label),
        row.place_title,
        str(row.state_label),
        row.text,
        "" if row.days_waiting is None else row.days_waiting,
    )
    if given is None:
        return (*asked, *([""] * (len(HEADER) - len(asked))))
    return (
        *asked,
        str(SOURCES[given.source]),
        "" if given.source == "reply" else str(given.pill.text),
        given.office,
        plain_text(given.html),
        "" if given.at is None else given.at.isoformat(timespec="seconds"),
        given.change_count,
        str(given.theme),
        given.section_label,
        "" if given.version is None else given.version,
        "sí" if given.is_owed else "",
    )
