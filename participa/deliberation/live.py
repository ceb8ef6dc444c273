"""What watchers of a thread are told: how far it has got and how much is new since their page.

Only numbers travel; the words are read on the page, with the permission of that moment.
"""

import asyncio
import contextlib
from datetime import UTC, datetime

from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from participa.accounts.middleware import session_cookie
from participa.accounts.permissions import Action, Actor, can
from participa.accounts.sessions import find_actor
from participa.deliberation.events import topic
from participa.deliberation.pages import thread_target
from participa.deliberation.queries import new_since, thread_of
from participa.processes.queries import schedule_of
from participa.realtime import current_hub
from participa.security.origin import same_origin
from participa.web.context import context
from participa.web.refusals import NotFound

# Also how long a ban or a hiding may take to reach an open socket (T10).
HEARTBEAT_SECONDS = 5.0
MAX_DIGITS = 9
MAX_MESSAGES = 20


async def watch(socket: WebSocket) -> None:
    """Tell a page how many contributions are new, until it is closed."""
    if not same_origin(socket.headers, socket.headers.get("host", "")):
        await socket.send_denial_response(Response(status_code=403))
        return
    after = socket.query_params.get("despues", "")
    thread_id = socket.path_params["id"]
    if not _is_number(after) or not await _may_watch(socket, thread_id):
        await socket.send_denial_response(Response(status_code=404))
        return
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect, asyncio.CancelledError):
        await _tell(socket, thread_id, int(after))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS


async def _may_watch(socket: WebSocket, thread_id: int) -> bool:
    entity_id = context(socket).entity.id
    actor = await _actor_now(socket)
    try:
        thread = await thread_of(entity_id, thread_id)
    except NotFound:
        return False
    schedule = await schedule_of(entity_id, thread.process_id)
    return can(actor, Action.READ, thread_target(thread, schedule.process))


async def _actor_now(socket: WebSocket) -> Actor:
    """Ask the database again who this is: a sign-in may have ended since the handshake."""
    ctx = context(socket)
    token = socket.cookies.get(session_cookie(ctx.settings), "")
    actor = await find_actor(ctx.entity.id, token, datetime.now(UTC)) if token else None
    return actor or Actor(entity_id=ctx.entity.id)


async def _tell(socket: WebSocket, thread_id: int, after: int) -> None:
    told = after
    leaving = asyncio.create_task(_until_left(socket))
    try:
        with current_hub().watching(topic(thread_id)) as woken:
            while not leaving.done():
                woken.clear()
                if not await _may_watch(socket, thread_id):
                    await socket.close(code=4404)
                    return
                number, new = await new_since(thread_id, context(socket).entity.id, after)
                if number > told:
                    await socket.send_json({"number": number, "new": new})
                    told = number
                await _woken_or_left(woken, leaving)
        if not await leaving:
            await socket.close(code=1008)
    finally:
        leaving.cancel()


async def _woken_or_left(woken: asyncio.Event, leaving: "asyncio.Task[bool]") -> None:
    waking = asyncio.create_task(woken.wait())
    try:
        await asyncio.wait(
            {waking, leaving},
            timeout=HEARTBEAT_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
    finally:
        waking.cancel()


async def _until_left(socket: WebSocket) -> bool:
    """Listen while telling: a handler that only sends does not notice that the reader left.

    False for who is still there but talks: our page never says a word (T10).
    """
    for _message in range(MAX_MESSAGES):
        if (await socket.receive())["type"] == "websocket.disconnect":
            return True
    return False


LIVE_ROUTES = [WebSocketRoute("/en-vivo/hilos/{id:int}", watch, name="watch")]
