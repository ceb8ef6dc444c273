"""What an import did, or would do, counted as it goes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from participa.deliberation.mapping import LineError
from participa.i18n import Text, _

ERRORS_KEPT = 50


@dataclass(slots=True)
class Stored:
    """New rows: `contributions` counts openings and `removed` ones too."""

    threads: int = 0
    contributions: int = 0
    removed: int = 0
    people: int = 0
    supports: int = 0


@dataclass(slots=True)
class ImportResult:
    """Everything an import can say about itself; a trial gives the same figures.

    `already_there` counts rows imported before, `refused` rows left out, `notes` rows taken
    with a remark. `errors` holds the first of all remarks, `error_count` their number.
    """

    is_trial: bool = False
    errors_kept: int = ERRORS_KEPT
    stored: Stored = field(default_factory=Stored)
    already_there: int = 0
    refused: int = 0
    notes: int = 0
    error_count: int = 0
    errors: list[LineError] = field(default_factory=list)
    _last_refused: int = 0

    @property
    def rows(self) -> int:
        """The rows dealt with so far."""
        return self.stored.contributions + self.already_there + self.refused

    @property
    def is_failure(self) -> bool:
        """Whether not one row of the file is in the database, or would be."""
        return not self.stored.contributions and not self.already_there

    @property
    def is_repetition(self) -> bool:
        """Whether everything that can be taken from the file was there before."""
        return not self.stored.contributions and self.already_there > 0

    def add(self, stored: Stored, already_there: int, errors: Iterable[LineError]) -> None:
        """Count a batch once it is safe."""
        mine = self.stored
        mine.threads += stored.threads
        mine.contributions += stored.contributions
        mine.removed += stored.removed
        mine.people += stored.people
        mine.supports += stored.supports
        self.already_there += already_there
        for error in errors:
            self.note(error)

    def note(self, error: LineError) -> None:
        """Count a remark; of several about one row, the row counts once."""
        self.error_count += 1
        if len(self.errors) < self.errors_kept:
            self.errors.append(error)
        if error.severity == "note":
            self.notes += 1
        elif error.line != self._last_refused:
            self.refused += 1
            self._last_refused = error.line

    def figures(self) -> tuple[tuple[Text, int], ...]:
        """Give the figures with their words, as the page and the command show them."""
        return (
            (_("Hilos nuevos"), self.stored.threads),
            (_("Aportes nuevos"), self.stored.contributions),
            (_("De ellos, sin texto (retirados)"), self.stored.removed),
            (_("Participantes nuevos"), self.stored.people),
            (_("Apoyos"), self.stored.supports),
            (_("Ya estaban"), self.already_there),
            (_("Filas sin importar"), self.refused),
        )


def told(error: LineError) -> Text:
    """Word an error with its line and column."""
    if error.column is None:
        return _("línea {line}: {message}", line=error.line, message=error.message)
    return _(
        "línea {line}, columna «{column}»: {message}",
        line=error.line,
        column=error.column,
        message=error.message,
    )


def told_in_column(error: LineError) -> Text:
    """Word an error with its column, for a place that names the line already."""
    if error.column is None:
        return error.message
    return _("Columna «{column}»: {message}", column=error.column, message=error.message)
