"""Files on disk, each once under the SHA-256 digest of what it holds.

Written aside, flushed to the disk and then given its name, so that under a name there is always
the whole file; a power cut leaves at most one that nobody refers to, which the sweep finds.
"""

import contextlib
import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

# Between keeping a file and the commit of the row that refers to it passes far less.
GRACE_SECONDS = 24 * 3600
_ASIDE = "old-"
_PIECE_BYTES = 1024 * 1024


class Store:
    """The folder of an installation's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Say where a file is kept."""
        return self.folder / digest[:2] / digest

    def keep(self, data: bytes) -> str:
        """Keep a file and give its digest; the same one again is only marked as wanted today."""
        return self.keep_from(io.BytesIO(data))

    def keep_from(self, source: BinaryIO) -> str:
        """Keep what an open file holds, as `keep` does, a piece at a time: it may be large."""
        digest = _digest(source)
        path = self.path(digest)
        try:
            os.utime(path)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            source.seek(0)
            _write(path, source)
        return digest

    def old(self) -> list[Path]:
        """List what was kept, or left half-written, more than a day ago."""
        return [path for path in self.folder.glob("??/*") if _is_old(path)]

    def drop(self, paths: Iterable[Path]) -> int:
        """Remove old files and give how many; one that is wanted again at this moment stays."""
        return sum(map(_drop, paths))


def _digest(source: BinaryIO) -> str:
    source.seek(0)
    found = hashlib.sha256()
    while piece := source.read(_PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()


def _write(path: Path, source: BinaryIO) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as aside:
        shutil.copyfileobj(source, aside, _PIECE_BYTES)
        aside.flush()
        os.fsync(aside.fileno())
    Path(aside.name).replace(path)
    for folder in (path.parent, path.parent.parent):
        _flush(folder)


def _flush(folder: Path) -> None:
    """Make new names in a folder last, where the system has folders that can be flushed."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - GRACE_SECONDS
    except FileNotFoundError:
        return False


def _drop(path: Path) -> bool:
    """Take a file away, then look once more whether it is old: who keeps it makes it young.

    Whoever comes later finds it gone, and writes it again.
    """
    aside = path.with_name(_ASIDE + path.name.removeprefix(_ASIDE))
    with contextlib.suppress(FileNotFoundError):
        path.replace(aside)
    if _is_old(aside):
        aside.unlink()
        return True
    with contextlib.suppress(FileNotFoundError):
        aside.replace(path)
    return False
