"""The figures of a report or a theme. Pure; people are counted as everywhere (see voices)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from participa.deliberation.voices import Count, Counted, heard


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a report, or of one theme, as frozen when it was built.

    `share` is the theme's part of the report's contributions, `low` and `high` its 95 %
    interval; in a report's own figures `themes` is their number and the share is 1.
    """

    contributions: int = 0
    people: int = 0
    organisations: int = 0
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


def stored_figures(json: Mapping[str, Any]) -> Figures:
    """Read figures back; a report that was never built has none, which counts as zero."""
    return _STORED.validate_python(dict(json))


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
    told = heard(counted)
    low, high = interval or (None, None)
    return Figures(
        contributions=len(counted),
        people=told.all.people,
        organisations=told.all.organisations,
        repeated=repeated,
        themes=themes,
        share=round(len(counted) / of_all, 4) if of_all else 0.0,
        low=low,
        high=high,
        channels=dict(told.channels),
        stances=dict(Counter(item.stance for item in counted if item.stance)),
    )
