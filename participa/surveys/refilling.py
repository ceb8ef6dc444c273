"""Stored answers put back into the fields of their form, to be changed. Pure but for one read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from participa.surveys.forms import field_name, fields_of, other_field
from participa.surveys.models import Answer, Participation, Question
from participa.surveys.questionnaire import Kind


async def typed_before(mine: Participation, questions: Sequence[Question]) -> dict[str, str]:
    """Give what somebody answered as they would have typed it; empty where nothing is stored."""
    rows = await Answer.of(mine.entity_id).filter(response_id=mine.response_id or 0)
    by_question: dict[int, list[Answer]] = {}
    for row in rows:
        by_question.setdefault(row.question_id, []).append(row)
    return {
        name: value
        for question in questions
        for name, value in refilled(question, by_question.get(question.id, []))
    }


def refilled(question: Question, rows: Iterable[Answer]) -> Iterator[tuple[str, str]]:
    """Give a question's fields with the values that make these rows."""
    item = question.asked
    names = fields_of(question, item)
    for row in rows:
        if row.choice is not None:
            yield _chosen(question, names, row.row, row.choice)
            if row.text:
                yield other_field(question), row.text
        elif row.number is not None:
            is_day = item.kind is Kind.DATE
            number = date.fromordinal(int(row.number)).isoformat() if is_day else _plain(row.number)
            yield field_name(question), number
        else:
            yield field_name(question), row.text


def _chosen(question: Question, names: Sequence[str], at: int, choice: int) -> tuple[str, str]:
    kind = question.asked.kind
    ways: Mapping[Kind, tuple[str, str]] = {
        Kind.MULTIPLE: (names[choice], "1") if choice < len(names) else ("", ""),
        Kind.RANKING: (names[choice], str(at + 1)) if choice < len(names) else ("", ""),
        Kind.MATRIX: (names[at], str(choice)) if at < len(names) else ("", ""),
    }
    return ways.get(kind, (field_name(question), str(choice)))


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() else str(number).replace(".", ",")
