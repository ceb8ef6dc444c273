"""Sheets between their reading and their import."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tortoise.exceptions import IntegrityError

from participa.accountability.followup.importing import Imported, areas_by_key, import_goals
from participa.accountability.followup.mapping import Mapping, load_mapping
from participa.accountability.followup.sheet import MAX_ROWS, Reading, read_goals
from participa.accountability.followup.titles import guess, header_row, read_titles
from participa.accountability.models import GoalSheet
from participa.accounts.permissions import Actor
from participa.db import transaction
from participa.entities.models import Entity
from participa.i18n import Text, _
from participa.plans.documents import DocumentUnreadable
from participa.plans.documents.cells import sheet_cells
from participa.processes.models import Process
from participa.settings import mappings_dir
from participa.web.refusals import BadInput, NotFound, Refusal

SWEEP = "accountability.sweep_sheets"
KEPT = timedelta(days=2)
SWEEP_EVERY = timedelta(hours=6)
MAX_SHEET_BYTES = 5 * 1024 * 1024
MAX_SHEET_WORDS = "5 MB"
MAX_COLUMNS = 500
MAX_NAME = 160


class SheetRefused(Refusal):
    """A file that is no planning sheet; nothing was stored."""

    status = 422
    title = _("La hoja no se pudo leer.")


class Faulty(BadInput):
    """A sheet with lines that cannot be stored."""

    title = _("La hoja tiene errores: no se guardó nada.")

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading


def cells_of(data: bytes) -> tuple[int, list[list[str]]]:
    """Give how many lines stand above the rows of a sheet, and the rows.

    Refuses with SheetRefused. Slow for a large sheet: call it off the event loop.
    """
    if len(data) > MAX_SHEET_BYTES:
        raise _refused(_("La hoja pesa más de {size}. Divídala.", size=MAX_SHEET_WORDS))
    try:
        above, rows = sheet_cells(data)
    except DocumentUnreadable as error:
        raise _refused(error.text) from error
    except UnicodeDecodeError as error:
        words = _("Guarde la hoja como CSV escogiendo la codificación UTF-8, o como XLSX.")
        raise _refused(words) from error
    if not rows:
        raise _refused(_("La hoja está vacía."))
    if len(rows) > MAX_ROWS + 100 or max(map(len, rows)) > MAX_COLUMNS:
        raise _refused(_("La hoja tiene más de {most} filas.", most=MAX_ROWS))
    return above, [[" ".join(cell.replace("\x00", "").split()) for cell in row] for row in rows]


def _refused(words: Text) -> SheetRefused:
    return SheetRefused(words)


def guessed(rows: Sequence[Sequence[str]]) -> Mapping:
    """Guess the mapping of a sheet from its titles."""
    return guess(read_titles(rows[header_row(rows)]))


def known_mappings() -> dict[str, Path]:
    """Give the mappings that come with Participa, by name."""
    return {each.stem: each for each in sorted((mappings_dir() / "followup").glob("*.toml"))}


def mapping_named(name: str) -> Mapping:
    """Read a mapping by its name or its path. Refuses with NotFound, and with MappingError."""
    known = known_mappings()
    path = known.get(name, Path(name))
    if not path.is_file():
        raise NotFound(
            _("No hay un archivo de correspondencias «{name}».", name=name),
            _("Vienen con Participa: {names}.", names=", ".join(known)),
        )
    return load_mapping(path.read_bytes())


async def keep_sheet(
    actor: Actor,
    process: Process,
    name: str,
    cells: tuple[int, list[list[str]]],
    mapping: Mapping,
    *,
    now: datetime,
) -> GoalSheet:
    """Keep a sheet until it is imported; the same one again takes the mapping given now."""
    above, rows = cells
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    mine = GoalSheet.of(process.entity_id).filter(
        process_id=process.id, official_id=actor.person_id, digest=digest
    )
    values = mapping.model_dump(mode="json")
    if not await mine.exists():
        try:
            async with transaction():
                return await GoalSheet.create(
                    entity_id=process.entity_id, process=process, official_id=actor.person_id,
                    digest=digest, name=name[:MAX_NAME], above=above, rows=rows, mapping=values,
                    created_at=now,
                )  # fmt: skip
        except IntegrityError:
            pass
    await mine.update(mapping=values, created_at=now)
    return await mine.get()


async def sheet_of(process: Process, sheet_id: int) -> GoalSheet:
    """Find a sheet that is kept. Refuses with NotFound."""
    rows = GoalSheet.of(process.entity_id).filter(id=sheet_id, process_id=process.id)
    if (found := await rows.first()) is None:
        raise NotFound
    return found


async def change_mapping(sheet: GoalSheet, mapping: Mapping) -> None:
    """Read a sheet by other columns from now on."""
    rows = GoalSheet.of(sheet.entity_id).filter(id=sheet.id)
    await rows.update(mapping=mapping.model_dump(mode="json"))


async def reading_of(
    entity_id: int, rows: Sequence[Sequence[str]], mapping: Mapping, above: int
) -> Reading:
    """Read the goals of a sheet, off the event loop."""
    areas = [each.name for each in (await areas_by_key(entity_id)).values()]
    return await asyncio.to_thread(read_goals, rows, mapping, above=above, areas=areas)


async def import_sheet(
    actor: Actor, process: Process, reading: Reading, name: str, *, now: datetime
) -> Imported:
    """Import a sheet that was read, all or nothing. Refuses with Faulty."""
    if reading.fatal:
        raise Faulty(reading)
    return await import_goals(actor, process.id, reading.goals, now=now, source=name[:MAX_NAME])


async def sweep_sheets(_arguments: dict[str, object]) -> None:
    """Forget the sheets that were sent two days ago, in every entity."""
    for entity in await Entity.all().order_by("id"):
        old = GoalSheet.of(entity.id).filter(created_at__lt=datetime.now(UTC) - KEPT)
        await old.delete()
