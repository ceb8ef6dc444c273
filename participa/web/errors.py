"""Error pages: what happened and what can be done, never how it broke inside (T29)."""

import html
import logging
import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from participa.i18n import Text, _
from participa.web.context import has_context
from participa.web.navigation import safe_path, sign_in_url, with_query
from participa.web.refusals import (
    BadInput,
    NotFound,
    Refusal,
    SignInNeeded,
    TooLarge,
    TooMany,
)
from participa.web.scripts import json_answer, wants_json
from participa.web.templating import render

_log = logging.getLogger("participa.errors")


class Broken(Refusal):
    """Something failed on our side; the number finds it in the log."""

    status = 500
    title = _("Algo falló de nuestro lado")

    def __init__(self, incident: str) -> None:
        self.incident = incident
        super().__init__(
            advice=_(
                "Lo que no quedó confirmado no se guardó. Inténtelo otra vez; si vuelve a "
                "pasar, avise con este número: {incident}.",
                incident=incident,
            )
        )


class MethodRefused(Refusal):
    """The page exists, but not for this."""

    status = 405
    title = _("Esta página no acepta eso")


async def refusal_page(request: Request, refusal: Exception) -> Response:
    """Turn a refusal into a page with its status; who must sign in is taken to do so."""
    if not isinstance(refusal, Refusal):
        raise refusal
    if isinstance(refusal, SignInNeeded) and request.method in {"GET", "HEAD"}:
        return RedirectResponse(sign_in_url(request), status_code=303)
    if isinstance(refusal, SignInNeeded) and wants_json(request):
        back = safe_path(_typed(request, "next"))
        return json_answer(request, {"to": with_query("/ingresar", next=back)})
    headers = {}
    if isinstance(refusal, TooMany):
        headers["Retry-After"] = str(refusal.wait_seconds)
    return error_page(request, refusal, headers)


def error_page(
    request: Request, refusal: Refusal, headers: dict[str, str] | None = None
) -> Response:
    """Render the page of a refusal, or a bare one when not even the entity is known."""
    if not has_context(request):
        return bare_page(refusal.status, refusal.title, refusal.advice)
    if wants_json(request):
        words = {"title": refusal.title, "advice": refusal.advice}
        return json_answer(request, words, status=refusal.status, headers=headers)
    return render(
        request,
        "web/error.html",
        status=refusal.status,
        headers=headers,
        error={
            "status": refusal.status,
            "title": refusal.title,
            "message": refusal.advice,
            "links": _ways_on(refusal),
            "typed": _typed(request, "body"),
            "reference": refusal.incident if isinstance(refusal, Broken) else "",
        },
    )


def _ways_on(refusal: Refusal) -> list[tuple[str, Text]]:
    links = [("/", _("Ver qué está abierto hoy"))]
    if isinstance(refusal, SignInNeeded):
        links.insert(0, ("/ingresar", _("Entrar con mi cuenta")))
        links.insert(1, ("/registro", _("Registrarme")))
    return links


def _typed(request: Request, field: str) -> str:
    """Give what the reader had written, so that a refusal never loses it."""
    data = getattr(request.state, "form", None)
    text = data.get(field, "") if data is not None else ""
    return text if isinstance(text, str) else ""


def bare_page(status: int, title: Text, advice: Text) -> HTMLResponse:
    """Make a page that needs neither entity nor template."""
    heading, words = html.escape(str(title)), html.escape(str(advice))
    head = f'<!doctype html><html lang="es"><meta charset="utf-8"><title>{heading}</title>'
    body = f"{head}<h1>{heading}</h1><p>{words}</p></html>"
    return HTMLResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


async def http_exception_page(request: Request, error: Exception) -> Response:
    """Turn the framework's own refusals (unknown path, method, size) into our pages."""
    if not isinstance(error, HTTPException):
        raise error
    refusal: Refusal
    if error.status_code == 404:
        refusal = NotFound()
    elif error.status_code == 405:
        refusal = MethodRefused()
    elif error.status_code == 413:
        refusal = TooLarge()
    else:
        refusal = BadInput()
    return error_page(request, refusal, dict(error.headers or {}))


async def broken_page(request: Request, error: Exception) -> Response:
    """Answer for whatever escaped: an incident number for the reader, a line in the log for us."""
    incident = secrets.token_hex(4)
    _log.error("incident %s: %s %s", incident, request.method, request.url.path, exc_info=error)
    broken = Broken(incident)
    try:
        return error_page(request, broken)
    except Exception:
        _log.exception("incident %s: its page could not be made either", incident)
        return bare_page(500, broken.title, broken.advice)
