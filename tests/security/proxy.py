"""A small shared cache, as stands between a town and its readers: it keeps whatever it may."""

import gzip
from dataclasses import dataclass, field

import httpx2

from tests.visitors import Visitor

# What HTTP lets a cache keep without being told to (RFC 9110, 15.1).
_KEPT_STATUS = frozenset({200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as bytes on the line; `source` is "origin", "kept" or "checked"."""

    status: int
    headers: httpx2.Headers
    raw: bytes
    source: str = "origin"

    @property
    def text(self) -> str:
        """The words, unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.raw) if packed else self.raw).decode("utf-8", "replace")

    @property
    def rules(self) -> set[str]:
        """The parts of its Cache-Control."""
        return set(self.headers.get("cache-control", "").replace(" ", "").split(","))

    @property
    def vary(self) -> list[str]:
        """The request headers it depends on, in small letters."""
        return [each.strip().lower() for each in self.headers.get("vary", "").split(",") if each]


@dataclass
class Proxy:
    """The cache of a whole town. A careless one does not mind on which cookie a page depends."""

    is_careless: bool = False
    kept: dict[str, list[tuple[dict[str, str], Answer]]] = field(default_factory=dict)

    async def get(
        self, who: Visitor, path: str, encoding: str = "gzip", known: str | None = None
    ) -> Answer:
        """Open a page through the cache."""
        headers = {"Accept-Encoding": encoding}
        if known is not None:
            headers["If-None-Match"] = known
        request = who.client.build_request("GET", path, headers=headers)
        address = str(request.url)
        found = self._found(address, request.headers)
        if found is not None and not found.rules & {"no-cache", "max-age=0"}:
            return Answer(found.status, found.headers, found.raw, "kept")
        if found is not None and "etag" in found.headers and known is None:
            request.headers["If-None-Match"] = found.headers["etag"]
        answer = await _sent(who, request)
        if answer.status == 304 and found is not None and known is None:
            return Answer(found.status, found.headers, found.raw, "checked")
        self._keep(address, request.headers, answer)
        return answer

    def _names(self, answer: Answer) -> list[str]:
        return [name for name in answer.vary if not (self.is_careless and name == "cookie")]

    def _found(self, address: str, headers: httpx2.Headers) -> Answer | None:
        for wanted, answer in reversed(self.kept.get(address, [])):
            if all(headers.get(name, "") == value for name, value in wanted.items()):
                return answer
        return None

    def _keep(self, address: str, headers: httpx2.Headers, answer: Answer) -> None:
        if answer.status not in _KEPT_STATUS or answer.rules & {"no-store", "private"}:
            return
        if "*" in answer.vary:
            return
        wanted = {name: headers.get(name, "") for name in self._names(answer)}
        self.kept.setdefault(address, []).append((wanted, answer))

    @property
    def everything(self) -> list[Answer]:
        """Whatever it keeps of anybody."""
        return [answer for answers in self.kept.values() for _wanted, answer in answers]


async def _sent(who: Visitor, request: httpx2.Request) -> Answer:
    response = await who.client.send(request, stream=True)
    raw = b"".join([piece async for piece in response.aiter_raw()])
    await response.aclose()
    return Answer(response.status_code, response.headers, raw)
