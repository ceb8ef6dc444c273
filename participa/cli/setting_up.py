"""Verbs that set an installation up and look after it."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

import typer

from participa.cli.running import FAILED, Progress, run_with_database, settings_in_force


def migrate() -> None:
    """Pone la base de datos al día, con una copia previa en SQLite."""
    from participa.db.migrations import migrate as bring_up_to_date

    settings = settings_in_force()
    result = asyncio.run(bring_up_to_date(settings))
    if not result.applied:
        typer.echo("La base de datos ya estaba al día.")
        return
    copy = f" Copia anterior: {result.backup}." if result.backup else ""
    typer.echo(f"Migraciones aplicadas: {len(result.applied)}.{copy}")


def backup() -> None:
    """Copia la base SQLite en uso a la carpeta «copias» (en PostgreSQL use pg_dump)."""
    from participa.db.migrations import back_up
    from participa.settings import ConfigurationError

    settings = settings_in_force()
    if settings.sqlite_file is None:
        raise ConfigurationError("la base es PostgreSQL: haga la copia con pg_dump")
    if not settings.sqlite_file.exists():
        raise ConfigurationError(f"no existe {settings.sqlite_file}")
    typer.echo(f"Copia: {back_up(settings.sqlite_file)}")


def check() -> None:
    """Revisa configuración, base de datos, migraciones, carpetas, adjuntos, Redis y correo."""
    from participa.cli.checks import run_checks

    findings = asyncio.run(run_checks(settings_in_force()))
    for finding in findings:
        typer.echo(f"{'✓' if finding.is_fine else '✗'} {finding.name}: {finding.words}")
        if finding.remedy:
            typer.echo(f"  → {finding.remedy}")
    if not all(finding.is_fine for finding in findings):
        sys.exit(FAILED)


def create_entity(
    slug: str = typer.Argument(..., help="Nombre corto, sin espacios ni tildes."),
    name: str = typer.Option(..., help="Nombre del municipio."),
    url: str = typer.Option(..., help="Dirección pública, como https://participa.ejemplo.gov.co"),
    department: str = typer.Option("", help="Departamento."),
    host: list[str] = typer.Option([], help="Otro nombre de servidor que atiende; repetible."),
) -> None:
    """Crea un municipio en esta instalación."""
    from participa.entities import service

    entity = run_with_database(
        lambda _settings: service.create_entity(
            slug=slug, name=name, department=department, base_url=url, hosts=tuple(host)
        )
    )
    typer.echo(f"Entidad creada: {entity.name} en {entity.base_url}")


def create_admin(
    email: str = typer.Argument(..., help="Correo con el que entrará."),
    name: str = typer.Option(..., help="Nombre que se mostrará."),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
    password: str = typer.Option(
        "", envvar="PARTICIPA_ADMIN_PASSWORD", help="Contraseña; si falta, se pregunta."
    ),
) -> None:
    """Crea una persona administradora, o nombra a quien ya tiene cuenta."""
    from participa.cli.people import make_administrator

    given = password or typer.prompt("Contraseña", hide_input=True, confirmation_prompt=True)
    person = run_with_database(
        lambda _settings: make_administrator(entity, email, name, given, datetime.now(UTC))
    )
    typer.echo(f"{person.display_name} administra la entidad desde ahora.")


def create_process(
    slug: str = typer.Argument(..., help="Nombre en la dirección, como plan-de-desarrollo."),
    title: str = typer.Option(..., help="Título del proceso."),
    summary: str = typer.Option("", help="De qué se trata, en dos o tres frases."),
    days: int = typer.Option(30, min=1, help="Días que estará abierto, desde ahora."),
    promise: str = typer.Option("answered", help="informs, answered o decides."),
    item: str = typer.Option("6.2.3", help="Categoría del Menú Participa."),
    entity: str = typer.Option("", help="Nombre corto de la entidad; con una sola, sobra."),
) -> None:
    """Crea un proceso con una fase que abre foros, comentarios y propuestas desde ahora."""
    from participa.cli.people import find_entity
    from participa.processes.models import Process
    from participa.processes.service import PhasePlan
    from participa.processes.service import create_process as create

    async def act(_settings: object) -> Process:
        now = datetime.now(UTC)
        opens = ("forums.discuss", "consultations.comment", "consultations.propose")
        phase = PhasePlan("Participación", now, now + timedelta(days=days), opens)
        return await create(
            entity_id=(await find_entity(entity)).id,
            slug=slug,
            title=title,
            summary=summary,
            promise=promise,
            participa_item=item,
            phases=[phase],
            now=now,
        )

    process = run_with_database(act)
    typer.echo(f"Proceso creado: /procesos/{process.slug}")


def demo(
    as_json: bool = typer.Option(False, "--json", help="Imprime los ingresos en JSON."),
    if_empty: bool = typer.Option(
        False, help="No hace nada si ya hay alguna entidad (para el primer arranque)."
    ),
    new_passwords: bool = typer.Option(
        False, help="Si ya estaba cargada, hace contraseñas nuevas y las muestra."
    ),
) -> None:
    """Carga la demostración: un municipio inventado. Repetirlo no duplica nada."""
    from participa.demo import load_demo

    progress = Progress("Cargando la demostración", quiet=as_json)
    loaded = run_with_database(
        lambda settings: load_demo(
            settings, progress=progress, if_empty=if_empty, new_passwords=new_passwords
        )
    )
    progress.done()
    if loaded is None:
        return
    if as_json:
        typer.echo(json.dumps(loaded.as_dict(), ensure_ascii=False, indent=2))
        return
    for line in loaded.lines():
        typer.echo(line)
