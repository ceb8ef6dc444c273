"""Reads about reports for lists and for other features: what was published, what it came to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count
from tortoise.queryset import QuerySet

from participa.accounts.permissions import Target
from participa.deliberation.tallies import Tally
from participa.features import Filling, Origin, Outcome, Results, ThemeLink
from participa.i18n import _
from participa.insights.figures import Figures, stored_figures
from participa.insights.models import Cluster, ReportMember, ResultReport
from participa.insights.rules import PAGE_SIZE, ReportState, Standing, suggested_name
from participa.kit.html import SafeHtml
from participa.processes.views import Pill
from participa.web.navigation import with_query
from participa.web.refusals import NotFound

LARGEST_ID = 2**31 - 1
_STATE_PILLS: dict[str, Pill] = {
    ReportState.QUEUED: Pill("coming", _("En cola")),
    ReportState.BUILDING: Pill("coming", _("Preparándose")),
    ReportState.DRAFT: Pill("soon", _("Borrador por revisar")),
    ReportState.FAILED: Pill("late", _("No se pudo preparar")),
}


@dataclass(frozen=True, slots=True)
class ReportItem:
    """A report in a list."""

    url: str
    number: int | None
    title: str
    process_title: str
    published_at: datetime | None
    said: Tally
    people_count: int
    theme_count: int
    answered_count: int
    pill: Pill


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list of published reports."""

    items: Sequence[ReportItem]
    first_url: str | None
    next_url: str | None


def report_url(report: ResultReport) -> str:
    """Give the page of a report: the permanent one once it is published.

    A correction stands beside what it corrects, under its own address.
    """
    if report.state == ReportState.PUBLISHED:
        version = f"/v{report.version}" if report.version > 1 else ""
        return f"/informes/{report.public_number}{version}"
    return f"/gestion/informes/{report.id}"


def report_target(report: ResultReport) -> Target:
    """Give a report, its process loaded, as what is acted upon."""
    is_public = report.state == ReportState.PUBLISHED and report.process.is_published
    return Target(report.entity_id, process_id=report.process_id, is_public=is_public)


def theme_name(cluster: Cluster) -> str:
    """Give what a theme is called: by a person, or else by its words."""
    return cluster.name or suggested_name(cluster.words) or f"Tema {cluster.position}"


def answer_html(cluster: Cluster) -> SafeHtml:
    """Give a theme's answer, sanitised when it was given."""
    return SafeHtml(cluster.answer_html)


def themes_in(report: ResultReport) -> QuerySet[Cluster]:
    """Select the themes of a report that are shown, in order."""
    themes = Cluster.of(report.entity_id).filter(report_id=report.id, is_merged=False)
    return themes.order_by("position")


def theme_anchor(cluster: Cluster) -> str:
    """Name a theme's place on its report's page."""
    return f"tema-{cluster.position}"


async def report_by_id(entity_id: int, report_id: int) -> ResultReport:
    """Load a report and its process. Refuses with NotFound."""
    return await _one(ResultReport.of(entity_id).filter(id=report_id), report_id)


async def report_by_number(entity_id: int, number: int, version: int = 1) -> ResultReport:
    """Load a published report and its process by its public number. Refuses with NotFound."""
    published = ResultReport.of(entity_id).filter(
        public_number=number, version=version, state=ReportState.PUBLISHED
    )
    return await _one(published, max(number, version))


async def _one(found: QuerySet[ResultReport], number: int) -> ResultReport:
    report = None
    if number <= LARGEST_ID:
        report = await found.select_related("process").first()
    if report is None:
        raise NotFound
    return report


def published(entity_id: int) -> QuerySet[ResultReport]:
    """Select what is published, each report in its latest version."""
    rows = ResultReport.of(entity_id).filter(
        state=ReportState.PUBLISHED, is_superseded=False, process__is_published=True
    )
    return rows.select_related("process").order_by("-number")


async def published_reports(entity_id: int, limit: int) -> list[ReportItem]:
    """List the latest published reports."""
    return await _items(await published(entity_id).limit(limit))


async def fillings_of(entity_id: int, _processes: Sequence[int]) -> list[Filling]:
    """Give the published reports as what fills the Menú Participa."""
    return [
        Filling("report", each.title, report_url(each), each.process_id, each.published_at)
        for each in await published(entity_id)
    ]


async def reports_of_process(entity_id: int, process_id: int) -> list[ReportItem]:
    """List the published reports of a process, latest first."""
    return await _items(await published(entity_id).filter(process_id=process_id))


async def unpublished_reports(entity_id: int) -> dict[int, list[ReportItem]]:
    """List, by process, what is being prepared or waits for review; for its staff only."""
    rows = ResultReport.of(entity_id).exclude(state=ReportState.PUBLISHED)
    reports = await rows.select_related("process").order_by("-id")
    by_process: dict[int, list[ReportItem]] = {}
    for report, item in zip(reports, await _items(reports), strict=True):
        by_process.setdefault(report.process_id, []).append(item)
    return by_process


