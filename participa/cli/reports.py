"""Verbs about results reports: build, publish, list."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer

from participa.cli.running import Progress, run_with_database

if TYPE_CHECKING:
    from participa.insights.models import ResultReport

app = typer.Typer(help="Prepara, publica y lista informes de resultados.", no_args_is_help=True)
# By then the build here is done; if it was interrupted, the worker does it.
WORKER_WAITS = timedelta(minutes=15)
_ENTITY = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra.")
_STATES = {
    "queued": "en cola",
    "building": "preparándose",
    "draft": "borrador",
    "failed": "falló",
    "published": "publicado",
}


@app.command("build")
def build(
    process: str = typer.Option(..., help="Nombre del proceso en su dirección."),
    entity: str = _ENTITY,
) -> None:
    """Agrupa ya los aportes de un proceso y deja el borrador de su informe."""
    from participa.accounts.permissions import Actor
    from participa.cli.people import find_entity
    from participa.insights.building import build_report
    from participa.insights.service import prepare_report
    from participa.processes.queries import schedule_by_slug

    progress = Progress("Agrupando los aportes")

    async def act(_settings: object) -> "ResultReport":
        found = await find_entity(entity)
        schedule = await schedule_by_slug(found.id, process)
        actor = Actor(found.id, name="participa report build")
        now = datetime.now(UTC)
        report = await prepare_report(actor, schedule.process.id, now, build_in=WORKER_WAITS)
        return await build_report(found.id, report.id, shown=progress)

    report = run_with_database(act)
    progress.done()
    _tell(report)
    typer.echo(f"Para publicarlo: participa report publish {report.id}")


def _tell(report: "ResultReport") -> None:
    from participa.i18n import n_
    from participa.insights.figures import stored_figures
    from participa.insights.rules import ledger_lines

    figures = stored_figures(report.figures)
    typer.echo(f"Borrador {report.id}: {report.title}")
    contributions = n_("{count} aporte", "{count} aportes", figures.contributions)
    people = n_("{count} persona", "{count} personas", figures.people)
    themes = n_("{count} tema", "{count} temas", figures.themes)
    typer.echo(f"{contributions} de {people} en {themes}")
    for label, count in ledger_lines(report.ledger):
        typer.echo(f"  {label}: {count}")


@app.command("publish")
def publish(
    report_id: int = typer.Argument(..., metavar="ID", help="Identificador del borrador."),
    entity: str = _ENTITY,
) -> None:
    """Publica un borrador: queda fijo, con su número, y cualquiera puede leerlo."""
    from participa.accounts.permissions import Actor
    from participa.cli.people import find_entity
    from participa.insights.queries import report_url
    from participa.insights.service import publish_report

    async def act(_settings: object) -> tuple["ResultReport", str]:
        found = await find_entity(entity)
        actor = Actor(found.id, name="participa report publish")
        return await publish_report(actor, report_id, datetime.now(UTC)), found.base_url

    report, base_url = run_with_database(act)
    typer.echo(f"Informe n.º {report.public_number} publicado: {base_url}{report_url(report)}")


@app.command("list")
def list_reports(entity: str = _ENTITY) -> None:
    """Lista los informes: identificador, número, estado, proceso y título."""
    from participa.cli.people import find_entity
    from participa.insights.models import ResultReport

    async def act(_settings: object) -> list[ResultReport]:
        found = await find_entity(entity)
        return await ResultReport.of(found.id).select_related("process").order_by("id")

    reports = run_with_database(act)
    for report in reports:
        number = f"n.º {report.public_number}" if report.public_number else "—"
        state = _STATES.get(report.state, report.state)
        typer.echo(f"{report.id}\t{number}\t{state}\t{report.process.slug}\t{report.title}")
    if not reports:
        typer.echo("No hay informes.")
