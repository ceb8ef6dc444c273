"""The questions of a session as its desk, its hall and its screen see them: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from participa.accountability.hearing.rules import QuestionState, state_of
from participa.accountability.rules import KIND
from participa.db import fetch, moment

MOST = 2000


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question that can be read, and where it stands.

    `answered_by` is the office that spoke last in its conversation, `answer_id` what it said;
    `second` the moment of the recording, `owner` who owes an answer until `due_on`.
    """

    thread_id: int
    opening_id: int
    receipt: str
    title: str
    supports: int
    channel: str
    people: int
    asked_at: datetime
    state: QuestionState
    changed_at: datetime | None
    shown_at: datetime | None
    second: int | None
    due_on: date | None
    owner: str
    answer_id: int | None
    answered_by: str
    merged_into: str

    @property
    def voices(self) -> int:
        """Who asked and who supports it."""
        return self.people + self.supports

    @property
    def url(self) -> str:
        """Its conversation."""
        return f"/hilos/{self.thread_id}"


_QUESTIONS = """
    SELECT t.id, c.id, c.receipt_number, t.title, c.support_count, c.channel, c.people_count,
        c.created_at, q.state, q.changed_at, q.shown_at, q.second, q.due_on, q.owner_name,
        a.id, a.office, other.receipt_number
    FROM deliberation_thread t
    JOIN deliberation_contribution c ON c.thread_id = t.id AND c.is_opening
    LEFT JOIN accountability_hearing_question q ON q.thread_id = t.id
    LEFT JOIN deliberation_contribution a ON a.id = (
        SELECT MAX(said.id) FROM deliberation_contribution said
        WHERE said.thread_id = t.id AND NOT said.is_opening AND said.office <> ''
            AND said.state = 'published'
    )
    LEFT JOIN deliberation_merge m ON m.contribution_id = c.id
    LEFT JOIN deliberation_contribution other ON other.id = m.into_id
    WHERE t.entity_id = $1 AND t.kind = $2 AND t.place_id = $3 AND NOT t.is_hidden
        AND c.state = 'published' {more}
    ORDER BY c.support_count DESC, t.id LIMIT $4
"""


async def question_rows(entity_id: int, session_id: int) -> list[QuestionRow]:
    """Read the questions that can be read, the most supported first, in one statement."""
    sql = _QUESTIONS.format(more="")
    return [_row(row) for row in await fetch(sql, entity_id, KIND, session_id, MOST)]


async def question_row(entity_id: int, session_id: int, thread_id: int) -> QuestionRow | None:
    """Read one question; None where it cannot be read or is another session's."""
    sql = _QUESTIONS.format(more="AND t.id = $5")
    rows = await fetch(sql, entity_id, KIND, session_id, 1, thread_id)
    return _row(rows[0]) if rows else None


def _row(row: Sequence[Any]) -> QuestionRow:
    (thread_id, opening_id, receipt, title, supports, channel, people, asked_at, stored, changed,
     shown, second, due_on, owner, answer_id, office, merged_into) = row  # fmt: skip
    state = state_of(stored or "", is_merged=bool(merged_into), is_answered=answer_id is not None)
    return QuestionRow(
        thread_id=thread_id,
        opening_id=opening_id,
        receipt=receipt,
        title=title,
        supports=supports,
        channel=channel,
        people=people,
        asked_at=moment(asked_at),
        state=state,
        changed_at=moment(changed) if changed is not None else None,
        shown_at=moment(shown) if shown is not None else None,
        second=second,
        due_on=_day(due_on),
        owner=owner or "",
        answer_id=answer_id,
        answered_by=office or "",
        merged_into=merged_into or "",
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
