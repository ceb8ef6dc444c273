"""What the pages of one report show, in a fixed number of statements whatever its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.deliberation.rules import CHANNELS
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.i18n import Text
from participa.insights.figures import Figures, stored_figures
from participa.insights.models import Cluster, EarlierThemeAnswer, Quote, ResultReport
from participa.insights.queries import answer_html, report_url, theme_anchor, theme_name
from participa.insights.quoting import QuoteView, once_quotes, quote_view
from participa.insights.rules import (
    ONCE_SHOWN,
    UNDER_WAY,
    ReportState,
    days_waiting,
    ledger_lines,
)
from participa.kit.html import SafeHtml
from participa.processes.views import Pill


@dataclass(frozen=True, slots=True)
class EarlierView:
    """What a theme's answer said until it was changed."""

    pill: Pill
    office: str
    html: SafeHtml
    until: datetime


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme with its figures, its quotes and the entity's answer."""

    id: int
    position: int
    anchor: str
    name: str
    words: Sequence[str]
    contribution_count: int
    people_count: int
    share: float
    low: float | None
    high: float | None
    stability: float
    in_favour: int
    against: int
    neutral: int
    repeated_count: int
    answer_decision: str
    answer_pill: Pill | None
    answer_office: str
    answer_html: SafeHtml
    days_waiting: int | None
    answer_url: str
    quotes: Sequence[QuoteView]
    earlier: Sequence[EarlierView]


@dataclass(frozen=True, slots=True)
class ChannelView:
    """What came by one channel."""

    name: str
    contribution_count: int
    people_count: int
    share: float


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as anybody reads it, or its staff before."""

    id: int
    number: int | None
    title: str
    introduction: str
    url: str
    process_title: str
    published_at: datetime | None
    published_by: str
    is_draft: bool
    people_count: int
    contribution_count: int
    theme_count: int
    answered_count: int
    offline_share: float
    csv_url: str
    digest: str
    engine: str
    seed: int
    ledger: Sequence[tuple[Text, int]]
    themes: Sequence[ThemeView]
    channels: Sequence[ChannelView]
    once_count: int
    once: Sequence[QuoteView]
    once_url: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A report under construction, as its staff works on it."""

    title: str
    url: str
    preview_url: str
    prepare_url: str
    process_title: str
    state: str
    progress: int
    error: str
    contribution_count: int
    once_count: int
    themes: Sequence[ThemeView]
    may_publish: bool

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in UNDER_WAY


async def report_view(
    report: ResultReport, now: datetime, *, may_answer: bool = False
) -> ReportView:
    """Show a built report in three statements; `may_answer` adds the way to the answer forms."""
    figures = stored_figures(report.figures)
    themes = await theme_views(report, now, may_answer=may_answer)
    once_count = report.ledger.get("once", 0)
    published = report.state == ReportState.PUBLISHED
    url = report_url(report)
    return ReportView(
        id=report.id,
        number=report.number,
        title=report.title,
        introduction=report.introduction,
        url=url,
        process_title=report.process.title,
        published_at=report.published_at,
        published_by=report.published_by,
        is_draft=not published,
        people_count=figures.people,
        contribution_count=figures.contributions,
        theme_count=figures.themes,
        answered_count=sum(1 for theme in themes if theme.answer_decision),
        offline_share=figures.offline_share,
        csv_url=f"{url}/datos.csv" if published else "",
        digest=report.digest,
        engine=report.engine,
        seed=report.seed,
        ledger=ledger_lines(report.ledger),
        themes=themes,
        channels=_channels(figures),
        once_count=once_count,
        once=await once_quotes(report, 0, ONCE_SHOWN),
        once_url=f"{url}/una-vez" if published and once_count > ONCE_SHOWN else "",
    )


def _channels(figures: Figures) -> list[ChannelView]:
    return [
        ChannelView(
            name=name,
            contribution_count=count.contributions,
            people_count=count.people,
            share=count.contributions / figures.contributions,
        )
        for name in CHANNELS
        if (count := figures.channels.get(name)) is not None
    ]


async def review_view(report: ResultReport, now: datetime, *, may_publish: bool) -> ReviewView:
    """Show a report that is not published yet, with its themes once they are there."""
    url = f"/gestion/informes/{report.id}"
    return ReviewView(
        title=report.title,
        url=url,
        preview_url=f"{url}/vista",
        prepare_url=f"/gestion/procesos/{report.process.slug}/informes",
        process_title=report.process.title,
        state=report.state,
        progress=report.progress,
        error=report.error,
        contribution_count=stored_figures(report.figures).contributions,
        once_count=report.ledger.get("once", 0),
        themes=await theme_views(report, now),
        may_publish=may_publish,
    )


async def theme_views(
    report: ResultReport, now: datetime, *, may_answer: bool = False
) -> list[ThemeView]:
    """Show the themes of a report in order, with their quotes."""
    clusters = await Cluster.of(report.entity_id).filter(report_id=report.id).order_by("position")
    quotes: dict[int, list[QuoteView]] = {cluster.id: [] for cluster in clusters}
    rows = Quote.of(report.entity_id).filter(cluster__report_id=report.id)
    for quote in await rows.order_by("position").select_related("contribution__thread"):
        quotes[quote.cluster_id].append(quote_view(quote))
    earlier = await _earlier(report)
    return [
        _theme_view(report, c, quotes[c.id], earlier.get(c.id, ()), now, may_answer)
        for c in clusters
    ]


async def _earlier(report: ResultReport) -> dict[int, list[EarlierView]]:
    """Give by theme what was answered before, newest first."""
    found: dict[int, list[EarlierView]] = {}
    rows = EarlierThemeAnswer.of(report.entity_id).filter(cluster__report_id=report.id)
    for row in await rows.order_by("-number"):
        html = SafeHtml(row.answer_html)
        view = EarlierView(_pill(row.decision), row.office, html, row.replaced_at)
        found.setdefault(row.cluster_id, []).append(view)
    return found


def _pill(decision: str) -> Pill:
    return Pill(VERDICT_PILLS[decision], VERDICTS[decision])


def _theme_view(
    report: ResultReport,
    cluster: Cluster,
    quotes: Sequence[QuoteView],
    earlier: Sequence[EarlierView],
    now: datetime,
    may_answer: bool,
) -> ThemeView:
    figures = stored_figures(cluster.figures)
    owes = not cluster.answer_decision and report.process.promise != "informs"
    return ThemeView(
        id=cluster.id,
        position=cluster.position,
        anchor=theme_anchor(cluster),
        name=theme_name(cluster),
        words=cluster.words,
        contribution_count=figures.contributions,
        people_count=figures.people,
        share=figures.share,
        low=figures.low,
        high=figures.high,
        stability=cluster.stability,
        in_favour=figures.stances.get("in_favour", 0),
        against=figures.stances.get("against", 0),
        neutral=figures.stances.get("neutral", 0),
        repeated_count=figures.repeated,
        answer_decision=cluster.answer_decision,
        answer_pill=_pill(cluster.answer_decision) if cluster.answer_decision else None,
        answer_office=cluster.answer_office,
        answer_html=answer_html(cluster),
        days_waiting=(days_waiting(report.published_at, now) or None) if owes else None,
        answer_url=answer_url(cluster) if may_answer else "",
        quotes=quotes,
        earlier=earlier,
    )


def answer_url(cluster: Cluster) -> str:
    """Give the page where officials answer a theme."""
    return f"/gestion/informes/{cluster.report_id}/temas/{cluster.id}/respuesta"
