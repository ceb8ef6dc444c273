"""Sessions as entries of anybody's calendar: one as a file, all as a feed."""

from collections.abc import Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from participa.accountability.hearing.finding import found_session
from participa.accountability.models import AccountabilitySession
from participa.accountability.queries import session_target, session_url
from participa.accounts.guard import entity_target, page, require
from participa.accounts.permissions import Action
from participa.i18n import _
from participa.kit.html import plain_text
from participa.kit.ical import CalendarEvent, calendar_file
from participa.web.context import context

FEED = "/rendicion-de-cuentas/calendario.ics"
MOST = 200
_PUBLIC = "public, max-age=300"


def calendar_event(session: AccountabilitySession, base_url: str) -> CalendarEvent:
    """Give a session as an entry; its `uid` stays when the session is moved."""
    host = base_url.split("://", 1)[-1]
    return CalendarEvent(
        uid=f"audiencia-{session.id}@{host}",
        title=session.title,
        starts_at=session.held_at,
        ends_at=session.held_at + timedelta(minutes=session.minutes),
        changed_at=session.announced_at or session.held_at,
        place=session.place,
        description=plain_text(session.summary_html),
        url=base_url + session_url(session.id),
        revision=session.edit_count,
    )


async def session_file(request: Request) -> Response:
    """Send one session as a file of a calendar."""
    found = await found_session(request, Action.READ)
    is_public = session_target(found.session).is_public
    return _answer(request, [found.session], f"audiencia-{found.session.id}", is_public=is_public)


async def session_feed(request: Request) -> Response:
    """Send every public session, to be subscribed to."""
    entity_id = context(request).entity.id
    require(request, Action.SEE_SITE, entity_target(request))
    rows = AccountabilitySession.of(entity_id).filter(process__is_published=True)
    return _answer(request, await rows.order_by("-held_at").limit(MOST), "audiencias")


def _answer(
    request: Request,
    sessions: Sequence[AccountabilitySession],
    name: str,
    *,
    is_public: bool = True,
) -> Response:
    ctx = context(request)
    events = [calendar_event(session, ctx.entity.base_url) for session in sessions]
    title = _("Rendición de cuentas de {entity}", entity=ctx.entity.short_name)
    return Response(
        calendar_file(title.render(ctx.locale), events),
        media_type="text/calendar; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.ics"',
            "Cache-Control": _PUBLIC if is_public else "private, no-store",
        },
    )


CALENDAR_ROUTES = [
    page(FEED, session_feed, action=Action.SEE_SITE),
    page("/rendicion-de-cuentas/{id:int}/audiencia.ics", session_file, action=Action.READ),
]
