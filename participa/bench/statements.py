"""How many statements an unchanged thread page takes, asked of the application itself."""

import asyncio
import logging
from datetime import UTC, datetime

from starlette.types import ASGIApp, Message

from participa.app import create_app
from participa.bench.measuring import BenchFailed
from participa.bench.stage import Stage
from participa.db import connected
from participa.settings import Settings


class _Counter(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002
        self.count += 1


def statements_of(settings: Settings, stage: Stage) -> dict[str, int]:
    """Count the statements of the second read by a visitor and by who is signed in."""
    return asyncio.run(_statements_of(settings, stage))


async def _statements_of(settings: Settings, stage: Stage) -> dict[str, int]:
    path = f"/hilos/{stage.threads[0]}"
    async with connected(settings):
        app = create_app(settings, clock=lambda: datetime.now(UTC))
        return {
            "visitor": await counted(app, path, ""),
            "signed_in": await counted(app, path, stage.tokens[-1]),
        }


async def counted(app: ASGIApp, path: str, token: str) -> int:
    """Count the statements of a page's second read."""
    await asked(app, path, token)
    log, counter = logging.getLogger("tortoise.db_client"), _Counter()
    level = log.level
    log.addHandler(counter)
    log.setLevel(logging.DEBUG)
    propagate, log.propagate = log.propagate, False
    try:
        await asked(app, path, token)
    finally:
        log.removeHandler(counter)
        log.setLevel(level)
        log.propagate = propagate
    return counter.count


async def asked(app: ASGIApp, path: str, token: str = "") -> None:
    """Read a page in this process. Raises BenchFailed where it is not there."""
    path, _mark, query = path.partition("?")
    headers = [(b"host", b"127.0.0.1")]
    if token:
        headers.append((b"cookie", f"participa={token}".encode()))
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "headers": headers, "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "scheme": "http", "http_version": "1.1",
        "asgi": {"version": "3.0"}, "root_path": "",
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] != 200:
            raise BenchFailed(f"la página respondió {message['status']}")

    await app(scope, receive, send)
