"""Verbs that bring in what exists already: the text of a plan, another platform's words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.imports_areas import areas
from participa.cli.imports_contributions import contributions
from participa.cli.imports_followup import followup
from participa.cli.imports_polis import polis
from participa.cli.running import Progress, run_with_database

if TYPE_CHECKING:
    from participa.consultations.importing import ReadPlan, Result
    from participa.processes.models import Process

app = typer.Typer(
    help="Trae lo que ya existe: el texto de un plan, los aportes de otra plataforma, el mapa.",
    no_args_is_help=True,
)
app.command("contributions")(contributions)
app.command("polis")(polis)
app.command("areas")(areas)
app.command("followup")(followup)


@app.command("plan")
def plan(
    file: Path = typer.Argument(
        ...,
        exists=True,
        dir_okay=False,
        readable=True,
        help="DOCX, ODT, PDF con texto, HTML, Markdown, texto, XLSX, ODS o CSV.",
    ),
    process: str = typer.Option(..., help="Nombre del proceso en su dirección."),
    title: str = typer.Option("", help="Título del plan; por omisión, el que diga el documento."),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Dice qué encontró y no guarda nada."),
    draft: bool = typer.Option(
        False, "--draft", help="Lo guarda como borrador para corregirlo en la web."
    ),
) -> None:
    """Publica un plan por apartados y lo abre a comentarios; repetirlo no duplica nada."""
    if draft:
        url = run_with_database(
            lambda _settings: _keep(file, process=process, title=title, entity=entity)
        )
        typer.echo(f"Borrador guardado: {url}")
        return
    progress = Progress("Importando el plan")
    result = run_with_database(
        lambda _settings: _import(
            file, process=process, title=title, entity=entity, dry_run=dry_run, progress=progress
        )
    )
    progress.done()
    _tell(result)


async def _import(
    file: Path, *, process: str, title: str, entity: str, dry_run: bool, progress: Progress
) -> "Result":
    from participa.consultations.importing import done, tried
    from participa.consultations.queries import plan_url
    from participa.consultations.service import import_plan
    from participa.plans.service import prepare

    found, document = await _read(file, process, entity)
    prepared = await prepare(document.parsed, document.source, progress)
    if dry_run:
        return await tried(found.entity_id, found.id, document)
    imported = await import_plan(
        prepared,
        entity_id=found.entity_id,
        process_id=found.id,
        title=title,
        now=datetime.now(UTC),
    )
    return done(document, imported, plan_url(found.slug))


async def _keep(file: Path, *, process: str, title: str, entity: str) -> str:
    from participa.consultations.draft_views import draft_url
    from participa.consultations.drafts import draft_from

    found, document = await _read(file, process, entity)
    now = datetime.now(UTC)
    draft, _is_new = await draft_from(found, document, title=title, by="", now=now)
    return draft_url(draft)


async def _read(file: Path, process: str, entity: str) -> "tuple[Process, ReadPlan]":
    from participa.cli.people import find_entity
    from participa.cli.processes import find_process
    from participa.consultations.importing import MAX_FILE_BYTES, read_plan

    with file.open("rb") as source:
        data = source.read(MAX_FILE_BYTES + 1)
    found = await find_process((await find_entity(entity)).id, process)
    return found, await read_plan(data)


def _tell(result: "Result") -> None:
    for words, count in result.figures:
        typer.echo(f"{words}: {count}")
    if result.problem_count:
        typer.echo(f"Avisos: {result.problem_count}")
    for problem in result.problems:
        place = f"línea {problem.line}: " if problem.line else ""
        quote = f" «{problem.excerpt}»" if problem.excerpt else ""
        typer.echo(f"  {place}{problem.words}{quote}")
    if result.is_same:
        typer.echo("El documento es igual a la versión publicada: no se guardó nada.")
    elif result.is_trial:
        typer.echo("Ensayo: no se guardó nada.")
    else:
        typer.echo(f"Plan publicado: {result.url}")
