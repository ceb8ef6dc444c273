"""Who asked for what a commitment promises: who said it, signed it, or supports it."""

from collections.abc import Collection

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from participa.commitments.models import Source
from participa.deliberation.models import Contribution, Merge, Support
from participa.deliberation.rules import BY_ITSELF, State
from participa.features import CosignersOf


def _said(entity_id: int, commitment_id: int) -> QuerySet[Contribution]:
    named = Source.of(entity_id).filter(commitment_id=commitment_id)
    return Contribution.of(entity_id).filter(
        id__in=Subquery(named.values("contribution_id")),
        state=State.PUBLISHED,
        thread__is_hidden=False,
    )


def _merged(entity_id: int, said: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Select what was merged into these: who said the same asked for the same."""
    merges = Merge.of(entity_id).filter(into_id__in=Subquery(said.values("id")))
    return Contribution.of(entity_id).filter(
        id__in=Subquery(merges.values("contribution_id")),
        state=State.PUBLISHED,
        thread__is_hidden=False,
    )


def _supports(entity_id: int, said: QuerySet[Contribution]) -> QuerySet[Support]:
    return Support.of(entity_id).filter(contribution_id__in=Subquery(said.values("id")))


async def askers(entity_id: int, commitment_id: int, cosigners: CosignersOf) -> set[int]:
    """Give who asked for a commitment and has an account of their own."""
    said = _said(entity_id, commitment_id)
    people: list[object] = []
    for rows in (said, _merged(entity_id, said)):
        own = rows.filter(channel=BY_ITSELF).exclude(author_id=None)
        people += await own.values_list("author_id", flat=True)
    people += await _supports(entity_id, said).values_list("person_id", flat=True)
    people += await _signers(entity_id, said, cosigners)
    return {int(str(each)) for each in people}


async def has_asked(
    entity_id: int, commitment_id: int, person_id: int, cosigners: CosignersOf
) -> bool:
    """Whether somebody is among those who asked for a commitment."""
    said = _said(entity_id, commitment_id)
    for rows in (said, _merged(entity_id, said)):
        if await rows.filter(channel=BY_ITSELF, author_id=person_id).exists():
            return True
    if await _supports(entity_id, said).filter(person_id=person_id).exists():
        return True
    return person_id in await _signers(entity_id, said, cosigners)


async def _signers(
    entity_id: int, said: QuerySet[Contribution], cosigners: CosignersOf
) -> Collection[int]:
    people: set[int] = set()
    for thread in await said.filter(is_opening=True).values_list("thread_id", flat=True):
        people |= set(await cosigners(entity_id, int(str(thread))))
    return people
