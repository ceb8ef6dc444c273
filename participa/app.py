"""The composition root: settings and features become one ASGI application."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from participa.accountability import feature as accountability
from participa.accountability.hearing import live as hearing_live
from participa.accounts import feature as accounts
from participa.accounts.guard import page
from participa.accounts.middleware import Contexts, RequestContext
from participa.accounts.permissions import Action
from participa.answers import feature as answers
from participa.channels import feature as channels
from participa.commitments import feature as commitments
from participa.consultations import feature as consultations
from participa.consultations.rules import PROPOSAL_KIND
from participa.db import connected
from participa.deliberation import feature as deliberation
from participa.deliberation.reading import KeptPages, ThreadPages
from participa.deliberation.room import ThreadRoom
from participa.entities.queries import EntityDirectory
from participa.facilitation import feature as facilitation
from participa.features import Feature, Features
from participa.files import feature as files
from participa.forums import feature as forums
from participa.i18n import _
from participa.insights import feature as insights
from participa.jobs import worker_loop
from participa.mail import mailer_for
from participa.menu import feature as menu
from participa.moderation import feature as moderation
from participa.notifications import feature as notifications
from participa.opendata import feature as opendata
from participa.opinion import feature as opinion
from participa.opinion import live as opinion_live
from participa.petitions import feature as petitions
from participa.petitions.queries import calendar_of
from participa.portal import feature as portal
from participa.realtime import MemoryHub, RedisHub, use_hub
from participa.realtime.socket import ROOM
from participa.realtime.stopping import stop
from participa.security.headers import SecurityHeaders
from participa.security.limits import Limiter, MemoryLimiter, RedisLimiter
from participa.settings import PACKAGE, Settings, load_settings, templates_dir
from participa.surveys import feature as surveys
from participa.territory import feature as territory
from participa.web.encoding import PACKED, Compressed
from participa.web.errors import broken_page, http_exception_page, refusal_page
from participa.web.refusals import Refusal
from participa.web.static import StaticFolder
from participa.web.templating import NavItem, Pages

PLACES = ("/procesos", "/foros", "/hilos", "/apartados", "/propuestas", "/encuestas", "/opiniones")
NAV = (
    NavItem("/", _("Participe"), PLACES),
    NavItem("/informes", _("Resultados"), ("/informes",)),
    NavItem(
        "/rendicion-de-cuentas",
        _("Rendición de cuentas"),
        ("/rendicion-de-cuentas", "/compromisos"),
    ),
    NavItem("/peticiones", _("Peticiones"), ("/peticiones",)),
)


def now() -> datetime:
    """Give the time; tests hand in another clock."""
    return datetime.now(UTC)


def features(settings: Settings) -> Features:
    """List everything this application offers: the one place where features are named."""
    reports = insights.feature(settings)
    proposals = consultations.FEATURE.thread_kinds[PROPOSAL_KIND]
    promises = commitments.feature(proposals.cosigners)
    hearings = accountability.feature(settings, calendar_of)
    manifests: tuple[Feature, ...] = (
        # First, because routes are tried in order and most requests are for threads.
        deliberation.FEATURE,
        accounts.feature(mailer_for(settings)),
        files.feature(settings),
        moderation.FEATURE,
        facilitation.FEATURE,
        notifications.feature(
            mailer_for(settings),
            reports.results_since,
            answers.FEATURE.answers_of,
            {**consultations.FEATURE.tellings, **promises.tellings, **hearings.tellings},
            proposals.cosigners,
        ),
        reports,
        opendata.FEATURE,
        territory.FEATURE,
        answers.FEATURE,
        promises,
        forums.FEATURE,
        consultations.FEATURE,
        surveys.feature(settings),
        opinion.feature(settings),
        hearings,
        petitions.feature(mailer_for(settings)),
        channels.FEATURE,
        menu.FEATURE,
        portal.FEATURE,
    )
    return Features(manifests)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] = now,
    limiter: Limiter | None = None,
) -> ASGIApp:
    """Build the application."""
    settings = settings or load_settings()
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    offered = features(settings)
    static = StaticFolder(PACKAGE / "web" / "static")
    pages = Pages(templates_dir(), static, NAV)
    kept = ThreadPages(pages)
    limiter = limiter or (RedisLimiter(redis) if redis is not None else MemoryLimiter())
    contexts = Contexts(settings, limiter, EntityDirectory(), clock)
    rounds = opinion_live.watched(pages, clock)
    hearings = hearing_live.watched(pages, clock)
    watched = (rounds, hearings)
    room = ThreadRoom(contexts, kept, offered, clock, settings.max_watchers, watched)
    app = Starlette(
        routes=[*offered.routes, *_static_routes(static)],
        middleware=_middleware(contexts, kept),
        exception_handlers={
            Refusal: refusal_page,
            HTTPException: http_exception_page,
            Exception: broken_page,
        },
        lifespan=_lifespan(settings, redis, offered, clock, room),
    )
    app.state.pages = pages
    app.state.threads = kept
    app.state.room = room
    app.state.features = offered
    app.state.settings = settings
    return SecurityHeaders(app, https=settings.https)


def _static_routes(static: StaticFolder) -> list[BaseRoute]:
    return [
        page("/static/{path:path}", static.serve, action=Action.SEE_SITE, on_entity=True),
        page("/sw.js", static.serve_worker, action=Action.SEE_SITE, on_entity=True),
    ]


def _middleware(contexts: Contexts, kept: ThreadPages) -> list[Middleware]:
    return [
        Middleware(RequestContext, contexts=contexts),
        Middleware(KeptPages, kept=kept),
        # What comes from further out is compressed already, or not at all.
        Middleware(Compressed, minimum_size=1000, compresslevel=5, exclude_content_types=PACKED),
    ]


def _lifespan(
    settings: Settings,
    redis: "Redis | None",
    offered: Features,
    clock: Callable[[], datetime],
    room: ThreadRoom,
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[dict[str, object]]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[dict[str, object]]:
        async with connected(settings), contextlib.AsyncExitStack() as stack:
            tasks: list[asyncio.Task[None]] = []
            if redis is None:
                use_hub(MemoryHub())
            else:
                stack.push_async_callback(redis.aclose)
                hub = RedisHub(redis)
                use_hub(hub)
                tasks += [asyncio.create_task(hub.listen()), asyncio.create_task(hub.talk())]
            if settings.embedded_worker:
                tasks.append(asyncio.create_task(_worker(offered, clock)))
            await stack.enter_async_context(room.open())
            _calm_collector()
            try:
                yield {ROOM: room}
            finally:
                await stop(tasks)

    return lifespan


def _calm_collector() -> None:
    """Keep what was loaded at start out of the collector's way, and let it come less often.

    With 10,000 open pages a full collection stops the loop for tens of milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def _worker(offered: Features, clock: Callable[[], datetime]) -> None:
    await worker_loop(offered.jobs, every=offered.recurring, clock=clock)
