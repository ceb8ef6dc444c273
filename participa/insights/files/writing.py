"""Writing a file of a report in a process of its own: typesetting never stops a page."""

import asyncio
import sys
from pathlib import Path

from participa.db import connected
from participa.i18n import _
from participa.insights.export import HEADER, report_rows
from participa.insights.files.keeping import Format, Wanted, keep, wanted_file
from participa.insights.files.telling import paper_of
from participa.insights.models import ResultReport
from participa.jobs.apart import run_apart, take_order
from participa.settings import Settings
from participa.web.refusals import Conflict

_one_at_a_time = asyncio.Lock()
# A report may change, by a hidden quote, while its file is written.
_ATTEMPTS = 3


async def kept_file(
    report: ResultReport, format_: Format, locale: str, settings: Settings
) -> Wanted:
    """Give a file of a published report as it says now, written if nobody asked for it yet.

    Refuses with Conflict while the report keeps changing.
    """
    for _attempt in range(_ATTEMPTS):
        wanted = await wanted_file(report, format_, locale, settings)
        if wanted.path.exists():
            return wanted
        if format_ is Format.JSON:
            keep(wanted, wanted.told)
            return wanted
        async with _one_at_a_time:
            if not wanted.path.exists():
                await write_apart(report, format_, locale, settings)
    raise Conflict(_("El informe está cambiando. Inténtelo en un momento."))


async def write_apart(
    report: ResultReport, format_: Format, locale: str, settings: Settings
) -> None:
    """Write a file in a process of its own. Raises BrokeApart when that process broke."""
    order: dict[str, int | str] = {
        "entity_id": report.entity_id,
        "report_id": report.id,
        "format": str(format_),
        "locale": locale,
    }
    await run_apart(settings, __name__, order)


async def write_file(
    entity_id: int, report_id: int, format_: Format, locale: str, settings: Settings
) -> Path:
    """Write a file of a report and keep it."""
    found = ResultReport.of(entity_id).filter(id=report_id)
    report = await found.select_related("process", "entity").get()
    wanted = await wanted_file(report, format_, locale, settings)
    keep(wanted, await _content(wanted))
    return wanted.path


async def _content(wanted: Wanted) -> bytes:
    document, speech = wanted.document, wanted.speech
    if wanted.format is Format.JSON:
        return wanted.told
    if wanted.format is Format.XLSX:
        from participa.insights.files.workbook import report_workbook

        rows = [row async for batch in report_rows(wanted.report) for row in batch]
        return report_workbook(document, speech, HEADER, rows)
    paper = paper_of(document, wanted.report.entity.name, speech)
    if wanted.format is Format.DOCX:
        from participa.kit.word import word

        return word(paper)
    from participa.kit.pdf import pdf

    return pdf(paper)


def main() -> int:
    """Write the file that standard input orders, at low priority."""
    settings, order = take_order()

    async def run() -> None:
        async with connected(settings):
            await write_file(
                order["entity_id"],
                order["report_id"],
                Format(order["format"]),
                order["locale"],
                settings,
            )

    asyncio.run(run())
    return 0


if __name__ == "__main__":
    sys.exit(main())
