"""Readers on bad lines: they fall off, come back with their number, and remember everything."""

import asyncio
import contextlib
import json
import random
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import httpx2
import websockets
from websockets.asyncio.client import connect

from participa.deliberation.live import MOST_MISSED
from tests.faults.houses import Web
from tests.people import HOST

Heard = tuple[int, str, str]
_AFTER = re.compile(r'data-after="(\d+)"')


class TooFarBehind(Exception):
    """The page is to be read again."""


@dataclass
class Reader:
    """An open page: where it stands, and each event it was told."""

    thread_id: int
    webs: Sequence[Web]
    chance: random.Random
    number: int = 1
    heard: list[Heard] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    falls: int = 0
    # From and up to which number it was too far behind and read the page again.
    reloads: list[tuple[int, int]] = field(default_factory=list)
    # Seconds until it falls off, on average; none for a good line.
    falls_every: float | None = 1.0

    def take(self, message: dict[str, object]) -> None:
        """Note an event, and whatever a page should never be told."""
        if message["t"] == "reload":
            raise TooFarBehind
        if message["t"] == "event":
            number = message["n"]
            assert isinstance(number, int)
            if number != self.number + 1:
                self.wrong.append(f"{number} after {self.number}")
            self.number = number
            self.heard.append((number, str(message["k"]), str(message["id"])))

    async def reload(self) -> None:
        """Read the page again: its number joins the stream where the page stands."""
        web = self.chance.choice(self.webs)
        with contextlib.suppress(httpx2.HTTPError):
            async with httpx2.AsyncClient(headers={"Host": HOST}, timeout=5) as client:
                page = await client.get(f"http://127.0.0.1:{web.port}/hilos/{self.thread_id}")
            found = _AFTER.search(page.text)
            assert found is not None
            self.reloads.append((self.number, int(found[1])))
            self.number = int(found[1])

    async def read(self) -> None:
        """Read and fall off and come back, until cancelled."""
        while True:
            try:
                await self.listen()
            except TooFarBehind:
                await self.reload()

    async def listen(self) -> None:
        """Listen, fall off and come back until too far behind."""
        while True:
            web = self.chance.choice(self.webs)
            with contextlib.suppress(OSError, websockets.WebSocketException, TimeoutError):
                async with self._connected(web) as channel:
                    span = (
                        self.chance.expovariate(1 / self.falls_every) if self.falls_every else None
                    )
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(span):
                            async for said in channel:
                                self.take(json.loads(said))
                    self.falls += 1
                    if self.chance.random() < 0.5:
                        # As a line that is cut: no goodbye, what was on its way is lost.
                        channel.transport.abort()
            await asyncio.sleep(self.chance.random() * 0.2)

    def _connected(self, web: Web) -> connect:
        return connect(
            f"ws://{HOST}/en-vivo/hilos/{self.thread_id}?despues={self.number}&estado=open",
            host="127.0.0.1", port=web.port, origin=f"http://{HOST}",  # type: ignore[arg-type]
            proxy=None, open_timeout=5, close_timeout=1, ping_interval=None, compression=None,
        )  # fmt: skip


class Asker(Reader):
    """A page whose sockets are blocked: it asks again and again."""

    async def listen(self) -> None:
        """Ask one process and then another until too far behind."""
        async with httpx2.AsyncClient(headers={"Host": HOST}, timeout=5) as client:
            while True:
                web = self.chance.choice(self.webs)
                at = f"http://127.0.0.1:{web.port}/hilos/{self.thread_id}/novedades"
                with contextlib.suppress(httpx2.HTTPError):
                    answer = await client.get(at, params={"despues": self.number, "estado": "open"})
                    if answer.status_code == 200:
                        for message in answer.json()["messages"]:
                            self.take(message)
                        # One process may not know yet what another one told.
                        self.number = max(self.number, answer.json()["n"])
                await asyncio.sleep(0.05 + self.chance.random() * 0.1)


@contextlib.asynccontextmanager
async def reading(readers: Sequence[Reader]) -> AsyncIterator[None]:
    """Let them read until the end of the block."""
    tasks = [asyncio.create_task(each.read()) for each in readers]
    try:
        yield
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def all_at(readers: Sequence[Reader], number: int, seconds: float) -> float:
    """Wait until everybody was told up to a number; give how long that took."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while any(each.number < number for each in readers):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    return loop.time() - started


def check(readers: Sequence[Reader], table: Sequence[Heard], after: int = 1) -> None:
    """Compare what each was told with the table: nothing lost, doubled or out of order."""
    assert [row[0] for row in table] == list(range(1, len(table) + 1))
    for at, each in enumerate(readers):
        assert each.wrong == [], f"reader {at}: {each.wrong[:5]}"
        assert all(upto - number > MOST_MISSED for number, upto in each.reloads), each.reloads
        read = {n for number, upto in each.reloads for n in range(number + 1, upto + 1)}
        wanted = [row for row in table if row[0] > after and row[0] not in read]
        assert len(each.heard) == len(wanted), f"reader {at}: {len(each.heard)} of {len(wanted)}"
        assert each.heard == wanted, f"reader {at}"
