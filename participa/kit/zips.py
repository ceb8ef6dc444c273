"""ZIP archives that are the same bytes whenever they are written."""

import io
import zipfile
from collections.abc import Iterable

# The first moment the format knows.
_MOMENT = (1980, 1, 1, 0, 0, 0)


def archive(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Pack named contents in their order, with no moment of their own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content)
    return buffer.getvalue()


def timeless(content: bytes) -> bytes:
    """Pack an archive anew without the moments in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return archive((name, packed.read(name)) for name in packed.namelist())
