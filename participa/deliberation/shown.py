"""Contributions read for showing, as plain values: one statement and no objects of the ORM."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from participa.db import Row, Rows, fetch, moment
from participa.features import BesideOf, Shown


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A territory's name."""

    name: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """The area that something speaks of, and the page that lists what was said of it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """A person as shown beside what they said."""

    display_name: str
    kind: str
    territory: PlaceRow | None = None


@dataclass(frozen=True, slots=True)
class ParentRow:
    """What is answered: who said it and where it stands."""

    receipt_number: str
    office: str
    channel: str
    source_key: str | None
    author: SpeakerRow | None


class ShownRow(NamedTuple):
    """A contribution with what a page shows of it; the names are those of the table."""

    id: int
    entity_id: int
    process_id: int
    path: str
    is_opening: bool
    author_id: int | None
    office: str
    body_html: str
    stance: str | None
    state: str
    hidden_reason: str
    channel: str
    people_count: int
    place: str
    receipt_number: str
    source_key: str | None
    support_count: int
    reply_count: int
    edit_count: int
    created_at: datetime
    edited_at: datetime | None
    author: SpeakerRow | None
    parent: ParentRow | None
    # What its feature shows with it.
    beside: Shown | None = None
    is_pinned: bool = False
    # What the thread is called to which it was moved from the one that is read.
    moved_to: str = ""
    # The receipt number of what it was merged into; how many were merged into it.
    merged_into: str = ""
    united: int = 0
    # Of which area it speaks, if it says so.
    area: AreaRow | None = None


class _Rest(NamedTuple):
    """What the statement reads of author and parent."""

    name: str | None
    kind: str
    territory: str | None
    parent: str | None
    parent_office: str
    parent_channel: str
    parent_source: str | None
    parent_name: str | None
    parent_kind: str


# Who says something and what it answers, in any statement that joins them by these names.
SPEAKERS = """
    author.display_name, author.kind, territory.name, parent.receipt_number, parent.office,
    parent.channel, parent.source_key, answered.display_name, answered.kind
"""
_OWN_COLUMNS = 28
# The place is kept by a floor above, named here by its table only: no page asks once more for it.
_SHOWN = """
    SELECT c.id, c.entity_id, c.process_id, COALESCE(gone.path, c.path), c.is_opening,
        c.author_id, c.office, c.body_html, c.stance,
        CASE WHEN gone.id IS NOT NULL THEN 'moved'
            WHEN kept.id IS NOT NULL AND c.state = 'published' AND NOT c.is_opening THEN 'merged'
            ELSE c.state END, c.hidden_reason,
        c.channel, c.people_count, c.place, c.receipt_number, c.source_key,
        c.support_count, c.reply_count, c.edit_count, c.created_at, c.edited_at,
        pin.id IS NOT NULL, gone.to_title, kept.receipt_number,
        (SELECT COUNT(*) FROM deliberation_merge united WHERE united.into_id = c.id),
        area.id, area.name, process.slug, {speakers}
    FROM deliberation_contribution c
    LEFT JOIN deliberation_pin pin ON pin.contribution_id = c.id
    LEFT JOIN deliberation_merge merged ON merged.contribution_id = c.id
    LEFT JOIN deliberation_contribution kept ON kept.id = merged.into_id
    LEFT JOIN deliberation_departure gone
        ON gone.contribution_id = c.id AND gone.thread_id = $2 AND c.thread_id <> $2
    LEFT JOIN territory_placement placement ON placement.contribution_id = c.id
    LEFT JOIN entities_territory area ON area.id = placement.territory_id
    LEFT JOIN processes_process process ON process.id = c.process_id
    LEFT JOIN accounts_person author ON author.id = c.author_id
    LEFT JOIN entities_territory territory ON territory.id = author.territory_id
    LEFT JOIN deliberation_contribution parent ON parent.id = c.parent_id
    LEFT JOIN accounts_person answered ON answered.id = parent.author_id
    WHERE c.entity_id = $1 AND c.id IN ({places})
        AND ($2 = 0 OR c.thread_id = $2 OR gone.id IS NOT NULL)
"""


_SPOTS = """
    SELECT id, path, support_count FROM deliberation_contribution
    WHERE thread_id = $1 AND path >= $2
    UNION ALL
    SELECT contribution_id, path, 0 FROM deliberation_departure
    WHERE thread_id = $1 AND path >= $2
    ORDER BY path LIMIT $3
"""


async def spots_from(thread_id: int, path: str, count: int) -> Rows:
    """Give id, path and supports of what stands in a thread from a place on, in its order.

    What was moved elsewhere keeps its place. The caller has asked whose thread it is.
    """
    return await fetch(_SPOTS, thread_id, path, count)


@lru_cache(maxsize=64)
def _statement(count: int) -> str:
    places = ", ".join(f"${at}" for at in range(3, count + 3))
    return _SHOWN.format(places=places, speakers=SPEAKERS)


async def shown_rows(
    entity_id: int,
    ids: Collection[int],
    beside_of: BesideOf | None = None,
    thread_id: int = 0,
) -> list[ShownRow]:
    """Read contributions by their ids, in no order; those of other entities are not there.

    With a thread, as they stand in it: what was moved elsewhere only keeps its place, and what
    was moved along with something else is not there.
    """
    if not ids:
        return []
    rows = [_shown(row) for row in await fetch(_statement(len(ids)), entity_id, thread_id, *ids)]
    if beside_of is None:
        return rows
    beside = await beside_of(entity_id, ids)
    return [row._replace(beside=beside.get(row.id)) for row in rows]


def _shown(row: Row) -> ShownRow:
    *own, created_at, edited_at, is_pinned, moved_to, merged_into, united = row[: _OWN_COLUMNS - 3]
    edited = moment(edited_at) if edited_at is not None else None
    who = speakers(row[_OWN_COLUMNS:])
    area = _area(*row[_OWN_COLUMNS - 3 : _OWN_COLUMNS])
    where = (moved_to or "", merged_into or "", united, area)
    return ShownRow._make((*own, moment(created_at), edited, *who, None, bool(is_pinned), *where))


def _area(area_id: int | None, name: str, slug: str) -> AreaRow | None:
    if area_id is None:
        return None
    return AreaRow(name, f"/procesos/{slug}/lugares?lugar={area_id}#dicho")


def speakers(columns: Row) -> tuple[SpeakerRow | None, ParentRow | None]:
    """Give author and parent from the columns that `SPEAKERS` names."""
    rest = _Rest(*columns)
    return _speaker(rest.name, rest.kind, rest.territory), _parent(rest)


def _speaker(name: str | None, kind: str, territory: str | None = None) -> SpeakerRow | None:
    if name is None:
        return None
    return SpeakerRow(name, kind, PlaceRow(territory) if territory is not None else None)


def _parent(rest: _Rest) -> ParentRow | None:
    if rest.parent is None:
        return None
    return ParentRow(
        rest.parent,
        rest.parent_office,
        rest.parent_channel,
        rest.parent_source,
        _speaker(rest.parent_name, rest.parent_kind),
    )
