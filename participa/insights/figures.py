"""The figures of a report, of its themes and their parts: one counting for all. Pure.

People are counted as everywhere (see voices).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from participa.deliberation.tallies import Tally, tally_of
from participa.deliberation.voices import Count, Counted, heard, people_in
from participa.insights.intervals import ratio_interval
from participa.kit.intervals import Interval

# From so many different voices on, texts that repeat each other are shown as a campaign.
FEWEST_IN_CAMPAIGN = 3
MOST_TOPICS = 30
# Contributions of more days than these are counted by month, of fewer by week.
WEEKS_UP_TO_DAYS = 120


@dataclass(frozen=True, slots=True)
class Item:
    """A contribution as it is counted: `first` is the text it repeats, if it repeats one.

    `topic` is the thread it was said in, such as a section of the plan; `area` where who said
    it is from, empty where nobody said, and `said_on` the day by the entity's clock.
    """

    id: int
    counted: Counted
    first: int | None
    topic: int
    area: str
    said_on: date


@dataclass(frozen=True, slots=True)
class Campaign:
    """Near-identical texts of several people: the first of them, how many, by how many people."""

    first: int
    contributions: int
    people: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a report, or of one theme, as frozen when it was built or edited.

    `share` is the theme's part of the report's contributions and `people_share` of its people,
    each with its 95 % interval; in a report's own figures `themes` is their number and the
    shares are 1. `distinct` counts each text that was sent several times once, and
    `distinct_share` is its part of those. `topics` are threads by id, the most spoken of; the
    rest of them, like areas that nobody told, stand under the empty name.
    """

    contributions: int = 0
    people: int = 0
    organisations: int = 0
    repeated: int = 0
    themes: int = 0
    share: float = 0.0
    low: float | None = None
    high: float | None = None
    people_share: float = 0.0
    people_low: float | None = None
    people_high: float | None = None
    distinct: Count = field(default_factory=Count)
    distinct_share: float = 0.0
    channels: dict[str, Count] = field(default_factory=dict)
    stances: dict[str, int] = field(default_factory=dict)
    topics: dict[str, Count] = field(default_factory=dict)
    areas: dict[str, Count] = field(default_factory=dict)
    periods: dict[str, Count] = field(default_factory=dict)
    campaigns: tuple[Campaign, ...] = ()

    @property
    def tally(self) -> Tally:
        """How many contributions came by each channel."""
        return tally_of({name: part.contributions for name, part in self.channels.items()})

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


class Counting:
    """The counting of one report: every part of it is counted against the same whole."""

    def __init__(self, items: Iterable[Item]) -> None:
        # In one order, so that sums are the same to the last digit.
        self._items = tuple(sorted(items, key=lambda item: item.id))
        self._whole = heard(item.counted for item in self._items).all
        self._distinct = sum(item.first is None for item in self._items)
        self._texts = Counter(item.counted.voice for item in self._items)
        self._people = _people_by_voice(self._items)
        days = [item.said_on for item in self._items]
        self._by_week = bool(days) and (max(days) - min(days)).days <= WEEKS_UP_TO_DAYS

    def whole(self, themes: int) -> Figures:
        """Count the report itself."""
        return self._figures(self._items, themes, None, None)

    def part(self, items: Iterable[Item]) -> Figures:
        """Count one theme, or part of one, of the same report."""
        own = tuple(items)
        texts = Counter(item.counted.voice for item in own)
        people = _people_by_voice(own)
        return self._figures(
            own,
            0,
            ratio_interval((texts[voice], count) for voice, count in self._texts.items()),
            ratio_interval((people.get(voice, 0), n) for voice, n in self._people.items()),
        )

    def _figures(
        self,
        items: Sequence[Item],
        themes: int,
        of_texts: Interval | None,
        of_people: Interval | None,
    ) -> Figures:
        told = heard(item.counted for item in items)
        firsts = [item.counted for item in items if item.first is None]
        low, high = of_texts or (None, None)
        people_low, people_high = of_people or (None, None)
        return Figures(
            contributions=len(items),
            people=told.all.people,
            organisations=told.all.organisations,
            repeated=len(items) - len(firsts),
            themes=themes,
            share=_share(len(items), len(self._items)),
            low=low,
            high=high,
            people_share=_share(told.all.people, self._whole.people),
            people_low=people_low,
            people_high=people_high,
            distinct=heard(firsts).all,
            distinct_share=_share(len(firsts), self._distinct),
            channels=dict(told.channels),
            stances=dict(Counter(i.counted.stance for i in items if i.counted.stance)),
            topics=_by(items, _topics(items)),
            areas=_by(items, [item.area for item in items]),
            periods=_by(items, [self._period(item.said_on) for item in items]),
            campaigns=_campaigns(items),
        )

    def _period(self, day: date) -> str:
        """Name a week by its Monday, a month by its year and number."""
        if self._by_week:
            return date.fromordinal(day.toordinal() - day.weekday()).isoformat()
        return day.isoformat()[:7]


def _people_by_voice(items: Iterable[Item]) -> dict[str, int]:
    grouped: dict[str, list[Counted]] = {}
    for item in items:
        grouped.setdefault(item.counted.voice, []).append(item.counted)
    sizes = {voice: people_in(said) for voice, said in grouped.items()}
    return {voice: people for voice, people in sizes.items() if people}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _by(items: Sequence[Item], names: Sequence[str]) -> dict[str, Count]:
    grouped: dict[str, list[Counted]] = {}
    for item, name in zip(items, names, strict=True):
        grouped.setdefault(name, []).append(item.counted)
    return {name: heard(grouped[name]).all for name in sorted(grouped)}


def _topics(items: Sequence[Item]) -> list[str]:
    counts = Counter(item.topic for item in items)
    named = {topic for topic, _count in counts.most_common(MOST_TOPICS)}
    return [str(item.topic) if item.topic in named else "" for item in items]


def _campaigns(items: Sequence[Item]) -> tuple[Campaign, ...]:
    """Find the texts that several voices sent, the most sent first."""
    senders: dict[int, list[Counted]] = {}
    for item in items:
        senders.setdefault(item.first or item.id, []).append(item.counted)
    found = [
        Campaign(first, len(said), people_in(said))
        for first, said in senders.items()
        if len({each.voice for each in said}) >= FEWEST_IN_CAMPAIGN
    ]
    return tuple(sorted(found, key=lambda each: (-each.contributions, each.first)))
