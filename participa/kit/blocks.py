"""A paper as a list of plain blocks: what it says, in order, for whatever writes it down.

Every text is already in the reader's language. PDF and Word are written from the same blocks,
so they cannot say different things.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part; level 1 is a part of the paper, 2 a part of that."""

    text: str
    level: int = 1
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Something said; a `note` is what the reader must not overlook, `small` an aside."""

    text: str
    tone: Literal["plain", "note", "small"] = "plain"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Somebody's own words, and where they are from."""

    words: str
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its caption; the last `numbers` columns hold figures."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A share between 0 and 1, how it reads, and the interval it lies in, if known."""

    label: str
    told: str
    share: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A drawing of shares; `alt` says in words what it shows."""

    caption: str
    alt: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Link:
    """An address, with the words that say what is there."""

    text: str
    url: str


Block = Heading | Paragraph | Quoted | Table | Bars | Link


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `published_at` is the only moment it knows: the same paper, the same bytes.

    `language` is a tag such as "es"; `contents` is the title of the table of contents,
    and empty for a paper without one.
    """

    title: str
    subtitle: str
    author: str
    language: str
    published_at: datetime
    contents: str
    blocks: Sequence[Block]
