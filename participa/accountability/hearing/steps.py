"""What a session has to show for each stage of the law, read from what is there."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from participa.accountability.hearing.models import AgendaPoint, HearingMinutes
from participa.accountability.hearing.rows import question_rows
from participa.accountability.hearing.rules import REPORT_FILES, QuestionState
from participa.accountability.hearing.stages import STAGES, Facts, Step, steps
from participa.accountability.models import AccountabilitySession
from participa.files.models import StoredFile
from participa.i18n import Day, Text, _
from participa.processes.views import Pill


async def steps_of(
    session: AccountabilitySession, now: datetime, zone: ZoneInfo
) -> list[tuple[Text, list[tuple[Text, Pill]]]]:
    """Give the stages of a session, each with its steps in words, in four statements."""
    today = now.astimezone(zone).date()
    found = steps(await facts_of(session, zone))
    return [
        (words, [(step.words, _pill(step, today, zone)) for step in found if step.stage is stage])
        for stage, words in STAGES.items()
    ]


def _pill(step: Step, today: date, zone: ZoneInfo) -> Pill:
    is_late = step.is_late(today)
    if step.done_on is not None:
        when = Day(step.done_on, zone)
        if is_late:
            return Pill("late", _("El {day}, después de lo debido", day=when))
        return Pill("done", _("El {day}", day=when))
    if step.by is None:
        return Pill("coming", _("Por hacer"))
    when = Day(step.by, zone)
    if is_late:
        return Pill("late", _("Debía ser antes del {day}", day=when))
    return Pill("coming", _("Antes del {day}", day=when))


async def facts_of(session: AccountabilitySession, zone: ZoneInfo) -> Facts:
    """Read what a session has to show, in four statements."""

    def on(at: datetime | None) -> date | None:
        return at.astimezone(zone).date() if at is not None else None

    entity_id = session.entity_id
    files = StoredFile.of(entity_id).filter(
        owner_kind=REPORT_FILES, owner_id=session.id, removed_at=None
    )
    report = await files.order_by("id").first()
    point = await AgendaPoint.of(entity_id).filter(session_id=session.id).first()
    minutes = HearingMinutes.of(entity_id).filter(
        session_id=session.id, published_at__not_isnull=True
    )
    published = await minutes.order_by("number").first()
    due, answered = await _answers(session, zone)
    announced = on(session.announced_at)
    return Facts(
        held_on=session.held_at.astimezone(zone).date(),
        team_on=announced if session.team else None,
        announced_on=announced,
        report_on=on(report.added_at) if report is not None else None,
        registration_on=announced,
        agenda_on=on(point.made_at) if point is not None else None,
        ended_on=on(session.ended_at),
        answers_due_on=due,
        answered_on=answered if session.ended_at is not None else None,
        minutes_on=on(published.published_at) if published is not None else None,
        survey_on=on(session.ended_at) if session.survey_url else None,
    )


async def _answers(
    session: AccountabilitySession, zone: ZoneInfo
) -> tuple[date | None, date | None]:
    """Give the last day for answers, and the day of the last one where all were given."""
    rows = await question_rows(session.entity_id, session.id)
    due = max((row.due_on for row in rows if row.due_on is not None), default=None)
    asked = [row for row in rows if row.state is not QuestionState.MERGED]
    if any(row.state is not QuestionState.ANSWERED for row in asked):
        return due, None
    moments = [row.changed_at or row.asked_at for row in asked]
    latest = max(moments, default=session.ended_at)
    return due, latest.astimezone(zone).date() if latest is not None else None
