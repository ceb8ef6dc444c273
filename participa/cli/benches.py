"""Verbs that measure: each beside a limit taken in the same run."""

import json
from typing import TYPE_CHECKING

import typer

from participa.cli.running import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable

    from participa.bench.measuring import Result

app = typer.Typer(
    name="bench",
    help="Mide el programa en este equipo, con datos de prueba aparte y junto a un límite.",
    no_args_is_help=True,
)
AS_JSON = typer.Option(False, "--json", help="Un objeto JSON en lugar de la tabla.")


@app.command()
def live(
    watchers: int = typer.Option(1000, min=1, help="Lectores conectados."),
    posts: int = typer.Option(8, min=1, help="Aportes que se publican."),
    processes: int = typer.Option(1, min=1, help="Procesos que hacen de lectores."),
    as_json: bool = AS_JSON,
) -> None:
    """Mide cuánto tarda un aporte en llegar a todos los que leen el hilo."""
    from participa.bench.live import bench_live

    _tell(lambda: bench_live(watchers, posts, processes), as_json=as_json)


@app.command()
def http(as_json: bool = AS_JSON) -> None:
    """Mide lo que cuesta leer un hilo de 50 aportes."""
    from participa.bench.reads import bench_http

    _tell(bench_http, as_json=as_json)


@app.command()
def write(
    connections: int = typer.Option(32, min=1, help="Personas que escriben a la vez."),
    seconds: float = typer.Option(5.0, min=0.2, help="Segundos de cada medida."),
    database: str = typer.Option("", help="postgres://… en lugar de SQLite."),
    as_json: bool = AS_JSON,
) -> None:
    """Mide cuántos aportes se publican por segundo, guardados en disco."""
    from participa.bench.writes import bench_write

    _tell(lambda: bench_write(connections, seconds, database), as_json=as_json)


@app.command()
def insights(
    largest: int = typer.Option(1_000_000, min=200_000, help="Textos de la medida mayor."),
    as_json: bool = AS_JSON,
) -> None:
    """Mide cuánto tarda y ocupa agrupar muchos textos, y hallar los que se repiten."""
    from participa.bench.texts import bench_insights

    _tell(lambda: bench_insights(largest), as_json=as_json)


@app.command()
def opinion(
    million: bool = typer.Option(
        False, "--million", help="También un millón de personas: pide unos 1,5 GiB."
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Mide cuánto cuesta buscar grupos de opinión, y un voto más."""
    from participa.bench.opinion import bench_opinion

    _tell(lambda: bench_opinion(with_million=million), as_json=as_json)


@app.command()
def surveys(
    answers: int = typer.Option(100_000, min=1_000, help="Personas que respondieron."),
    as_json: bool = AS_JSON,
) -> None:
    """Mide lo que cuestan los resultados, un cruce y una respuesta más con muchas respuestas."""
    from participa.bench.surveys import bench_surveys

    _tell(lambda: bench_surveys(answers), as_json=as_json)


@app.command()
def routing(as_json: bool = AS_JSON) -> None:
    """Simula qué tanto se ven las frases que llegan tarde, según cómo se escoge la siguiente."""
    from participa.bench.routing import bench_routing

    _tell(bench_routing, as_json=as_json)


def _tell(measured: "Callable[[], Result]", *, as_json: bool) -> None:
    """Measure and print; what could not be measured, lost or doubled is a failure."""
    from participa.bench.measuring import BenchFailed, Elsewhere

    elsewhere = Elsewhere()
    try:
        result = measured()
    except BenchFailed as error:
        typer.echo(f"No se pudo medir: {error}", err=True)
        raise typer.Exit(FAILED) from error
    result.figures["elsewhere_cores"] = elsewhere.cores()
    typer.echo(json.dumps(result.as_json()) if as_json else result.as_text())
    wrong = ("lost", "doubled", "cut", "untold", "threads_with_gaps")
    if any(result.figures.get(name, 0) for name in wrong):
        raise typer.Exit(FAILED)
