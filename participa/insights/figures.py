"""Counting what was said and by how many people. Pure.

How people are counted, without counting anybody twice: each contribution has a *voice*.

- Its author is the voice, however many contributions they made.
- A mesa de trabajo is one voice of as many people as were there; rows of the same place, day
  and number of people are the same mesa.
- A contribution without author, such as a letter, is a voice of its own.

A voice counts once in whatever is counted, with the largest number of people it spoke for.
So the people of two channels, or of two themes, may add up to more than the people of both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a contribution enters the figures."""

    voice: str
    people: int
    channel: str
    stance: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """So many contributions by so many people."""

    contributions: int
    people: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a report, or of one theme, as frozen when it was built.

    `share` is the theme's part of the report's contributions, `low` and `high` its 95 %
    interval; in a report's own figures `themes` is their number and the share is 1.
    """

    contributions: int = 0
    people: int = 0
    repeated: int = 0
    themes: int = 0
    share: float = 0.0
    low: float | None = None
    high: float | None = None
    channels: dict[str, Count] = field(default_factory=dict)
    stances: dict[str, int] = field(default_factory=dict)

    @property
    def offline_share(self) -> float:
        """The part of the contributions that did not come by the web."""
        web = self.channels.get("web", Count(0, 0)).contributions
        return 1 - web / self.contributions if self.contributions else 0.0

    def as_json(self) -> dict[str, object]:
        """Give the figures as they are stored."""
        return asdict(self)


_STORED = TypeAdapter(Figures)
_UNSIGNED = "text:"


def stored_figures(json: Mapping[str, Any]) -> Figures:
    """Read figures back; a report that was never built has none, which counts as zero."""
    return _STORED.validate_python(dict(json))


def voice_of(
    *,
    contribution_id: int,
    author_id: int | None,
    channel: str,
    place: str,
    day: date,
    people_count: int,
) -> str:
    """Name the voice a contribution speaks with (see the top of this file)."""
    if channel == "workshop" and place:
        return f"mesa:{place.casefold()}:{day.isoformat()}:{people_count}"
    if channel != "workshop" and author_id is not None:
        return f"person:{author_id}"
    return f"{_UNSIGNED}{contribution_id}"


def is_unsigned(voice: str) -> bool:
    """Whether a voice speaks in one contribution only, because nothing says whose it is."""
    return voice.startswith(_UNSIGNED)


def people_in(items: Iterable[Counted]) -> int:
    """Count people, each voice once."""
    sizes: dict[str, int] = {}
    for item in items:
        sizes[item.voice] = max(sizes.get(item.voice, 0), item.people, 1)
    return sum(sizes.values())


def figures_of(
    items: Iterable[Counted],
    *,
    of_all: int,
    repeated: int,
    interval: tuple[float, float] | None = None,
    themes: int = 0,
) -> Figures:
    """Count a report or a theme: `of_all` is the number of contributions the share is of."""
    counted = tuple(items)
    low, high = interval or (None, None)
    return Figures(
        contributions=len(counted),
        people=people_in(counted),
        repeated=repeated,
        themes=themes,
        share=round(len(counted) / of_all, 4) if of_all else 0.0,
        low=low,
        high=high,
        channels=_by_channel(counted),
        stances=dict(Counter(item.stance for item in counted if item.stance)),
    )


def _by_channel(items: tuple[Counted, ...]) -> dict[str, Count]:
    channels: dict[str, list[Counted]] = {}
    for item in items:
        channels.setdefault(item.channel, []).append(item)
    return {name: Count(len(part), people_in(part)) for name, part in channels.items()}
