"""Where to go next: redirects that never leave this site, and pages cut by cursor."""

from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse


def safe_path(wanted: str | None, default: str = "/") -> str:
    """Give a path of this site, or the default: no open redirect (T05)."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in {"/", "\\"}:
        return default
    if any(ord(ch) < 33 or ch == "\\" for ch in wanted):
        return default
    return wanted


def sign_in_url(request: Request) -> str:
    """Give the address of the sign-in page that comes back here."""
    here = request.url.path
    if request.url.query:
        here += f"?{request.url.query}"
    return f"/ingresar?next={quote(here, safe='/')}"


def with_query(path: str, **values: str | int | None) -> str:
    """Set what is given in an address's query, before its fragment; the rest of it stays."""
    rest, _, fragment = path.partition("#")
    base, _, query = rest.partition("?")
    kept = dict(parse_qsl(query, keep_blank_values=True))
    kept |= {name: str(value) for name, value in values.items() if value is not None}
    full = f"{base}?{urlencode(kept)}" if kept else base
    return f"{full}#{fragment}" if fragment else full


def see(path: str) -> RedirectResponse:
    """Answer a form with the page where its result stands."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
