"""Finding the opinion groups of a round that is over, in a process apart, and keeping them.

`python -m participa.opinion.grouping` is started by the worker's job; the web process imports
neither numpy nor scipy.
"""

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from participa.db import connected, transaction
from participa.jobs.apart import take_order
from participa.opinion.importing import VotesMatrix, votes_matrix
from participa.opinion.models import RoundGroups, Statement
from participa.opinion.rules import State

if TYPE_CHECKING:
    from participa.insights.opinion.summary import Summary


async def find_groups(entity_id: int, round_id: int, now: datetime) -> bool:
    """Find the groups of a round, in this process, and keep what is published of them.

    Whatever was kept before is replaced. Gives False, and keeps nothing, where statements were
    published or taken out meanwhile: then it must be done again.
    """
    matrix = await votes_matrix(entity_id, round_id)
    numbers = await _numbers(entity_id, round_id)
    summary = await asyncio.to_thread(_summary, matrix, numbers)
    async with transaction():
        rows = Statement.of(entity_id).filter(round_id=round_id)
        now_there = [(row.id, row.state) for row in await rows.order_by("number")]
        if now_there != list(zip(matrix.statements, matrix.states, strict=True)):
            return False
        await RoundGroups.of(entity_id).filter(round_id=round_id).delete()
        await RoundGroups.create(
            entity_id=entity_id, round_id=round_id, summary=dict(summary), found_at=now
        )
    return True


async def _numbers(entity_id: int, round_id: int) -> list[int]:
    rows = Statement.of(entity_id).filter(round_id=round_id).order_by("number")
    return [row.number for row in await rows.only("id", "number")]


def _summary(matrix: VotesMatrix, numbers: list[int]) -> "Summary":
    """Analyse, and name statements by their number in the round."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    from participa.insights.opinion.analysis import analyse
    from participa.insights.opinion.summary import summarise
    from participa.insights.opinion.votes import gather

    shape = len(matrix.participants), len(matrix.statements)
    votes = gather(matrix.rows, matrix.columns, matrix.choices, shape)
    kept = np.array([state == State.PUBLISHED for state in matrix.states], dtype=bool)
    with threadpool_limits(1):
        return numbered(summarise(analyse(votes, kept)), numbers)


def numbered(summary: "Summary", numbers: list[int]) -> "Summary":
    """Replace the columns of statements by their numbers."""
    for said in (*summary["common"], *summary["bridges"]):
        said["statement"] = numbers[said["statement"]]
    for group in summary["groups"]:
        for said in group["says"]:
            said["statement"] = numbers[said["statement"]]
    summary["dividing"] = [numbers[column] for column in summary["dividing"]]
    summary["shares"] = {
        str(numbers[int(column)]): shares for column, shares in summary["shares"].items()
    }
    return summary


def main() -> int:
    """Find the groups of the round that standard input names."""
    settings, order = take_order()

    async def run() -> None:
        async with connected(settings):
            await find_groups(order["entity_id"], order["round_id"], datetime.now(UTC))

    asyncio.run(run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
