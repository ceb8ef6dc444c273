"""Finding the session of an address, for its pages: asked for permission, with its way up."""

from dataclasses import dataclass

from starlette.requests import Request

from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_of, session_target, session_url
from participa.accounts.guard import require
from participa.accounts.permissions import Action
from participa.deliberation.pages import crumbs
from participa.entities.models import Office
from participa.i18n import Text, _
from participa.web.context import context


@dataclass(frozen=True, slots=True)
class Found:
    """A session with the addresses around it."""

    session: AccountabilitySession

    @property
    def url(self) -> str:
        """The page for everybody."""
        return session_url(self.session.id)

    @property
    def desk_url(self) -> str:
        """The page of those who hold it."""
        return manage_url(self.session.id)

    @property
    def crumbs(self) -> list[tuple[str, str | Text]]:
        """The way up from a page about it."""
        return [*crumbs(self.session.process), (self.url, self.session.title)]

    @property
    def staff_crumbs(self) -> list[tuple[str, str | Text]]:
        """The way up from a page of those who hold it."""
        return [("/gestion", _("Gestión")), (self.desk_url, self.session.title)]


def manage_url(session_id: int) -> str:
    """Give the page on which officials prepare a session."""
    return f"/gestion/audiencias/{session_id}"


async def found_session(request: Request, action: Action) -> Found:
    """Find the session in the address, asking permission. Refuses with NotFound."""
    session = await session_of(context(request).entity.id, request.path_params["id"])
    require(request, action, session_target(session))
    return Found(session)


async def offices_of(entity_id: int) -> list[Office]:
    """List the offices of an entity by name."""
    return await Office.of(entity_id).order_by("name")
