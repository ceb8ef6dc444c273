"""The verb that brings in the sheet of a plan's follow-up."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.running import FAILED, run_with_database

if TYPE_CHECKING:
    from participa.accountability.followup.importing import Outcome
    from participa.accountability.followup.sheet import Reading
    from participa.web.problems import Problem

_ACTOR = "participa import followup"
_SHOWN = 50


def followup(
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, readable=True, help="XLSX, ODS o CSV: una fila por meta."
    ),
    process: str = typer.Option(..., help="Nombre del proceso en su dirección."),
    mapping: str = typer.Option(
        "",
        help="Archivo TOML de columnas, o el nombre de uno que viene con Participa, como "
        "tenjo-2024-2027; por omisión, se reconocen por sus títulos.",
    ),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Dice qué cambiaría y no guarda nada."),
) -> None:
    """Actualiza el seguimiento del plan; repetirlo no duplica nada y nada se borra.

    Termina con 1 si alguna fila tiene errores: entonces no se guarda nada.
    """
    reading, outcome = run_with_database(
        lambda _settings: _import(file, process, mapping, entity, dry_run=dry_run)
    )
    _tell(reading, outcome)
    if reading.fatal:
        typer.echo("La hoja tiene errores: no se guardó nada.", err=True)
        raise typer.Exit(FAILED)
    if dry_run:
        typer.echo("Ensayo: no se guardó nada.")
    elif not outcome.changes:
        typer.echo("Todo estaba ya: no se guardó nada.")
    else:
        typer.echo(f"Actualizado: /rendicion-de-cuentas/seguimiento/{process}")


async def _import(
    file: Path, process: str, mapping: str, entity: str, *, dry_run: bool
) -> "tuple[Reading, Outcome]":
    from participa.accountability.followup.importing import known_goals, outcome_of
    from participa.accountability.followup.mapping import MappingError
    from participa.accountability.followup.waiting import (
        MAX_SHEET_BYTES,
        cells_of,
        guessed,
        import_sheet,
        mapping_named,
        reading_of,
    )
    from participa.accounts.permissions import Actor
    from participa.cli.people import find_entity
    from participa.cli.processes import find_process
    from participa.web.refusals import BadInput

    found = await find_entity(entity)
    target = await find_process(found.id, process)
    with file.open("rb") as source:
        above, rows = cells_of(source.read(MAX_SHEET_BYTES + 1))
    try:
        columns = mapping_named(mapping) if mapping else guessed(rows)
    except MappingError as error:
        raise BadInput(error.text) from error
    reading = await reading_of(found.id, rows, columns, above)
    outcome = outcome_of(await known_goals(target), reading.goals)
    if not reading.fatal and not dry_run:
        actor = Actor(found.id, name=_ACTOR)
        await import_sheet(actor, target, reading, file.name, now=datetime.now(UTC))
    return reading, outcome


def _tell(reading: "Reading", outcome: "Outcome") -> None:
    from participa.accountability.followup.import_pages import figures

    for words, count in figures(reading, outcome):
        typer.echo(f"{words}: {count}")
    problems = [*reading.fatal, *reading.notices]
    for problem in problems[:_SHOWN]:
        typer.echo(f"  {_told(problem)}")
    if len(problems) > _SHOWN:
        typer.echo(f"  … y {len(problems) - _SHOWN} más")


def _told(problem: "Problem") -> str:
    place = f"línea {problem.line}: " if problem.line else ""
    quote = f" «{problem.excerpt}»" if problem.excerpt else ""
    return f"{place}{problem.words}{quote}"
