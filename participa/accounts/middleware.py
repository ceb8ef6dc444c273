"""Before any endpoint: which entity, who acts, in which language, from our own page or not."""

import ipaddress
from collections.abc import Callable
from datetime import datetime

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from participa.accounts.permissions import Actor
from participa.accounts.sessions import find_actor
from participa.entities.models import Entity
from participa.entities.queries import EntityDirectory, host_name
from participa.i18n import _, known_locale
from participa.security.limits import Limiter
from participa.security.origin import SAFE_METHODS, same_origin
from participa.security.tokens import token_hash
from participa.settings import Settings
from participa.web.context import PageContext
from participa.web.errors import bare_page, refusal_page
from participa.web.refusals import ForgedRequest

LOCALE_COOKIE = "idioma"
NEWS = "/novedades"


def session_cookie(settings: Settings) -> str:
    """Name the sign-in cookie; the `__Host-` prefix needs https."""
    return "__Host-participa" if settings.https else "participa"


class Contexts:
    """Says of each connection which entity it is for, who acts and in which language."""

    def __init__(
        self,
        settings: Settings,
        limiter: Limiter,
        directory: EntityDirectory,
        clock: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.limiter = limiter
        self.directory = directory
        self.clock = clock
        self.proxies = frozenset(filter(None, settings.trusted_proxies.replace(" ", "").split(",")))

    async def of(self, connection: HTTPConnection, *, is_active: bool = True) -> PageContext | None:
        """Give the context of a connection; None for an unknown host (T17)."""
        entity = await self.directory.by_host(host_name(connection.headers.get("host", "")))
        return None if entity is None else await self._context(connection, entity, is_active)

    async def _context(
        self, connection: HTTPConnection, entity: Entity, is_active: bool
    ) -> PageContext:
        now, cookies = self.clock(), connection.cookies
        token = cookies.get(session_cookie(self.settings), "")
        actor = None
        if token:
            actor = await find_actor(entity.id, token, now, is_active=is_active)
        wanted = cookies.get(LOCALE_COOKIE)
        if connection.scope.get("query_string"):
            wanted = connection.query_params.get("idioma") or wanted
        return PageContext(
            settings=self.settings,
            limiter=self.limiter,
            entity=entity,
            actor=actor or Actor(entity_id=entity.id),
            locale=known_locale(wanted, entity.locale),
            now=now,
            address=self._address(connection),
            session_hash=token_hash(token) if actor else None,
        )

    def _address(self, connection: HTTPConnection) -> str:
        """Give the reader's address, through our own proxies and no others (T16)."""
        peer = connection.client.host if connection.client else ""
        if peer not in self.proxies:
            return peer
        for hop in reversed(connection.headers.get("x-forwarded-for", "").split(",")):
            if _is_address(hop.strip()) and hop.strip() not in self.proxies:
                return hop.strip()
        return peer


class RequestContext:
    """Puts a PageContext on every request, or answers 400 for an unknown host (T17)."""

    def __init__(self, app: ASGIApp, *, contexts: Contexts) -> None:
        self.app = app
        self.contexts = contexts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find entity and actor, refuse forged requests, pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        # A page that asks for news by itself does nothing: a sign-in's idle time runs on.
        is_active = not scope["path"].endswith(NEWS)
        found = await self.contexts.of(connection, is_active=is_active)
        if found is None:
            await _unknown_host(scope, receive, send)
            return
        connection.state.context = found
        if _is_forged(scope, connection.headers):
            response = await refusal_page(Request(scope, receive), ForgedRequest())
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_forged(scope: Scope, headers: Headers) -> bool:
    return scope["method"] not in SAFE_METHODS and not same_origin(headers, headers.get("host", ""))


async def _unknown_host(scope: Scope, receive: Receive, send: Send) -> None:
    response = bare_page(
        400,
        _("Esta dirección no es de ninguna entidad"),
        _("Si administra este servidor, cree la entidad con «participa create-entity»."),
    )
    await response(scope, receive, send)
