"""Heavy work in a process of its own: `python -m MODULE`, which reads here what to do.

Analysis takes seconds to minutes of computing: in the web process it would stop every page.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from participa.settings import PACKAGE, Settings

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NICE = 10


class BrokeApart(Exception):
    """The process ended without having done its work; the message has its last words."""


async def run_apart(settings: Settings, module: str, order: Mapping[str, int | str]) -> None:
    """Run a module's `main` in a process of its own, killed when the waiting is cancelled.

    Raises BrokeApart when that process broke or was killed.
    """
    whole = {
        "var_dir": str(settings.var_dir),
        "database_url": settings.database,
        "order": dict(order),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=single_threaded(),
    )
    try:
        # The order goes through a pipe: it may hold the database's password.
        _out, errors = await process.communicate(json.dumps(whole).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise BrokeApart(f"exit {process.returncode}: {errors.decode(errors='replace')[-1500:]}")


def single_threaded() -> dict[str, str]:
    """Give the environment of a process that computes on one core."""
    paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    # More threads change results in the last digits and gain nothing on a busy machine.
    threads = dict.fromkeys(_ONE_THREAD, "1")
    return os.environ | threads | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


def take_order() -> tuple[Settings, dict[str, Any]]:
    """Read, in the process apart, what it shall do; from here on it has low priority."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    whole = json.load(sys.stdin)
    settings = Settings(var_dir=whole["var_dir"], database_url=whole["database_url"])
    return settings, whole["order"]
