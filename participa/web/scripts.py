"""Answers to the scripts of our own pages: the same acts and refusals, as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.i18n import Text
from participa.web.context import context

JSON = "application/json"


def wants_json(request: Request) -> bool:
    """Whether a script of the page asks, and not the page itself."""
    return request.headers.get("accept", "").startswith(JSON)


def json_answer(
    request: Request,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a script, texts in the reader's language; never stored on the way (T19)."""
    locale = context(request).locale

    def written(value: object) -> object:
        if isinstance(value, Text):
            return value.render(locale)
        raise TypeError(f"not for JSON: {value!r}")

    body = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=written)
    kept = {"Cache-Control": "no-store", "Vary": "Cookie, Accept, Accept-Encoding"}
    return Response(body, status, {**kept, **(headers or {})}, media_type=JSON)
