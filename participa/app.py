"""The composition root: settings and features become one ASGI application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from participa.accountability import feature as accountability
from participa.accounts import feature as accounts
from participa.accounts.guard import page
from participa.accounts.middleware import RequestContext
from participa.accounts.permissions import Action
from participa.consultations import feature as consultations
from participa.db import connected
from participa.deliberation import feature as deliberation
from participa.entities.queries import EntityDirectory
from participa.features import Feature, Features
from participa.forums import feature as forums
from participa.i18n import _
from participa.insights import feature as insights
from participa.jobs import worker_loop
from participa.mail import mailer_for
from participa.moderation import feature as moderation
from participa.notifications import feature as notifications
from participa.opendata import feature as opendata
from participa.petitions import feature as petitions
from participa.portal import feature as portal
from participa.realtime import MemoryHub, RedisHub, use_hub
from participa.security.headers import SecurityHeaders
from participa.security.limits import Limiter, MemoryLimiter, RedisLimiter
from participa.settings import PACKAGE, Settings, load_settings, templates_dir
from participa.surveys import feature as surveys
from participa.web.errors import broken_page, http_exception_page, refusal_page
from participa.web.refusals import Refusal
from participa.web.static import StaticFolder
from participa.web.templating import NavItem, Pages

PLACES = ("/procesos", "/foros", "/hilos", "/apartados", "/propuestas", "/encuestas")
NAV = (
    NavItem("/", _("Participe"), PLACES),
    NavItem("/informes", _("Resultados"), ("/informes",)),
    NavItem("/rendicion-de-cuentas", _("Rendición de cuentas"), ("/rendicion-de-cuentas",)),
    NavItem("/peticiones", _("Peticiones"), ("/peticiones",)),
)


def now() -> datetime:
    """Give the time; tests hand in another clock."""
    return datetime.now(UTC)


def features(settings: Settings) -> Features:
    """List everything this application offers: the one place where features are named."""
    reports = insights.feature(settings)
    manifests: tuple[Feature, ...] = (
        accounts.feature(mailer_for(settings)),
        deliberation.FEATURE,
        moderation.FEATURE,
        notifications.feature(mailer_for(settings), reports.results_since),
        reports,
        opendata.FEATURE,
        forums.FEATURE,
        consultations.FEATURE,
        surveys.FEATURE,
        accountability.FEATURE,
        petitions.feature(mailer_for(settings)),
        portal.FEATURE,
    )
    return Features(manifests)


def create_app(settings: Settings | None = None, *, clock: Callable[[], datetime] = now) -> ASGIApp:
    """Build the application."""
    settings = settings or load_settings()
    redis = Redis.from_url(settings.redis_url) if settings.redis_url else None
    offered = features(settings)
    static = StaticFolder(PACKAGE / "web" / "static")
    app = Starlette(
        routes=[*offered.routes, _static_route(static)],
        middleware=_middleware(settings, redis, clock),
        exception_handlers={
            Refusal: refusal_page,
            HTTPException: http_exception_page,
            Exception: broken_page,
        },
        lifespan=_lifespan(settings, redis, offered, clock),
    )
    app.state.pages = Pages(templates_dir(), static, NAV)
    app.state.features = offered
    app.state.settings = settings
    return SecurityHeaders(app, https=settings.https)


def _static_route(static: StaticFolder) -> BaseRoute:
    return page("/static/{path:path}", static.serve, action=Action.SEE_SITE, on_entity=True)


def _middleware(
    settings: Settings, redis: "Redis | None", clock: Callable[[], datetime]
) -> list[Middleware]:
    limiter: Limiter = RedisLimiter(redis) if redis is not None else MemoryLimiter()
    return [
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        Middleware(
            RequestContext,
            settings=settings,
            limiter=limiter,
            directory=EntityDirectory(),
            clock=clock,
        ),
    ]


def _lifespan(
    settings: Settings,
    redis: "Redis | None",
    offered: Features,
    clock: Callable[[], datetime],
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with connected(settings), contextlib.AsyncExitStack() as stack:
            tasks: list[asyncio.Task[None]] = []
            if redis is None:
                use_hub(MemoryHub())
            else:
                stack.push_async_callback(redis.aclose)
                hub = RedisHub(redis)
                use_hub(hub)
                tasks.append(asyncio.create_task(hub.listen()))
            if settings.embedded_worker:
                tasks.append(asyncio.create_task(_worker(offered, clock)))
            try:
                yield
            finally:
                await _stopped(tasks)

    return lifespan


async def _worker(offered: Features, clock: Callable[[], datetime]) -> None:
    await worker_loop(offered.jobs, every=offered.recurring, clock=clock)


async def _stopped(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
