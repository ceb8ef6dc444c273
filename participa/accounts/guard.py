"""Routes that cannot forget permission: each declares its action, and must ask `can` for it.

A page that answered without asking is not sent: it fails closed.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from participa.accounts.permissions import Action, Actor, Target, can
from participa.security.limits import Limit
from participa.security.origin import SAFE_METHODS
from participa.security.tokens import form_token_fits
from participa.settings import Settings
from participa.web import addresses as _addresses  # noqa: F401 - routes below use its convertors
from participa.web.bodies import limited
from participa.web.context import context
from participa.web.forms import Form
from participa.web.refusals import BadInput, ForgedRequest, NotAllowed, NotFound, SignInNeeded

Endpoint = Callable[[Request], Awaitable[Response]]
BodyBytes = Callable[[Settings], int]
FIELD_BYTES = 256 * 1024
FORM_BYTES = 64 * 1024
MAX_FIELD_BYTES = 8 * 1024 * 1024
MAX_FIELDS = 200
_PLAIN = "application/x-www-form-urlencoded"
# No browser names another encoding than UTF-8; some of Python's make text that is none.
_CHARSET = re.compile(r'charset\*?\s*=\s*"?([^";\s]*)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route declares about itself, for the access matrix."""

    action: Action
    methods: tuple[str, ...]


class PermissionNotAsked(RuntimeError):
    """A page was about to be sent without the permission its route declares."""


def page(
    path: str,
    endpoint: Endpoint,
    *,
    action: Action,
    methods: Sequence[str] = ("GET",),
    limit: Limit | None = None,
    on_entity: bool = False,
    body_bytes: int | BodyBytes = FORM_BYTES,
    before: Callable[[Request], Awaitable[object]] | None = None,
) -> Route:
    """Declare a route.

    `on_entity` asks permission on the entity itself before the endpoint runs; otherwise the
    endpoint must `require` it on the object it found. `body_bytes` is the most a form may weigh
    with its files, or says so of the settings; a field of text may be a quarter of that, up to
    MAX_FIELD_BYTES. `before` may refuse before a body is taken that would fill the disk. Unsafe
    methods have their form read, its token checked and their `limit` counted first;
    `form(request)` gives it.
    """

    async def guarded(request: Request) -> Response:
        request.state.asked = set()
        if on_entity:
            require(request, action, entity_target(request))
        if request.method in SAFE_METHODS:
            response = await endpoint(request)
        else:
            whole = body_bytes
            if not isinstance(whole, int):
                whole = whole(context(request).settings)
            if before is not None:
                await before(request)
            most = min(max(FIELD_BYTES, whole // 4), MAX_FIELD_BYTES)
            response = await _with_form(limited(request, whole), endpoint, limit, most)
        if action not in request.state.asked:
            raise PermissionNotAsked(path)
        return response

    route = Route(path, guarded, methods=list(methods), name=endpoint.__name__)
    route.declaration = Declaration(action, tuple(methods))  # type: ignore[attr-defined]
    return route


async def _with_form(
    request: Request, endpoint: Endpoint, limit: Limit | None, field_bytes: int
) -> Response:
    kind, _semicolon, options = request.headers.get("content-type", "").partition(";")
    if kind not in {_PLAIN, "multipart/form-data"}:
        raise BadInput
    if not set(_CHARSET.findall(options)) <= {"utf-8", "UTF-8"}:
        raise BadInput
    if kind == _PLAIN:
        return await _with_data(request, _fields(await request.body()), endpoint, limit)
    parts = request.form(max_files=2, max_fields=MAX_FIELDS, max_part_size=field_bytes)
    async with parts as data:
        return await _with_data(request, data, endpoint, limit)


async def _with_data(
    request: Request, data: FormData, endpoint: Endpoint, limit: Limit | None
) -> Response:
    # First of all, so that whatever is refused below, the page can give the text back.
    request.state.form = data
    _check_token(request, data)
    if limit is not None:
        await context(request).limit(limit)
    return await endpoint(request)


def _fields(body: bytes) -> FormData:
    """Read the fields of a form without files. Refuses with BadInput what is none."""
    parts = body.replace(b"+", b" ").split(b"&")
    if len(parts) > MAX_FIELDS:
        raise BadInput
    pairs = [part.partition(b"=") for part in parts if part]
    return FormData([(_decoded(name), _decoded(value)) for name, _equals, value in pairs])


def _decoded(raw: bytes) -> str:
    # What is no UTF-8 is replaced, as the framework's own parser does.
    return (unquote_to_bytes(raw) if b"%" in raw else raw).decode("utf-8", "replace")


def _check_token(request: Request, data: FormData) -> None:
    page_context = context(request)
    if page_context.session_hash is None:
        return
    token = data.get("csrf", "")
    secret = page_context.settings.secret
    if not isinstance(token, str) or not form_token_fits(secret, page_context.session_hash, token):
        raise ForgedRequest


def form(request: Request) -> FormData:
    """Give the form that came with an unsafe request, its token already checked."""
    data: FormData = request.state.form
    return data


def actor_of(request: Request) -> Actor:
    """Give who acts."""
    actor: Actor = context(request).actor
    return actor


def entity_target(request: Request) -> Target:
    """Give the entity itself as what is acted upon."""
    return Target(entity_id=context(request).entity.id)


def require(request: Request, action: Action, target: Target) -> None:
    """Ask permission and refuse in the right words.

    What is hidden sounds as if it were not there (404); who is nobody yet may sign in (401).
    """
    request.state.asked.add(action)
    actor = actor_of(request)
    if can(actor, action, target):
        return
    refuse(actor, target)


def require_bare(request: Request) -> None:
    """Refuse with BadInput a form that brings more than its button (T21)."""
    Form(form(request))


def needs_less(request: Request, action: Action) -> None:
    """Say that the declared action is not done after all, so its permission is not needed.

    For the way that keeps a visitor's draft, or shows a form again with its mistakes.
    """
    request.state.asked.add(action)


def refuse(actor: Actor, target: Target) -> None:
    """Raise the refusal that fits an actor who may not."""
    if not can(actor, Action.READ, target):
        raise NotFound
    if actor.is_anonymous:
        raise SignInNeeded
    raise NotAllowed
