"""Finding the opinion groups of a round that is over, in a process apart, and keeping them.

`python -m participa.opinion.grouping` is started by the worker's job; the web process imports
neither numpy nor scipy.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from participa.db import connected, transaction
from participa.jobs.apart import take_order
from participa.opinion.importing import VotesMatrix, votes_matrix
from participa.opinion.lens import Lens
from participa.opinion.models import RoundGroups, Statement
from participa.opinion.queries import votes_count
from participa.opinion.rules import State
from participa.opinion.service import count_groups

if TYPE_CHECKING:
    from participa.insights.opinion.analysis import Analysis
    from participa.insights.opinion.summary import Said, Summary
    from participa.insights.opinion.votes import Flags


class Kept(NamedTuple):
    """What is kept of an analysis: what is published, and how one's own place is found."""

    summary: "Summary"
    lens: Lens | None


async def find_groups(entity_id: int, round_id: int, now: datetime) -> bool:
    """Find the groups of a round, in this process, and keep what is published of them.

    Whatever was kept before is replaced. Gives False, and keeps nothing, where statements were
    published or taken out meanwhile: then it must be done again.
    """
    began, votes = time.perf_counter(), await votes_count(entity_id, round_id)
    matrix = await votes_matrix(entity_id, round_id)
    numbers = await _numbers(entity_id, round_id)
    found = await asyncio.to_thread(_found, matrix, numbers)
    async with transaction():
        rows = Statement.of(entity_id).filter(round_id=round_id)
        now_there = [(row.id, row.state) for row in await rows.order_by("number")]
        if now_there != list(zip(matrix.statements, matrix.states, strict=True)):
            return False
        await RoundGroups.of(entity_id).filter(round_id=round_id).delete()
        await count_groups(entity_id, round_id)
        await RoundGroups.create(
            entity_id=entity_id, round_id=round_id, summary=dict(found.summary),
            lens=found.lens, votes=votes, seconds=time.perf_counter() - began, found_at=now,
        )  # fmt: skip
    return True


async def _numbers(entity_id: int, round_id: int) -> list[int]:
    rows = Statement.of(entity_id).filter(round_id=round_id).order_by("number")
    return [row.number for row in await rows.only("id", "number")]


def _found(matrix: VotesMatrix, numbers: list[int]) -> Kept:
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
        found = analyse(votes, kept)
    summary = summarise(found, kept, np.array(matrix.began))
    return Kept(numbered(summary, numbers), lens_of_analysis(found, kept, numbers))


def lens_of_analysis(found: "Analysis", kept: "Flags", numbers: list[int]) -> Lens | None:
    """Keep what places one person among the groups; None where there are none."""
    from participa.insights.opinion.grouping import FEWEST_VOTES

    if found.chosen is None or not found.has_groups:
        return None
    parts = found.components
    return Lens(
        statements=[number for number, is_kept in zip(numbers, kept, strict=True) if is_kept],
        centre=parts.centre[kept].round(6).tolist(),
        axes=parts.axes[:, kept].round(6).tolist(),
        groups=found.chosen.centres.round(6).tolist(),
        fewest=min(FEWEST_VOTES, len(numbers)),
    )


def numbered(summary: "Summary", numbers: list[int]) -> "Summary":
    """Replace the columns of statements by their numbers."""
    for said in _all_said(summary):
        said["statement"] = numbers[said["statement"]]
    summary["dividing"] = [numbers[column] for column in summary["dividing"]]
    shares, aware = summary["shares"], summary["aware"]
    summary["shares"] = {str(numbers[int(column)]): each for column, each in shares.items()}
    summary["aware"] = {str(numbers[int(column)]): each for column, each in aware.items()}
    return summary


def _all_said(summary: "Summary") -> "list[Said]":
    said = [*summary["common"], *summary["bridges"]]
    for group in summary["groups"]:
        said += group["says"]
    if summary["once"] is not None:
        said += summary["once"]["lost"] + summary["once"]["gained"]
    return said


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
