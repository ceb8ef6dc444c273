"""Whether a reader takes compressed answers."""

import re

from starlette.datastructures import Headers

_GZIP = re.compile(r"\b(?:gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+))?", re.IGNORECASE)


def takes_gzip(headers: Headers) -> bool:
    """Read Accept-Encoding (RFC 9110, section 12.5.3): named, and not with a weight of nought."""
    wanted = headers.get("accept-encoding", "")
    if wanted == "":
        return False
    found = _GZIP.search(wanted)
    return found is not None and (found[1] is None or float(found[1] or 0) > 0)