async def report_listing(entity_id: int, before: int | None) -> Listing:
    """Give a page of published reports, those numbered under `before`."""
    rows = published(entity_id)
    if before is not None:
        rows = rows.filter(number__lt=min(before, LARGEST_ID))
    reports = await rows.limit(PAGE_SIZE + 1)
    shown = reports[:PAGE_SIZE]
    more = len(reports) > PAGE_SIZE
    return Listing(
        items=await _items(shown),
        first_url="/informes" if before is not None else None,
        next_url=with_query("/informes", antes=shown[-1].number) if more else None,
    )


async def _items(reports: Sequence[ResultReport]) -> list[ReportItem]:
    if not reports:
        return []
    answered = await _answered(reports[0].entity_id, [report.id for report in reports])
    return [_item(report, answered.get(report.id, 0)) for report in reports]


async def _answered(entity_id: int, report_ids: Sequence[int]) -> dict[int, int]:
    """Count the answered themes of each report."""
    rows = Cluster.of(entity_id).filter(report_id__in=report_ids).exclude(answer_decision="")
    counts = await rows.annotate(n=Count("id")).group_by("report_id").values_list("report_id", "n")
    return {int(str(report_id)): int(str(count)) for report_id, count in counts}


def _item(report: ResultReport, answered: int) -> ReportItem:
    figures = stored_figures(report.figures)
    return ReportItem(
        url=report_url(report),
        number=report.public_number,
        title=report.title,
        process_title=report.process.title,
        published_at=report.published_at,
        said=figures.tally,
        people_count=figures.people,
        theme_count=figures.themes,
        answered_count=answered,
        pill=_STATE_PILLS.get(report.state) or _answered_pill(answered, figures),
    )


def _answered_pill(answered: int, figures: Figures) -> Pill:
    if answered and answered >= figures.themes:
        return Pill("done", _("Todo respondido"))
    if answered:
        text = _("{answered} de {themes} temas", answered=answered, themes=figures.themes)
        return Pill("follow", text)
    return Pill("coming", _("Sin respuesta") if figures.themes else _("Sin temas"))


async def outcome_of(entity_id: int, process_id: int) -> Outcome | None:
    """Say what became of a process: its latest published report and that one's themes."""
    report = await published(entity_id).filter(process_id=process_id).first()
    if report is None:
        return None
    themes = await _themes_of_report(report)
    return Outcome(url=report_url(report), title=report.title, themes=tuple(themes))


async def results_since(entity_id: int, number: int) -> list[Results]:
    """List the reports published after one, in the order of their numbers, some at a time."""
    reports = published(entity_id).filter(number__gt=number).order_by("number")
    return [
        Results(
            number=report.number,
            process_id=report.process_id,
            title=report.title,
            url=report_url(report),
            published_at=report.published_at,
        )
        for report in await reports.limit(PAGE_SIZE)
        if report.number is not None and report.published_at is not None
    ]


async def latest_themes(entity_id: int, process_id: int) -> list[tuple[str, str]]:
    """List the themes of the latest published report of a process: id and name."""
    report = await published(entity_id).filter(process_id=process_id).first()
    if report is None:
        return []
    return [
        (str(each.id), f"{each.position}. {theme_name(each)}") for each in await themes_in(report)
    ]


async def _themes_of_report(report: ResultReport) -> list[ThemeLink]:
    return [_theme_link(report, cluster) for cluster in await themes_in(report)]


async def theme_of(entity_id: int, contribution_ids: Collection[int]) -> dict[int, ThemeLink]:
    """Say in which theme of a published report contributions count; the latest report tells."""
    if not contribution_ids:
        return {}
    rows = ReportMember.of(entity_id).filter(
        contribution_id__in=list(contribution_ids),
        report__state=ReportState.PUBLISHED,
        report__is_superseded=False,
        report__process__is_published=True,
    )
    members = await rows.select_related("report", "cluster").order_by("report__number")
    return {member.contribution_id: _member_link(member) for member in members}


async def theme_links(entity_id: int, ids: Collection[int]) -> dict[int, Origin]:
    """Link themes of published reports that were not corrected since."""
    rows = Cluster.of(entity_id).filter(
        id__in=list(ids),
        report__state=ReportState.PUBLISHED,
        report__is_superseded=False,
        report__process__is_published=True,
    )
    links = {
        each.id: _theme_link(each.report, each) for each in await rows.select_related("report")
    }
    return {
        each: Origin(_("Tema «{name}»", name=link.label), link.url) for each, link in links.items()
    }


def _member_link(member: ReportMember) -> ThemeLink:
    if member.cluster is not None:
        return _theme_link(member.report, member.cluster)
    label, anchor = _("Lo que se dijo una sola vez"), "una-vez"
    if member.standing == Standing.EMPTY:
        label, anchor = _("Sin palabras que agrupar"), "metodo"
    url = f"{report_url(member.report)}#{anchor}"
    return ThemeLink(label=label, url=url, report_title=member.report.title)


def _theme_link(report: ResultReport, cluster: Cluster) -> ThemeLink:
    return ThemeLink(
        label=theme_name(cluster),
        url=f"{report_url(report)}#{theme_anchor(cluster)}",
        report_title=report.title,
        share=stored_figures(cluster.figures).share,
        answer_office=cluster.answer_office,
        answer_html=answer_html(cluster),
        verdict=cluster.answer_decision,
        answered_at=cluster.answered_at,
    )
