"""Reading a report as a `Document`, in a fixed number of statements whatever its size."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date

from participa.deliberation.models import Contribution, Thread
from participa.deliberation.verdicts import VERDICT_PILLS, VERDICTS
from participa.i18n import Day, Text, _
from participa.insights.breakdowns import OTHER_TOPICS, UNKNOWN_AREA, Row, by_size, rows
from participa.insights.census import stored_tables
from participa.insights.document import (
    CampaignNote,
    Document,
    EarlierAnswer,
    EditNote,
    Theme,
    ThemeAnswer,
    ThemePart,
    Version,
)
from participa.insights.editing import Change, in_words, stored_change
from participa.insights.figures import Figures, stored_figures
from participa.insights.models import (
    Cluster,
    EarlierThemeAnswer,
    Edit,
    Part,
    Quote,
    ReportMember,
    ResultReport,
)
from participa.insights.queries import report_url, theme_anchor, theme_name, themes_in
from participa.insights.quoting import QuoteView, first_words, once_quotes, quote_view
from participa.insights.rules import (
    LIMITS,
    METHOD,
    ONCE_SHOWN,
    ReportState,
    ledger_lines,
    suggested_name,
)
from participa.kit.html import SafeHtml
from participa.processes.views import Pill

MOST_CAMPAIGNS = 20
_REMOVED_TOPIC = _("Un hilo que ya no se puede leer")


async def read_document(report: ResultReport) -> Document:
    """Read a built report, its process loaded, as it is shown now.

    What was hidden or taken back since is withheld everywhere: its words, not its count.
    """
    figures = stored_figures(report.figures)
    versions = await _versions(report)
    edits = await _edits(report)
    titles = await _titles(report, figures)
    texts = await _campaign_texts(report, figures)
    return Document(
        id=report.id,
        number=report.public_number,
        version=report.version,
        title=report.title,
        introduction=report.introduction,
        url=report_url(report),
        process_title=report.process.title,
        created_at=report.created_at,
        published_at=report.published_at,
        published_by=report.published_by,
        is_draft=report.state != ReportState.PUBLISHED,
        correction=report.correction,
        versions=versions,
        newer=versions[-1] if versions and versions[-1].number > report.version else None,
        engine=report.engine,
        seed=report.seed,
        digest=report.digest,
        input_digest=report.input_digest,
        figures=figures,
        ledger=ledger_lines(report.ledger),
        themes=await _themes(report, titles, texts, edits),
        channels=rows(figures.channels, {name: name for name in figures.channels}, guarded=False),
        topics=_topic_rows(figures, titles),
        areas=_area_rows(figures),
        periods=_period_rows(figures),
        campaigns=_campaigns(figures, texts),
        census=stored_tables(report.census),
        edits=[note for note, _change in edits],
        once_count=report.ledger.get("once", 0),
        once=await once_quotes(report, ONCE_SHOWN),
        limits=LIMITS,
        method=METHOD,
    )


async def _versions(report: ResultReport) -> list[Version]:
    if report.public_number is None:
        return []
    found = ResultReport.of(report.entity_id).filter(
        public_number=report.public_number, state=ReportState.PUBLISHED
    )
    return [
        Version(row.version, report_url(row), row.published_at, row.published_by, row.correction)
        for row in await found.order_by("version")
        if row.published_at is not None
    ]


async def _edits(report: ResultReport) -> list[tuple[EditNote, Change]]:
    found = Edit.of(report.entity_id).filter(report_id=report.id).order_by("number")
    return [_edit(row, stored_change(row.kind, row.detail)) for row in await found]


def _edit(row: Edit, change: Change) -> tuple[EditNote, Change]:
    note = EditNote(
        number=row.number,
        words=in_words(change),
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
    )
    return note, change


async def _titles(report: ResultReport, figures: Figures) -> dict[str, str | Text]:
    """Name the threads that the figures count by, unless moderation hid them since."""
    ids = [int(topic) for topic in figures.topics if topic]
    found = Thread.of(report.entity_id).filter(id__in=ids)
    shown = {str(t.id): t.title for t in await found if not t.is_hidden}
    return {topic: shown.get(topic, _REMOVED_TOPIC) for topic in map(str, ids)}


async def _campaign_texts(report: ResultReport, figures: Figures) -> dict[int, QuoteView]:
    ids = [each.first for each in figures.campaigns[:MOST_CAMPAIGNS]]
    found = Contribution.of(report.entity_id).filter(id__in=ids)
    return {row.id: first_words(row) for row in await found.select_related("thread")}


def _campaigns(figures: Figures, texts: Mapping[int, QuoteView]) -> list[CampaignNote]:
    return [
        CampaignNote(texts[each.first], each.contributions, each.people)
        for each in figures.campaigns
        if each.first in texts
    ]


def _topic_rows(figures: Figures, titles: Mapping[str, str | Text]) -> tuple[Row, ...]:
    sized = by_size(figures.topics, OTHER_TOPICS)
    named = {key: titles[key] for key in sized if key in titles}
    # What a theme's own table names and the report's does not is one of the others.
    return rows(figures.topics, named | {"": OTHER_TOPICS}, guarded=False)


def _area_rows(figures: Figures) -> tuple[Row, ...]:
    return rows(figures.areas, by_size(figures.areas, UNKNOWN_AREA))


def _period_rows(figures: Figures) -> tuple[Row, ...]:
    return rows(figures.periods, {key: _period(key) for key in figures.periods})


def _period(key: str) -> Text:
    if len(key) > len("2026-01"):
        return _("Semana del {day}", day=Day(date.fromisoformat(key), UTC))
    year, month = key.split("-")
    return _("{month}/{year}", month=month, year=year)


async def _themes(
    report: ResultReport,
    titles: Mapping[str, str | Text],
    texts: Mapping[int, QuoteView],
    edits: Sequence[tuple[EditNote, Change]],
) -> list[Theme]:
    quotes = await _quotes(report, moved=bool(edits))
    parts = await _parts(report, quotes)
    answers = await _earlier(report)
    return [
        _theme(cluster, titles, texts, edits, quotes, parts, answers)
        for cluster in await themes_in(report)
    ]


def _theme(
    cluster: Cluster,
    titles: Mapping[str, str | Text],
    texts: Mapping[int, QuoteView],
    edits: Sequence[tuple[EditNote, Change]],
    quotes: Sequence[tuple[Quote, int | None]],
    parts: Mapping[int, Sequence[ThemePart]],
    earlier: Mapping[int, Sequence[EarlierAnswer]],
) -> Theme:
    figures = stored_figures(cluster.figures)
    own = [quote for quote, home in quotes if home == cluster.id and quote.part_id is None]
    return Theme(
        id=cluster.id,
        number=cluster.number,
        position=cluster.position,
        anchor=theme_anchor(cluster),
        name=theme_name(cluster),
        words=cluster.words,
        figures=figures,
        stability=cluster.stability,
        by_hand=cluster.by_hand,
        parts=parts.get(cluster.id, ()),
        quotes=[quote_view(quote) for quote in own],
        campaigns=_campaigns(figures, texts),
        topics=_topic_rows(figures, titles),
        areas=_area_rows(figures),
        periods=_period_rows(figures),
        answer=_answer(cluster, earlier.get(cluster.id, ())),
        edits=[
            note
            for note, change in edits
            if cluster.number in change.themes and note.undone_at is None
        ],
    )


async def _quotes(report: ResultReport, *, moved: bool) -> list[tuple[Quote, int | None]]:
    """Read the quotes and the theme each stands in: a moved text takes its words along."""
    found = Quote.of(report.entity_id).filter(cluster__report_id=report.id)
    quotes = await found.order_by("position", "id").select_related("contribution__thread")
    if not moved:
        return [(quote, quote.cluster_id) for quote in quotes]
    members = ReportMember.of(report.entity_id).filter(
        report_id=report.id, contribution_id__in=[quote.contribution_id for quote in quotes]
    )
    home = dict(await members.values_list("contribution_id", "cluster_id"))
    return [(quote, home.get(quote.contribution_id)) for quote in quotes]


async def _parts(
    report: ResultReport, quotes: Iterable[tuple[Quote, int | None]]
) -> dict[int, list[ThemePart]]:
    said = {quote.part_id: quote_view(quote) for quote, _home in quotes if quote.part_id}
    found: dict[int, list[ThemePart]] = {}
    for part in await Part.of(report.entity_id).filter(report_id=report.id).order_by("number"):
        figures = stored_figures(part.figures)
        if figures.contributions:
            found.setdefault(part.cluster_id, []).append(
                ThemePart(
                    part.number, suggested_name(part.words), part.words, figures, part.stability,
                    said.get(part.id),
                )
            )  # fmt: skip
    return found


async def _earlier(report: ResultReport) -> dict[int, list[EarlierAnswer]]:
    """Give by theme what was answered before, newest first."""
    found: dict[int, list[EarlierAnswer]] = {}
    rows_ = EarlierThemeAnswer.of(report.entity_id).filter(cluster__report_id=report.id)
    for row in await rows_.order_by("-number"):
        said = EarlierAnswer(
            _pill(row.decision), row.office, SafeHtml(row.answer_html), row.replaced_at
        )
        found.setdefault(row.cluster_id, []).append(said)
    return found


def _answer(cluster: Cluster, earlier: Sequence[EarlierAnswer]) -> ThemeAnswer | None:
    if not cluster.answer_decision:
        return None
    return ThemeAnswer(
        decision=cluster.answer_decision,
        pill=_pill(cluster.answer_decision),
        office=cluster.answer_office,
        html=SafeHtml(cluster.answer_html),
        answered_at=cluster.answered_at,
        earlier=earlier,
    )


def _pill(decision: str) -> Pill:
    return Pill(VERDICT_PILLS[decision], VERDICTS[decision])
