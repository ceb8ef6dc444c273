"""Child processes of a benchmark: servers on one core, load on the others, all ended with it."""

import contextlib
import json
import os
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from participa.bench.measuring import BenchFailed

WAIT_SECONDS = 60.0
# Longer than any single thing that is asked: a child that says nothing by then never will.
HEAR_SECONDS = 180.0


def cores() -> tuple[set[int], set[int]]:
    """Give the cores for servers and for load; the same where there is only one."""
    mine = sorted(os.sched_getaffinity(0))
    return ({mine[0]}, set(mine[1:])) if len(mine) > 1 else ({mine[0]}, {mine[0]})


@contextlib.contextmanager
def apart() -> Iterator[tuple[set[int], set[int]]]:
    """Give the cores for servers and for load, and keep this process off the servers' meanwhile."""
    before = os.sched_getaffinity(0)
    server_on, load_on = cores()
    os.sched_setaffinity(0, load_on)
    try:
        yield server_on, load_on
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def allow_files(count: int) -> None:
    """Raise the limit of open files for this process and its children.

    Raises BenchFailed where the system does not let it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 500
    if soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted))
            return
        raise BenchFailed(f"se necesitan {wanted} archivos abiertos y el sistema permite {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


SERVER, WATCHERS, LOAD, FANOUT = (
    f"participa.bench.{name}" for name in ("server", "watchers", "load", "fanout")
)


class Child:
    """A program that is told things by line and answers by line."""

    def __init__(self, module: str, *words: str, on: set[int]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - a program of our own
            [sys.executable, "-m", module, *words],
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
            raise BenchFailed("no way to tell")
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise BenchFailed("un programa de medida terminó antes de tiempo") from error

    def hear(self) -> Any:
        """Wait for one line. Raises BenchFailed where the program ended, or says nothing."""
        line = self._process.stdout.readline() if self._speaks() and self._process.stdout else ""
        if not line:
            code = self._process.poll()
            raise BenchFailed(
                "un programa de medida no responde"
                if code is None
                else f"un programa de medida terminó ({code})"
            )
        return json.loads(line)

    def _speaks(self) -> bool:
        # One answer for each question: nothing read before waits in the pipe's own buffer.
        with selectors.DefaultSelector() as selector:
            if self._process.stdout is not None:
                selector.register(self._process.stdout, selectors.EVENT_READ)
            return bool(selector.select(HEAR_SECONDS))

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
    """Wait until somebody listens. Raises BenchFailed after a minute."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise BenchFailed("el servidor de la medida no responde")
