"""Looks at a file in a process of its own, two at a time: an old PC has no room for more."""

import asyncio
import sys
from dataclasses import dataclass
from typing import cast

from participa.files.unfit import CODES, Code, Unfit
from participa.security.confined import confine, run_confined

SECONDS = 30
MEMORY_BYTES = 1024**3
_REFUSED = 3
_two_at_a_time = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it may be kept; width and height in pixels, 0 for what is no picture."""

    data: bytes
    width: int = 0
    height: int = 0


async def check_apart(data: bytes, code: str) -> Checked:
    """Check a file of a type (see rules.FileType); a picture comes back written anew.

    Raises Unfit.
    """
    async with _two_at_a_time:
        try:
            ended, out = await run_confined(__name__, code, data=data, seconds=SECONDS)
        except TimeoutError as error:
            raise Unfit("too_slow") from error
    if ended == 0:
        return _checked(data, out)
    words = out.decode("ascii", errors="replace")
    raise Unfit(cast("Code", words) if ended == _REFUSED and words in CODES else "damaged")


def _checked(data: bytes, out: bytes) -> Checked:
    if not out:
        return Checked(data)
    size, _line, picture = out.partition(b"\n")
    width, height = size.split()
    return Checked(picture, int(width), int(height))


def main() -> int:
    """Check the file on standard input; write a picture anew, nothing else, or why not."""
    confine(memory_bytes=MEMORY_BYTES, seconds=SECONDS)
    data, code = sys.stdin.buffer.read(), sys.argv[1]
    try:
        if code == "PDF":
            from participa.files.pdfs import look_through

            look_through(data)
        else:
            from participa.files.pictures import rewritten

            picture, width, height = rewritten(data, code)
            sys.stdout.buffer.write(b"%d %d\n" % (width, height) + picture)
    except Unfit as refusal:
        sys.stdout.write(refusal.code)
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
