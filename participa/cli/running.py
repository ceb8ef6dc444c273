"""How a verb runs: settings read, database open, refusals told in a line, progress shown."""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from participa.settings import Settings

FAILED = 1
MISCONFIGURED = 3
BAR_WIDTH = 30
T = TypeVar("T")


@contextmanager
def ended() -> Iterator[None]:
    """Turn what a verb refuses into a message and an exit code; bugs keep their trace."""
    from participa.db.migrations import MigrationFailed
    from participa.settings import ConfigurationError
    from participa.web.refusals import Refusal

    try:
        yield
    except ConfigurationError as error:
        _say(f"Configuración:\n{error}")
        sys.exit(MISCONFIGURED)
    except Refusal as refusal:
        _say(f"{refusal.title} {refusal.advice}".strip())
        sys.exit(FAILED)
    except MigrationFailed as error:
        _say(f"La migración no se hizo y la base quedó como estaba: {error}")
        sys.exit(FAILED)


def _say(message: str) -> None:
    typer.echo(message, err=True)


def settings_in_force() -> "Settings":
    """Read the settings and set up the technical log."""
    from participa.settings import load_settings

    settings = load_settings()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    # The ORM announces each shutdown; nobody at a terminal asked.
    logging.getLogger("tortoise").setLevel(logging.WARNING)
    return settings


def run_with_database(act: "Callable[[Settings], Awaitable[T]]") -> T:
    """Run an async act with the database open.

    Refuses with ConfigurationError when migrations are missing.
    """
    from participa.db import connected
    from participa.db.migrations import pending
    from participa.settings import ConfigurationError

    settings = settings_in_force()

    async def run() -> T:
        if missing := await pending(settings):
            raise ConfigurationError(
                f"faltan {len(missing)} migraciones; ejecute «participa migrate»"
            )
        async with connected(settings):
            return await act(settings)

    return asyncio.run(run())


class Progress:
    """A bar on a terminal, a line every few seconds elsewhere; nothing before two seconds."""

    def __init__(self, label: str, *, quiet: bool = False) -> None:
        self._label = label
        self._quiet = quiet
        self._began = self._shown = time.monotonic()
        self._terminal = sys.stderr.isatty()

    def __call__(self, share: float) -> None:
        """Show a share between 0 and 1."""
        now = time.monotonic()
        every = 0.1 if self._terminal else 5.0
        if self._quiet or now - self._began < 2 or now - self._shown < every:
            return
        self._shown = now
        filled = round(share * BAR_WIDTH)
        bar = "█" * filled + "░" * (BAR_WIDTH - filled)
        line = (
            f"{self._label} {bar} {share:4.0%}"
            if self._terminal
            else (f"{self._label} {share:.0%}")
        )
        print(line, end="\r" if self._terminal else "\n", file=sys.stderr, flush=True)

    def done(self) -> None:
        """Clear the bar."""
        if self._terminal and not self._quiet:
            print("\x1b[2K", end="\r", file=sys.stderr, flush=True)
