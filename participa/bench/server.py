"""The servers that are measured: ours as it is, and the limits beside it.

Run as a program: `server KIND PORT …`. Each prints one line when it is about to listen.
"""

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from participa.app import create_app
from participa.bench.stage import settings_in
from participa.realtime.server import server_config
from participa.security.limits import Limit

STALL_PATH, RENDER_PATH = "/-/stall", "/-/render/"
SAMPLE_SECONDS = 0.002
Answer = Callable[[Request], Awaitable[Response]]


class Unlimited:
    """A limiter that never refuses: limits have tests, here they would only hide the rest."""

    async def wait(self, limit: Limit, key: str) -> int:  # noqa: ARG002 - the contract
        """Let everybody through."""
        return 0


class Watched:
    """Our application, with the longest stall of its loop, and its bare rendering, to be asked."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.stall = 0.0
        self._sampler: asyncio.Task[None] | None = None
        self._views: dict[int, dict[str, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the two questions, pass on everything else."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith("/-/"):
            await self.app(scope, receive, send)
        elif path == STALL_PATH:
            await JSONResponse(self._told())(scope, receive, send)
        else:
            answer = await self._rendered(Request(scope), int(path.removeprefix(RENDER_PATH)))
            await answer(scope, receive, send)

    def _told(self) -> float:
        if self._sampler is None:
            self._sampler = asyncio.create_task(self._sample())
        stall, self.stall = self.stall, 0.0
        return stall

    async def _sample(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(SAMPLE_SECONDS)
            self.stall = max(self.stall, time.monotonic() - before - SAMPLE_SECONDS)

    async def _rendered(self, request: Request, thread_id: int) -> Response:
        """Render a thread's whole page from views that are ready: no database, no middleware."""
        from participa.web.templating import pages_of

        inner = self.app.app  # type: ignore[attr-defined]
        request.scope["app"] = inner
        request.state.context = self._views.get(0, {}).get("context")
        if thread_id not in self._views:
            self._views[thread_id] = await _views(request, inner, thread_id)
            self._views[0] = {"context": request.state.context}
        html = pages_of(request).html(request, "deliberation/thread.html", self._views[thread_id])
        return HTMLResponse(html)


async def _views(request: Request, inner: Starlette, thread_id: int) -> dict[str, Any]:
    from participa.deliberation.forms import POST_FIELDS
    from participa.deliberation.models import Thread
    from participa.deliberation.pages import crumbs, thread_view
    from participa.processes.queries import schedule_of
    from participa.web.forms import Form

    found = await inner.state.room.contexts.of(HTTPConnection(request.scope))
    request.state.context = found
    thread = await Thread.of(found.entity.id).get(id=thread_id)
    schedule = await schedule_of(found.entity.id, thread.process_id)
    return {
        "thread": await thread_view(request, schedule, thread),
        "form": Form(fields=POST_FIELDS),
        "crumbs": crumbs(schedule.process),
    }


def participa(port: int, folder: str, database_url: str = "") -> None:
    """Serve our application as `participa serve` does."""
    app = Watched(create_app(settings_in(Path(folder), database_url), limiter=Unlimited()))
    _run(app, port)


def hole(port: int, file: str) -> None:
    """Serve the same bytes by a bare Starlette, with a hole overwritten for each reader."""
    body = Path(file).read_bytes()
    at = len(body) // 2

    async def answer(request: Request) -> Response:
        page = bytearray(body)
        token = (request.cookies.get("participa") or "").encode()[:48].ljust(48)
        page[at : at + 48] = token
        return Response(bytes(page), media_type="text/html")

    _run(Starlette(routes=[Route("/{path:path}", answer)]), port)


class Inserting:
    """A bare durable insert: all that wait share one transaction, committed in a thread."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)")
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def answer(self, request: Request) -> Response:
        """Answer after the commit."""
        body = parse_qs((await request.body()).decode())["body"][0]
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, future))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await future
        return Response(b"{}", 201, media_type="application/json")

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._commit, [body for body, _future in batch])
            for _body, future in batch:
                future.set_result(None)

    def _commit(self, bodies: list[str]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(
            "INSERT INTO post (body) VALUES (?)", [(body,) for body in bodies]
        )
        self._connection.execute("COMMIT")


def insert(port: int, file: str) -> None:
    """Serve the bare durable insert."""
    routes = [Route("/{path:path}", Inserting(file).answer, methods=["POST"])]
    _run(Starlette(routes=routes), port)


def _run(app: ASGIApp, port: int) -> None:
    print(json.dumps("listening"), flush=True)  # noqa: T201 - its way to tell
    uvicorn.Server(server_config(app, "127.0.0.1", port)).run()


if __name__ == "__main__":
    KINDS: dict[str, Callable[..., None]] = {
        "participa": participa,
        "hole": hole,
        "insert": insert,
    }
    KINDS[sys.argv[1]](int(sys.argv[2]), *sys.argv[3:])
