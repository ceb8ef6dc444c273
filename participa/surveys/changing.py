"""Answers after they were sent: changed or withdrawn until the closing, where the survey allows.

Of what was answered before only a digest stays, so that nobody reads what somebody took back.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from participa.surveys.models import Answer, AnswerChange, Participation

SENT, REPLACED, WITHDRAWN = "sent", "replaced", "withdrawn"


def digest_of(response_id: int, rows: Iterable[Answer]) -> str:
    """Give a digest of stored answers; the response's own key, which nobody reads, salts it."""
    cells = sorted((r.question_id, r.row, r.choice or 0, r.number or 0, r.text) for r in rows)
    written = json.dumps([response_id, cells], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


async def note_change(mine: Participation, act: str, digest: str, now: datetime) -> None:
    """Write down that answers were sent, replaced or withdrawn, in the same transaction."""
    before = await AnswerChange.of(mine.entity_id).filter(participation_id=mine.id).count()
    await AnswerChange.create(
        entity_id=mine.entity_id, participation=mine, number=before + 1, act=act,
        digest=digest, made_at=now,
    )  # fmt: skip


async def changes_of(mine: Participation) -> list[AnswerChange]:
    """List what happened to somebody's answers."""
    rows = AnswerChange.of(mine.entity_id).filter(participation_id=mine.id)
    return await rows.order_by("number")
