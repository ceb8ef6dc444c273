"""Reading what strangers send in a process of its own, with a limit on its time and its memory.

A made-up document or picture can ask for all the memory there is: that may not happen to the
process that serves everybody. Nothing here loads more than it needs: each reading starts anew.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

import participa

_ROOT = Path(participa.__file__).resolve().parent.parent


async def run_confined(
    module: str, *arguments: str, data: bytes, seconds: float
) -> tuple[int, bytes]:
    """Run a module's `main` on the data; give its exit code and what it wrote.

    Raises TimeoutError when it takes longer. It is killed then, and when nobody waits any more.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            out, _errors = await process.communicate(data)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, out


def confine(*, memory_bytes: int, seconds: int) -> None:
    """Limit what this process may use, where the system can; called first in such a `main`."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
