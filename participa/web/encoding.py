"""Which answers are compressed, and whether a reader takes them so."""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.types import Receive, Scope, Send

from participa.web.scripts import JSON

# Compressed already, by who made it.
PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf")
_GZIP = re.compile(r"\b(?:gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+))?", re.IGNORECASE)


def takes_gzip(headers: Headers) -> bool:
    """Read Accept-Encoding (RFC 9110, section 12.5.3): named, and not with a weight of nought."""
    wanted = headers.get("accept-encoding", "")
    if wanted == "":
        return False
    found = _GZIP.search(wanted)
    return found is not None and (found[1] is None or float(found[1] or 0) > 0)


class Compressed(GZipMiddleware):
    """Compresses pages; what an act answers a script is some hundred bytes, and goes as it is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and compress its answer."""
        is_act = scope["type"] == "http" and scope["method"] == "POST"
        if is_act and Headers(scope=scope).get("accept", "").startswith(JSON):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)
