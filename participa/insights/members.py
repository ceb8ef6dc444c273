"""The contributions of a theme, or of what was said once, page by page, for who reviews them."""

from collections.abc import Sequence
from dataclasses import dataclass

from participa.insights.models import Cluster, ReportMember, ResultReport
from participa.insights.quoting import QuoteView, first_words
from participa.insights.rules import Standing

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class MemberItem:
    """A contribution to be looked at, and moved where it stands wrongly."""

    id: int
    text: QuoteView
    copies: int


@dataclass(frozen=True, slots=True)
class MemberListing:
    """A page of them; `after` begins the next one, and is None on the last."""

    items: Sequence[MemberItem]
    after: int | None


async def member_listing(
    report: ResultReport, cluster: Cluster | None, after: int
) -> MemberListing:
    """Read a page of the texts of a theme, or without one of what was said once.

    A text that was sent several times stands there once: its copies go where it goes.
    """
    rows = ReportMember.of(report.entity_id).filter(
        report_id=report.id, duplicate_of=None, contribution_id__gt=after
    )
    where = rows.filter(cluster_id=cluster.id) if cluster else rows.filter(standing=Standing.ONCE)
    related = where.order_by("contribution_id").select_related("contribution__thread")
    members = await related.limit(PAGE_SIZE + 1)
    shown = members[:PAGE_SIZE]
    copies = await _copies(report, [member.contribution_id for member in shown])
    return MemberListing(
        items=[
            MemberItem(
                member.contribution_id,
                first_words(member.contribution),
                copies.get(member.contribution_id, 0),
            )
            for member in shown
        ],
        after=shown[-1].contribution_id if len(members) > PAGE_SIZE else None,
    )


async def _copies(report: ResultReport, firsts: Sequence[int]) -> dict[int, int]:
    rows = ReportMember.of(report.entity_id).filter(
        report_id=report.id, duplicate_of__in=list(firsts)
    )
    found: dict[int, int] = {}
    for first in await rows.values_list("duplicate_of", flat=True):
        found[int(str(first))] = found.get(int(str(first)), 0) + 1
    return found
