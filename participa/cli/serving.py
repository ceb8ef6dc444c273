"""Verbs that stay running: the web server and the worker."""

import asyncio

import typer

from participa.cli.running import settings_in_force


def serve(
    host: str = typer.Option("", help="Dirección; por omisión, PARTICIPA_HOST."),
    port: int = typer.Option(-1, help="Puerto; por omisión, PARTICIPA_PORT."),
) -> None:
    """Sirve el sitio web hasta que se detenga con Ctrl+C."""
    import uvicorn

    from participa.db.migrations import pending
    from participa.realtime.server import server_options
    from participa.settings import ConfigurationError

    settings = settings_in_force()
    if missing := asyncio.run(pending(settings)):
        raise ConfigurationError(f"faltan {len(missing)} migraciones; ejecute «participa migrate»")
    where, door = host or settings.host, port if port >= 0 else settings.port
    typer.echo(f"Participa en http://{where}:{door} (Ctrl+C para detenerlo)")
    options = server_options(where, door)
    uvicorn.run("participa.app:create_app", factory=True, workers=settings.processes, **options)


def worker() -> None:
    """Atiende la cola de trabajos, para instalaciones con PARTICIPA_EMBEDDED_WORKER=false."""
    from participa.app import features
    from participa.db import connected
    from participa.jobs import worker_loop

    settings = settings_in_force()

    async def work() -> None:
        async with connected(settings):
            offered = features(settings)
            await worker_loop(offered.jobs, every=offered.recurring)

    typer.echo("Atendiendo la cola de trabajos (Ctrl+C para detenerlo)")
    asyncio.run(work())
