"""The verb that brings in a conversation from Polis."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.running import run_with_database

if TYPE_CHECKING:
    from participa.opinion.importing import Imported
    from participa.opinion.polis import Conversation

_ACTOR = "participa import polis"


def polis(
    folder: Path = typer.Argument(
        ...,
        exists=True,
        file_okay=False,
        readable=True,
        help="Carpeta con summary.csv, comments.csv, participants-votes.csv y, si está, "
        "votes.csv; también en .gz.",
    ),
    process: str = typer.Option(..., help="Nombre del proceso en su dirección."),
    title: str = typer.Option("", help="Título de la ronda; por omisión, el de la conversación."),
    source: str = typer.Option("", help="De dónde vienen los datos y con qué licencia."),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
) -> None:
    """Trae una conversación de Polis como ronda de frases terminada, con todos sus votos."""
    result = run_with_database(lambda _settings: _import(folder, process, title, source, entity))
    typer.echo(f"Participantes con votos: {result.participants}")
    typer.echo(f"Frases: {result.statements}")
    typer.echo(f"Votos: {result.votes}")
    typer.echo(f"Votos cambiados después: {result.changes}")
    typer.echo(f"Ronda importada: /opiniones/{result.round.id}")


async def _import(folder: Path, process: str, title: str, source: str, entity: str) -> "Imported":
    from participa.accounts.permissions import Actor
    from participa.cli.people import find_entity
    from participa.cli.processes import find_process
    from participa.opinion.importing import import_conversation

    found = await find_entity(entity)
    target = await find_process(found.id, process)
    actor = Actor(found.id, name=_ACTOR)
    return await import_conversation(
        actor, target.id, read_folder(folder), datetime.now(UTC), title=title, source=source
    )


def read_folder(folder: Path) -> "Conversation":
    """Read a conversation's folder. Refuses with BadInput, naming file and line."""
    from participa.i18n import _
    from participa.opinion.polis import FILES, PolisError, read_conversation
    from participa.web.refusals import BadInput

    with ExitStack() as stack:
        files = {}
        for name in FILES:
            for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
                if path.is_file():
                    files[name] = stack.enter_context(path.open("rb"))
                    break
        try:
            return read_conversation(files)
        except PolisError as error:
            words = _("No se entiende {file}.csv, línea {line}.", file=error.file, line=error.line)
            raise BadInput(words) from error
