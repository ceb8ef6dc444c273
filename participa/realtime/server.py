"""How uvicorn is set up: with our own protocol for live pages on the same port."""

from typing import Any

import uvicorn
from starlette.types import ASGIApp

from participa.realtime.patience import PatientHttp
from participa.realtime.socket import LiveSocket


def server_options(host: str, port: int) -> dict[str, Any]:
    """Give what every server process of this program is started with."""
    return {
        "host": host,
        "port": port,
        "http": PatientHttp,
        "ws": LiveSocket,
        "server_header": False,
        # Forwarded addresses are read by the application, from the proxies it knows.
        "proxy_headers": False,
        "timeout_graceful_shutdown": 10,
        "access_log": False,
        "log_level": "warning",
    }


def server_config(app: ASGIApp, host: str, port: int, **changes: Any) -> uvicorn.Config:
    """Give the configuration for an application of one's own, such as a benchmark's."""
    return uvicorn.Config(app, **server_options(host, port) | changes)
