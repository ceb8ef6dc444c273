"""What stands above a conversation: the conclusion it was closed with, what is pinned in it."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from participa.db import fetch, moment
from participa.deliberation.rules import State
from participa.deliberation.shown import shown_rows
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text
from participa.kit.html import SafeHtml, plain_text


@dataclass(frozen=True, slots=True)
class ConclusionView:
    """What a conversation was closed with; `wordings` is how often it was written."""

    html: Markup
    author_name: str
    office: str
    wordings: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class PinView:
    """A contribution that is shown first."""

    url: str
    author_name: str | Text
    excerpt: str


@dataclass(frozen=True, slots=True)
class MergedView:
    """What the whole conversation was merged into."""

    url: str
    title: str
    merged_at: datetime


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the conversation of a thread, the same for every reader.

    `follows` says that it may change with what happens to contributions.
    """

    thread_id: int
    conclusion: ConclusionView | None = None
    pins: tuple[PinView, ...] = ()
    merged: MergedView | None = None
    follows: bool = False


_HAS = """
    SELECT t.closed_at IS NOT NULL,
        EXISTS (SELECT 1 FROM deliberation_pin pin WHERE pin.thread_id = t.id),
        t.merged_at IS NOT NULL
    FROM deliberation_thread t WHERE t.entity_id = $1 AND t.id = $2
"""
_CONCLUSION = """
    SELECT body_html, author_name, office, number, written_at FROM deliberation_conclusion
    WHERE entity_id = $1 AND thread_id = $2 ORDER BY number DESC LIMIT 1
"""
_MERGED = """
    SELECT kept.receipt_number, t.title, m.merged_at FROM deliberation_merge m
    JOIN deliberation_contribution one ON one.id = m.contribution_id
    JOIN deliberation_contribution kept ON kept.id = m.into_id
    JOIN deliberation_thread t ON t.id = kept.thread_id
    WHERE m.entity_id = $1 AND one.thread_id = $2 AND one.is_opening
"""
_PINNED = """
    SELECT contribution_id FROM deliberation_pin
    WHERE entity_id = $1 AND thread_id = $2 ORDER BY id
"""


async def heading_of(entity_id: int, thread_id: int) -> Heading:
    """Read what stands above a thread: one statement where nothing does."""
    rows = await fetch(_HAS, entity_id, thread_id)
    is_closed, has_pins, is_merged = rows[0] if rows else (False, False, False)
    return Heading(
        thread_id,
        conclusion=await _conclusion(entity_id, thread_id) if is_closed and not is_merged else None,
        merged=await _merged(entity_id, thread_id) if is_merged else None,
        pins=await _pins(entity_id, thread_id) if has_pins else (),
        follows=bool(has_pins),
    )


async def _conclusion(entity_id: int, thread_id: int) -> ConclusionView | None:
    rows = await fetch(_CONCLUSION, entity_id, thread_id)
    if not rows:
        return None
    html, name, office, number, written_at = rows[0]
    # Made by the sanitiser when it was written; nothing else writes this column.
    return ConclusionView(SafeHtml(html), name, office, number, moment(written_at))


async def _merged(entity_id: int, thread_id: int) -> MergedView | None:
    rows = await fetch(_MERGED, entity_id, thread_id)
    if not rows:
        return None
    receipt, title, merged_at = rows[0]
    return MergedView(f"/aportes/{receipt}", title, moment(merged_at))


async def _pins(entity_id: int, thread_id: int) -> tuple[PinView, ...]:
    ids = [row[0] for row in await fetch(_PINNED, entity_id, thread_id)]
    rows = {row.id: row for row in await shown_rows(entity_id, ids, thread_id=thread_id)}
    return tuple(
        PinView(
            url=f"/aportes/{row.receipt_number}",
            author_name=row.office or author_name(row),
            excerpt=excerpt(plain_text(row.body_html)),
        )
        for each in ids
        if (row := rows.get(each)) is not None and row.state == State.PUBLISHED
    )
