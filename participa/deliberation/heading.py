"""What stands above a conversation: the conclusion it was closed with."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from participa.db import fetch, moment
from participa.kit.html import SafeHtml


@dataclass(frozen=True, slots=True)
class ConclusionView:
    """What a conversation was closed with; `wordings` is how often it was written."""

    html: Markup
    author_name: str
    office: str
    wordings: int
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the conversation of a thread, the same for every reader."""

    thread_id: int
    conclusion: ConclusionView | None = None


_CONCLUSION = """
    SELECT c.body_html, c.author_name, c.office, c.number, c.written_at
    FROM deliberation_conclusion c JOIN deliberation_thread t ON t.id = c.thread_id
    WHERE c.entity_id = $1 AND c.thread_id = $2 AND t.closed_at IS NOT NULL
    ORDER BY c.number DESC LIMIT 1
"""


async def heading_of(entity_id: int, thread_id: int) -> Heading:
    """Read what stands above a thread, in one statement."""
    rows = await fetch(_CONCLUSION, entity_id, thread_id)
    if not rows:
        return Heading(thread_id)
    html, author_name, office, number, written_at = rows[0]
    conclusion = ConclusionView(
        # Made by the sanitiser when it was written; nothing else writes this column.
        SafeHtml(html), author_name, office, number, moment(written_at)
    )  # fmt: skip
    return Heading(thread_id, conclusion)
