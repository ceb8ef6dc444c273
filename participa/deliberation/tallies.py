"""Counts of contributions as lists show them: in all, and by channel where several were used.

Contributions, not people (see voices.py for those); what the entity answered has its own part, so
that the parts add up to the whole.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce

from participa.db import Rows, fetch
from participa.i18n import Number, Text, _, n_

WEB, ENTITY = "web", "entity"
_ORDER = (WEB, "telephone", "paper", "workshop", "organisation", ENTITY)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many contributions, and how many of them did not come by the web, by channel."""

    total: int = 0
    others: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        """Count both together."""
        if not other.total or not self.total:
            return self if self.total else other
        return Tally(self.total + other.total, dict(Counter(self.others) + Counter(other.others)))

    def __bool__(self) -> bool:
        """Whether there is any."""
        return self.total > 0

    @property
    def words(self) -> Text:
        """Say it: "128 aportes: 97 por internet, 21 en mesas de trabajo, 10 por teléfono"."""
        said = n_("{n} aporte", "{n} aportes", self.total, n=Number(self.total))
        return _("{said}: {channels}", said=said, channels=self._listed()) if self.others else said

    @property
    def channels(self) -> Text | str:
        """Say only the parts; nothing where all came by the web."""
        return self._listed() if self.others else ""

    def _listed(self) -> Text:
        parts = Counter({**self.others, WEB: self.total - sum(self.others.values())})
        known = [name for name in _ORDER if parts[name] > 0]
        rest = [name for name in sorted(parts) if parts[name] > 0 and name not in _ORDER]
        words = [_part(name, parts[name]) for name in (*known, *rest)]
        return reduce(lambda first, more: _("{first}, {more}", first=first, more=more), words)


def _part(channel: str, count: int) -> Text:
    n = Number(count)
    if channel == WEB:
        return _("{n} por internet", n=n)
    if channel == "telephone":
        return _("{n} por teléfono", n=n)
    if channel == "paper":
        return _("{n} en papel", n=n)
    if channel == "workshop":
        return _("{n} en mesas de trabajo", n=n)
    if channel == "organisation":
        return n_("{n} de una organización", "{n} de organizaciones", count, n=n)
    if channel == ENTITY:
        return _("{n} de la entidad", n=n)
    return _("{n} por otro canal", n=n)


def tally_of(parts: Mapping[str, int]) -> Tally:
    """Make a tally of counts by channel, the web's among them."""
    return Tally(sum(parts.values()), {name: n for name, n in parts.items() if n and name != WEB})


_PART = "CASE WHEN c.office <> '' THEN 'entity' ELSE c.channel END"
# The web's part is what is left of a count that threads keep.
_OTHERS = f"""
    SELECT {{by}}, {_PART}, count(*) FROM deliberation_contribution c
    JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE t.entity_id = $1 AND NOT t.is_hidden AND t.merged_at IS NULL AND {{which}}
        AND (c.channel <> 'web' OR c.office <> '')
    GROUP BY 1, 2
"""  # noqa: S608 - only names of columns
_BY_PLACE = _OTHERS.format(by="t.place_id", which="t.kind = $2 AND t.place_id IN ({ids})")
_BY_THREAD = _OTHERS.format(by="t.id", which="t.id IN ({ids})")
_BY_PROCESS = _OTHERS.format(by="t.process_id", which="t.kind = $2 AND t.process_id IN ({ids})")
_IN_KIND = _OTHERS.format(by="t.place_id", which="t.process_id = $2 AND t.kind = $3")


async def tally_places(entity_id: int, kind: str, totals: Mapping[int, int]) -> dict[int, Tally]:
    """Divide the counts of some places by channel, in one statement."""
    return await _divided(_BY_PLACE, totals, entity_id, kind)


async def tally_processes(entity_id: int, kind: str, totals: Mapping[int, int]) -> dict[int, Tally]:
    """Divide the counts of one kind of thread in some processes by channel, in one statement."""
    return await _divided(_BY_PROCESS, totals, entity_id, kind)


async def tally_threads(entity_id: int, totals: Mapping[int, int]) -> dict[int, Tally]:
    """Divide the counts of some threads by channel, in one statement."""
    return await _divided(_BY_THREAD, totals, entity_id)


async def tally_kind(
    entity_id: int, process_id: int, kind: str, totals: Mapping[int, int]
) -> dict[int, Tally]:
    """Divide the counts of all places of one kind in a process by channel, in one statement."""
    return _joined(totals, await fetch(_IN_KIND, entity_id, process_id, kind))


async def _divided(sql: str, totals: Mapping[int, int], *values: int | str) -> dict[int, Tally]:
    if not totals:
        return {}
    return _joined(totals, await fetch(sql.format(ids=_numbers(totals)), *values))


def _numbers(ids: Collection[int]) -> str:
    return ", ".join(str(int(each)) for each in sorted(ids))


def _joined(totals: Mapping[int, int], rows: Rows) -> dict[int, Tally]:
    others: dict[int, dict[str, int]] = {}
    for place, channel, count in rows:
        others.setdefault(int(place), {})[str(channel)] = int(count)
    return {key: Tally(total, others.get(key, {})) for key, total in totals.items()}
