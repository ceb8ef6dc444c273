"""The two limits of telling many: the websockets library's broadcast, and a bare protocol.

Run as a program: `fanout broadcast|bare PORT`. A line with a payload on standard input is told
to all that are connected; the answer is the moment before it was.
"""

import asyncio
import base64
import hashlib
import json
import sys
import time
from collections.abc import Callable
from typing import cast

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

from participa.realtime.frames import framed

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
Tell = Callable[[str], None]


class Bare(asyncio.Protocol):
    """A connection that answers a handshake and is then only written to. For measuring only."""

    everybody: "set[asyncio.Transport]" = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        # Not asked what it is: uvloop's transports are of no class of asyncio's.
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer the handshake; whatever comes later is not looked at."""
        if b"Sec-WebSocket-Key:" not in data:
            return
        key = data.split(b"Sec-WebSocket-Key:", 1)[1].split(b"\r\n", 1)[0].strip()
        accept = base64.b64encode(hashlib.sha1(key + _MAGIC, usedforsecurity=False).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.everybody.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget it."""
        self.everybody.discard(self.transport)


async def bare(port: int) -> Tell:
    """Listen with the bare protocol."""
    await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", port, backlog=4096)

    def tell(payload: str) -> None:
        frame = framed(payload.encode())
        for transport in Bare.everybody:
            transport.write(frame)

    return tell


async def library(port: int) -> Tell:
    """Listen with the websockets library, without compression."""
    everybody: set[ServerConnection] = set()

    async def handle(connection: ServerConnection) -> None:
        everybody.add(connection)
        try:
            await connection.wait_closed()
        finally:
            everybody.discard(connection)

    await serve(handle, "127.0.0.1", port, compression=None, backlog=4096, ping_interval=None)
    return lambda payload: broadcast(everybody, payload)


async def main(kind: str, port: int) -> None:
    """Tell what comes in, until the input ends."""
    tell = await (bare if kind == "bare" else library)(port)
    print(json.dumps("listening"), flush=True)  # noqa: T201 - its way to tell
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        began = time.monotonic()
        tell(json.loads(line))
        print(json.dumps(began), flush=True)  # noqa: T201


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
