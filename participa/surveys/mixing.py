"""Ballots of secret surveys lie in no order, in a dump of the database either (T34).

Their keys are random. SQLite keeps tables in the order of their keys; PostgreSQL writes rows
where there is room, mostly at the end, so that a dump would tell who answered last. Whoever
stores a ballot there writes some others anew, in random order, and once a day all are.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import SystemRandom

from tortoise.connection import get_connection

from participa.db import CONNECTION, dialect, transaction
from participa.entities.models import Entity
from participa.surveys.models import Response, Survey

COMPANY = 40
"""Ballots that are written anew beside each new one, so that it is one of so many."""
MIX = "surveys.mix_ballots"
MIX_EVERY = timedelta(days=1)
_random = SystemRandom()
_SOME = """
    SELECT id FROM surveys_response
    WHERE entity_id = $1 AND survey_id = $2 AND id >= $3 ORDER BY id LIMIT $4
"""
_BALLOT = 'UPDATE surveys_response SET "day" = "day" WHERE entity_id = $1 AND id = $2'
_ANSWERS = 'UPDATE surveys_answer SET "row" = "row" WHERE entity_id = $1 AND response_id = $2'


async def hide_among_others(response: Response) -> None:
    """Write a new ballot and some others anew, in the transaction that stores it."""
    if dialect() != "postgres":
        return
    start = _random.randrange(2**62)
    found = await _ids(response, start, COMPANY)
    if len(found) < COMPANY:
        found += await _ids(response, 0, COMPANY - len(found))
    await _rewrite(response.entity_id, list({*found, response.id}))


async def _ids(response: Response, start: int, most: int) -> list[int]:
    values = [response.entity_id, response.survey_id, start, most]
    rows = await get_connection(CONNECTION).execute_query_dict(_SOME, values)
    return [int(row["id"]) for row in rows]


async def _rewrite(entity_id: int, ballots: Sequence[int]) -> None:
    order = [[entity_id, ballot] for ballot in _random.sample(ballots, len(ballots))]
    connection = get_connection(CONNECTION)
    await connection.execute_many(_BALLOT, order)
    await connection.execute_many(_ANSWERS, order)


async def mix_ballots(_arguments: dict[str, object]) -> None:
    """Write the ballots of the last days' secret surveys anew, in every entity."""
    if dialect() != "postgres":
        return
    since = datetime.now(UTC).date() - 3 * MIX_EVERY
    for entity in await Entity.all().only("id"):
        recent = Response.of(entity.id).filter(day__gte=since, survey__is_secret=True)
        for survey_id in await recent.distinct().values_list("survey_id", flat=True):
            await mix_survey(await Survey.of(entity.id).get(id=survey_id))


async def mix_survey(survey: Survey) -> None:
    """Write all ballots of a survey anew, in random order."""
    if dialect() != "postgres":
        return
    async with transaction():
        rows = Response.of(survey.entity_id).filter(survey_id=survey.id)
        keys = [int(str(key)) for key in await rows.values_list("id", flat=True)]
        await _rewrite(survey.entity_id, keys)
