"""The verb that brings in another platform's contributions."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.running import FAILED, Progress, run_with_database

if TYPE_CHECKING:
    from participa.deliberation.importing import ImportResult
    from participa.deliberation.mapping import Mapping

_ACTOR = "participa import contributions"


def contributions(
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, readable=True, help="CSV en UTF-8, o CSV en .gz."
    ),
    mapping: str = typer.Option(
        ...,
        help="Archivo TOML de correspondencias, o el nombre de uno que viene con Participa, "
        "como barcelona-proposals.",
    ),
    process: str = typer.Option(..., help="Nombre del proceso en su dirección."),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Dice qué haría y no guarda nada."),
    limit_errors: int = typer.Option(50, min=0, help="Cuántos avisos mostrar, línea por línea."),
) -> None:
    """Trae los aportes de otra plataforma; repetirlo no duplica nada.

    Termina con 0 si importó algo o todo estaba ya, aunque algunas filas quedaran fuera (las
    muestra); con 1 si no quedó ninguna fila del archivo.
    """
    progress = Progress("Importando los aportes")
    result = run_with_database(
        lambda _settings: _import(
            file, mapping, process, entity, dry_run=dry_run, kept=limit_errors, progress=progress
        )
    )
    progress.done()
    _tell(result, process)
    if result.is_failure:
        raise typer.Exit(FAILED)


async def _import(
    file: Path,
    mapping: str,
    process: str,
    entity: str,
    *,
    dry_run: bool,
    kept: int,
    progress: Progress,
) -> "ImportResult":
    from participa.accounts.permissions import Actor
    from participa.cli.people import find_entity
    from participa.cli.processes import find_process
    from participa.deliberation.importing import import_file
    from participa.deliberation.mapping import MappingError
    from participa.portal.import_places import destination, joined, opener
    from participa.web.refusals import BadInput

    found = await find_entity(entity)
    target = await find_process(found.id, process)
    try:
        read = _mapping(mapping)
        with file.open("rb") as stream:
            return await import_file(
                found.id,
                target.id,
                stream,
                read,
                now=datetime.now(UTC),
                place_of=opener(await destination(target, read)),
                dry_run=dry_run,
                progress=progress,
                actor=Actor(found.id, name=_ACTOR),
                errors_kept=kept,
            )
    except MappingError as error:
        raise BadInput(joined(error)) from error


def _mapping(name: str) -> "Mapping":
    from participa.i18n import _
    from participa.portal.import_places import mapping_from
    from participa.settings import mappings_dir
    from participa.web.refusals import NotFound

    bundled = sorted(mappings_dir().glob("*.toml"))
    for file in (Path(name), *(each for each in bundled if each.stem == name)):
        if file.is_file():
            return mapping_from(file.read_bytes())
    raise NotFound(
        _("No hay un archivo de correspondencias «{name}».", name=name),
        _("Vienen con Participa: {names}.", names=", ".join(each.stem for each in bundled)),
    )


def _tell(result: "ImportResult", process: str) -> None:
    from participa.deliberation.importing import told

    for words, count in result.figures():
        typer.echo(f"{words}: {count}")
    if result.error_count:
        typer.echo(f"Avisos: {result.error_count}")
    for error in result.errors:
        typer.echo(f"  {told(error)}")
    if len(result.errors) < result.error_count:
        typer.echo(f"  … y {result.error_count - len(result.errors)} más")
    if result.is_trial:
        typer.echo("Ensayo: no se guardó nada.")
    elif result.is_failure:
        typer.echo("No se importó ninguna fila.", err=True)
    elif result.is_repetition:
        typer.echo("Todo estaba ya: no se guardó nada.")
    else:
        typer.echo(f"Importado en /procesos/{process}")
