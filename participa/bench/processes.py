"""Child processes of a benchmark: servers on one core, load on the others, all ended with it."""

import contextlib
import json
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

WAIT_SECONDS = 60.0


def cores() -> tuple[set[int], set[int]]:
    """Give the cores for servers and for load; the same where there is only one."""
    mine = sorted(os.sched_getaffinity(0))
    return ({mine[0]}, set(mine[1:])) if len(mine) > 1 else ({mine[0]}, {mine[0]})


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def allow_files(count: int) -> None:
    """Raise the limit of open files for this process and its children.

    Raises RuntimeError where the system does not let it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    if soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return
        raise RuntimeError(f"se necesitan {wanted} archivos abiertos y el sistema permite {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Child:
    """A program of this package that is told things by line and answers by line."""

    def __init__(self, module: str, *words: str, on: set[int]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a program of our own
            [sys.executable, "-m", f"participa.bench.{module}", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        os.sched_setaffinity(self._process.pid, on)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tell(self, message: object) -> None:
        """Send one line."""
        if self._process.stdin is None:
            raise RuntimeError("no way to tell")
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """Wait for one line. Raises RuntimeError where the program ended instead."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise RuntimeError(f"el programa de medida terminó ({self._process.wait()})")
        return json.loads(line)

    def ask(self, message: object) -> Any:
        """Send a line and wait for the answer."""
        self.tell(message)
        return self.hear()

    def end(self) -> None:
        """Stop it, gently first."""
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


@contextlib.contextmanager
def child(module: str, *words: str, on: set[int]) -> Iterator[Child]:
    """Run a program until the end of the block."""
    program = Child(module, *words, on=on)
    try:
        yield program
    finally:
        program.end()


def wait_for(port: int) -> None:
    """Wait until somebody listens. Raises RuntimeError after a minute."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("el servidor de la medida no responde")
