"""The servers that are measured: ours as it is, and the limits beside it.

Run as a program: `server KIND PORT …`. Each prints one line when it is about to listen.
"""

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs

import asyncpg
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
        """Give the longest stall since the last question; every second one ends the sampling."""
        stall, self.stall = self.stall, 0.0
        if self._sampler is None:
            self._sampler = asyncio.create_task(self._sample())
        else:
            self._sampler.cancel()
            self._sampler = None
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


def participa(folder: str, database_url: str = "") -> ASGIApp:
    """Give our application as it is served, but for its rate limits."""
    return Watched(create_app(settings_in(Path(folder), database_url), limiter=Unlimited()))


def hole(file: str) -> ASGIApp:
    """Give the same bytes by a bare Starlette, with a hole overwritten for each reader."""
    body = Path(file).read_bytes()
    at = len(body) // 2

    async def answer(request: Request) -> Response:
        page = bytearray(body)
        token = (request.cookies.get("participa") or "").encode()[:48].ljust(48)
        page[at : at + 48] = token
        return Response(bytes(page), media_type="text/html")

    return Starlette(routes=[Route("/{path:path}", answer)])


class Table(Protocol):
    """Where the bare insert puts what it is sent."""

    async def insert(self, bodies: Sequence[str]) -> None:
        """Write some in one transaction, and return once it is durable."""
        ...


class EmbeddedTable:
    """A table of SQLite, written in a thread and with nothing left out of its durability."""

    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE post (id INTEGER PRIMARY KEY, body TEXT)")

    async def insert(self, bodies: Sequence[str]) -> None:
        """Write some."""
        await asyncio.to_thread(self._commit, [(body,) for body in bodies])

    def _commit(self, rows: Sequence[tuple[str]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO post (body) VALUES (?)", rows)
        self._connection.execute("COMMIT")


class PostgresTable:
    """A table of PostgreSQL, in the database that our application is measured on."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None

    async def insert(self, bodies: Sequence[str]) -> None:
        """Write some."""
        if self._connection is None:
            self._connection = await asyncpg.connect(self._url)
            await self._connection.execute("CREATE TABLE bare_post (id serial, body text)")
        async with self._connection.transaction():
            await self._connection.execute(
                "INSERT INTO bare_post (body) SELECT unnest($1::text[])", list(bodies)
            )


class Inserting:
    """A bare durable insert: all that wait share one transaction."""

    def __init__(self, table: Table) -> None:
        self._table = table
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
            await self._table.insert([body for body, _future in batch])
            for _body, future in batch:
                future.set_result(None)


def insert(place: str) -> ASGIApp:
    """Give the bare durable insert into a file of SQLite, or a database of PostgreSQL."""
    table = PostgresTable(place) if "://" in place else EmbeddedTable(place)
    return Starlette(routes=[Route("/{path:path}", Inserting(table).answer, methods=["POST"])])


KINDS: dict[str, Callable[..., ASGIApp]] = {
    "participa": participa,
    "hole": hole,
    "insert": insert,
}


def run(kind: str, port: int, *words: str) -> None:
    """Serve one of the kinds until told to stop."""
    app = KINDS[kind](*words)
    print(json.dumps("listening"), flush=True)  # noqa: T201 - its way to tell
    uvicorn.Server(server_config(app, "127.0.0.1", port)).run()


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
