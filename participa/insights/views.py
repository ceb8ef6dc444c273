"""What the pages of one report show around the report itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participa.insights.document import Document, EditNote, Theme
from participa.insights.models import ResultReport
from participa.insights.queries import report_url
from participa.insights.rules import ONCE_SHOWN, UNDER_WAY, ReportState, days_waiting


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What stands around a report: `days_waiting` is how long its themes wait for answers.

    `file_urls` are its files, each by what it is called. The addresses are empty where there is
    nothing to go to for this reader.
    """

    file_urls: Sequence[tuple[str, str]]
    check_url: str
    once_url: str
    days_waiting: int | None
    may_answer: bool
    # Before the id of the theme that a commitment is made on.
    promise_url: str
    correct_url: str


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
    themes: Sequence[Theme]
    edits: Sequence[EditNote]
    seen: int
    correction: str
    may_publish: bool

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to wait for."""
        return self.state in UNDER_WAY


def _files(url: str) -> Sequence[tuple[str, str]]:
    formats = (("PDF", "pdf"), ("Word", "docx"), ("Excel", "xlsx"), ("JSON", "json"))
    files = [(name, f"{url}/informe.{ending}") for name, ending in formats]
    return [*files, ("CSV", f"{url}/datos.csv")]


def report_page(
    report: ResultReport, now: datetime, *, may_answer: bool = False, may_correct: bool = False
) -> ReportPage:
    """Show what stands around a built report, its process loaded."""
    published = report.state == ReportState.PUBLISHED
    url, once_count = report_url(report), report.ledger.get("once", 0)
    owes = report.process.promise != "informs"
    return ReportPage(
        file_urls=_files(url) if published else (),
        check_url=f"{url}/comprobar.zip" if published else "",
        once_url=f"{url}/una-vez" if published and once_count > ONCE_SHOWN else "",
        days_waiting=(days_waiting(report.published_at, now) or None) if owes else None,
        may_answer=may_answer,
        promise_url=(
            f"/gestion/procesos/{report.process.slug}/compromisos?origen=insights.theme:"
            if published and may_answer
            else ""
        ),
        correct_url=(
            f"/gestion/informes/{report.id}/corregir"
            if published and may_correct and not report.is_superseded
            else ""
        ),
    )


def review_view(report: ResultReport, document: Document, *, may_publish: bool) -> ReviewView:
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
        contribution_count=document.figures.contributions,
        once_count=document.once_count,
        themes=document.themes,
        edits=list(reversed(document.edits)),
        seen=report.edit_count,
        correction=report.correction,
        may_publish=may_publish,
    )


def answer_url(report_id: int, cluster_id: int) -> str:
    """Give the page where officials answer a theme."""
    return f"/gestion/informes/{report_id}/temas/{cluster_id}/respuesta"
