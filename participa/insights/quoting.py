"""Words quoted from contributions, and the notes that stand where words were taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from participa.deliberation.models import Contribution
from participa.deliberation.rules import State
from participa.i18n import Text
from participa.insights.models import Quote, ReportMember, ResultReport
from participa.insights.queries import report_url
from participa.insights.rules import PAGE_SIZE, WITHHELD, Standing, excerpt
from participa.kit.html import plain_text
from participa.web.navigation import with_query

DISSENTING = "dissenting"


@dataclass(frozen=True, slots=True)
class QuoteView:
    """Words of a contribution, or the note that stands where they stood."""

    words: str | Text
    is_withheld: bool
    url: str
    receipt: str
    channel: str
    people_count: int
    place: str
    is_dissenting: bool = False


@dataclass(frozen=True, slots=True)
class OnceListing:
    """A page of what was said once."""

    items: Sequence[QuoteView]
    first_url: str | None
    next_url: str | None


def quote_view(quote: Quote) -> QuoteView:
    """Show a quote; its contribution and that one's thread must be loaded."""
    return _shown(quote.contribution, quote.words, is_dissenting=quote.role == DISSENTING)


def _shown(contribution: Contribution, words: str, *, is_dissenting: bool = False) -> QuoteView:
    note = _withheld(contribution)
    return QuoteView(
        words=words if note is None else note,
        is_withheld=note is not None,
        url=f"/aportes/{contribution.receipt_number}",
        receipt=contribution.receipt_number,
        channel=contribution.channel,
        people_count=contribution.people_count,
        place=contribution.place if note is None else "",
        is_dissenting=is_dissenting,
    )


def _withheld(contribution: Contribution) -> Text | None:
    """Give the note in place of words that were hidden or taken back since (T23, T47)."""
    if contribution.state == State.REMOVED:
        return WITHHELD["removed"]
    is_hidden = contribution.state != State.PUBLISHED or contribution.thread.is_hidden
    return WITHHELD["hidden"] if is_hidden else None


async def once_listing(report: ResultReport, after: int) -> OnceListing:
    """Give a page of what was said once, from a rank on; a page costs the same anywhere."""
    url = f"{report_url(report)}/una-vez"
    items = await once_quotes(report, after, PAGE_SIZE)
    more = after + PAGE_SIZE < report.ledger.get("once", 0)
    return OnceListing(
        items=items,
        first_url=url if after else None,
        next_url=with_query(url, desde=after + PAGE_SIZE) if more else None,
    )


async def once_quotes(report: ResultReport, start: int, count: int) -> list[QuoteView]:
    """Read some of those heard once: the first of each kind has the first ranks."""
    rows = ReportMember.of(report.entity_id).filter(
        report_id=report.id,
        standing=Standing.ONCE,
        duplicate_of=None,
        rank__gte=start,
        rank__lt=start + count,
    )
    members = await rows.order_by("rank").select_related("contribution__thread")
    return [_shown(member.contribution, _gist(member.contribution)) for member in members]


def _gist(contribution: Contribution) -> str:
    return excerpt(plain_text(contribution.body_html) or contribution.thread.title)
