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


def first_words(contribution: Contribution) -> QuoteView:
    """Show how a contribution begins; its thread must be loaded."""
    return _shown(contribution, _gist(contribution))


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
    """Give a page of what was said once, after a contribution; a page costs the same anywhere."""
    url = f"{report_url(report)}/una-vez"
    members = await _once(report, after, PAGE_SIZE + 1)
    shown = members[:PAGE_SIZE]
    more = len(members) > PAGE_SIZE
    return OnceListing(
        items=[first_words(member.contribution) for member in shown],
        first_url=url if after else None,
        next_url=with_query(url, desde=shown[-1].contribution_id) if more else None,
    )


async def once_quotes(report: ResultReport, count: int) -> list[QuoteView]:
    """Read the first of those heard once."""
    return [first_words(member.contribution) for member in await _once(report, 0, count)]


async def _once(report: ResultReport, after: int, count: int) -> list[ReportMember]:
    rows = ReportMember.of(report.entity_id).filter(
        report_id=report.id,
        standing=Standing.ONCE,
        duplicate_of=None,
        contribution_id__gt=after,
    )
    related = rows.order_by("contribution_id").select_related("contribution__thread")
    return await related.limit(count)


def _gist(contribution: Contribution) -> str:
    return excerpt(plain_text(contribution.body_html) or contribution.thread.title)
