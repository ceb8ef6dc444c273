"""What a process's contributions give a report to work on: texts, and an account of the rest."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from participa.deliberation.models import Contribution, Merge, Revision
from participa.deliberation.rules import State
from participa.deliberation.voices import Counted, is_unsigned, voice_of
from participa.insights.figures import Item
from participa.insights.rules import full_text
from participa.kit.html import plain_text

BATCH = 1000
# What of a contribution enters the figures, in the order of CountedRow.
COUNTED = (
    "id",
    "thread_id",
    "author_id",
    "channel",
    "people_count",
    "voice",
    "stance",
    "place",
    "author__territory__name",
    "created_at",
)
_COLUMNS = (
    *COUNTED,
    "thread__title",
    "thread__is_hidden",
    "is_opening",
    "office",
    "body_html",
    "state",
    "support_count",
)


@dataclass(frozen=True, slots=True)
class CountedRow:
    """What of a contribution enters the figures, as read."""

    id: int
    thread_id: int
    author_id: int | None
    channel: str
    people_count: int
    voice: str
    stance: str | None
    place: str
    territory: str | None
    created_at: datetime

    def item(self, first: int | None, zone: tzinfo) -> Item:
        """Give it as it is counted: `first` is the text it repeats, if any."""
        voice = voice_of(
            contribution_id=self.id,
            author_id=self.author_id,
            channel=self.channel,
            voice=self.voice,
        )
        return Item(
            id=self.id,
            counted=Counted(voice, self.people_count, self.channel, self.stance),
            first=first,
            topic=self.thread_id,
            area=self.territory or self.place,
            said_on=self.created_at.astimezone(zone).date(),
        )


@dataclass(frozen=True, slots=True)
class _Row(CountedRow):
    """A contribution as read, in the order of _COLUMNS."""

    thread_title: str
    is_thread_hidden: bool
    is_opening: bool
    office: str
    body_html: str
    state: str
    support_count: int


@dataclass(frozen=True, slots=True)
class Source:
    """A citizen's contribution to be grouped: its words and what counts beside them."""

    id: int
    title: str
    body: str
    support_count: int
    item: Item
    # The title it was said under; an opening says its title itself.
    context: str = ""
    # What it was merged into, because it says the same; only where that is read too.
    merged_into: int | None = None

    @property
    def counted(self) -> Counted:
        """Who speaks, and for how many."""
        return self.item.counted

    @property
    def person(self) -> str | None:
        """Who speaks, where several texts may be of the same; None for a voice of its own."""
        return None if is_unsigned(self.counted.voice) else self.counted.voice

    @property
    def text(self) -> str:
        """Everything it says."""
        return full_text(self.title, self.body)


@dataclass(slots=True)
class Reading:
    """The texts of a process, and how many were left out for which reason."""

    sources: list[Source] = field(default_factory=list)
    left_out: dict[str, int] = field(
        default_factory=lambda: {"hidden": 0, "removed": 0, "official": 0}
    )

    # The highest id read, whatever became of it.
    read_up_to: int = 0

    @property
    def received(self) -> int:
        """How many texts the process has, whatever became of them."""
        return len(self.sources) + sum(self.left_out.values())


async def read_process(entity_id: int, process_id: int, zone: tzinfo) -> Reading:
    """Read every contribution of a process: openings and replies, by any channel.

    Days are told by the entity's clock, which is `zone`.

    Official answers are no citizen's contribution; what was hidden or removed is not read.
    Those are only counted.
    """
    reading = Reading()
    async for row in _rows(entity_id, process_id):
        reading.read_up_to = row.id
        reason = _left_out(row)
        if reason is None:
            reading.sources.append(_source(row, zone))
        else:
            reading.left_out[reason] += 1
    return replace(reading, sources=await with_merges(entity_id, process_id, reading.sources))


async def with_merges(
    entity_id: int, process_id: int, sources: Sequence[Source], as_of: datetime | None = None
) -> list[Source]:
    """Say of texts which of them was merged into which, now or by a moment."""
    rows = Merge.of(entity_id).filter(contribution__process_id=process_id)
    if as_of is not None:
        rows = rows.filter(merged_at__lte=as_of)
    pairs = await rows.values_list("contribution_id", "into_id")
    merged = {int(str(one)): int(str(into)) for one, into in pairs}
    read = {source.id for source in sources}
    return [
        replace(source, merged_into=into)
        if (into := merged.get(source.id)) is not None and into in read
        else source
        for source in sources
    ]


async def read_again(
    entity_id: int, ids: Sequence[int], as_of: datetime, zone: tzinfo
) -> tuple[list[Source], dict[int, str]]:
    """Read some contributions as they were at a moment, and why others may not be read now."""
    found = Contribution.of(entity_id).filter(id__in=ids).order_by("id").values_list(*_COLUMNS)
    rows = [_Row(*values) for values in await found]
    revisions = Revision.of(entity_id).filter(contribution_id__in=ids, replaced_at__gt=as_of)
    # Of several the earliest stays: it is what the first of those edits replaced.
    wordings = await revisions.order_by("-number").values_list("contribution_id", "body_html")
    earlier = dict(wordings)
    withheld = {row.id: reason for row in rows if (reason := _left_out(row)) is not None}
    sources = [
        _source(replace(row, body_html=earlier.get(row.id, row.body_html)), zone)
        for row in rows
        if row.id not in withheld
    ]
    return sources, withheld


def _left_out(row: _Row) -> str | None:
    if row.state == State.REMOVED:
        return "removed"
    if row.state != State.PUBLISHED or row.is_thread_hidden:
        return "hidden"
    return "official" if row.office else None


def _source(row: _Row, zone: tzinfo) -> Source:
    return Source(
        id=row.id,
        title=row.thread_title if row.is_opening else "",
        body=plain_text(row.body_html),
        support_count=row.support_count,
        item=row.item(None, zone),
        context="" if row.is_opening else row.thread_title,
    )


async def _rows(entity_id: int, process_id: int) -> AsyncIterator[_Row]:
    """Go through a process in batches, so that no other reader waits for long."""
    last = 0
    while True:
        wanted = Contribution.of(entity_id).filter(process_id=process_id, id__gt=last)
        batch = await wanted.order_by("id").limit(BATCH).values_list(*_COLUMNS)
        for values in batch:
            row = _Row(*values)
            last = row.id
            yield row
        if len(batch) < BATCH:
            return
