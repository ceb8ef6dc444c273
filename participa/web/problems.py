"""What is told about a line of a file that somebody sent."""

from dataclasses import dataclass

from participa.i18n import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to look at; without a line it concerns the whole file."""

    line: int | None
    words: Text
    excerpt: str = ""
