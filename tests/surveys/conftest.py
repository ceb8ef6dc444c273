"""Each test has a database of its own: what was counted in another one is forgotten."""

import pytest

from participa.surveys.results import counting, reading


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Forget the lines and results that are kept in memory by the keys of rows."""
    counting._lines.clear()
    reading._kept.clear()
