"""Where a contribution came from and what it was joined with, for its own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.deliberation.models import Contribution, Departure, Merge
from participa.deliberation.rules import SEGMENT, State
from participa.deliberation.views import author_name
from participa.i18n import Text


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another contribution with which one was merged, and when."""

    url: str
    receipt: str
    author_name: str | Text
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OriginView:
    """The conversation in which a contribution was said before it was moved, and when."""

    url: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Union:
    """What a contribution was merged into, if anything, and what was merged into it.

    `kept` is the row of the former while it can be read.
    """

    into: OtherView | None = None
    kept: Contribution | None = None
    others: Sequence[OtherView] = ()


async def union_of(said: Contribution) -> Union:
    """Read what a contribution was merged with; what was withheld since is not named."""
    merges = Merge.of(said.entity_id)
    own = merges.filter(contribution_id=said.id).select_related("into__thread", "into__author")
    merged = await own.first()
    if merged is not None:
        kept = merged.into if merged.into.state == State.PUBLISHED else None
        return Union(_other(merged.into, merged.merged_at), kept)
    rows = merges.filter(into_id=said.id, contribution__state=State.PUBLISHED)
    rows = rows.select_related("contribution__thread", "contribution__author").order_by("id")
    return Union(others=[_other(each.contribution, each.merged_at) for each in await rows])


def _other(said: Contribution, at: datetime) -> OtherView:
    return OtherView(
        url=f"/aportes/{said.receipt_number}",
        receipt=said.receipt_number,
        author_name=said.office or author_name(said),
        title=said.thread.title,
        at=at,
    )


async def origins_of(said: Contribution) -> Sequence[OriginView]:
    """List where a contribution stood before, by itself or under what was moved, latest first."""
    above = [said.path[:end] for end in range(SEGMENT, len(said.path) + 1, SEGMENT)]
    rows = Departure.of(said.entity_id).filter(
        contribution__thread_id=said.thread_id,
        contribution__path__in=above,
        moved_at__gte=said.created_at,
        thread__is_hidden=False,
    )
    found = await rows.select_related("thread").order_by("-moved_at", "-id")
    return [OriginView(f"/hilos/{row.thread_id}", row.thread.title, row.moved_at) for row in found]
