"""Many readers in one process: real WebSocket connections with as little work as can be.

Run as a program; asked by line: `{"connect": …}` opens connections, `{"collect": n}` waits for
the message with a number and gives when each reader had it, `{"seen": n}` waits for so many
events in all and counts them. A tool for measuring only: it reads
small unmasked frames and answers pings, nothing else.
"""

import asyncio
import base64
import contextlib
import json
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

import uvloop

_TEXT, _PING, _CLOSE = 1, 9, 8
_NUMBER = b'{"t":"event","n":'
AT_ONCE = 200
CONNECT_SECONDS = 30.0


def frames(buffer: bytearray) -> list[tuple[int, bytes]]:
    """Take the whole frames off the front of a buffer: opcode and payload."""
    found = []
    while len(buffer) >= 2:
        opcode, size, at = buffer[0] & 15, buffer[1] & 127, 2
        if size == 126:
            size, at = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, at = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < at + size:
            break
        found.append((opcode, bytes(buffer[at : at + size])))
        del buffer[: at + size]
    return found


def number_of(payload: bytes) -> int | None:
    """Read the number of an event's message without parsing the rest."""
    if not payload.startswith(_NUMBER):
        return None
    return int(payload[len(_NUMBER) : payload.index(b",", len(_NUMBER))])


@dataclass
class Crowd:
    """What all readers of this process were told: by number, when, and how often by whom."""

    arrivals: dict[int, list[float]] = field(default_factory=dict)
    # One of the texts told under a number: they are all the same.
    texts: dict[int, str] = field(default_factory=dict)
    doubled: int = 0
    lost_connections: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self, number: int, at: float, payload: bytes) -> None:
        """Note that one more reader has a message."""
        if number not in self.arrivals:
            self.arrivals[number] = []
            self.texts[number] = payload.decode()
        self.arrivals[number].append(at)
        self.news.set()


class Reader(asyncio.Protocol):
    """One connection."""

    __slots__ = ("_buffer", "_crowd", "_request", "_seen", "_transport", "ready")

    def __init__(self, crowd: Crowd, request: bytes) -> None:
        self._crowd = crowd
        self._request = request
        self._buffer = bytearray()
        self._seen: Counter[int] = Counter()
        self.ready: asyncio.Future[bool] | None = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        # Not asked what it is: uvloop's transports are of no class of asyncio's.
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note what came."""
        at = time.monotonic()
        self._buffer += data
        if self.ready is not None and not self._accepted():
            return
        for opcode, payload in frames(self._buffer):
            number = number_of(payload) if opcode == _TEXT else None
            if number is not None:
                self._note(number, at, payload)
            elif opcode == _PING:
                self._transport.write(b"\x8a\x80\0\0\0\0")
            elif opcode == _CLOSE:
                self._transport.close()

    def _accepted(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or self.ready is None:
            return False
        is_accepted = self._buffer.startswith(b"HTTP/1.1 101")
        del self._buffer[: end + 4]
        self.ready.set_result(is_accepted)
        self.ready = None
        return is_accepted

    def _note(self, number: int, at: float, payload: bytes) -> None:
        self._seen[number] += 1
        if self._seen[number] > 1:
            self._crowd.doubled += 1
        else:
            self._crowd.told(number, at, payload)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Note a reader that was cut off."""
        self._crowd.lost_connections += 1
        if self.ready is not None:
            self.ready.set_result(False)
            self.ready = None


def handshake(port: int, path: str) -> bytes:
    """Ask for an upgrade as a page of this host would."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\nUser-Agent: participa-bench\r\n\r\n"
    ).encode()


async def connect(crowd: Crowd, port: int, path: str, count: int) -> int:
    """Open connections, some at a time, and give how many were let in."""
    gate = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()

    async def one() -> bool:
        async with gate:
            reader = Reader(crowd, handshake(port, path))
            ready = reader.ready
            await loop.create_connection(lambda: reader, "127.0.0.1", port)
            return ready is not None and await asyncio.wait_for(ready, CONNECT_SECONDS)

    return sum(await asyncio.gather(*(one() for _each in range(count))))


async def collected(crowd: Crowd, number: int, count: int, seconds: float) -> dict[str, Any]:
    """Wait until everybody has a message, or some time; then give and forget its arrivals."""
    until = time.monotonic() + seconds
    while len(crowd.arrivals.get(number, ())) < count and time.monotonic() < until:
        crowd.news.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(crowd.news.wait(), 0.2)
    # A doubled message would come late.
    await asyncio.sleep(0.05)
    return {
        "arrivals": crowd.arrivals.pop(number, []),
        "text": crowd.texts.pop(number, ""),
        "doubled": crowd.doubled,
        "cut": crowd.lost_connections,
    }


async def seen(crowd: Crowd, count: int, seconds: float) -> dict[str, int]:
    """Wait until so many events came in all, or some time; then say how many did."""
    until = time.monotonic() + seconds
    while (told := sum(map(len, crowd.arrivals.values()))) < count and time.monotonic() < until:
        crowd.news.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(crowd.news.wait(), 0.2)
    return {"seen": told, "doubled": crowd.doubled}


async def main() -> None:
    """Do what is asked, line by line."""
    crowd = Crowd()
    reader = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        asked = json.loads(line)
        answer: object
        if "seen" in asked:
            answer = await seen(crowd, asked["seen"], asked["seconds"])
        elif "connect" in asked:
            answer = await connect(crowd, asked["port"], asked["connect"], asked["count"])
        else:
            answer = await collected(crowd, asked["collect"], asked["count"], asked["seconds"])
        print(json.dumps(answer), flush=True)  # noqa: T201 - its way to tell


if __name__ == "__main__":
    uvloop.run(main())
