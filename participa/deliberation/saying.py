"""What somebody says, before it has a place: the words and what goes with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a contribution; `office` is in whose name an official speaks.

    `voice` is whose it is where no account says so (see voices.py).
    """

    body: str
    stance: str | None = None
    channel: str = "web"
    people_count: int = 1
    voice: str = ""
    place: str = ""
    category: str = ""
    office: str = ""
