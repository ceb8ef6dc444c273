"""Answers to the scripts of our own pages: the same acts and refusals, as JSON."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from participa.i18n import LOCALES, Text
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
    body = _encoder(context(request).locale).encode(values)
    kept = {"Cache-Control": "no-store", "Vary": "Cookie, Accept, Accept-Encoding"}
    return Response(body, status, {**kept, **(headers or {})}, media_type=JSON)


@lru_cache(maxsize=len(LOCALES))
def _encoder(locale: str) -> json.JSONEncoder:
    """Make an encoder once for all answers of a language."""

    def written(value: object) -> object:
        if isinstance(value, Text):
            return value.render(locale)
        raise TypeError(f"not for JSON: {value!r}")

    return json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=written)
