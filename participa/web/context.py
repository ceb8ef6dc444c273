"""What every page knows about its request: the entity, the actor, the language, the hour."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import HTTPConnection

from participa.security.limits import Limit, Limiter, address_prefix
from participa.security.tokens import form_token
from participa.settings import Settings
from participa.web.refusals import TooMany


@dataclass(slots=True)
class PageContext:
    """The same for every endpoint. `entity` and `actor` are rows of higher floors."""

    settings: Settings
    limiter: Limiter
    entity: Any
    actor: Any
    locale: str
    now: datetime
    address: str
    session_hash: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The entity's time zone."""
        zone: ZoneInfo = self.entity.zone
        return zone

    def form_token(self) -> str:
        """Make the token of a form for the current sign-in; empty when nobody is signed in."""
        if self.session_hash is None:
            return ""
        return form_token(self.settings.secret, self.session_hash)

    async def limit(self, limit: Limit, key: str | None = None) -> None:
        """Count an act of this actor, or of the key given; refuse with TooMany."""
        person = self.actor.person_id
        who = key or (f"p{person}" if person is not None else address_prefix(self.address))
        wait = await self.limiter.wait(limit, f"{self.entity.id}:{who}")
        if wait:
            raise TooMany(wait)


def context(request: HTTPConnection) -> PageContext:
    """Give the request's context, put there before any endpoint runs."""
    # Past `request.state`, which makes an object for each new request around the same scope.
    found: PageContext = request.scope["state"]["context"]
    return found


def has_context(request: HTTPConnection) -> bool:
    """Whether the entity was found: before that, only a bare page can be shown."""
    return hasattr(request.state, "context")
