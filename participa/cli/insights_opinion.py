"""The verb that finds opinion groups in files of votes."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from participa.cli.running import FAILED

if TYPE_CHECKING:
    from participa.insights.opinion.analysis import Analysis, Options
    from participa.insights.opinion.files import Read

_NICE = 10


def opinion(
    votes: Path = typer.Option(
        ...,
        exists=True,
        dir_okay=False,
        readable=True,
        help="votes.csv o participants-votes.csv de Polis, o votes.json; también en .gz.",
    ),
    comments: Path | None = typer.Option(
        None,
        exists=True,
        dir_okay=False,
        readable=True,
        help="comments.csv o comments.json: textos y frases retiradas por moderación.",
    ),
    out: Path = typer.Option(..., dir_okay=False, help="Archivo JSON que se escribe."),
    moderated_as_cast: bool = typer.Option(
        False,
        "--moderated-as-cast",
        help="Como Polis: una frase retirada cuenta como votada por todos al ubicar a cada quien.",
    ),
    seed: int = typer.Option(2026, min=0, help="Semilla de las pruebas de estabilidad."),
) -> None:
    """Busca grupos de opinión en los votos; si no resisten las pruebas, dice que no los hay."""
    from participa.insights.opinion.analysis import Options

    options = Options(moderated_as_cast=moderated_as_cast, seed=seed)
    began = time.perf_counter()
    read, found = _analysed(votes, comments, options)
    _write(out, read, found, options)
    _tell(read, found, time.perf_counter() - began)


def _analysed(votes: Path, comments: Path | None, options: "Options") -> "tuple[Read, Analysis]":
    from threadpoolctl import threadpool_limits

    from participa.insights.opinion.analysis import analyse
    from participa.insights.opinion.files import UnreadableVotes, read_votes

    if hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        read = read_votes(votes, comments)
    except UnreadableVotes as error:
        where = f"{error.file}, línea {error.line}" if error.line else error.file
        typer.echo(f"No se entiende {where}: no es un archivo de votos o frases.", err=True)
        raise typer.Exit(FAILED) from error
    # More threads change results in the last digits and gain nothing on a busy machine.
    with threadpool_limits(1):
        return read, analyse(read.votes, read.kept, options)


def _write(out: Path, read: "Read", found: "Analysis", options: "Options") -> None:
    from participa.insights.opinion.writing import as_json

    try:
        out.write_text(as_json(read, found, options), encoding="utf-8")
    except OSError as error:
        typer.echo(f"No se pudo escribir {out}: {error.strerror}.", err=True)
        raise typer.Exit(FAILED) from error


def _tell(read: "Read", found: "Analysis", seconds: float) -> None:
    typer.echo(f"Participantes: {read.votes.people}")
    typer.echo(f"Frases: {read.votes.statements}")
    typer.echo(f"Votos: {len(read.votes.columns)}")
    if found.has_groups and found.chosen is not None:
        sizes = ", ".join(str(size) for size in found.chosen.sizes.tolist())
        typer.echo(f"Grupos estables: {found.chosen.number} ({sizes})")
    else:
        typer.echo("Grupos estables: no hay")
    typer.echo(f"Segundos: {seconds:.2f}")
    typer.echo(f"Memoria máxima: {_peak_mebibytes()} MiB")


def _peak_mebibytes() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
