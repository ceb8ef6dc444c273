"""By what a row of a sheet is known again when the sheet comes back longer. No I/O."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from participa.kit.names import slugify

LONGEST_SOURCE = 80
_LONGEST_ID = 100
_WORDS = ("where", "title", "body", "stance", "person")


def source_of(name: str) -> str:
    """Give the name by which a source is found again, however it was written."""
    return slugify(name, LONGEST_SOURCE)


def marks_of(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Mark each row by its id, or else by its words and how often they stood before."""
    seen: Counter[str] = Counter()
    marks = []
    for row in rows:
        if written := row.get("id", ""):
            marks.append(f"id:{written[:_LONGEST_ID]}")
            continue
        words = _digest(*(row[name] for name in _WORDS))
        seen[words] += 1
        marks.append(f"words:{words}:{seen[words]}")
    return marks


def source_key(process_id: int, source: str, mark: str) -> str:
    """Name a row among all of an entity."""
    return _digest(str(process_id), source, mark)


def _digest(*words: str) -> str:
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()
