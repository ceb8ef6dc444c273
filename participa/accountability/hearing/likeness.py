"""Which questions of a session ask nearly the same, for the desk to unite. No I/O."""

from collections.abc import Sequence

from participa.accountability.hearing.rows import QuestionRow
from participa.accountability.hearing.rules import QuestionState
from participa.kit.similar import Index, Text

MOST_LIKE = 5


def questions_like(row: QuestionRow, rows: Sequence[QuestionRow]) -> list[QuestionRow]:
    """Give the questions most like one, best first, into which it may be merged."""
    others = {
        each.thread_id: each
        for each in rows
        if each.thread_id != row.thread_id and each.state is not QuestionState.MERGED
    }
    index = Index()
    for each in others.values():
        index.add(each.thread_id, Text(each.title, ""))
    return [others[found.id] for found in index.like(Text(row.title, ""), MOST_LIKE)]
