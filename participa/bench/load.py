"""Loading a server over kept connections, and the small client the benchmarks ask with.

Run as a program: each line asked is a load, answered with what became of it.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb'name="csrf" value="([^"]+)"')
_ETAG = re.compile(rb"etag: *([^\r]+)", re.IGNORECASE)


class Line:
    """One kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Line":
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=2**20))

    async def send(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request and give status, head and body of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, body

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@dataclass(frozen=True, slots=True)
class Browser:
    """What a reader's browser sends with every request."""

    port: int
    token: str = ""
    headers: str = ""

    def get(self, path: str) -> bytes:
        """Write a request for a page."""
        return f"GET {path} HTTP/1.1\r\n{self._head()}\r\n".encode()

    def post(self, path: str, fields: dict[str, str], accept: str = "application/json") -> bytes:
        """Write a form."""
        body = urlencode(fields).encode()
        head = (
            f"POST {path} HTTP/1.1\r\n{self._head()}Origin: http://127.0.0.1:{self.port}\r\n"
            f"Accept: {accept}\r\nPrefer: return=minimal\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _head(self) -> str:
        cookie = f"Cookie: participa={self.token}\r\n" if self.token else ""
        return f"Host: 127.0.0.1:{self.port}\r\n{cookie}{self.headers}"


def form_token(page: bytes) -> str:
    """Read the token of the forms of a page; empty where nobody is signed in."""
    found = _TOKEN.search(page)
    return found[1].decode() if found else ""


def etag(head: bytes) -> str:
    """Read the tag by which a page is known."""
    found = _ETAG.search(head)
    return found[1].decode() if found else ""


async def repeated(port: int, request: bytes, connections: int, count: int) -> dict[str, Any]:
    """Send the same request again and again over several connections."""
    lines = [await Line.open(port) for _each in range(connections)]
    left = iter(range(count))
    statuses: set[int] = set()

    async def one(line: Line) -> None:
        for _each in left:
            statuses.add((await line.send(request))[0])

    began = time.monotonic()
    await asyncio.gather(*(one(line) for line in lines))
    seconds = time.monotonic() - began
    for line in lines:
        line.close()
    return {"seconds": seconds, "statuses": sorted(statuses)}


async def posted(
    port: int, writers: list[dict[str, str]], paths: list[str], text: str, seconds: float, run: str
) -> dict[str, Any]:
    """Post for some time, one connection for each writer, each sending its next after the last."""
    until = time.monotonic() + seconds
    waits: list[float] = []
    acknowledged: list[str] = []
    statuses: set[int] = set()

    async def one(at: int, writer: dict[str, str], path: str) -> None:
        line = await Line.open(port)
        browser = Browser(port, writer["token"])
        count = 0
        while time.monotonic() < until:
            key = f"{run}-{at}-{count}"
            fields = {"csrf": writer["csrf"], "body": f"{text} {key}", "request_key": key}
            began = time.monotonic()
            status, _head, _body = await line.send(browser.post(path, fields))
            waits.append(time.monotonic() - began)
            statuses.add(status)
            if status == 201:
                acknowledged.append(key)
            count += 1
        line.close()

    began = time.monotonic()
    pairs = zip(writers, cycle(paths))
    await asyncio.gather(*(one(at, *pair) for at, pair in enumerate(pairs)))
    return {
        "seconds": time.monotonic() - began,
        "waits": waits,
        "acknowledged": acknowledged,
        "statuses": sorted(statuses),
    }


async def probed(port: int, path: str, seconds: float, every: float) -> list[float]:
    """Ask for something small again and again, and give how long each answer took."""
    line = await Line.open(port)
    request, waits = Browser(port).get(path), []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        await line.send(request)
        waits.append(time.monotonic() - began)
        await asyncio.sleep(every)
    line.close()
    return waits


async def main() -> None:
    """Do what is asked, line by line."""
    reader = asyncio.StreamReader(limit=2**22)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    verbs = {"repeated": repeated, "posted": posted, "probed": probed}
    while line := await reader.readline():
        asked = json.loads(line)
        verb = verbs[asked.pop("do")]
        if "request" in asked:
            asked["request"] = asked["request"].encode()
        print(json.dumps(await verb(**asked)), flush=True)  # type: ignore[operator]  # noqa: T201


if __name__ == "__main__":
    uvloop.run(main())
