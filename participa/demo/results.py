"""The results report of the closed consultation: grouped for real, named, answered, published."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, time

from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import Results, ThemePart, content
from participa.demo.stage import Shown
from participa.insights.building import build_report
from participa.insights.models import Cluster, ReportMember, ResultReport
from participa.insights.reviewing import rename_themes
from participa.insights.service import (
    BUILD_REPORT,
    answer_theme,
    prepare_report,
    publish_report,
)
from participa.jobs.models import Job
from participa.plans.queries import current_outline
from participa.processes.models import Process

# A theme is about an article when at least this share of its texts were said on it.
MAJORITY = 0.6


async def publish_results(
    cast: Cast, decree: Process, calendar: Calendar, shown: Shown
) -> ResultReport:
    """Build the report, call its themes by name where it is plain which they are, publish it."""
    parts = content(Results, "results.toml")
    official, dates = cast.staff["official"], parts.report
    prepared_at = calendar.ago(dates.prepared_days_ago, time(9, 15))
    report = await prepare_report(official, decree.id, prepared_at)
    await _build_here(report, prepared_at, shown)
    themes = await _themes(report, {part.section: part for part in parts.theme})
    await rename_themes(
        official,
        report.id,
        title=report.title,
        introduction=dates.introduction.strip(),
        names={cluster: part.name for cluster, part in themes.items()},
        now=prepared_at,
    )
    published_at = calendar.ago(dates.published_days_ago, time(10, 0))
    await publish_report(official, report.id, published_at)
    answered_at = calendar.ago(dates.answered_days_ago, time(15, 30))
    for cluster, part in themes.items():
        if part.answer:
            speaker = cast.offices[part.office]
            await answer_theme(speaker, cluster, part.decision, part.answer.strip(), answered_at)
    return await ResultReport.of(cast.entity.id).get(id=report.id)


async def _build_here(report: ResultReport, now: datetime, shown: Shown) -> None:
    """Build the report at once; the worker, who was asked to, finds nothing left to do."""
    await build_report(report.entity_id, report.id, shown=shown)
    asked = Job.filter(name=BUILD_REPORT, entity_id=report.entity_id, done_at=None)
    await asked.update(done_at=now)


async def _themes(
    report: ResultReport, by_section: Mapping[str, ThemePart]
) -> dict[int, ThemePart]:
    """Find the theme of each article: the largest that is plainly about it, or none."""
    articles = await _articles(report)
    found: dict[int, ThemePart] = {}
    clusters = Cluster.of(report.entity_id).filter(report_id=report.id)
    for cluster in await clusters.order_by("position"):
        members = ReportMember.of(report.entity_id).filter(cluster_id=cluster.id)
        places = await members.values_list("contribution__thread__place_id", flat=True)
        counted = Counter(articles[int(str(place))] for place in places)
        article, count = counted.most_common(1)[0]
        part = by_section.get(article)
        if part is not None and part not in found.values() and count >= MAJORITY * len(places):
            found[cluster.id] = part
    return found


async def _articles(report: ResultReport) -> dict[int, str]:
    outline = await current_outline(report.entity_id, report.process_id)
    return {entry.section_id: entry.number for entry in outline.entries}
