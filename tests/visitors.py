"""Visitors of the application under test: they keep cookies and send forms as browsers do."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2
from starlette.types import ASGIApp

from participa.accounts.middleware import session_cookie
from participa.accounts.models import Person
from participa.accounts.permissions import Actor
from participa.accounts.sessions import open_session
from participa.security.limits import Limit
from participa.security.tokens import form_token, token_hash
from participa.settings import Settings
from tests.conftest import Clock
from tests.people import HOST


class Unlimited:
    """A limiter that never refuses, where limits are not what is tried."""

    async def wait(self, limit: Limit, key: str) -> int:  # noqa: ARG002 - the contract
        """Let everybody through."""
        return 0


@dataclass
class Web:
    """The application with its settings and clock, and a way to visit it."""

    app: ASGIApp
    settings: Settings
    clock: Clock
    clients: list[httpx2.AsyncClient] = field(default_factory=list)

    async def visit(self, actor: Actor | None = None, host: str = HOST) -> "Visitor":
        """Give a visitor, signed in as the actor given."""
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url=f"http://{host}",
            follow_redirects=False,
        )
        self.clients.append(client)
        token = ""
        if actor is not None and not actor.is_anonymous:
            person = await Person.of(actor.entity_id).get(id=actor.person_id)
            token = await open_session(person, self.clock())
            client.cookies.set(session_cookie(self.settings), token, domain=host)
        return Visitor(client, self.settings, token, host)

    async def close(self) -> None:
        """Close every visitor's connection."""
        for client in self.clients:
            await client.aclose()


@dataclass
class Visitor:
    """Somebody at a browser."""

    client: httpx2.AsyncClient
    settings: Settings
    token: str
    host: str

    async def get(self, path: str, **options: object) -> httpx2.Response:
        """Open a page."""
        return await self.client.get(path, **options)  # type: ignore[arg-type]

    async def post(
        self, path: str, data: dict[str, str] | None = None, **options: object
    ) -> httpx2.Response:
        """Send a form from our own page, with its token."""
        values = dict(data or {})
        if self.token:
            values.setdefault("csrf", form_token(self.settings.secret, token_hash(self.token)))
        headers = {"Origin": f"http://{self.host}", "Content-Type": _FORM}
        if "files" in options:
            headers.pop("Content-Type")
        headers |= dict(options.pop("headers", None) or {})  # type: ignore[call-overload]
        return await self.client.post(path, data=values, headers=headers, **options)  # type: ignore[arg-type]

    async def follow(self, response: httpx2.Response) -> httpx2.Response:
        """Go where a redirect leads."""
        assert response.is_redirect, response.text
        return await self.get(response.headers["location"])


_FORM = "application/x-www-form-urlencoded"


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page_text(response: httpx2.Response) -> str:
    """Give what a page says, without its tags."""
    parser = _Words()
    parser.feed(response.text)
    return re.sub(r"\s+", " ", " ".join(parser.words))
