"""Proposals like one that is being written: found among a call's words kept in this process.

What is kept is brought up to date at each question, and what it finds is read again before it is
shown: nothing hidden or taken back comes out of it.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.requests import Request

from participa.accounts.permissions import Actor
from participa.consultations.models import Consultation
from participa.consultations.queries import call_of
from participa.consultations.rules import PROPOSAL_KIND
from participa.db import Rows, fetch
from participa.deliberation.models import Contribution
from participa.deliberation.queries import supported_by
from participa.deliberation.rules import State
from participa.deliberation.views import author_name, excerpt
from participa.i18n import Text as Words
from participa.kit.html import plain_text
from participa.kit.similar import Index, Text
from participa.web.context import context

SHOWN = 5
# Asked for, because some may no longer be shown.
_CANDIDATES = 20
# About 1.5 kB each: so many calls, and of each so many of its newest proposals.
CALLS_KEPT, PROPOSALS_KEPT = 6, 20_000
_BATCH = 500
# Acts that began earlier may commit later: so far back what is missing is looked for.
_LATE = 200
_LANGUAGES = {"es": "spanish", "en": "english"}


@dataclass(frozen=True, slots=True)
class Alike:
    """A proposal that may say the same, with what this reader may do."""

    url: str
    title: str
    excerpt: str
    author_name: str | Words
    support_count: int
    support_url: str
    is_mine: bool
    has_my_support: bool


@dataclass(slots=True)
class _Kept:
    index: Index
    # By thread: what it said, to see whether it says something else now.
    known: dict[int, int] = field(default_factory=dict)
    seen_event: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Likeness:
    """The words of the calls in which people proposed last."""

    def __init__(self) -> None:
        self._calls: OrderedDict[int, _Kept] = OrderedDict()

    async def like(self, call: Consultation, text: Text, locale: str) -> list[int]:
        """Give the threads of the proposals most like a text, best first."""
        kept = self._kept(call.id, locale)
        async with kept.lock:
            await _catch_up(kept, call)
            # It counts many words: not while everybody else waits.
            found = await asyncio.to_thread(kept.index.like, text, _CANDIDATES)
        return [each.id for each in found]

    def _kept(self, call_id: int, locale: str) -> _Kept:
        kept = self._calls.get(call_id)
        if kept is None or len(kept.index) > 2 * PROPOSALS_KEPT:
            kept = _Kept(Index(_LANGUAGES.get(locale, "spanish")))
        self._calls[call_id] = kept
        self._calls.move_to_end(call_id)
        while len(self._calls) > CALLS_KEPT:
            self._calls.popitem(last=False)
        return kept


_FIRST = """
    SELECT id FROM deliberation_thread WHERE entity_id = $1 AND kind = $2 AND place_id = $3
    ORDER BY id DESC LIMIT 1 OFFSET $4
"""
_NEXT = """
    SELECT t.id, t.title, opening.body_html FROM deliberation_thread t
    JOIN deliberation_contribution opening ON opening.thread_id = t.id AND opening.is_opening
    WHERE t.entity_id = $1 AND t.kind = $2 AND t.place_id = $3 AND t.id > $4
    ORDER BY t.id LIMIT $5
"""


_LAST_EVENT = "SELECT id FROM deliberation_event WHERE entity_id = $1 ORDER BY id DESC LIMIT 1"
_EDITED = """
    SELECT t.id, t.title, opening.body_html FROM deliberation_event e
    JOIN deliberation_thread t ON t.id = e.thread_id
    JOIN deliberation_contribution opening ON opening.id = e.contribution_id AND opening.is_opening
    WHERE e.id > $4 AND e.kind = 'edited'
      AND t.entity_id = $1 AND t.kind = $2 AND t.place_id = $3
"""


async def _catch_up(kept: _Kept, call: Consultation) -> None:
    found = await fetch(_LAST_EVENT, call.entity_id)
    last = int(found[0][0]) if found else 0
    await _add_new(kept, call)
    if kept.seen_event < last:
        where = (call.entity_id, PROPOSAL_KIND, call.id)
        edited = await fetch(_EDITED, *where, kept.seen_event - _LATE)
        await asyncio.to_thread(_add, kept, edited)
    kept.seen_event = last


async def _add_new(kept: _Kept, call: Consultation) -> None:
    where = (call.entity_id, PROPOSAL_KIND, call.id)
    if kept.known:
        after = max(kept.known) - _LATE
    else:
        first = await fetch(_FIRST, *where, PROPOSALS_KEPT)
        after = int(first[0][0]) if first else 0
    rows: Rows = await fetch(_NEXT, *where, after, _BATCH)
    while rows:
        await asyncio.to_thread(_add, kept, rows)
        after = int(rows[-1][0])
        rows = await fetch(_NEXT, *where, after, _BATCH) if len(rows) == _BATCH else ()


def _add(kept: _Kept, rows: Rows) -> None:
    """Add what is not known as it is."""
    for thread_id, title, body_html in rows:
        wording = hash((title, body_html))
        if kept.known.get(int(thread_id)) != wording:
            kept.known[int(thread_id)] = wording
            kept.index.add(int(thread_id), Text(title, plain_text(body_html)))


async def alike(
    request: Request, actor: Actor, call: Consultation, title: str, body: str
) -> list[Alike]:
    """Give the proposals of a call that may say the same as what is written, best first."""
    likeness = _likeness_of(request)
    threads = await likeness.like(call, Text(title, body), context(request).entity.locale)
    openings = Contribution.of(call.entity_id).filter(
        thread_id__in=threads, is_opening=True, state=State.PUBLISHED, thread__is_hidden=False,
        thread__merged_at=None,
    )  # fmt: skip
    rows = {row.thread_id: row for row in await openings.select_related("thread", "author")}
    shown = [rows[each] for each in threads if each in rows][:SHOWN]
    supported = await supported_by(actor, [row.id for row in shown])
    return [_view(row, actor, has_my_support=row.id in supported) for row in shown]


async def like_thread(request: Request, thread_id: int) -> list[int]:
    """Give the proposals of the same call most like one, best first."""
    entity = context(request).entity
    rows = Contribution.of(entity.id).filter(thread_id=thread_id, is_opening=True)
    opening = await rows.select_related("thread").first()
    if opening is None:
        return []
    call = await call_of(entity.id, opening.thread.place_id)
    text = Text(opening.thread.title, plain_text(opening.body_html))
    threads = await _likeness_of(request).like(call, text, entity.locale)
    return [each for each in threads if each != thread_id][:SHOWN]


def _likeness_of(request: Request) -> Likeness:
    state = request.app.state
    if not hasattr(state, "likeness"):
        state.likeness = Likeness()
    found: Likeness = state.likeness
    return found


def _view(row: Contribution, actor: Actor, *, has_my_support: bool) -> Alike:
    return Alike(
        url=f"/hilos/{row.thread_id}",
        title=row.thread.title,
        excerpt=excerpt(plain_text(row.body_html)),
        author_name=row.office or author_name(row),
        support_count=row.support_count,
        support_url=f"/aportes/{row.receipt_number}/apoyo",
        is_mine=row.author_id == actor.person_id,
        has_my_support=has_my_support,
    )


async def was_sent(actor: Actor, request_key: str | None) -> bool:
    """Whether a form with this key made something already: then it is only sent again."""
    if request_key is None or actor.is_anonymous:
        return False
    rows = Contribution.of(actor.entity_id).filter(author_id=actor.person_id)
    return await rows.filter(request_key=request_key).exists()
