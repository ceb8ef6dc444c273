"""Supports united by a merge and divided again, in rows that the database keeps unique.

A person supports a contribution once, and never what they said themselves. A support that came
by a merge knows which; the merged contribution keeps its own.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from tortoise.connection import get_connection
from tortoise.expressions import F

from participa.accounts.models import Person
from participa.db import CONNECTION, Statement
from participa.db.acts import rows_of
from participa.deliberation.models import Contribution, Merge, Support, Thread

Signers = tuple[set[int], set[int]]


async def unite(merged: Merge, signers: Signers, into: Contribution) -> None:
    """Give a contribution the supports of another one; `signers` are who said each of the two.

    Who said what is merged supports it no longer by a press but by their words: their own support
    is set aside until the merge is taken back.
    """
    own, there = signers
    before = await _rows(into)
    mine = Support.of(into.entity_id).filter(contribution_id=into.id, person_id__in=list(own))
    pressed = mine.filter(merge_id=None).order_by("person_id")
    merged.set_aside = [
        int(str(each)) for each in await pressed.values_list("person_id", flat=True)
    ]
    await merged.save(update_fields=["set_aside"])
    await mine.delete()
    await _copy(merged, into, without=own | there)
    await _recount(into, before)


async def divide(merged: Merge, signers: Signers, one: Contribution, into: Contribution) -> None:
    """Take back what a merge united: what came only by it goes, what was set aside returns.

    Who stopped supporting the two together supports neither of them any more.
    """
    own, there = signers
    before, before_one = await _rows(into), await _rows(one)
    await _run(_WITHDRAWN.format(kept=_numbers(own | there)), one.id, into.id, into.entity_id)
    await _run(_BY_ANOTHER, merged.id, into.id, into.entity_id)
    came = Support.of(into.entity_id).filter(contribution_id=into.id, merge_id=merged.id)
    await came.delete()
    back = own - there
    await _give_back(merged, into, back)
    rest = Merge.of(into.entity_id).filter(into_id=into.id).exclude(id=merged.id).order_by("id")
    for each in await rest:
        await _copy(each, into, only=back)
    await _recount(into, before)
    await _recount(one, before_one)


# Who supports what was merged and pressed again where it went, to support it no longer.
_WITHDRAWN = """
    DELETE FROM deliberation_support
    WHERE entity_id = $3 AND contribution_id = $1 AND person_id NOT IN ({kept})
        AND person_id NOT IN (
            SELECT person_id FROM deliberation_support WHERE contribution_id = $2
        )
"""
# Whose support came by this merge, and would have come by another one.
_BY_ANOTHER = """
    UPDATE deliberation_support SET merge_id = (
        SELECT MIN(m.id) FROM deliberation_merge m
        JOIN deliberation_support s ON s.contribution_id = m.contribution_id
        WHERE m.into_id = $2 AND m.id <> $1 AND s.person_id = deliberation_support.person_id
    )
    WHERE entity_id = $3 AND contribution_id = $2 AND merge_id = $1 AND EXISTS (
        SELECT 1 FROM deliberation_merge m
        JOIN deliberation_support s ON s.contribution_id = m.contribution_id
        WHERE m.into_id = $2 AND m.id <> $1 AND s.person_id = deliberation_support.person_id
    )
"""
_COPY = """
    INSERT INTO deliberation_support (entity_id, contribution_id, person_id, created_at, merge_id)
    SELECT entity_id, $1, person_id, created_at, $2 FROM deliberation_support
    WHERE entity_id = $4 AND contribution_id = $3 AND {whose}
    ON CONFLICT (contribution_id, person_id) DO NOTHING
"""


async def _copy(
    merged: Merge,
    into: Contribution,
    *,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> None:
    whose = f"person_id NOT IN ({_numbers(without)})"
    if only is not None:
        whose = f"person_id IN ({_numbers(only)})"
    values = (into.id, merged.id, merged.contribution_id, into.entity_id)
    await _run(_COPY.format(whose=whose), *values)


def _numbers(people: Iterable[int]) -> str:
    """Write ids for a statement; a number that is nobody's where there are none."""
    return ", ".join(str(int(each)) for each in sorted(people)) or "0"


async def _run(sql: str, *values: int) -> None:
    await rows_of(get_connection(CONNECTION), Statement(sql, values))


async def _give_back(merged: Merge, into: Contribution, people: Collection[int]) -> None:
    """Store again what was set aside, of accounts that still exist."""
    wanted = [each for each in merged.set_aside if each in people]
    left = await Person.of(into.entity_id).filter(id__in=wanted).values_list("id", flat=True)
    rows = [_support(into, int(str(each)), merged.merged_at) for each in left]
    await Support.bulk_create(rows, ignore_conflicts=True)


def _support(into: Contribution, person_id: int, at: datetime) -> Support:
    return Support(
        entity_id=into.entity_id, contribution_id=into.id, person_id=person_id, created_at=at
    )


async def _rows(said: Contribution) -> int:
    return await Support.of(said.entity_id).filter(contribution_id=said.id).count()


async def _recount(said: Contribution, before: int) -> None:
    """Count anew from the rows; what was imported as a mere number stays in the count."""
    change = await _rows(said) - before
    row = Contribution.of(said.entity_id).filter(id=said.id)
    await row.update(support_count=F("support_count") + change)
    if said.is_opening:
        thread = Thread.of(said.entity_id).filter(id=said.thread_id)
        await thread.update(support_count=F("support_count") + change)
