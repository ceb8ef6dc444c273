"""A mail server and a worker for every test of notifications."""

from collections.abc import Iterator

import pytest

from tests.conftest import Clock
from tests.notifications.telling import PostOffice, Worker, free_port, served


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """Run a mail server."""
    with served(PostOffice(free_port())) as opened:
        yield opened


@pytest.fixture
def worker(office: PostOffice, clock: Clock) -> Worker:
    """Give a worker that sends through the server."""
    return Worker(office, clock)
