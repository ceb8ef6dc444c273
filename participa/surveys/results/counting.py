"""Counting a version once: its answers are put into lines when it closes, and read from there."""

from asyncio import to_thread
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tortoise.exceptions import IntegrityError

from participa.db import fetch, transaction
from participa.jobs import enqueue
from participa.processes.models import Phase
from participa.processes.rules import final_closing
from participa.surveys.log import note
from participa.surveys.models import Counted, Question, Response, Survey
from participa.surveys.queries import questions_of
from participa.surveys.questionnaire import Kind
from participa.surveys.results.columns import Columns, Stored, columns_of, packed, unpacked
from participa.surveys.results.figures import figures_of
from participa.surveys.results.lines import asked_lines

COUNT = "surveys.count"
MOST_AT_ONCE = 3_000
"""Of more answers a page does not wait for the counting: the worker does it."""
FEWEST_NEW = 20
"""So many more have to have answered before an open survey's shares are counted again."""
_KEPT_IN_MEMORY = 8

_RESPONSES = """
    SELECT id FROM surveys_response
    WHERE entity_id = $1 AND survey_id = $2 AND version = $3 ORDER BY id
"""
_RESPONSES_UNTIL = """
    SELECT id FROM surveys_response
    WHERE entity_id = $1 AND survey_id = $2 AND version = $3 AND day <= $4 ORDER BY id
"""
_ANSWERS = """
    SELECT response_id, row, choice, number FROM surveys_answer
    WHERE entity_id = $1 AND question_id = $2
"""


@dataclass(frozen=True, slots=True)
class Counting:
    """A version as counted: `key` is another one whenever it is counted again."""

    key: tuple[int, str]
    responses: int
    columns: Columns


async def counting_of(
    survey: Survey, version: int, since: datetime, now: datetime
) -> Counting | None:
    """Give a closed version as counted after it closed, counting it now where that is quick.

    None where the worker has been asked to count it.
    """
    kept = await _kept(survey, version)
    if kept is not None and kept.counted_at >= since and kept.until is None:
        return await _counting(kept)
    responses = Response.of(survey.entity_id).filter(survey_id=survey.id, version=version)
    if await responses.count() > MOST_AT_ONCE:
        arguments: dict[str, object] = {
            "entity_id": survey.entity_id,
            "survey_id": survey.id,
            "version": version,
        }
        await enqueue(COUNT, arguments, entity_id=survey.entity_id, run_at=now)
        return None
    return await _counting(await count_version(survey, version, now))


async def live_counting_of(
    survey: Survey, version: int, today: date, now: datetime
) -> Counting | None:
    """Give an open version as it stood at the end of a day, once enough have answered since.

    Two readings then differ by many people or by none, so that nobody's answers are the
    difference (T39). None before the first ones.
    """
    kept = await _kept(survey, version)
    if kept is not None and kept.until == today - timedelta(days=1):
        return await _counting(kept)
    yesterday = today - timedelta(days=1)
    rows = Response.of(survey.entity_id).filter(survey_id=survey.id, version=version)
    count = await rows.filter(day__lte=yesterday).count()
    if count >= FEWEST_NEW + (kept.responses if kept is not None else 0):
        kept = await count_version(survey, version, now, yesterday)
    return None if kept is None else await _counting(kept)


async def _kept(survey: Survey, version: int) -> Counted | None:
    rows = Counted.of(survey.entity_id).filter(survey_id=survey.id, version=version)
    return await rows.only("id", "entity_id", "responses", "until", "counted_at").first()


_lines: OrderedDict[tuple[int, str], Columns] = OrderedDict()


async def _counting(kept: Counted) -> Counting:
    """Give the lines, those of the last surveys read from memory."""
    key = (kept.id, kept.counted_at.isoformat())
    if key not in _lines:
        row = await Counted.of(kept.entity_id).get(id=kept.id)
        _lines[key] = unpacked(row.packed)
        while len(_lines) > _KEPT_IN_MEMORY:
            _lines.popitem(last=False)
    return Counting(key, kept.responses, _lines[key])


async def count_version(
    survey: Survey, version: int, now: datetime, until: date | None = None
) -> Counted:
    """Put the answers to a version into lines and keep them, in place of those kept before."""
    questions = await questions_of(survey, version)
    values = (survey.entity_id, survey.id, version)
    rows = await (
        fetch(_RESPONSES, *values) if until is None else fetch(_RESPONSES_UNTIL, *values, until)
    )
    order = {int(response): at for at, (response,) in enumerate(rows)}
    answers = [
        (question.position, question.asked, await _stored(question, order))
        for question in questions
        if question.asked.is_asked
    ]
    columns = await to_thread(columns_of, len(order), answers)
    new = Counted(
        entity_id=survey.entity_id,
        survey_id=survey.id,
        version=version,
        responses=len(order),
        until=until,
        packed=await to_thread(packed, columns),
        counted_at=now,
    )
    totals = () if until is not None else log_totals(questions, columns)
    return await _keep(survey, new, totals)


_UNCUT = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.PLACE})


def log_totals(questions: Sequence[Question], columns: Columns) -> list[dict[str, object]]:
    """Give the totals as the log has them: those of the page, with the same counts hidden.

    Numbers and places have only how many answered: how they are cut is the page's.
    """
    items = [(question.position, question.asked) for question in questions]
    return [
        {
            "question": figure.number,
            "row": str(figure.row),
            "answered": figure.answered,
            "counts": [] if figure.kind in _UNCUT else [row.count for row in figure.rows],
            "adds_up": bool(figure.rows) and figure.kind not in {*_UNCUT, Kind.MULTIPLE},
        }
        for asked in asked_lines(items, columns, {}, "es")
        for figure in figures_of(asked, is_sample=False)
    ]


async def _stored(question: Question, order: dict[int, int]) -> Sequence[Stored]:
    rows = await fetch(_ANSWERS, question.entity_id, question.id)
    return list(_placed(rows, order))


def _placed(rows: Sequence[Sequence[object]], order: dict[int, int]) -> Iterator[Stored]:
    for response, row, choice, number in rows:
        who = order.get(int(str(response)))
        if who is not None:
            yield (
                who,
                int(str(row)),
                None if choice is None else int(str(choice)),
                None if number is None else float(str(number)),
            )


async def _keep(survey: Survey, new: Counted, totals: Sequence[Mapping[str, object]]) -> Counted:
    """Put it in the place of what was kept of the same version; totals go to the log."""
    same = Counted.of(new.entity_id).filter(survey_id=new.survey_id, version=new.version)
    try:
        async with transaction():
            await same.delete()
            await new.save()
            if totals:
                await note(survey, "tally", new.counted_at.date(), version=new.version,
                           responses=new.responses, totals=totals)  # fmt: skip
    except IntegrityError:
        # Somebody else counted the same at the same time.
        return await same.get()
    return new


async def count_job(arguments: dict[str, object]) -> None:
    """Count the version that a page asked for, if nobody has."""
    entity_id, survey_id, version = (
        int(str(arguments[name])) for name in ("entity_id", "survey_id", "version")
    )
    survey = await Survey.of(entity_id).filter(id=survey_id).first()
    if survey is None:
        return
    phases = await Phase.of(entity_id).filter(process_id=survey.process_id)
    closed = final_closing(phases, survey.activity)
    kept = await _kept(survey, version)
    if kept is None or closed is None or kept.counted_at < closed:
        await count_version(survey, version, datetime.now(UTC))
