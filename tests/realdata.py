"""Where the real civic data lies; it is never part of the repository."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def real_data(name: str) -> Path:
    """Give a file or folder of the real data, such as "polis/vtaiwan.uberx".

    Skips the test, with the reason, where the data is absent; where CI=true that is an error.
    """
    folder = Path(os.environ.get("PARTICIPA_REAL_DATA", _BESIDE))
    path = folder / name
    if path.exists():
        return path
    reason = f"real data {name} is not there; PARTICIPA_REAL_DATA names its folder"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
