"""What every test of surveys begins with."""

from collections import OrderedDict

import pytest

from participa.surveys.results import counting, reading


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep nothing counted in memory: the next test's database gives the same keys again."""
    monkeypatch.setattr(counting, "_lines", OrderedDict())
    monkeypatch.setattr(reading, "_kept", OrderedDict())
