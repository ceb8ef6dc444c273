"""The data of a report as a CSV that anybody may check it with."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from participa.deliberation.models import Contribution
from participa.deliberation.rules import CHANNELS, STANCES, State
from participa.i18n import _
from participa.insights.models import Cluster, ReportMember, ResultReport
from participa.insights.queries import theme_name
from participa.insights.rules import Standing, full_text
from participa.kit.csvs import write_rows
from participa.kit.html import plain_text

BATCH = 200
HEADER = ("radicado", "tema", "canal", "postura", "personas", "apoyos", "fecha", "repite", "texto")
_NO_THEME = {
    Standing.ONCE: _("Dicho una sola vez"),
    Standing.EMPTY: _("Sin palabras que agrupar"),
}


_COLUMNS = (
    "contribution_id",
    "cluster_id",
    "standing",
    "support_count",
    "duplicate_of",
    "contribution__receipt_number",
    "contribution__channel",
    "contribution__stance",
    "contribution__people_count",
    "contribution__created_at",
    "contribution__state",
    "contribution__is_opening",
    "contribution__body_html",
    "contribution__thread__title",
    "contribution__thread__is_hidden",
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A member with its contribution, in the order of _COLUMNS."""

    contribution_id: int
    cluster_id: int | None
    standing: str
    support_count: int
    duplicate_of: int | None
    receipt: str
    channel: str
    stance: str | None
    people_count: int
    created_at: datetime
    state: str
    is_opening: bool
    body_html: str
    thread_title: str
    is_thread_hidden: bool

    @property
    def text(self) -> str:
        """What it says now; nothing when it may not be read."""
        if self.state != State.PUBLISHED or self.is_thread_hidden:
            return ""
        return full_text(self.thread_title if self.is_opening else "", plain_text(self.body_html))


async def report_csv(report: ResultReport) -> AsyncIterator[bytes]:
    """Write every contribution of a report, batch by batch; the entity must be loaded."""
    head = b"".join(write_rows(HEADER, (), bom=True))
    yield head
    async for rows in report_rows(report):
        yield b"".join(write_rows(HEADER, rows, bom=True)).removeprefix(head)


async def report_rows(report: ResultReport) -> AsyncIterator[list[tuple[str | int, ...]]]:
    """Read every contribution of a report in batches, in the order of HEADER.

    What was hidden or taken back since keeps its line, without its words. Supports are those
    of the day the report was built.
    """
    clusters = await Cluster.of(report.entity_id).filter(report_id=report.id)
    names: dict[int | None, str] = {cluster.id: theme_name(cluster) for cluster in clusters}
    last = 0
    while lines := await _lines(report, last):
        last = lines[-1].contribution_id
        firsts = await _receipts(report, lines)
        yield [_row(report, line, names, firsts) for line in lines]


async def _lines(report: ResultReport, after: int) -> list[_Line]:
    rows = ReportMember.of(report.entity_id).filter(report_id=report.id, contribution_id__gt=after)
    found = await rows.order_by("contribution_id").limit(BATCH).values_list(*_COLUMNS)
    return [_Line(*values) for values in found]


async def _receipts(report: ResultReport, lines: list[_Line]) -> dict[int | None, str]:
    """Find the receipts of the texts that some of these repeat."""
    firsts = {line.duplicate_of for line in lines} - {None}
    if not firsts:
        return {}
    rows = Contribution.of(report.entity_id).filter(id__in=list(firsts))
    return {first.id: first.receipt_number for first in await rows.only("id", "receipt_number")}


def _row(
    report: ResultReport,
    line: _Line,
    names: dict[int | None, str],
    firsts: dict[int | None, str],
) -> tuple[str | int, ...]:
    return (
        line.receipt,
        names.get(line.cluster_id) or str(_NO_THEME[Standing(line.standing)]),
        str(CHANNELS.get(line.channel, line.channel)),
        str(STANCES.get(line.stance or "", "")),
        line.people_count,
        line.support_count,
        line.created_at.astimezone(report.entity.zone).date().isoformat(),
        firsts.get(line.duplicate_of, ""),
        line.text,
    )
