"""Where an unsafe request comes from: only our own pages may send one (T09)."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def same_origin(headers: Headers, host: str) -> bool:
    """Whether the browser says that the request came from a page of this host.

    Browsers send Origin with every unsafe request, newer ones Sec-Fetch-Site too; the oldest
    at least a Referer. A request that carries none of them is refused.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is not None:
        return _host_of(origin) == host
    if site is not None:
        return True
    return _host_of(headers.get("referer", "")) == host


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None
