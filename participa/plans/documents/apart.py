"""Reads a document in a process of its own, with a limit on its time and its memory.

A PDF of three hundred pages keeps a processor busy for half a minute, and a made-up one can ask
for all the memory there is: neither may happen to the process that serves everybody.
"""

import asyncio
import contextlib
import os
import sys
from typing import cast

from participa.plans.documents import DocumentUnreadable, Form, to_source
from participa.plans.documents.refusals import CODES, Code
from participa.settings import PACKAGE

SECONDS = 120
MEMORY_BYTES = 2 * 1024**3
_REFUSED = 3


async def read_apart(data: bytes, form: Form) -> str:
    """Read a document into the text of a plan. Raises DocumentUnreadable."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, form,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            out, _errors = await process.communicate(data)
    except TimeoutError as error:
        raise DocumentUnreadable("too_slow") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return out.decode("utf-8", errors="replace")
    code = out.decode("utf-8", errors="replace")
    known = process.returncode == _REFUSED and code in CODES
    raise DocumentUnreadable(cast("Code", code) if known else "damaged")


def main() -> int:
    """Read the document on standard input; write its text, or why not."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        text = to_source(sys.stdin.buffer.read(), cast("Form", sys.argv[1]))
    except DocumentUnreadable as refusal:
        sys.stdout.write(refusal.code)
        return _REFUSED
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
