"""Counts by channel, topic, area and period as tables that point at nobody. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from participa.deliberation.voices import Count
from participa.i18n import Text, _
from participa.insights.rules import FEWEST_PEOPLE

UNKNOWN_AREA = _("No se sabe de dónde")
OTHER_TOPICS = _("Otros apartados o hilos")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table; the counts are None where too few people are behind them."""

    key: str
    label: str | Text
    contributions: int | None
    people: int | None
    share: float | None

    @property
    def is_guarded(self) -> bool:
        """Whether the counts are withheld."""
        return self.contributions is None


def rows(
    counts: Mapping[str, Count], labels: Mapping[str, str | Text], *, guarded: bool = True
) -> tuple[Row, ...]:
    """Make the lines of a table, in the order of the labels.

    Counts of fewer people than the least are withheld where `guarded`, and where there is one
    such line only, the next smallest too: else the total would tell it.
    """
    total = sum(count.contributions for count in counts.values())
    hidden = _hidden(counts) if guarded else set()
    return tuple(
        Row(key, label, None, None, None)
        if key in hidden
        else Row(key, label, count.contributions, count.people, count.contributions / total)
        for key, label in labels.items()
        if (count := counts.get(key)) is not None
    )


def _hidden(counts: Mapping[str, Count]) -> set[str]:
    def voices(key: str) -> int:
        return counts[key].people + counts[key].organisations

    hidden = {key for key in counts if voices(key) < FEWEST_PEOPLE}
    left: Sequence[str] = sorted(counts.keys() - hidden, key=lambda key: (voices(key), key))
    if len(hidden) == 1 and left:
        hidden.add(left[0])
    return hidden


def by_size(counts: Mapping[str, Count], last: Text) -> dict[str, str | Text]:
    """Label counts by their own names, the largest first, and what has no name at the end."""
    named = sorted(counts.keys() - {""}, key=lambda key: (-counts[key].contributions, key))
    return {name: name for name in named} | {"": last}
