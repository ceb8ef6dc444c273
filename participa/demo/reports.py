"""What the demonstration's offices report of the plan in force, with what proves it."""

from datetime import time

from pydantic import BaseModel, ConfigDict

from participa.accountability.followup.reporting import Report, report_progress
from participa.accountability.models import Goal
from participa.demo.calendar import Calendar
from participa.demo.cast import Cast
from participa.demo.content import content
from participa.processes.models import Process

_AT = time(16, 10)


class ReportPart(BaseModel):
    """A report of an office; `executed` is of the whole year, `part_executed` of the quarter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    goal: str
    office: str
    days_ago: int
    year: int
    part: str
    part_executed: float
    executed: float
    committed: int | None = None
    paid: int | None = None
    evidence: str


class ReportsFile(BaseModel):
    """The file of the reports."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: tuple[ReportPart, ...]


async def load_reports(cast: Cast, calendar: Calendar, process: Process) -> None:
    """Report what was done this year, each office in its name and on its day."""
    rows = Goal.of(process.entity_id).filter(process_id=process.id)
    goals = {goal.number: goal.id for goal in await rows}
    reports = content(ReportsFile, "reports.toml").report
    for each in sorted(reports, key=lambda each: -each.days_ago):
        report = Report(
            each.year, each.executed, each.part, each.part_executed,
            committed=each.committed, paid=each.paid,
        )  # fmt: skip
        await report_progress(
            cast.offices[each.office], goals[each.goal], report, evidence=each.evidence.strip(),
            now=calendar.ago(each.days_ago, _AT),
        )  # fmt: skip
