"""The verb that loads the map of an entity's areas."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.running import FAILED, run_with_database

if TYPE_CHECKING:
    from participa.territory.importing import Result


def areas(
    file: Path = typer.Argument(
        ..., exists=True, dir_okay=False, readable=True, help="GeoJSON en grados (WGS84)."
    ),
    kind: str = typer.Option("vereda", help="Qué son las áreas que no lo dicen."),
    name_field: str = typer.Option("", help="Propiedad con el nombre, si no es «nombre»."),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Dice qué encontró y no guarda nada."),
) -> None:
    """Carga el mapa de barrios y veredas; repetirlo no duplica nada."""
    result = run_with_database(
        lambda _settings: _import(file, kind, name_field, entity, dry_run=dry_run)
    )
    _tell(result)
    if result.is_refused:
        raise typer.Exit(FAILED)


async def _import(
    file: Path, kind: str, name_field: str, entity: str, *, dry_run: bool
) -> "Result":
    from participa.cli.people import find_entity
    from participa.i18n import _
    from participa.territory.geojson import MAX_FILE_BYTES
    from participa.territory.importing import import_map
    from participa.territory.rules import KINDS
    from participa.web.refusals import BadInput

    if kind not in KINDS:
        raise BadInput(_("El tipo «{kind}» no se conoce. Puede ser: {options}.",
                         kind=kind, options=", ".join(KINDS)))  # fmt: skip
    found = await find_entity(entity)
    with file.open("rb") as source:
        data = source.read(MAX_FILE_BYTES + 1)
    return await import_map(
        data, entity_id=found.id, now=datetime.now(UTC), kind=kind, name_field=name_field,
        is_trial=dry_run,
    )  # fmt: skip


def _tell(result: "Result") -> None:
    for words, count in result.figures:
        typer.echo(f"{words}: {count}")
    for problem in result.problems:
        where = f"Área {problem.line}: " if problem.line is not None else ""
        typer.echo(f"  {where}{problem.words} {problem.excerpt}".rstrip())
    if result.problem_count > len(result.problems):
        typer.echo(f"  … y {result.problem_count - len(result.problems)} más")
    if result.is_refused:
        typer.echo("Hay errores: no se guardó nada.", err=True)
    elif result.is_trial:
        typer.echo("Ensayo: no se guardó nada.")
    elif result.is_same:
        typer.echo("Es igual a lo que había: no se guardó nada.")
    else:
        typer.echo("Mapa cargado.")
