"""How people are counted: one rule for threads, processes, consultations and reports.

Each contribution speaks with a *voice*, and a voice counts once in whatever is counted:

- An account is one voice, however much it says.
- A mesa de trabajo is one voice of as many people as were there, however many contributions it
  left.
- What came by telephone, on paper or from elsewhere without an account is a voice of its own,
  unless whoever recorded it said that several are the same person's.
- An organisation is counted as one, and never added to people.

A voice counts with the largest number of people it spoke for. Who used two channels is counted
in both, so the people of channels, or of themes, may add up to more than the people of all.
The entity's own answers are nobody's voice.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from participa.db import fetch
from participa.deliberation.rules import CHANNELS

ORGANISATION = "organisation"
_UNSIGNED = "text:"


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a contribution enters the figures."""

    voice: str
    people: int
    channel: str
    stance: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """So many contributions by so many people, and organisations apart."""

    contributions: int = 0
    people: int = 0
    organisations: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard, in all and by channel, in the order channels are named."""

    all: Count = Count()
    channels: Mapping[str, Count] = field(default_factory=dict)

    @property
    def by_channel(self) -> tuple[tuple[str, Count], ...]:
        """The counts by channel where more than one was used; nothing otherwise."""
        return tuple(self.channels.items()) if len(self.channels) > 1 else ()


def voice_of(*, contribution_id: int, author_id: int | None, channel: str, voice: str) -> str:
    """Name the voice a contribution speaks with; `voice` is the one it was recorded with.

    Who writes a mesa down is not its voice.
    """
    if voice:
        return voice
    if channel != "workshop" and author_id is not None:
        return f"person:{author_id}"
    return f"{_UNSIGNED}{contribution_id}"


def is_unsigned(voice: str) -> bool:
    """Whether a voice speaks in one contribution only, because nothing says whose it is."""
    return voice.startswith(_UNSIGNED)


def mesa_voice(place: str, day: date, people: int) -> str:
    """Name the voice of a mesa of which only place, day and attendance are known.

    Empty without a place: then nothing says which contributions are of the same mesa.
    """
    return f"mesa:{place.casefold()}:{day.isoformat()}:{people}"[:80] if place else ""


def people_in(items: Iterable[Counted]) -> int:
    """Count people, each voice once; organisations are not people."""
    sizes: dict[str, int] = {}
    for item in items:
        if item.channel == ORGANISATION:
            continue
        sizes[item.voice] = max(sizes.get(item.voice, 0), item.people, 1)
    return sum(sizes.values())


def _count(items: Collection[Counted]) -> Count:
    organisations = {item.voice for item in items if item.channel == ORGANISATION}
    return Count(len(items), people_in(items), len(organisations))


def heard(items: Iterable[Counted]) -> Heard:
    """Count contributions and people, in all and by channel."""
    everything = tuple(items)
    channels: dict[str, list[Counted]] = {}
    for item in everything:
        channels.setdefault(item.channel, []).append(item)
    parts = {name: _count(part) for name, part in channels.items()}
    return Heard(_count(everything), _ordered(parts))


def _ordered(parts: Mapping[str, Count]) -> dict[str, Count]:
    known = [name for name in CHANNELS if name in parts]
    return {name: parts[name] for name in [*known, *sorted(set(parts) - set(known))]}


# The same rule for the database, where a thread may hold more than it is wise to read. Where
# everybody came by the web with an account, which is quick to see, distinct accounts are enough.
_SCOPE = """
    FROM deliberation_contribution c JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE c.entity_id = $1 AND c.office = '' AND NOT t.is_hidden AND
"""
_ACCOUNTS = """
    SELECT count(*), count(DISTINCT c.author_id), sum(CASE WHEN c.channel = 'web'
        AND c.voice = '' AND c.author_id IS NOT NULL AND c.people_count = 1 THEN 1 ELSE 0 END)
"""
# Whose voice it is stands in three columns, of which one is filled.
_VOICES = """
    WITH voices AS (
        SELECT c.channel AS channel, c.voice AS told,
            CASE WHEN c.voice = '' AND c.channel <> 'workshop' THEN c.author_id END AS account,
            CASE WHEN c.voice = '' AND (c.author_id IS NULL OR c.channel = 'workshop')
                THEN c.id END AS unsigned,
            count(*) AS said,
            CASE WHEN c.channel = 'organisation' THEN 0 ELSE max(c.people_count) END AS people,
            CASE WHEN c.channel = 'organisation' THEN 1 ELSE 0 END AS organisations
        {scope} GROUP BY 1, 2, 3, 4
    )
    SELECT channel, sum(said), sum(people), sum(organisations) FROM voices GROUP BY channel
    UNION ALL
    SELECT '', sum(said), sum(people), sum(organisations) FROM (
        SELECT sum(said) AS said, max(people) AS people, max(organisations) AS organisations
        FROM voices
        GROUP BY told, account, unsigned
    ) AS everybody
"""
_IN_THREAD = _SCOPE + "c.thread_id = $2"
_IN_PROCESS = _SCOPE + "c.process_id = $2"
_IN_KIND = _SCOPE + "c.process_id = $2 AND t.kind = $3"


async def heard_in_thread(entity_id: int, thread_id: int) -> Heard:
    """Count who was heard in a thread."""
    return await _heard(_IN_THREAD, entity_id, thread_id)


async def heard_in_process(entity_id: int, process_id: int) -> Heard:
    """Count who was heard in a process, wherever in it."""
    return await _heard(_IN_PROCESS, entity_id, process_id)


async def heard_in_kind(entity_id: int, process_id: int, kind: str) -> Heard:
    """Count who was heard in the threads of one kind, such as the sections of a plan."""
    return await _heard(_IN_KIND, entity_id, process_id, kind)


async def _heard(scope: str, *values: int | str) -> Heard:
    said, people, plain = (await fetch(_ACCOUNTS + scope, *values))[0]
    if said == (plain or 0):
        everybody = Count(int(said), int(people))
        return Heard(everybody, {"web": everybody} if said else {})
    rows = await fetch(_VOICES.format(scope=scope), *values)
    counts = {channel: Count(*map(int, numbers)) for channel, *numbers in rows}
    return Heard(counts.pop(""), _ordered(counts))
