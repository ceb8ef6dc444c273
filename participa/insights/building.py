"""Building a report: read, group, count, freeze; when the site runs, in a process of its own.

Grouping takes seconds to minutes of computing. The web process therefore starts
`python -m participa.insights.building`, which opens the database itself, and only waits.
"""

import asyncio
import logging
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from participa.db import connected
from participa.i18n import _
from participa.insights.freezing import freeze
from participa.insights.models import ResultReport
from participa.insights.placing import place
from participa.insights.reading import Reading, read_process
from participa.insights.rules import BUILDABLE, UNDER_WAY, ReportState
from participa.jobs.apart import BrokeApart, run_apart, take_order
from participa.settings import Settings
from participa.web.refusals import Conflict, NotFound, Refusal

if TYPE_CHECKING:
    from participa.insights.condense import Condensed

SEED = 2026
LANGUAGE = "es"
_WRITE_EVERY = 0.5
_BROKE = _(
    "El programa falló mientras agrupaba los aportes. Lo intentará otra vez por su cuenta; "
    "si sigue así, avise a quien administra el sitio."
)
_log = logging.getLogger("participa.insights")
Shown = Callable[[float], None]
T = TypeVar("T")


class BuildFailed(Exception):
    """The process that builds a report ended without one."""


async def build_report(
    entity_id: int, report_id: int, *, shown: Shown | None = None
) -> ResultReport:
    """Build a report that was asked for, in this process; a finished one is left as it is.

    Everything it comes to is written in one transaction, so a build that is killed leaves
    nothing and can simply be run again. Refuses with NotFound, and with Conflict when there
    is nothing to group; any failure is noted on the report in words.
    """
    rows = ResultReport.of(entity_id).filter(id=report_id)
    report = await rows.select_related("entity").first()
    if report is None:
        raise NotFound
    if report.state not in BUILDABLE:
        return report
    await rows.update(state=ReportState.BUILDING, progress=0, error="")
    try:
        await _build(report, shown)
    except Exception as error:
        words = str(error.title) if isinstance(error, Refusal) else str(_BROKE)
        await rows.filter(state=ReportState.BUILDING).update(state=ReportState.FAILED, error=words)
        raise
    return await rows.get()


async def _build(report: ResultReport, shown: Shown | None) -> None:
    reading = await read_process(report.entity_id, report.process_id, report.entity.zone)
    if not reading.sources:
        raise Conflict(_("El proceso no tiene todavía aportes que agrupar."))

    def grouped(note: Shown) -> "Condensed":
        return _condensed(reading, note)

    condensed = await _with_progress(report, grouped, shown)
    await freeze(report, reading, condensed, place(reading.sources, condensed))


def _condensed(reading: Reading, note: Shown) -> "Condensed":
    from participa.insights.condense import Text, condense

    texts = [
        Text(
            id=source.id,
            body=source.text,
            person=source.person,
            stance=source.counted.stance,
            weight=source.counted.people,
            context=source.context,
        )
        for source in reading.sources
        if source.merged_into is None
    ]
    return condense(texts, language=LANGUAGE, seed=SEED, progress=note)


async def _with_progress(
    report: ResultReport, work: Callable[[Shown], T], shown: Shown | None
) -> T:
    """Run work in a thread and keep writing on the report how far it is."""
    share = 0.0

    def note(value: float) -> None:
        nonlocal share
        share = value

    task = asyncio.create_task(asyncio.to_thread(work, note))
    row = ResultReport.of(report.entity_id).filter(id=report.id, state=ReportState.BUILDING)
    written = 0
    while True:
        done, _pending = await asyncio.wait({task}, timeout=_WRITE_EVERY)
        if shown is not None:
            shown(share)
        if done:
            return task.result()
        percent = min(99, int(share * 100))
        if percent > written:
            written = percent
            await row.update(progress=percent)


async def build_apart(settings: Settings, entity_id: int, report_id: int) -> None:
    """Build a report in a process of its own, killed when the waiting is cancelled.

    Raises BuildFailed when that process broke or was killed; then the report says so.
    """
    try:
        await run_apart(settings, __name__, {"entity_id": entity_id, "report_id": report_id})
    except BrokeApart as error:
        unfinished = ResultReport.of(entity_id).filter(id=report_id, state__in=UNDER_WAY)
        await unfinished.update(state=ReportState.FAILED, error=str(_BROKE))
        raise BuildFailed(str(error)) from error


def main() -> int:
    """Build the report that standard input orders, at low priority."""
    settings, order = take_order()

    async def run() -> None:
        async with connected(settings):
            await build_report(order["entity_id"], order["report_id"])

    try:
        asyncio.run(run())
    except Refusal as refusal:
        # Noted on the report; trying again would not help.
        _log.warning("report %s: %s", order["report_id"], refusal)
    return 0


if __name__ == "__main__":
    sys.exit(main())
