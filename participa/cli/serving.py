"""Verbs that stay running: the web server and the worker."""

import asyncio
from typing import TYPE_CHECKING, Any

import typer

from participa.cli.running import settings_in_force

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp


def serve(
    host: str = typer.Option("", help="Dirección; por omisión, PARTICIPA_HOST."),
    port: int = typer.Option(-1, help="Puerto; por omisión, PARTICIPA_PORT."),
) -> None:
    """Sirve el sitio web hasta que se detenga con Ctrl+C."""
    import uvicorn

    from participa.db.migrations import pending
    from participa.settings import ConfigurationError

    settings = settings_in_force()
    if missing := asyncio.run(pending(settings)):
        raise ConfigurationError(f"faltan {len(missing)} migraciones; ejecute «participa migrate»")
    where, door = host or settings.host, port if port >= 0 else settings.port
    typer.echo(f"Participa en http://{where}:{door} (Ctrl+C para detenerlo)")
    options = _options(where, door)
    uvicorn.run("participa.app:create_app", factory=True, workers=settings.processes, **options)


def _options(host: str, port: int) -> dict[str, Any]:
    from participa.realtime import LiveSocket

    return {
        "host": host,
        "port": port,
        # Live pages have a protocol of their own on the same port; see participa.realtime.socket.
        "ws": LiveSocket,
        "server_header": False,
        # Forwarded addresses are read by the application, from the proxies it knows.
        "proxy_headers": False,
        "timeout_graceful_shutdown": 10,
        "access_log": False,
        "log_level": "warning",
    }


def server_config(app: "ASGIApp", host: str, port: int, **changes: Any) -> "uvicorn.Config":
    """Give the configuration of `serve` for an application of one's own, such as a benchmark's."""
    import uvicorn

    return uvicorn.Config(app, **_options(host, port) | changes)


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
