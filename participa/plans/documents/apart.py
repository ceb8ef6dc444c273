"""Reads a document in a process of its own: one of three hundred pages takes half a minute."""

import sys
from typing import cast

from participa.plans.documents import DocumentUnreadable, Form, to_source
from participa.plans.documents.refusals import CODES, Code
from participa.security.confined import confine, run_confined

SECONDS = 120
MEMORY_BYTES = 2 * 1024**3
_REFUSED = 3


async def read_apart(data: bytes, form: Form) -> str:
    """Read a document into the text of a plan. Raises DocumentUnreadable."""
    try:
        code, out = await run_confined(__name__, form, data=data, seconds=SECONDS)
    except TimeoutError as error:
        raise DocumentUnreadable("too_slow") from error
    words = out.decode("utf-8", errors="replace")
    if code == 0:
        return words
    known = code == _REFUSED and words in CODES
    raise DocumentUnreadable(cast("Code", words) if known else "damaged")


def main() -> int:
    """Read the document on standard input; write its text, or why not."""
    confine(memory_bytes=MEMORY_BYTES, seconds=SECONDS)
    try:
        text = to_source(sys.stdin.buffer.read(), cast("Form", sys.argv[1]))
    except DocumentUnreadable as refusal:
        sys.stdout.write(refusal.code)
        return _REFUSED
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
