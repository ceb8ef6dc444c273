"""Files as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from participa.files.models import StoredFile
from participa.files.rules import TYPES, FileType, address_name
from participa.i18n import Number, Text, _

_MEGABYTE = 1024 * 1024
_TENTH = 0.1


@dataclass(frozen=True, slots=True)
class FileView:
    """A file to be seen or fetched; `kind` says what it is and how heavy."""

    id: int
    url: str
    description: str
    name: str
    kind: Text
    is_picture: bool
    media_type: str
    width: int
    height: int
    is_public: bool
    added_at: datetime
    is_hidden: bool = False
    # The number of the rule it broke, or its words.
    hidden_reason: str | Text = ""


def file_views(rows: Iterable[StoredFile]) -> list[FileView]:
    """Show files that were not taken away."""
    return [_view(row) for row in rows]


def _view(row: StoredFile) -> FileView:
    kind = TYPES[row.media_type]
    size = Number(max(round(row.byte_count / _MEGABYTE, 1), _TENTH))
    return FileView(
        id=row.id,
        url=f"/archivos/{row.id}/{address_name(row.name, kind)}",
        description=row.description,
        name=row.name,
        kind=_weight(kind, size),
        is_picture=kind.is_picture,
        media_type=kind.media_type,
        width=row.width,
        height=row.height,
        is_public=row.is_public,
        added_at=row.added_at,
        is_hidden=row.hidden_at is not None,
        hidden_reason=row.hidden_reason,
    )


def _weight(kind: FileType, size: Number) -> Text:
    if kind.is_picture:
        return _("Imagen, {size} MB", size=size)
    return _("{kind}, {size} MB", kind=kind.code, size=size)


@dataclass(frozen=True, slots=True)
class FileStep:
    """That a file was attached, is hidden, or was taken away."""

    words: Text
    at: datetime


def file_steps(rows: Iterable[StoredFile]) -> list[FileStep]:
    """Tell what happened to the files of something, latest first."""
    steps = []
    for row in rows:
        is_picture = TYPES[row.media_type].is_picture
        added = _("Se adjuntó una imagen") if is_picture else _("Se adjuntó un PDF")
        steps.append(FileStep(added, row.added_at))
        if row.hidden_at is not None:
            hidden = _("Se ocultó una imagen") if is_picture else _("Se ocultó un PDF")
            steps.append(FileStep(hidden, row.hidden_at))
        if row.removed_at is not None:
            gone = _("Se quitó una imagen") if is_picture else _("Se quitó un PDF")
            steps.append(FileStep(gone, row.removed_at))
    return sorted(steps, key=lambda step: step.at, reverse=True)
